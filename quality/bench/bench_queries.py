"""Row 7: what a page asks the database does not grow with the register."""

import pytest

from joint_posts.models import Saving, SavingLine
from quality.bench.measuring import queries_of
from quality.bench.posts import Remembered, put
from tests.factories import START

FEW = 10
MANY = 10_000
A_PAST_DAY = "2025-06-30"
PAGES = {
    "list": lambda posts: "/joint-posts/",
    "last page of the list": lambda posts: "/joint-posts/?page=last",
    "a record": lambda posts: f"/joint-posts/{posts.rows()[0].pk}/",
    "history of a record": lambda posts: f"/joint-posts/{posts.rows()[0].pk}/history/",
    "file of the register": lambda posts: "/joint-posts/export.csv",
    "list of a past day": lambda posts: f"/joint-posts/?as_at={A_PAST_DAY}",
    "savings with their lines": lambda posts: "/savings/",
}


@pytest.mark.django_db(transaction=True)
def test_queries(reached, tell):
    few = WithSavings(FEW)
    many = WithSavings(MANY)
    asked = {name: (queries_of_page(few, at), queries_of_page(many, at)) for name, at in PAGES.items()}
    tell(f"queries of {FEW:,} and {MANY:,} rows: {asked}")
    reached({f"queries: {name}, 10,000 rows to 10": large / small for name, (small, large) in asked.items()})


def queries_of_page(posts, at):
    """Return of the page once it has been looked at before: what is read once for a process is no part of it."""
    address = at(posts)
    posts.get(address)
    return queries_of(lambda: posts.get(address))


class WithSavings(Remembered):
    """As many savings, each with a line for each council."""

    def __init__(self, number):
        super().__init__(number)
        facts = {"partnership": self.partnership, "category": "shared management", "benefit_type": "cashable"}
        facts |= {"basis": "Made up", "identified_on": START}
        savings = [Saving(title=f"Saving {place:06}", **facts) for place in range(number)]
        put(Saving, savings)
        year = {"financial_year": "2019/20", "estimated": 100, "figures_changed_by": self.by}
        lines = []
        for saving in savings:
            lines += [SavingLine(saving=saving, council=council, **year) for council in self.councils]
        put(SavingLine, lines)
