"""Name the evidence of ratings: records as they were known, with their names on the day."""

from __future__ import annotations

from collections.abc import Iterable

from business_cases.models import BusinessCase, ServiceArrangement
from joint_posts.models import JointPost, Saving
from partnership.dates import in_words
from partnership.models import Agreement, Body, Decision
from reviews.facts.partnership import Facts
from reviews.facts.reading import Reader, all_rows
from reviews.models import Assessment, Evidence
from reviews.models.evidence import KINDS

MODELS = {
    "agreement": Agreement,
    "decision": Decision,
    "post": JointPost,
    "arrangement": ServiceArrangement,
    "case": BusinessCase,
    "saving": Saving,
}


def evidence_of(ratings: Iterable[Assessment], read: Reader, found: Facts) -> dict[int, tuple[str, ...]]:
    """The names of what each rating rests on, by the rating's id. Evidence that was withdrawn is named no more."""
    by_rating = read.under(Evidence, ratings, "assessment")
    linked = all_rows(by_rating)
    names = {}
    for kind in KINDS:
        of_kind = [row for row in linked if row.kind == kind]
        names[kind] = _names(kind, of_kind, read, found)
    evidence: dict[int, tuple[str, ...]] = {}
    for number, rows in by_rating.items():
        evidence[number] = ()
        for row in sorted(rows, key=lambda row: (KINDS.index(row.kind), row.id)):
            name = names[row.kind].get(getattr(row, f"{row.kind}_id"))
            if name:
                evidence[number] += (f"{name} ({row.shows})" if row.shows else name,)
    return evidence


def _names(kind: str, links: list[Evidence], read: Reader, found: Facts) -> dict[int, str]:
    rows = read.numbered(MODELS[kind], (getattr(link, f"{kind}_id") for link in links))
    if kind == "decision":
        return _decisions(rows, read, found)
    # A post is called what it was called on the day of the paper.
    titles = {post.id: post.title for post in found.posts} if kind == "post" else {}
    return {number: titles.get(number) or str(row) for number, row in rows.items()}


def _decisions(rows: dict[int, Decision], read: Reader, found: Facts) -> dict[int, str]:
    """Name decisions by body and date, never by subject: it may have been decided in private."""
    bodies = {body.id: body.name for body in found.bodies}
    bodies |= {number: row.name for number, row in read.numbered(Body, _unknown(rows, bodies)).items()}
    return {
        number: f"decision of the {bodies[row.body_id]}, {in_words(row.decided_on)}" for number, row in rows.items()
    }


def _unknown(rows: dict[int, Decision], bodies: dict[int, str]) -> set[int]:
    return {row.body_id for row in rows.values()} - set(bodies)
