"""The council that employs the officer of a joint post, over time: who owes whom, who sees pay, and who may move it.

Alder pays the officer 131,400 a year, shared 60/40 with Birch. Hand-worked sums, in pounds.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from joint_posts.costs import workflow as costs_workflow
from joint_posts.costs.apportionment import Recharge, post_year
from joint_posts.models import CostShare, EmployerChange, JointPost
from joint_posts.posts import workflow as posts_workflow
from partnership.accounts.permissions import today
from partnership.financial_years import FinancialYear
from partnership.models import Party
from tests.factories import (
    change,
    make_agreement,
    make_cost_share,
    make_council_share,
    make_employer_change,
    make_party,
    make_post,
)
from tests.html_forms import shown
from tests.spreadsheets import rows_of_csv, rows_of_workbook
from tests.two_partnerships import make_person, refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
WHY = "Transfer of staff"
START = date(2024, 4, 1)
MOVE = date(2026, 10, 1)


@pytest.fixture
def post(world):
    made = make_post(
        partnership=world.ours.partnership,
        title="Head of Audit",
        from_on=START,
        home_council=world.alder,
        agreement=make_agreement(partnership=world.ours.partnership, title="Audit agreement"),
    )
    row = make_cost_share(post=made, from_on=START, salary=Decimal(131400))
    make_council_share(cost_share=row, council=world.alder, percent=Decimal(60), baseline_cost=Decimal(105000))
    make_council_share(cost_share=row, council=world.birch, percent=Decimal(40), baseline_cost=Decimal(87000))
    return made


def move(world, post, *, by="officer.alder", council=None, on=MOVE):
    council = council or world.birch
    return posts_workflow.change_employer(post, council=council, from_on=on, by=world.people[by], reason=WHY)


def owed(post, year):
    return post_year(post, FinancialYear(year)).recharges


def test_change_employer_turns_round_who_owes_whom_from_its_day(world, post):
    """183 days: 131,400 × 183 ÷ 365 = 65,880, Birch owes 40% = 26,352. 182 days: 65,520, Alder owes 60% = 39,312."""
    earlier = (Recharge(world.birch, world.alder, Decimal("52560.00")),)
    assert owed(post, 2025) == earlier
    post = move(world, post)
    assert owed(post, 2025) == earlier
    assert owed(post, 2026) == (
        Recharge(world.alder, world.birch, Decimal("39312.00")),
        Recharge(world.birch, world.alder, Decimal("26352.00")),
    )
    assert owed(post, 2027) == (Recharge(world.alder, world.birch, Decimal("78840.00")),)
    assert post.home_council == world.birch
    [kept] = post.standing_employer_changes()
    assert (kept.from_on, kept.from_council, kept.council) == (MOVE, world.alder, world.birch)


def test_change_employer_needs_the_council_that_loses_the_officer(world, post):
    with pytest.raises(PermissionDenied, match="Alder County employs the officer"):
        move(world, post, by="officer.birch")
    post.refresh_from_db()
    assert (post.home_council, EmployerChange.objects.count()) == (world.alder, 0)
    move(world, post)
    with pytest.raises(PermissionDenied, match="Birch District employs the officer"):
        move(world, post, by="officer.alder", council=world.alder, on=date(2027, 4, 1))


def test_change_employer_back_withdraws_later_changes(world, post):
    post = move(world, post)
    post = move(world, post, by="officer.birch", council=world.alder, on=date(2026, 9, 1))
    assert (post.home_council, post.standing_employer_changes()) == (world.alder, [])
    assert owed(post, 2026) == (Recharge(world.birch, world.alder, Decimal("52560.00")),)


def test_change_employer_of_a_council_that_left_needs_it_no_more(world, post):
    party = Party.objects.get(partnership=world.ours.partnership, council=world.alder)
    make_party(partnership=world.ours.partnership, council=world.cedar, position=3)
    change(party, left_on=date(2026, 9, 30))
    post = move(world, post, by="officer.birch")
    assert post.employer_id_on(date(2026, 9, 30)) == world.alder.pk
    assert post.employer_id_on(MOVE) == world.birch.pk


def test_change_employer_council_not_party_or_employing_is_refused(world, post):
    with refused("council", "Choose a council that is party to the partnership on that day."):
        move(world, post, council=world.cedar)
    with refused("council", "Alder County employs the officer on that day already."):
        move(world, post, council=world.alder)


def test_refill_by_another_council_needs_the_employer_and_is_dated(world, post):
    posts_workflow.become_vacant(post, from_on=date(2026, 7, 1), by=world.people["officer.alder"], reason=WHY)
    filling = {
        "appointment": "interim",
        "from_on": MOVE,
        "officer_consulted_on": date(2026, 6, 1),
        "home_council": world.birch,
        "reason": WHY,
    }
    with pytest.raises(PermissionDenied, match="Alder County employs the officer"):
        posts_workflow.refill(post, by=world.people["officer.birch"], **filling)
    post.refresh_from_db()
    filled = posts_workflow.refill(post, by=world.people["officer.alder"], **filling)
    assert filled.employer_id_on(date(2026, 6, 30)) == world.alder.pk
    assert filled.employer_id_on(MOVE) == world.birch.pk


def test_edit_form_of_a_post_does_not_ask_for_the_employer(client, world, post):
    client.force_login(world.people["officer.birch"])
    at = reverse("jointpost_edit", args=[post.pk])
    assert 'name="home_council"' not in client.get(at).content.decode()
    sent = {"tier": "", "purpose": "Audit", "home_council": world.birch.pk, "version": post.version, "reason": WHY}
    client.post(at, sent | {"agreement": post.agreement_id})
    post.refresh_from_db()
    assert (post.purpose, post.home_council) == ("Audit", world.alder)


def test_change_employer_page_answers_403_to_the_council_that_gains(client, world, post):
    at = reverse("jointpost_change-employer", args=[post.pk])
    client.force_login(world.people["officer.birch"])
    sent = {"council": world.birch.pk, "from_on": "1 October 2026", "reason": WHY}
    assert (client.get(at).status_code, client.post(at, sent).status_code) == (403, 403)
    client.force_login(world.people["officer.alder"])
    assert client.post(at, shown(client, at) | sent).status_code == 302
    page = client.get(reverse("jointpost_detail", args=[post.pk])).content.decode()
    assert "Employer over time" in page
    post.refresh_from_db()
    assert post.home_council == world.birch


# --- The register ----------------------------------------------------------------------------------------------------


@pytest.fixture
def moves(world, post):
    """Birch employed one officer until March 2026; another one moves to Birch in a year."""
    later = make_post(
        partnership=world.ours.partnership, title="Head of Parks", from_on=START, home_council=world.alder
    )
    year_on = today() + timedelta(days=365)
    make_employer_change(post=later, from_on=year_on, council=world.birch)
    change(post, home_council=world.birch)
    make_employer_change(post=post, from_on=date(2026, 4, 1), council=world.alder)
    return {"Head of Audit", "Head of Parks"}


def employers_listed(client, moves, **query):
    """The employers of the two posts in the list, in its order."""
    rows = client.get(reverse("jointpost_list"), query).context["rows"]
    employers = {}
    for row in rows:
        title, employer = [cell["text"] for cell in row["cells"][:2]]
        if title in moves:
            employers[title] = employer
    return employers


def test_list_of_posts_shows_the_employer_of_the_day(client, world, moves):
    client.force_login(world.people["officer.alder"])
    alder = str(world.alder)
    birch = str(world.birch)
    now = {"Head of Audit": alder, "Head of Parks": alder}
    assert employers_listed(client, moves) == now
    then = {"Head of Audit": birch, "Head of Parks": alder}
    assert employers_listed(client, moves, as_at="2026-03-31", known="now") == then
    assert employers_listed(client, moves, as_at="2026-05-02", known="now") == now


def test_filter_of_posts_by_employer_asks_for_today(client, world, moves):
    client.force_login(world.people["officer.alder"])
    found = [set(employers_listed(client, moves, home_council=council.pk)) for council in (world.alder, world.birch)]
    assert found == [{"Head of Audit", "Head of Parks"}, set()]


def test_list_of_posts_is_sorted_by_the_employer_of_today(client, world, moves):
    """Birch, which the next officer of Parks moves to and the one of Audit came from, employs neither today."""
    client.force_login(world.people["officer.alder"])
    change(world.ours.posts["in post"], home_council=world.birch)
    for sort, order in (
        ("home_council", ["Head of Audit", "Head of Parks", "Post in post"]),
        ("-home_council", ["Post in post", "Head of Audit", "Head of Parks"]),
    ):
        rows = client.get(reverse("jointpost_list"), {"sort": sort}).context["rows"]
        titles = [row["cells"][0]["text"] for row in rows]
        assert [title for title in titles if title in order] == order


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_file_of_posts_has_the_employer_of_today(client, world, moves, ending):
    client.force_login(world.people["officer.alder"])
    answer = client.get(f"/joint-posts/export.{ending}")
    headings, *rows = rows_of_csv(answer) if ending == "csv" else rows_of_workbook(answer)
    found = {row[0]: row[headings.index("Home council")] for row in rows if row[0] in moves}
    assert found == {"Head of Audit": str(world.alder), "Head of Parks": str(world.alder)}


def test_page_of_a_post_shows_the_employer_of_today(client, world, moves):
    client.force_login(world.people["officer.alder"])
    post = JointPost.objects.get(title="Head of Parks")
    fields = client.get(reverse("jointpost_detail", args=[post.pk])).context["fields"]
    assert [field["text"] for field in fields if field["label"] == "Home council"] == [str(world.alder)]
    assert post.home_council == world.birch, "the last one recorded"


def test_list_of_posts_costs_no_query_for_each_employer(client, world, moves):
    client.force_login(world.people["officer.alder"])
    at = reverse("jointpost_list")
    client.get(at)
    with CaptureQueriesContext(connection) as few:
        client.get(at)
    for number in range(5):
        more = make_post(
            partnership=world.ours.partnership, title=f"Head {number}", from_on=START, home_council=world.birch
        )
        make_employer_change(post=more, from_on=MOVE, council=world.alder)
    with CaptureQueriesContext(connection) as many:
        client.get(at)
    assert len(many) == len(few)


# --- Pay -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pay_people(world):
    return {
        council: make_person(f"pay.{name}", (council, "pay_officer"))
        for name, council in (("a", world.alder), ("b", world.birch))
    }


def salaries_shown(client, person, post):
    """The salaries on the pages of the post's cost shares and in the file, as one person sees them."""
    client.force_login(person)
    pages = [client.get(reverse("costshare_detail", args=[row.pk])).content.decode() for row in post.cost_shares.all()]
    file = b"".join(client.get(reverse("costshare_export")).streaming_content).decode()
    history = client.get(reverse("jointpost_history", args=[post.pk])).content.decode()
    rows = []
    for page in (*pages, file.replace("131400", "131,400").replace("140000", "140,000"), history):
        rows.append([salary for salary in ("131,400", "140,000") if salary in page])
    return rows


def test_pay_is_seen_by_the_employer_of_its_days(client, world, post, pay_people):
    post = move(world, post)
    make_cost_share(post=post, from_on=MOVE, salary=Decimal(140000))
    alder, birch = (salaries_shown(client, pay_people[council], post) for council in (world.alder, world.birch))
    assert alder == [["131,400"], [], ["131,400"], ["131,400"]]
    assert birch == [[], ["140,000"], ["140,000"], ["140,000"]]


def test_pay_that_goes_on_over_the_move_is_seen_by_both(client, world, post, pay_people):
    post = move(world, post)
    for council in (world.alder, world.birch):
        assert salaries_shown(client, pay_people[council], post) == [["131,400"]] * 3


def test_set_share_takes_pay_from_the_employer_of_the_day_alone(world, post, pay_people):
    facts = {"salary": Decimal(135000), "reason": WHY}
    with refused("salary", "Only a pay officer of the council that employs the officer on that day enters pay."):
        costs_workflow.set_share(post, from_on=date(2026, 4, 1), by=pay_people[world.birch], **facts)
    costs_workflow.set_share(post, from_on=date(2026, 4, 1), by=pay_people[world.alder], **facts)
    post = move(world, post)
    with refused("salary", "Only a pay officer of the council that employs the officer on that day enters pay."):
        costs_workflow.set_share(post, from_on=MOVE, by=pay_people[world.alder], **facts)
    costs_workflow.set_share(post, from_on=MOVE, by=pay_people[world.birch], **facts)
    assert CostShare.objects.filter(post=post, salary=Decimal(135000)).count() == 2


def test_set_share_moves_pay_to_another_day_with_both_employers(world, post, pay_people):
    post = move(world, post)
    row = post.cost_shares.get()
    with pytest.raises(ValidationError):
        costs_workflow.set_share(
            post, from_on=MOVE, salary=row.salary, cost_share=row, by=pay_people[world.birch], reason=WHY
        )


def test_cost_share_form_asks_another_councils_pay_officer_for_no_pay(client, world, post, pay_people):
    at = reverse("costshare_create", args=[post.pk])
    client.force_login(pay_people[world.birch])
    page = client.get(at).content.decode()
    assert 'name="salary"' not in page
    assert 'name="percent_' in page
    client.force_login(pay_people[world.alder])
    assert 'name="salary"' in client.get(at).content.decode()


def test_pay_of_a_post_without_a_stated_employer_is_entered_by_any_council(world, post, pay_people):
    change(post, home_council=None)
    costs_workflow.set_share(post, from_on=MOVE, salary=Decimal(140000), by=pay_people[world.birch], reason=WHY)
    assert post.cost_shares.get(from_on=MOVE).salary == 140000
