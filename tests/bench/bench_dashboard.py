"""The dashboard over 1,000 posts, with 1,000 saving lines and with 100,000.

Both partnerships stand in one database and are looked at in turn, so that whatever else the machine does meets both.
Rows go in past the register's door, for speed: what is measured reads the registers as they stand today.
"""

import sys
from datetime import date
from decimal import Decimal
from statistics import median
from time import perf_counter

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from joint_posts.models import JointPost, PostStep, Saving, SavingLine
from partnership.financial_years import FinancialYear
from tests.factories import change, make_council, make_line, make_membership, make_partnership, make_saving

POSTS, FEW, MANY, YEARS = 1_000, 1_000, 100_000, 10
START = date(2018, 10, 1)
ROUNDS, QUICK_ROUNDS, QUICKEST_ROUNDS = 7, 40, 200
# The portal's own addresses, and after them one that answers a signed-in person with nothing worked out.
urlpatterns = [path("", include("partnership.urls")), path("bare/", lambda request: HttpResponse("Nothing"))]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=__name__)
def test_dashboard(capsys):
    small, large = World(FEW), World(MANY)
    first = in_turn({"small": small.look, "large": large.look}, ROUNDS, before=move_on)
    kept = in_turn({"small": small.look, "large": large.look}, QUICK_ROUNDS)
    asked = in_turn({"conditional": large.conditional_look, "bare": large.bare_look}, QUICKEST_ROUNDS)
    queries = {name: world.queries_of_a_first_look() for name, world in (("small", small), ("large", large))}
    rows = {
        f"unchanged, {MANY:,} lines to {FEW:,}": (ratio(kept, "large", "small"), 1.2),
        "first look after a change, the same": (ratio(first, "large", "small"), 6),
        f"conditional GET to a bare response, {MANY:,} lines": (ratio(asked, "conditional", "bare"), 1.3),
        "queries of a first look, the same": (queries["large"] / queries["small"], 1),
    }
    lines = [f"{name:60} {found:6.2f}   at most {goal}" for name, (found, goal) in rows.items()]
    lines.append(f"{connection.vendor}, milliseconds: first look {said(first)}; unchanged {said(kept)}; {said(asked)}")
    lines.append(f"{queries['large']} queries in a first look")
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, ""]))
    assert [name for name, (found, goal) in rows.items() if found > goal] == []
    assert queries["large"] == queries["small"]


def said(times):
    """Each kind's middle time, for people."""
    return ", ".join(f"{name} {median(taken) * 1000:.1f}" for name, taken in times.items())


def ratio(times, one, other):
    """The middle of what one took beside the other in each round."""
    return median(mine / theirs for mine, theirs in zip(times[one], times[other], strict=True))


def move_on(world):
    """A change to the partnership, so that nothing kept of it holds."""
    change(world.line, estimated=(world.line.estimated or 0) + 1)


def in_turn(looks, rounds, before=lambda world: None):
    """Seconds of each kind of look, one after the other in each round; the first round only warms up."""
    taken = {name: [] for name in looks}
    for number in range(rounds + 1):
        for name, look in looks.items():
            before(look.__self__)
            start = perf_counter()
            look()
            if number:
                taken[name].append(perf_counter() - start)
    return taken


class World:
    """A partnership of two councils, with a person who looks at it."""

    def __init__(self, lines):
        self.councils = [make_council(), make_council()]
        self.partnership = make_partnership(councils=self.councils)
        self.by = make_membership(council=self.councils[0], role="pwg_member").user
        posts = [
            JointPost(partnership=self.partnership, title=f"Post {number}", status="in post", appointment="interim")
            for number in range(POSTS)
        ]
        put(JointPost, posts)
        facts = {"status": "in post", "appointment": "interim", "from_on": START}
        put(PostStep, [PostStep(post=post, title=post.title, **facts) for post in posts])
        self.line = make_line(saving=make_saving(partnership=self.partnership), council=self.councils[0])
        self.fill(lines)
        self.client = Client()
        self.client.force_login(self.by)

    def fill(self, lines):
        """As many lines, twenty to a saving: two councils and ten years."""
        wanted = lines // (2 * YEARS)
        facts = {"partnership": self.partnership, "category": "shared management", "benefit_type": "cashable"}
        facts |= {"basis": "Made up", "identified_on": START}
        savings = [Saving(title=f"Saving {number}", **facts) for number in range(wanted)]
        put(Saving, savings)
        figures = {"estimated": Decimal(100), "delivered": Decimal(50), "delivered_to_on": START}
        figures |= {"figures_changed_by": self.by}
        years = [str(FinancialYear(start)) for start in range(2018, 2018 + YEARS)]
        put(
            SavingLine,
            [
                SavingLine(saving=saving, council=council, financial_year=year, **figures)
                for saving in savings
                for council in self.councils
                for year in years
            ],
        )
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def look(self):
        self.tag = self.client.get("/")["ETag"]

    def conditional_look(self):
        response = self.client.get("/", headers={"if-none-match": self.tag})
        assert response.status_code == 304

    def bare_look(self):
        assert self.client.get("/bare/").content == b"Nothing"

    def queries_of_a_first_look(self):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            self.look()
        return len(queries)


def put(model, rows):
    """Many rows at once, without history."""
    QuerySet(model).bulk_create(rows, batch_size=1_000)
