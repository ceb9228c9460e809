"""Test a saving's lines together, by hand: net, new this year, cumulative, the sums over the councils."""

from datetime import date
from decimal import Decimal

import pytest

from joint_posts.costs import workflow as costs_workflow
from joint_posts.models import Saving, SavingLine
from joint_posts.savings import calculations
from joint_posts.savings import workflow as savings_workflow
from joint_posts.savings.ledger import year_by_year, years_of
from joint_posts.savings.summary import saving_summary
from partnership.amounts import Amount
from partnership.financial_years import FinancialYear
from partnership.models import Council, Party
from tests.factories import make_party
from tests.html_forms import untouched
from tests.two_partnerships import DAY

pytestmark = pytest.mark.both_engines

ALDER = Council(pk=1, name="Alder County", short_name="ACC")
BIRCH = Council(pk=2, name="Birch District", short_name="BDC")
CEDAR = Council(pk=3, name="Cedar District", short_name="CDX")
PARTIES = [Party(council=council) for council in (ALDER, BIRCH, CEDAR)]
WHY = "A good reason"


def line(council, year, estimated=None, **figures):
    amounts = {"estimated": estimated} | figures
    known = {name: Decimal(value) for name, value in amounts.items() if value is not None}
    return SavingLine(council=council, financial_year=year, **known)


def course(lines, name="estimated", council=None):
    """Year, amount, what is new and what it comes to, in words."""
    steps = year_by_year(years_of(lines, PARTIES), name, council)
    return [(str(step.year), str(step.amount), str(step.new), str(step.cumulative)) for step in steps]


def test_new_this_year_is_the_difference_and_cumulative_the_sum():
    """100,000, then 140,000, then 130,000: new 40,000 and −10,000; over the years 240,000 and 370,000."""
    lines = [line(ALDER, "2019/20", 100000), line(ALDER, "2020/21", 140000), line(ALDER, "2021/22", 130000)]
    assert course(lines, council=ALDER) == [
        ("2019/20", "£100,000", "not known", "£100,000"),
        ("2020/21", "£140,000", "£40,000", "£240,000"),
        ("2021/22", "£130,000", "−£10,000", "£370,000"),
    ]


def test_three_councils_add_up():
    """2019/20: 100 + 50 − 30 = 120. 2020/21: 110 + 70 − 20 = 160, so 40 are new, and 280 over both years."""
    lines = [
        line(ALDER, "2019/20", 100),
        line(BIRCH, "2019/20", 50),
        line(CEDAR, "2019/20", -30),
        line(ALDER, "2020/21", 110),
        line(BIRCH, "2020/21", 70),
        line(CEDAR, "2020/21", -20),
    ]
    assert course(lines) == [
        ("2019/20", "£120", "not known", "£120"),
        ("2020/21", "£160", "£40", "£280"),
    ]
    assert course(lines, council=CEDAR) == [
        ("2019/20", "−£30", "not known", "−£30"),
        ("2020/21", "−£20", "£10", "−£50"),
    ]


def test_unknown_is_not_nought():
    """Birch's second year is not recorded: the sum names it, and what would need it is not known."""
    lines = [line(ALDER, "2019/20", 100), line(BIRCH, "2019/20", 50), line(ALDER, "2020/21", 110)]
    unrecorded = line(BIRCH, "2020/21", forecast=60)
    without = ("2020/21", "£110, without BDC (not recorded)", "not known", "not known")
    assert course([*lines, unrecorded])[1] == without
    assert course(lines)[1] == without  # no line at all says the same
    assert course([*lines, line(BIRCH, "2020/21", 0)])[1] == ("2020/21", "£110", "−£40", "£260")


def test_year_between_without_a_line_is_not_known():
    lines = [line(ALDER, "2019/20", 100), line(ALDER, "2021/22", 130)]
    assert course(lines, council=ALDER)[1] == ("2021/22", "£130", "not known", "not known")


def test_council_that_joins_later_is_not_missed_before():
    lines = [line(ALDER, "2019/20", 100), line(ALDER, "2020/21", 100), line(BIRCH, "2020/21", 25)]
    assert course(lines) == [
        ("2019/20", "£100", "not known", "£100"),
        ("2020/21", "£125", "£25", "£225"),
    ]


@pytest.mark.parametrize(
    ("left_on", "total"),
    [(date(2020, 3, 31), "£110"), (date(2020, 4, 1), "£110, without BDC (not recorded)")],
)
def test_council_that_left_is_not_missed_in_later_years(left_on, total):
    lines = [line(ALDER, "2019/20", 100), line(BIRCH, "2019/20", 50), line(ALDER, "2020/21", 110)]
    parties = [Party(council=ALDER), Party(council=BIRCH, left_on=left_on)]
    _, later = years_of(lines, parties)
    assert str(later.together.estimated) == total
    assert [entry.year for entry in (*later.entries, later.together)] == [FinancialYear(2020)] * 2


def test_net_is_known_only_with_its_cost():
    lines = [line(ALDER, "2019/20", 100, cost_to_achieve=30), line(BIRCH, "2019/20", 50)]
    (year,) = years_of(lines, PARTIES)
    assert [str(entry.net) for entry in year.entries] == ["£70", "not known"]
    assert str(year.together.cost_to_achieve) == "£30, without BDC (not recorded)"
    assert str(year.together.net) == "not known"


def test_line_without_a_year_is_in_no_sum():
    assert years_of([line(ALDER, "", 20000)], PARTIES) == ()
    assert [str(year.year) for year in years_of([line(ALDER, "", 20000), line(ALDER, "2019/20", 5)], PARTIES)] == [
        "2019/20"
    ]


def test_about_goes_with_the_sum_and_pence_are_shown_where_there_are_any():
    rounded = line(ALDER, "2019/20", 20000, cost_to_achieve=5)
    rounded.figures_are_about = True
    (year,) = years_of([rounded, line(BIRCH, "2019/20", "0.50", cost_to_achieve=0)], PARTIES)
    assert (year.together.estimated.to_the_penny, year.together.cost_to_achieve.to_the_penny) == (
        "about £20,000.50",
        "£5",
    )
    assert year.together.net.to_the_penny == "about £19,995.50"


def test_sum_that_is_not_known_stays_so():
    assert Amount().plus(Amount(Decimal(5))) == Amount(unknown="not known")
    assert str(Amount()) == "not recorded"


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer(world):
    return {"by": world.people["officer.alder"], "reason": WHY}


def page(client, world, person="officer.alder", saving=None):
    client.force_login(world.people[person])
    response = client.get(f"/savings/{(saving or world.ours.saving).pk}/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_page_has_gross_cost_and_net_for_three_councils(client, world, officer):
    make_party(partnership=world.ours.partnership, council=world.cedar, position=3)
    for council, estimated, cost in ((world.alder, 900, 100), (world.birch, 500, 50), (world.cedar, -200, 0)):
        figures = {"estimated": Decimal(estimated), "cost_to_achieve": Decimal(cost)}
        savings_workflow.set_line(world.ours.saving, council, "2019/20", **figures, **officer)
    summary = saving_summary(world.ours.saving, officer["by"])
    (table,) = summary.years
    assert (table.label, summary.course, summary.undated) == ("2019/20", None, None)
    sums = ("Estimated", "Forecast", "Delivered", "Cost to achieve", "Net of the estimate")
    assert table.columns == [
        {"label": "Council"},
        *({"label": label, "numeric": True} for label in sums),
        {"label": "Verification"},
    ]
    assert table.rows[0]["cells"][1:3] == [
        {"label": "Estimated", "text": "£900", "numeric": True, "muted": False},
        {"label": "Forecast", "text": "not recorded", "numeric": True, "muted": True},
    ]
    shown = []
    for row in table.rows:
        shown.append([cell["text"] for cell in row["cells"]])
    unsaid = ["not recorded", "not recorded"]
    assert shown == [
        ["Alder County", "£900", *unsaid, "£100", "£800", "No delivery recorded"],
        ["Birch District", "£500", *unsaid, "£50", "£450", "No delivery recorded"],
        [
            "Cedar District",
            "−£200\ncosts more than it saves",
            *unsaid,
            "£0",
            "−£200\ncosts more than it saves",
            "No delivery recorded",
        ],
        ["All councils", "£1,200", *unsaid, "£150", "£1,050", "No delivery recorded"],
    ]
    body = page(client, world)
    assert [name in body for name in ("Cedar District", "£1,050", "costs more than it saves")] == [True] * 3


@pytest.mark.django_db
def test_page_says_what_never_counts_and_what_counts_in_part(client, world, officer):
    facts = {"category": "services", "basis": "Pay", "identified_on": DAY}
    saving = savings_workflow.record_saving(
        world.ours.partnership,
        title="Avoided",
        benefit_type="cost avoidance",
        attributed_percent=Decimal(60),
        shared_with_programme="Digital",
        **facts,
        **officer,
    )
    savings_workflow.set_line(saving, world.alder, estimated=Decimal(20000), figures_are_about=True, **officer)
    body = page(client, world, saving=saving)
    assert "Cost avoidance: never in the cashable total." in body
    assert "Reports count 60% of these figures; Digital counts the rest." in body
    assert "No year given" in body
    assert "about £20,000" in body
    assert "Over the years" not in body
    assert "never in the cashable total" not in page(client, world)


@pytest.mark.django_db
def test_figures_are_entered_from_the_page_by_whoever_may(client, world):
    at = f'href="/savings/{world.ours.saving.pk}/grid/"'
    assert at in page(client, world)
    assert at not in page(client, world, "pwg_member.alder")


@pytest.mark.django_db
class TestWorkedOut:
    """A line that came from the cost of a post."""

    @pytest.fixture
    def worked(self, world, officer):
        """Cost 60,000, half each; Alder's own post cost 50,000 and Birch's 45,000. Full year: 20,000 and 15,000."""
        post = world.ours.posts["in post"]
        pay = {"by": world.people["pay_officer.alder"], "reason": WHY}
        shares = {world.alder: (Decimal(50), Decimal(50000)), world.birch: (Decimal(50), Decimal(45000))}
        costs_workflow.set_share(post, from_on=date(2019, 3, 1), salary=Decimal(60000), shares=shares, **pay)
        year = FinancialYear(2019)
        return calculations.put_into_ledger(post, year=year, on=DAY, saving=world.ours.saving, **officer)

    def test_arithmetic_is_for_the_councils_own_finance(self, client, world, worked):
        sentence = "£50,000.00 × 366 ÷ 366 days"
        assert sentence in page(client, world, "finance_verifier.alder")
        assert "£45,000.00" not in page(client, world, "finance_verifier.alder")
        assert sentence not in page(client, world, "finance_verifier.birch")
        assert "£50,000.00" not in page(client, world, "officer.alder")
        assert "worked out from the cost of" in page(client, world, "officer.alder")

    def test_arithmetic_is_not_on_the_lines_own_pages_for_others(self, client, world, worked):
        for view in ("", "history/", "edit/"):
            client.force_login(world.people["officer.alder"])
            body = client.get(f"/savings/lines/{worked[0].pk}/{view}").content.decode()
            assert "£50,000.00 ×" not in body, view
        client.force_login(world.people["finance_verifier.alder"])
        assert "£50,000.00 ×" in client.get(f"/savings/lines/{worked[0].pk}/").content.decode()

    def test_line_is_flagged_once_the_cost_changes_and_stays(self, client, world, worked):
        assert "Out of date" not in page(client, world)
        pay = {"by": world.people["pay_officer.alder"], "reason": "Pay award"}
        shares = {world.alder: (Decimal(50), Decimal(50000)), world.birch: (Decimal(50), Decimal(45000))}
        costs_workflow.set_share(
            world.ours.posts["in post"], from_on=date(2019, 7, 1), salary=Decimal(62000), shares=shares, **pay
        )
        body = page(client, world)
        assert "Out of date" in body
        assert "£20,000" in body
        assert f'href="/joint-posts/{world.ours.posts["in post"].pk}/"' in body


@pytest.mark.django_db
def test_second_count_of_a_post_is_refused_with_a_way_to_the_first(client, world, officer):
    """On the line's own form; the percent sign in the title passes through unharmed."""
    first = world.ours.saving
    savings_workflow.set_line(first, world.alder, "2019/20", estimated=Decimal(900), **officer)
    facts = {"category": "services", "basis": "Pay", "identified_on": DAY, "benefit_type": "cashable"}
    posts = [world.ours.posts["in post"]]
    second = savings_workflow.record_saving(world.ours.partnership, title="100% more", posts=posts, **facts, **officer)
    client.force_login(officer["by"])
    at = f"/savings/{second.pk}/lines/new/"
    form = untouched(client.get(at).content.decode())
    body = client.post(at, form | {"council": world.alder.pk, "financial_year": "2019/20", "estimated": "5"})
    sentence = "Post in post already counts for Alder County in 2019/20, in the saving “Shared posts”."
    summary = body.content.decode().partition("There is a problem")[2].partition("</ul>")[0]
    assert sentence in summary
    assert f'<a href="/savings/{first.pk}/">Open “Shared posts”</a>' in summary
    assert Saving.objects.get(pk=second.pk).lines.count() == 0


@pytest.mark.django_db
def test_page_shows_the_course_over_the_years(client, world, officer):
    """Two years of Alder's: 900, then 400, which is 500 less; 1,300 over both. What is less is not called a cost."""
    for year, estimated in (("2019/20", 900), ("2020/21", 400)):
        savings_workflow.set_line(world.ours.saving, world.alder, year, estimated=Decimal(estimated), **officer)
    table = saving_summary(world.ours.saving, officer["by"]).course
    assert [column["label"] for column in table.columns] == [
        "Council and year",
        *("Estimated", "New this year", "Cumulative estimate"),
        *("Delivered", "Newly delivered", "Cumulative delivered"),
    ]
    unsaid = ["not recorded", "not known", "not known"]
    shown = []
    for row in table.rows:
        shown.append([cell["text"] for cell in row["cells"]])
    assert shown == [
        ["ACC, 2019/20", "£900", "not known", "£900", *unsaid],
        ["ACC, 2020/21", "£400", "−£500\nless than last year", "£1,300", *unsaid],
    ]
    body = page(client, world)
    assert [words in body for words in ("Over the years", "less than last year", "costs more")] == [True, True, False]


@pytest.mark.django_db
def test_page_says_how_much_of_what_was_delivered_is_verified(world, officer):
    def cells():
        (table,) = saving_summary(world.ours.saving, officer["by"]).years
        rows = []
        for row in table.rows:
            rows.append([row["cells"][number]["text"].replace("\N{NO-BREAK SPACE}", " ") for number in (3, -1)])
        return rows

    def verified_part():
        return cells()[-1][-1]

    given = {"delivered_to_on": date(2019, 9, 30)}
    alders, _ = (
        savings_workflow.set_line(world.ours.saving, council, "2019/20", delivered=Decimal(amount), **given, **officer)
        for council, amount in ((world.alder, 500), (world.birch, 300))
    )
    assert verified_part() == "Nothing verified yet"
    savings_workflow.verify_line(alders, on=DAY, by=world.people["finance_verifier.alder"])
    assert cells() == [
        ["£500\nup to 30 September 2019", "Verified by finance_verifier.alder of the tests on 16 March 2019"],
        ["£300\nup to 30 September 2019", "Waits for verification"],
        ["£800", "£500 verified"],
    ]
