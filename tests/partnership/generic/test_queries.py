"""Test that lists, files, records and histories take the same number of queries for one row and for fifty."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.financial_years import FinancialYear
from partnership.models import Council, Party, User
from partnership.records.record import bulk_record, recording
from tests.partnership.generic.test_register import EVERY, LISTED, WHO, address, body_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# A cover report has six implications and a council one style, never fifty.
FEW = ("implication", "coverstyle")
PARTS = [name for name, register in EVERY.items() if register.above and name not in FEW]
MORE = 49
# Of a section the council says that it is text for that one alone; an appointment is seen by its own council.
KEPT_BY_COUNCIL = ("section", "outsidebodyappointment")


def more(filled, name):
    """Rows like the one there is, each with councils, people and commitments of its own where it names any."""
    fields = {field.name for field in type(filled.ours[name])._meta.fields} - {EVERY[name].parent}
    for n, council in enumerate(more_councils(filled, are_parties=name != "party")):
        own = {field: make() for field, make in makers(filled, name, n, council).items() if field in fields}
        own |= {field: row for field, row in linked(filled, name, council).items() if field in fields}
        row = copy(filled.ours[name], **own)
        if name == "partnership":
            Party(partnership=row, council=filled.alder).full_clean_and_save()


def more_councils(filled, *, are_parties):
    """As many councils, parties to the partnership where the rows themselves are not what makes them that."""
    councils = [Council(name=f"Borough {n:02}", short_name=f"B{n:02}", tier="district") for n in range(MORE)]
    bulk_record(councils)
    parties = [
        Party(partnership=filled.ours["partnership"], council=council, position=n)
        for n, council in enumerate(councils, 3)
    ]
    bulk_record(parties if are_parties else [])
    return councils


def makers(filled, name, n, council):
    """Return what another row says that is its own, by field: made for those alone that it has."""
    day = partial(date.__add__, date(2019, 4, 1), timedelta(days=n))
    body = partial(another_body, filled, filled.alder if name == "party" else council)
    councils = ("home_council", "given_by", "employed_by", "paid_to", "provider")
    own = dict.fromkeys(councils if name in KEPT_BY_COUNCIL else (*councils, "council"), lambda: council)
    own |= dict.fromkeys(("name", "title"), lambda: f"{name} {n:02}")
    own |= dict.fromkeys(("slug", "key"), lambda: f"row-{n:02}")
    own |= dict.fromkeys(("from_on", "held_on"), day)
    own |= dict.fromkeys(("body", "addressee"), body)
    own |= {"number": lambda: n + 10, "short_name": lambda: f"X{n:02}", "member": lambda: f"Councillor {n:02}"}
    own["financial_year"] = lambda: str(FinancialYear(1950 + n))
    own["commitment"] = lambda: copy(filled.ours["commitment"], kind="objective", number=n + 100)
    if name == "membership":
        own["user"] = lambda: User.objects.create(username=f"person{n:02}", name=f"Person {n:02}")
        del own["council"]
    return own


def another_body(filled, council):
    """One like ours, of that council."""
    return copy(filled.ours["body"], council=council)


def linked(filled, name, council):
    """Return another record to link to, for a row that stands for a link."""
    if name in ("savingpost", "evidence"):
        return {"post": copy(filled.ours["jointpost"], home_council=council)}
    if name in ("savingarrangement", "exitarrangement"):
        return {"arrangement": copy(filled.ours["servicearrangement"])}
    if name == "exitpost":
        return {"post": copy(filled.ours["jointpost"])}
    if name == "auditaction":
        return {"action": copy(filled.ours["action"])}
    if name in ("caseapproval", "answer"):
        approving = filled.ours["approving"]
        decision = copy(approving.decision, body=copy(approving.decision.body, council=council))
        return {"resolution": copy(approving, decision=decision)}
    if name == "followup":
        return {"action": copy(filled.ours["action"], council=council)}
    if name == "agendaitem":
        return {"meeting": copy(filled.ours["meeting"], body=copy(filled.ours["body"], council=council))}
    return {}


def copy(record, **facts):
    """Another row like it but for these facts."""
    row = type(record).objects.get(pk=record.pk)
    row.pk = None
    row.version = 0
    row._state.adding = True
    for name, fact in facts.items():
        setattr(row, name, fact)
    return row.full_clean_and_save()


def cost(client, at):
    """The queries of a page, and the page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(at)
        body = body_of(response)
    assert response.status_code == 200
    return [query["sql"] for query in queries], body


def sign_in(client, filled, name):
    readers, keepers, _ = WHO[name]
    client.force_login(filled.people[sorted(readers & keepers or readers)[0]])
    client.get("/registers/")  # a session's first page notes when it began


@pytest.mark.parametrize("name", [name for name in LISTED if name not in FEW])
def test_list_and_file_cost_the_same_for_one_row_and_fifty(client, filled, name):
    cost_the_same(client, filled, name, [address(name, view, filled.ours) for view in ("list", "export")])


@pytest.mark.parametrize("name", PARTS)
def test_record_and_history_cost_the_same_with_one_part_and_fifty(client, filled, name):
    above = EVERY[name].above.name
    cost_the_same(client, filled, name, [address(above, view, filled.ours) for view in ("detail", "history")])


def cost_the_same(client, filled, name, places):
    """With one row of the register and with fifty, each place is put together with as many queries."""
    sign_in(client, filled, name)
    before = [cost(client, at) for at in places]
    with recording(by=filled.people["officer"], reason="Fifty rows"):
        more(filled, name)
    for at, (few, small) in zip(places, before, strict=True):
        many, large = cost(client, at)
        assert len(large) > len(small), at
        assert few_more(few, many) == [], at


@pytest.mark.parametrize("name", EVERY)
def test_history_costs_the_same_for_one_change_and_fifty(client, filled, name):
    sign_in(client, filled, name)
    at = address(name, "history", filled.ours)
    record = filled.ours[name]
    few, small = cost(client, at)
    for n in range(MORE):
        with recording(by=filled.people["officer"], reason=f"Change {n:02}"):
            record.not_stated = {"x": f"Source {n:02}"}
            record.save()
    many, large = cost(client, at)
    record.refresh_from_db()
    assert large.count("Change ") == MORE > small.count("Change ")
    assert few_more(few, many) == []


def few_more(few, many):
    """The queries that came on top, so that a failure shows them."""
    return [] if len(many) == len(few) else [sql[:300] for sql in many if many.count(sql) > few.count(sql)] or many


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize("role", ["pay_officer", "finance_verifier"])
@pytest.mark.parametrize("view", ["export", "export_xlsx"])
def test_file_of_cost_shares_of_many_posts_costs_the_same_for_each_role(client, filled, role, view, stated):
    """Each of another post, with and without a stated employer, with a share of its own: 20, then 120 rows."""
    client.force_login(filled.people[role])
    client.get("/registers/")
    at = reverse(f"costshare_{view}")
    counts = []
    for many in (20, 100):
        with recording(by=filled.people["officer"], reason="Many posts"):
            for _ in range(many):
                post = copy(filled.ours["jointpost"], home_council=filled.alder if stated else None)
                row = copy(filled.ours["costshare"], post=post)
                copy(filled.ours["councilshare"], cost_share=row)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(at)
            content = b"".join(response.streaming_content) if response.streaming else response.content
        assert (response.status_code, len(content) > 1000) == (200, True)
        counts.append(len(queries))
    assert counts[0] == counts[1]
