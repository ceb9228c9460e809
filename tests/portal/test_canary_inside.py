"""Nothing is in any byte that a signed-in person is sent but what is theirs to read, wherever links lead them.

The matrix looks for the same canaries in its answers from every address (test_routes_matrix.py). Here a reader follows
links: to lists and records on past days, to the lines behind figures, to histories, filters, the search and their feed.
"""

import pytest
from django.urls import reverse

from partnership.accounts import permissions
from partnership.models import CalendarFeed, actions, decisions, jobs, meetings
from partnership.records.record import RecordQuerySet
from reviews.models.classes import SectionQuerySet
from tests.canaries import crawl
from tests.matrix import leaks
from tests.matrix_world import OWN, PARTNER, UNRELATED, Person, make_papers, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MOST = 250  # answers for each reader; all that can be reached with --whole
LEAST_CANARIES = 60
DRAWN = (".pdf", ".docx", ".zip")  # drawn anew for each reader, and asked for in the matrix
THEN = "2019-03-20"
READERS = [
    Person("officer", OWN),
    Person("councillor", OWN),
    Person("administrator", OWN),
    Person("pay_officer", PARTNER),
    Person("finance_verifier", PARTNER),
    Person("councillor", PARTNER),
    Person("clerk", PARTNER),
    Person("auditor", UNRELATED),
]


@pytest.fixture(scope="module")
def world(module_data):
    return make_papers(make_world())


def first_addresses(world, who):
    """Return where a reader begins: boards and their dates, the search, and every register as it stands and stood."""
    listed = [register for register in world.registers.values() if register.above is None]
    lists = []
    for register in listed:
        lists += [f"{register.url('list')}{query}" for query in ("", f"?as_at={THEN}&known=now")]
    files = [f"{reverse(f'{name}_export')}?as_at={THEN}&known=now" for name in world.registers]
    secret = CalendarFeed.make(world.users[who], on=permissions.today())
    boards = ["/", "/?council=acc", f"/?as_at={THEN}&known=now", "/changes/?from=2018-01-01", "/first-steps/"]
    searches = ["/find/?words=canary", "/find/?words=of", "/find/?words=Alder", "/find/?words=Cedar"]
    return [*boards, *searches, reverse("dates_calendar", args=[secret]), *lists, *files]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("who", READERS, ids=str)
def test_no_canary_reaches_a_reader_it_is_not_for(world, who, pytestconfig):
    most = None if pytestconfig.option.whole else MOST
    asked = 0
    found = []
    for at, response, content in crawl(world.clients[who], *first_addresses(world, who), most=most, leave_out=DRAWN):
        asked += 1
        assert response.status_code < 500, at
        found += map(str, leaks(world, who, at, response, content))
    assert found == []
    assert asked >= 150
    assert len(world.canaries) >= LEAST_CANARIES


# What keeps a canary from a reader, taken out; who then finds one, and where.
UNSCOPED = [(permissions, "visible", lambda rows, user: rows)]
NOTHING_PRIVATE = [
    (module, "only_insiders", lambda rows, user, private: rows) for module in (actions, decisions, meetings)
]
NO_CLASSES = [(SectionQuerySet, "visible_to", RecordQuerySet.visible_to)]
OPEN_JOBS = [(jobs.JobQuerySet, "of", lambda rows, user: rows)]
GUARDS = {
    "scope": (UNSCOPED, Person("officer", OWN), "/joint-posts/export.csv"),
    "private decisions": (NOTHING_PRIVATE, Person("councillor", OWN), "/decisions/"),
    "private meetings": (NOTHING_PRIVATE, Person("councillor", PARTNER), "/meetings/"),
    "private actions": (NOTHING_PRIVATE, Person("councillor", OWN), "/actions/export.csv"),
    "publication classes": (NO_CLASSES, Person("officer", PARTNER), "/reviews/sections/export.csv"),
    "one's own files": (OPEN_JOBS, Person("officer", PARTNER), "/joint-posts/import/"),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_without_its_guard_the_same_search_finds_one(world, guard, monkeypatch):
    removed, who, at = GUARDS[guard]

    def found():
        ((at_all, response, content),) = crawl(world.clients[who], at, most=1)
        return list(leaks(world, who, at_all, response, content))

    assert found() == []
    for where, name, instead in removed:
        monkeypatch.setattr(where, name, instead)
    assert len(found()) >= 1
