"""From calculation to ledger: the worked saving of a post as lines, and a line for several posts broken down."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from joint_posts.costs import workflow as costs_workflow
from joint_posts.costs.apportionment import post_year
from joint_posts.models import Saving, SavingLine
from joint_posts.savings import calculations
from joint_posts.savings import workflow as savings_workflow
from joint_posts.savings.calculations import BASIS
from partnership.accounts.permissions import today
from partnership.financial_years import FinancialYear
from tests.factories import change, make_party
from tests.two_partnerships import DAY, refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
WHY = "A good reason"
YEAR = FinancialYear(2019)


@pytest.fixture
def officer(world):
    return {"by": world.people["officer.alder"], "reason": WHY}


@pytest.fixture
def post(world):
    """Cost 60,000 a year, half each; the councils' own posts cost 50,000 and 45,000: they save 20,000 and 15,000."""
    return cost(world, alder=Decimal(50_000), birch=Decimal(45_000))


def cost(world, salary=60_000, from_on=date(2019, 3, 1), **baselines):
    shares = {getattr(world, name): (Decimal(50), baseline) for name, baseline in baselines.items()}
    pay = {"by": world.people["pay_officer.alder"], "reason": WHY}
    row = world.ours.posts["in post"]
    costs_workflow.set_share(row, from_on=from_on, salary=Decimal(salary), shares=shares, **pay)
    return row


def put(post, officer, **more):
    return calculations.put_into_ledger(post, year=YEAR, on=DAY, **more, **officer)


def told(lines):
    return [(line.council.short_name, line.financial_year, line.estimated, line.forecast) for line in lines]


def test_saving_of_a_post_becomes_a_saving_with_a_line_for_each_council(post, officer):
    lines = put(post, officer)
    assert told(lines) == [("ACC", "2019/20", 20_000, None), ("BDC", "2019/20", 15_000, None)]
    saving = lines[0].saving
    assert (saving.title, saving.category) == ("Sharing the post of Post in post", "shared management")
    assert (saving.benefit_type, saving.recurrence, saving.basis) == ("cashable", "recurring", BASIS)
    assert (saving.identified_on, [link.post for link in saving.posts.all()]) == (DAY, [post])
    assert (lines[0].calculated_from, lines[0].calculation) == (
        post,
        "£50,000.00 × 366 ÷ 366 days = £50,000.00, less the share of £30,000.00 = £20,000.00",
    )


def test_worked_again_it_is_the_forecast_of_the_same_lines(world, post, officer):
    first = put(post, officer)
    cost(world, 62_000, date(2019, 4, 1), alder=Decimal(50_000), birch=Decimal(45_000))
    again = put(post, officer)
    assert [line.pk for line in again] == [line.pk for line in first]
    assert told(again) == [("ACC", "2019/20", 20_000, 19_000), ("BDC", "2019/20", 15_000, 14_000)]
    assert Saving.objects.filter(posts__post=post).count() == 2, "that of the world, and the one opened for the post"


def test_year_without_a_holder_is_refused_unless_a_line_is_corrected(post, officer):
    told_so = "Nobody held the post in 2010/11, so that it saves nothing then. Choose another year."
    with refused("", told_so):
        calculations.put_into_ledger(post, year=FinancialYear(2010), on=DAY, **officer)
    assert not Saving.objects.filter(title__startswith="Sharing").exists()
    put(post, officer)
    for step in post.steps.all():
        change(step, from_on=date(2020, 4, 1))
    again = put(post, officer)
    assert told(again) == [("ACC", "2019/20", 20_000, 0), ("BDC", "2019/20", 15_000, 0)]


def test_another_year_has_an_estimate_of_its_own(post, officer):
    first = put(post, officer)
    lines = calculations.put_into_ledger(post, year=YEAR.next(), on=DAY, **officer)
    assert told(lines) == [("ACC", "2020/21", 20_000, None), ("BDC", "2020/21", 15_000, None)]
    assert told(first[0].saving.lines.filter(financial_year="2019/20")) == told(first)


def test_saving_may_be_named(world, post, officer):
    assert {line.saving for line in put(post, officer, saving=world.ours.saving)} == {world.ours.saving}


def test_put_into_ledger_leaves_out_a_council_until_it_has_a_baseline(world, officer):
    """Half of 60,000 against 50,000 saves Alder 20,000; Birch's 15,000 follows once its 45,000 are recorded."""
    row = cost(world, alder=Decimal(50_000), birch=None)
    assert told(put(row, officer)) == [("ACC", "2019/20", 20_000, None)]
    assert calculations.left_out(post_year(row, YEAR)) == ["The baseline of Birch District is not recorded."]
    cost(world, from_on=date(2019, 3, 2), alder=Decimal(50_000), birch=Decimal(45_000))
    again = put(row, officer)
    assert told(again) == [("ACC", "2019/20", 20_000, 20_000), ("BDC", "2019/20", 15_000, None)]
    assert calculations.left_out(post_year(row, YEAR)) == []


@pytest.fixture
def three(world):
    """Cost 90,000 a year 50/30/20; Cedar joins Alder and Birch as third council."""
    make_party(partnership=world.ours.partnership, council=world.cedar, position=3)
    return world


def cost_of_three(world, percents, from_on=date(2019, 3, 1), **baselines):
    """Set the shares and baselines of Alder, Birch and, where it has a percent, Cedar."""
    names = ("alder", "birch", "cedar")[: len(percents)]
    shares = {}
    for name, percent in zip(names, percents, strict=True):
        shares[getattr(world, name)] = (Decimal(percent), baselines.get(name))
    pay = {"by": world.people["pay_officer.alder"], "reason": WHY}
    post = world.ours.posts["in post"]
    costs_workflow.set_share(post, from_on=from_on, salary=Decimal(90_000), shares=shares, **pay)
    return post


def test_put_into_ledger_three_councils_leaves_out_one_without_baseline(three, officer):
    """90,000 is 45,000, 27,000 and 18,000: 60,000, 40,000 and 10,000 less these are 15,000, 13,000 and −8,000."""
    post = cost_of_three(three, (50, 30, 20), alder=Decimal(60_000), cedar=Decimal(10_000))
    assert told(put(post, officer)) == [("ACC", "2019/20", 15_000, None), ("CDX", "2019/20", -8_000, None)]
    assert calculations.left_out_in_words(post, YEAR) == (
        "Left out for 2019/20: The baseline of Birch District is not recorded."
    )
    cost_of_three(three, (50, 30, 20), from_on=date(2019, 3, 2), birch=Decimal(40_000))
    assert told(put(post, officer)) == [
        ("ACC", "2019/20", 15_000, 15_000),
        ("BDC", "2019/20", 13_000, None),
        ("CDX", "2019/20", -8_000, -8_000),
    ]
    assert calculations.left_out_in_words(post, YEAR) == ""


def test_put_into_ledger_has_the_council_that_left_before_the_others_agree(three, officer):
    """Cedar is charged for 183 of 366 days: 20% of 45,000 is 9,000, and 10,000 × 183 ÷ 366 = 5,000 less it is −4,000.

    From October half of 90,000 each. Alder pays 50% of 45,000 twice, 45,000; Birch 13,500 + 22,500 = 36,000.
    """
    change(three.ours.partnership.parties.get(council=three.cedar), left_on=date(2019, 9, 30))
    baselines = {"alder": Decimal(60_000), "birch": Decimal(40_000), "cedar": Decimal(10_000)}
    post = cost_of_three(three, (50, 30, 20), **baselines)
    assert told(put(post, officer)) == [("CDX", "2019/20", -4_000, None)]
    assert calculations.left_out(post_year(post, YEAR)) == [
        "Part of the cost of Alder County and Birch District is not recorded.",
        "No cost share is recorded from 1 October 2019.",
    ]
    cost_of_three(three, (50, 50), from_on=date(2019, 10, 1))
    assert told(put(post, officer)) == [
        ("ACC", "2019/20", 15_000, None),
        ("BDC", "2019/20", 4_000, None),
        ("CDX", "2019/20", -4_000, -4_000),
    ]


def send_put_into_ledger(client, page, year):
    shown = client.get(page).context["form"]
    typed = {name: shown[name].value() or "" for name in ("submission", "version", "seen")}
    return client.post(page, typed | {"year": year, "reason": WHY}, follow=True)


def help_of_year(client, page):
    return client.get(page).context["form"].fields["year"].help_text


def test_put_into_ledger_page_names_the_council_left_out_before_and_after(three, client):
    post = cost_of_three(three, (50, 30, 20), alder=Decimal(60_000), cedar=Decimal(10_000))
    client.force_login(three.people["officer.alder"])
    page = reverse("jointpost_put-into-ledger", args=[post.pk])
    missing = "The baseline of Birch District is not recorded."
    now = FinancialYear.containing(today())
    assert help_of_year(client, page) == f"Like 2019/20. Left out for {now}: {missing}"
    answer = send_put_into_ledger(client, page, "2019/20")
    (message,) = answer.context["messages"]
    assert str(message).endswith(f"done. Left out for 2019/20: {missing}")
    lines = SavingLine.objects.filter(calculated_from=post)
    assert told(lines) == [("ACC", "2019/20", 15_000, None), ("CDX", "2019/20", -8_000, None)]

    cost_of_three(three, (50, 30, 20), from_on=date(2019, 3, 2), birch=Decimal(40_000))
    assert help_of_year(client, page) == "Like 2019/20."
    answer = send_put_into_ledger(client, page, "2019/20")
    (message,) = answer.context["messages"]
    assert str(message).endswith("done.")
    assert told(lines.filter(council=three.birch)) == [("BDC", "2019/20", 13_000, None)]


def test_put_into_ledger_page_refuses_while_no_council_is_known(three, client):
    post = cost_of_three(three, (50, 30, 20))
    client.force_login(three.people["officer.alder"])
    page = reverse("jointpost_put-into-ledger", args=[post.pk])
    answer = send_put_into_ledger(client, page, "2019/20")
    assert answer.context["form"].non_field_errors() == [
        "The baseline of Alder County is not recorded.",
        "The baseline of Birch District is not recorded.",
        "The baseline of Cedar District is not recorded.",
    ]
    assert answer.context["form"]["reason"].value() == WHY
    assert not SavingLine.objects.filter(calculated_from=post).exists()


def test_put_into_ledger_without_any_baseline_is_refused(world, officer):
    row = cost(world, alder=None, birch=None)
    with refused(
        "", "The baseline of Alder County is not recorded.", "The baseline of Birch District is not recorded."
    ):
        put(row, officer)
    assert not Saving.objects.filter(title__startswith="Sharing").exists()


def test_nothing_is_put_into_the_ledger_while_a_cost_is_missing(world, officer):
    row = cost(world, from_on=date(2019, 4, 1), alder=Decimal(50_000), birch=Decimal(45_000))
    with refused("", "No cost share is recorded for 1 March 2019 to 31 March 2019."):
        calculations.put_into_ledger(row, year=FinancialYear(2018), on=DAY, **officer)


def test_line_is_out_of_date_once_the_calculation_says_otherwise(world, post, officer):
    line, _ = put(post, officer)
    by_hand = savings_workflow.set_line(world.ours.saving, world.alder, "2020/21", estimated=Decimal(5), **officer)
    undated = SavingLine(calculated_from=post, calculation_key="other")
    assert [calculations.is_out_of_date(row) for row in (line, by_hand, undated)] == [False, False, False]
    cost(world, 62_000, date(2019, 7, 1), alder=Decimal(50_000), birch=Decimal(45_000))
    assert calculations.is_out_of_date(line)


def test_figure_put_right_by_hand_comes_from_no_calculation(post, officer):
    line, other = put(post, officer)
    fixed = savings_workflow.set_line(line.saving, line.council, "2019/20", estimated=Decimal(7), **officer)
    assert (fixed.calculated_from, fixed.calculation, fixed.calculation_key) == (None, "", "")
    kept = savings_workflow.set_line(other.saving, other.council, "2019/20", is_in_budget=True, **officer)
    assert (kept.calculated_from, kept.is_in_budget) == (post, True)


# --- Breaking down ----------------------------------------------------------------------------------------------------


@pytest.fixture
def aggregate(world, officer):
    """One saving for two posts, 900 of Alder's and an unknown sum of Birch's, with all that its parts inherit."""
    given = {"category": "other posts", "benefit_type": "income", "basis": "Salaries", "identified_on": DAY}
    given |= {"recurrence": "one-off", "caveats": "May change", "attributed_percent": Decimal(60)}
    posts = [world.ours.posts[name] for name in ("in post", "vacant")]
    saving = savings_workflow.record_saving(
        world.ours.partnership, title="Both", shared_with_programme="Digital", posts=posts, **given, **officer
    )
    savings_workflow.set_line(saving, world.alder, "2019/20", estimated=Decimal(900), **officer)
    savings_workflow.set_line(saving, world.birch, "2019/20", forecast=Decimal(5), **officer)
    savings_workflow.set_line(saving, world.alder, "2020/21", estimated=Decimal(7), **officer)
    return saving


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("400", "the parts add up to what they replace"),
        ("450.50", "the parts are £50.50 more than what they replace"),
        ("100", "the parts are £300.00 less than what they replace"),
    ],
)
def test_parts_replace_the_line_that_several_posts_had(world, officer, aggregate, second, words):
    filled, vacant = (world.ours.posts[name] for name in ("in post", "vacant"))
    parts = {filled: {world.alder: Decimal(500)}, vacant: {world.birch: Decimal(second)}}
    found = calculations.break_down(aggregate, financial_year="2019/20", parts=parts, on=DAY, **officer)
    assert found == Decimal(second) - 400
    gone = SavingLine.objects.filter(saving=aggregate, financial_year="2019/20")
    assert {(line.withdrawn_on, line.withdrawn_reason) for line in gone} == {(DAY, f"{WHY} ({words})")}
    assert told(aggregate.lines.active()) == [("ACC", "2020/21", 7, None)]
    one, other = Saving.objects.filter(title__startswith="Both: ").order_by("pk")
    assert [part.title for part in (one, other)] == ["Both: Post in post", "Both: Post vacant"]
    assert (told(one.lines.all()), told(other.lines.all())) == (
        [("ACC", "2019/20", 500, None)],
        [("BDC", "2019/20", Decimal(second), None)],
    )
    assert [link.post for link in (*one.posts.all(), *other.posts.all())] == [filled, vacant]
    inherited = ("category", "benefit_type", "basis", "identified_on", "recurrence", "caveats")
    for name in (*inherited, "attributed_percent", "shared_with_programme", "partnership_id"):
        assert getattr(one, name) == getattr(aggregate, name), name


def test_only_what_stands_for_the_posts_behind_it_is_broken_down(world, officer, aggregate):
    parts = {world.ours.posts["agreed"]: {world.alder: Decimal(1)}}
    with refused("", "These posts are not behind the saving: Post agreed."):
        calculations.break_down(aggregate, financial_year="2019/20", parts=parts, on=DAY, **officer)
    with refused("financial_year", "This saving has no line for 2021/22."):
        calculations.break_down(aggregate, financial_year="2021/22", parts=parts, on=DAY, **officer)
