"""A paper that lacks nothing, for the tests of what the proof finds."""

from datetime import date
from types import SimpleNamespace

from tests.factories import (
    make_assessment,
    make_body,
    make_commitment,
    make_council,
    make_line,
    make_option,
    make_partnership,
    make_post,
    make_post_step,
    make_recommendation,
    make_review,
    make_saving,
)


def make_whole_paper():
    """Elm's own paper on its partnership with Fir: Elm has a Board, Fir a Committee."""
    elm = make_council(name="Elm Borough Council", short_name="EBC", executive_name="Board")
    fir = make_council(name="Fir Town Council", short_name="FTC", executive_name="Committee")
    partnership = make_partnership(councils=[elm, fir], started_on=date(2020, 1, 6))
    body = make_body(partnership=partnership, council=elm, name="Executive Board", short_name="Board", kind="executive")
    panel = make_body(partnership=partnership, name="Joint Oversight Panel", short_name="JOP")
    treasurer = make_post(partnership=partnership, title="Treasurer", appointment="interim", from_on=date(2020, 1, 6))
    leader = make_post(partnership=partnership, title="Head of Parks", tier="chief officer", from_on=date(2020, 1, 6))
    make_post_step(
        post=leader, from_on=date(2020, 2, 1), title="Director of Places", status="in post", appointment="permanent"
    )
    saving = make_saving(partnership=partnership, title="One treasurer", posts=[treasurer])
    lines = [
        make_line(saving=saving, council=council, estimated=sum_, cost_to_achieve=0, financial_year="2020/21")
        for council, sum_ in ((elm, 47_100), (fir, 38_250))
    ]
    review = make_review(
        partnership=partnership,
        title="Elm and Fir",
        body=body,
        as_at=date(2020, 7, 31),
        financial_year="2020/21",
        version_label="Final 1.0",
        author_title="Clerk",
        publication_route="In public",
        review_due_on=date(2021, 7, 31),
    )
    commitments = [make_commitment(partnership=partnership, number=n, adopted_on=date(2020, 1, 1)) for n in (1, 2, 3)]
    ratings = [
        make_assessment(review=review, commitment=commitment, rating=rating)
        for commitment, rating in zip(commitments, ("met", "met", "at risk"), strict=True)
    ]
    make_recommendation(review=review, text="the report.", key="note-it")
    for preferred, title in ((True, "Go on"), (False, "Stop")):
        make_option(review=review, title=title, is_preferred=preferred, reasons="It serves best.")
    return SimpleNamespace(**locals())
