"""Row 5: the dashboard over 1,000 posts, with 1,000 saving lines and with 100,000.

Both partnerships stand in one database. Rows go in past the register's door, for speed: what is measured reads the
registers as they stand today.
"""

import itertools
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from joint_posts.models import JointPost, PostStep, Saving, SavingLine
from partnership.financial_years import FinancialYear
from quality.bench.measuring import in_turn, queries_of, ratio, said
from quality.bench.posts import Looker, put, settle
from tests.factories import START, change, make_line, make_saving

POSTS = 1_000
FEW = 1_000
MANY = 100_000
YEARS = 10
ROUNDS = 5
QUICK_ROUNDS = 40
QUICKEST_ROUNDS = 200
# The portal's own addresses, and after them one that answers a signed-in person with nothing worked out.
urlpatterns = [path("", include("partnership.urls")), path("bare/", lambda request: HttpResponse("Nothing"))]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=__name__)
def test_dashboard(reached, tell):
    small = Board(FEW)
    large = Board(MANY)
    boards = {"small": small, "large": large}
    looks = {name: board.look for name, board in boards.items()}
    first = in_turn(looks, ROUNDS, before=lambda name: boards[name].bump_and_seal())
    kept = in_turn(looks, QUICK_ROUNDS)
    tag = large.tag
    asked = in_turn(
        {
            "conditional": lambda: large.get("/", status=304, if_none_match=tag),
            "bare": lambda: large.get("/bare/"),
        },
        QUICKEST_ROUNDS,
    )
    queries = {name: board.queries_of_a_first_look() for name, board in boards.items()}
    tell(f"first look, {said(first)}; unchanged, {said(kept)}; {said(asked)}; queries of a first look {queries}")
    reached(
        {
            "board: unchanged, 100,000 lines to 1,000": ratio(kept, "large", "small"),
            "board: first look after a change, 100,000 lines to 1,000": ratio(first, "large", "small"),
            "board: conditional GET to a bare response": ratio(asked, "conditional", "bare"),
            "queries: board, first look, 100,000 lines to 1,000": queries["large"] / queries["small"],
        }
    )


class Board(Looker):
    """A partnership with so many saving lines, twenty to a saving: two councils and ten years."""

    role = "pwg_member"

    def __init__(self, lines):
        super().__init__()
        title = {"status": "in post", "appointment": "interim"}
        posts = [JointPost(partnership=self.partnership, title=f"Post {number}", **title) for number in range(POSTS)]
        put(JointPost, posts)
        put(PostStep, [PostStep(post=post, title=post.title, from_on=START, **title) for post in posts])
        self.line = make_line(saving=make_saving(partnership=self.partnership), council=self.councils[0])
        facts = {"partnership": self.partnership, "category": "shared management", "benefit_type": "cashable"}
        facts |= {"basis": "Made up", "identified_on": START}
        savings = [Saving(title=f"Saving {number}", **facts) for number in range(lines // (2 * YEARS))]
        put(Saving, savings)
        put(SavingLine, list(itertools.chain.from_iterable(map(self.lines_of, savings))))
        settle()

    def lines_of(self, saving):
        figures = {"estimated": Decimal(100), "delivered": Decimal(50), "delivered_to_on": START}
        figures |= {"figures_changed_by": self.by}
        years = [str(FinancialYear(start)) for start in range(2018, 2018 + YEARS)]
        for council in self.councils:
            for year in years:
                yield SavingLine(saving=saving, council=council, financial_year=year, **figures)

    def bump_and_seal(self):
        """A change to the partnership, so that nothing kept of it holds."""
        change(self.line, estimated=(self.line.estimated or 0) + 1)

    def look(self):
        self.get("/")

    def queries_of_a_first_look(self):
        def first_look():
            cache.clear()
            self.look()

        return queries_of(first_look)
