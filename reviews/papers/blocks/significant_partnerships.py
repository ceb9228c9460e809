"""The blocks of papers on the wider circle: significant partnerships, their returns, and what was resolved on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from partnership.wording import listed
from reviews.facts.significant_partnerships import CircleFacts, ReturnFact, SignificantFact
from reviews.papers.blocks.general import (
    NONE_ON_THIS_DATE,
    Block,
    Cell,
    Row,
    Source,
    Table,
    bullets,
    cell,
    head,
    rows,
    words,
)
from reviews.papers.narrative import NUMBERED_AS, ListBlock, Paragraph, Run

NONE = "None is recorded."


def circle_of(source: Source) -> CircleFacts:
    """The circle that the paper reports; an empty one for a paper of another kind."""
    return source.review.circle or CircleFacts("", "", ())


def title_of(entry: SignificantFact, circle: CircleFacts) -> str:
    """A partnership's name; with whose register it is on where the paper speaks of several councils'."""
    several = len({one.council for one in circle.entries}) > 1
    return f"{entry.title} ({entry.council})" if several else entry.title


def several(texts: Iterable[str], nothing: str = "Not stated") -> Cell:
    """Return a cell of one text or of a list of them."""
    items = tuple(texts)
    if len(items) > 1:
        return Cell(bullets(items))
    return cell(items[0] if items else nothing)


def significant(source: Source) -> Table:
    """Table: the significant partnerships, who takes part and who leads."""
    circle = circle_of(source)
    made = tuple(
        Row(
            (
                cell(title_of(entry, circle), is_header=True),
                several(entry.members),
                several(entry.priorities),
                cell(entry.lead_member),
                cell(entry.lead_officer),
            )
        )
        for entry in circle.entries
    )
    columns = head("Partnership", "Who takes part", "Priorities served", "Lead member", "Lead officer")
    return Table("significant-partnerships", "Significant partnerships", columns, made, nothing=NONE)


def governance(source: Source) -> Table:
    """Table: how each partnership is governed, how it would end, and how it shares information."""
    circle = circle_of(source)
    made = tuple(
        Row(
            (
                cell(title_of(entry, circle), is_header=True),
                several(entry.criteria),
                cell(entry.governance),
                cell(entry.exit_strategy),
                several(entry.sharing, "Not recorded"),
            )
        )
        for entry in circle.entries
    )
    columns = head("Partnership", "Significant because", "Governance", "Exit strategy", "Information sharing")
    return Table("partnership-governance", "Governance of the significant partnerships", columns, made, nothing=NONE)


def risks(source: Source) -> Table:
    """Table: the risks open on the day."""
    circle = circle_of(source)
    records = []
    for entry in circle.entries:
        title = title_of(entry, circle)
        for risk in entry.risks:
            records.append((risk.title, title, risk.likelihood, risk.impact, risk.controls, risk.owner))
    columns = head("Risk", "Partnership", "Likelihood", "Impact", "What is done", "Owner")
    return Table("partnership-risks", "Risks of the significant partnerships", columns, rows(*records), nothing=NONE)


def funding(source: Source) -> Table:
    """Table: who pays what in the year. There is no total: what partners give in kind has no sum."""
    circle = circle_of(source)
    records = []
    for entry in circle.entries:
        title = title_of(entry, circle)
        records += [(title, paid.payer, paid.note or "–", paid.amount) for paid in entry.funding]
    columns = head("Partnership", "Payer", "What for", "Amount", numbers=1)
    caption = f"Contributions to the significant partnerships in {circle.year}".removesuffix(" in ")
    return Table("partnership-funding", caption, columns, rows(*records, numbers=1), nothing=NONE)


def completeness(source: Source) -> Table:
    """Table: what is not on record of each partnership."""
    circle = circle_of(source)
    made = tuple(
        Row((cell(title_of(entry, circle), is_header=True), Cell(bullets(entry.missing))))
        for entry in circle.incomplete
    )
    columns = head("Partnership", "What is to be done")
    nothing = "Nothing is missing." if circle.entries else "No significant partnership is recorded."
    return Table("completeness", "What is not on record", columns, made, nothing=nothing)


def reported(part: Callable[[ReturnFact], tuple[str, ...]]) -> Callable[[Source], list[Block]]:
    """List: one part of the approved returns, partnership by partnership, and whose return is not in."""

    def build(source: Source) -> list[Block]:
        circle = circle_of(source)
        items = tuple(
            (Paragraph((Run(title_of(entry, circle), is_strong=True),)), *bullets(part(entry.annual_return)))
            for entry in circle.reported
        )
        made: list[Block] = [ListBlock(items)] if items else []
        if circle.not_reported:
            late = listed(title_of(entry, circle) for entry in circle.not_reported)
            made.append(words(f"No approved return for {circle.year} is in from: {late}."))
        return made or [words(NONE_ON_THIS_DATE)]

    return build


def common(source: Source) -> list[Block]:
    """List: the partnerships to which every council recorded of the county is party."""
    circle = circle_of(source)
    if not circle.county:
        return [words("No county is recorded for the council, so what its councils have in common is not known.")]
    councils = f"Councils of {circle.county} recorded here: {listed(circle.county_councils)}."
    return [words(councils), *bullets(title_of(entry, circle) for entry in circle.common)]


def resolutions(source: Source) -> list[Block]:
    """List: what the body resolved on this paper, numbered as its council does."""
    made: list[Block] = []
    for decision in source.review.outcomes:
        made.append(words(f"{source.review.body.name}, {decision.decided}: {decision.title}"))
        items = tuple(
            source.prose(f"{row.text} ({row.standing})" if row.standing else row.text, f"resolution {row.number}")
            for row in decision.resolutions
        )
        numbers = tuple(row.number for row in decision.resolutions)
        made.append(ListBlock(items, NUMBERED_AS[decision.numbering], numbers))
    return made or [words("No decision on this paper is recorded.")]


def referrals(source: Source) -> Table:
    """Table: to which bodies the paper was referred."""
    records = []
    for decision in source.review.outcomes:
        for referral in decision.referrals:
            answer = referral.answer or "No answer recorded"
            records.append((referral.to, referral.asked_for, referral.referred, answer))
    columns = head("Referred to", "Asked for", "On", "What came of it")
    return Table("referrals", "Referrals", columns, rows(*records), nothing="No referral is recorded.")
