"""The dashboard over 1,000 posts, with 1,000 saving lines and with 100,000.

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
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from joint_posts.models import JointPost, PostStep, Saving, SavingLine
from partnership.financial_years import FinancialYear
from tests.factories import change, make_council, make_line, make_membership, make_partnership, make_saving

POSTS, FEW, MANY, YEARS = 1_000, 1_000, 100_000, 10
START = date(2018, 10, 1)


@pytest.mark.django_db(transaction=True)
def test_dashboard(capsys):
    world = World()
    world.grow(FEW)
    small = world.measured()
    world.grow(MANY)
    large = world.measured()
    rows = {
        f"unchanged, {MANY:,} lines to {FEW:,}": (large["kept"] / small["kept"], 1.2),
        "first look after a change, the same": (large["first"] / small["first"], 6),
        f"conditional GET to a bare response, {MANY:,} lines": (large["conditional"] / large["bare"], None),
        "queries of a first look, the same": (large["queries"] / small["queries"], 1),
    }
    lines = [f"{name:60} {ratio:6.2f}   {f'at most {goal}' if goal else ''}" for name, (ratio, goal) in rows.items()]
    for size, figures in ((FEW, small), (MANY, large)):
        lines.append(f"{connection.vendor}, milliseconds at {size:,} lines: {milliseconds(figures)}")
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, ""]))
    assert [name for name, (ratio, goal) in rows.items() if goal is not None and ratio > goal] == []


def milliseconds(figures):
    """The figures for people."""
    times = (f"{name} {value * 1000:.1f}" for name, value in figures.items() if name != "queries")
    return f"{', '.join(times)}; {figures['queries']} queries"


class World:
    """A partnership of two councils that grows."""

    def __init__(self):
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
        self.client = Client()
        self.client.force_login(self.by)

    def grow(self, lines):
        """As many lines, twenty to a saving: two councils and ten years."""
        wanted = (lines - SavingLine.objects.count()) // (2 * YEARS)
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

    def measured(self):
        """Seconds for each kind of look, the middle one of several."""
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            tag = self.client.get("/")["ETag"]
        number = len(queries)  # at once: the next request forgets them
        conditional = {"headers": {"if-none-match": tag}}
        bare = RequestFactory().get("/")
        return {
            "kept": timed(lambda: self.client.get("/"), 15),
            "conditional": timed(lambda: self.client.get("/", **conditional), 15),
            "bare": timed(lambda: HttpResponse(bare.path), 15),
            "first": timed(self.first_look, 3, before=self.moved_on),
            "queries": number,
        }

    def moved_on(self):
        change(self.line, estimated=(self.line.estimated or 0) + 1)

    def first_look(self):
        return self.client.get("/")


def put(model, rows):
    """Many rows at once, without history."""
    QuerySet(model).bulk_create(rows, batch_size=1_000)


def timed(look, times, before=lambda: None):
    """The middle of several measurements of the same look."""
    taken = []
    for _ in range(times):
        before()
        start = perf_counter()
        look()
        taken.append(perf_counter() - start)
    return median(taken)
