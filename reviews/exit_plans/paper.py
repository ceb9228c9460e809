"""An exit plan as a paper, as far as one reader may see it: for the screen, as PDF and as a Word file.

Contributions to posts and what is worked out of them are for those who see costs; the others read that they are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from partnership.amounts import Amount
from partnership.dates import in_words
from partnership.money import NOT_KNOWN, NOT_RECORDED, pounds
from partnership.wording import capitalised, counted, listed
from reviews.exit_plans.facts import EndFact, ExitFacts, NoticeFact
from reviews.exit_plans.money import (
    Line,
    Owed,
    cost_sheet,
    costs_in_lieu,
    has_payment_in_lieu,
    in_lieu,
    missing_of,
    serves_less_than_notice,
    years_of,
)
from reviews.models import PublicationClass, Section
from reviews.papers.blocks.general import Block, Cell, Row, Table, bullets, cell, head, rows, words
from reviews.papers.document import Document, DocumentSection, number_blocks, number_paragraphs

KIND = "Exit plan"
FOR_FINANCE = "seen by finance"
NOT_FOR_PUBLICATION = "Not for publication. For the officers and members of the partnership’s councils."
BELOW_NOUGHT = "What is saved is below nought. A sum that lacks a part is not known."
OUTSIDE = (
    "The savings lost stand outside the net: they are reckoned against what each council’s own posts cost before, less "
    "the contributions above. A recurring saving is reckoned at the rate of its last year in the ledger."
)
HELD_BACK = "What the councils pay for the posts is seen by finance and pay officers, and so are sums made of it."


@dataclass(frozen=True)
class ExitPaper:
    """The content of the sections; ``sees_costs`` for a reader who may see how the cost of posts is shared."""

    facts: ExitFacts
    sees_costs: bool

    def sections(self) -> Iterator[tuple[str, str, Iterable[Block]]]:
        """Key, heading and blocks of each section."""
        exit_ = self.facts
        yield "end", "How the agreement ends", [words(sentence) for sentence in ending(exit_)]
        yield (
            "posts",
            "What becomes of the joint posts",
            [ends_table("posts", "Joint posts", exit_.posts, "Employed by")],
        )
        yield (
            "services",
            "What becomes of the services",
            [ends_table("services", "Service arrangements", exit_.services, "From and to")],
        )
        yield "in-lieu", "Payment in lieu of notice", self.in_lieu()
        yield "money", "What it costs each council", self.money()
        yield (
            "afterwards",
            "The relationship afterwards",
            [words(exit_.relationship or capitalised(NOT_RECORDED) + ".")],
        )
        yield "open", "What is still open", list(bullets(gaps(exit_)))

    def in_lieu(self) -> list[Block]:
        """Return the payment for notice that is not served."""
        exit_ = self.facts
        named = [words(sentence) for sentence in costs_named(exit_)]
        if exit_.payments:
            return [words("The councils have agreed the payment."), *named, *self._payments(agreed(exit_))]
        if exit_.notice_end is None:
            return [*named, words("Not known: the period of notice is not recorded.")]
        if not has_payment_in_lieu(exit_):
            return [words("Notice is served in full, and nothing is owed in its place.")]
        if not serves_less_than_notice(exit_):
            return named
        said = [
            *named,
            words(f"{days_not_served(exit_)} Whoever gives notice owes its share of each post for these days."),
        ]
        found = in_lieu(exit_)
        if found is None:
            missing = words(f"The payment is {NOT_KNOWN}. What keeps it from being known:")
            return [*said, missing, *bullets(why_not_known(exit_))]
        return [*said, *self._payments(found)]

    def _payments(self, found: tuple[Owed, ...]) -> list[Block]:
        if not self.sees_costs:
            return [words(HELD_BACK)]
        made = [
            (owed.post or "As agreed", self._name(owed.paid_by), self._name(owed.paid_to), exact(Amount(owed.amount)))
            for owed in found
        ]
        total = ("Together", "", "", exact(Amount(sum((owed.amount for owed in found), start=0))))
        table = rows(*made, numbers=1)
        whole = (*table, Row(rows(total, numbers=1)[0].cells, "total")) if len(made) > 1 else table
        titles = head("Post", "Paid by", "Paid to", "Amount", numbers=1)
        return [Table("in-lieu", "Payment in lieu of notice", titles, whole, nothing="Nothing is owed.")]

    def _name(self, number: int) -> str:
        council = self.facts.council(number)
        return council.short_name if council else ""

    def money(self) -> list[Block]:
        """A table for each council, its years side by side."""
        exit_ = self.facts
        years = years_of(exit_ if self.sees_costs else replace(exit_, payments=()))  # nor when a payment is made
        if not years:
            return [words("Not known: no last day is recorded, and no notice from which it could be reckoned.")]
        tables: list[Block] = []
        for council in exit_.councils:
            titles = head(council.short_name, *map(str, years), numbers=len(years))
            lines = tuple(self._row(line) for line in cost_sheet(exit_, council, years))
            caption = f"What leaving costs {council.name}"
            tables.append(Table(f"money-{council.key}", caption, titles, lines, (BELOW_NOUGHT, OUTSIDE)))
        if not self.sees_costs:
            tables.append(words(HELD_BACK))
        return tables

    def _row(self, line: Line) -> Row:
        hidden = line.of_shares and not self.sees_costs
        texts = [FOR_FINANCE if hidden else exact(each) for each in line.sums]
        return Row(rows((line.label, *texts), numbers=len(texts))[0].cells, line.kind)


def exit_document(facts: ExitFacts, slug: str, *, sees_costs: bool) -> Document:
    """The plan as a paper for one reader."""
    sections = []
    for number, (key, heading, blocks) in enumerate(ExitPaper(facts, sees_costs).sections(), start=1):
        numbered = tuple(number_paragraphs(((block, True) for block in blocks), str(number)))
        sections.append(
            DocumentSection(f"section-{key}", str(number), heading, Section.Level.SECTION, numbered),
        )
    return Document(
        title=facts.title,
        kind=KIND,
        slug=slug,
        body=facts.partnership.name,
        councils=tuple(council.name for council in facts.councils),
        partnership=facts.partnership.name,
        notice=facts.partnership.notice,
        month=f"{facts.as_at:%B %Y}",
        as_at=in_words(facts.as_at),
        version=PublicationClass.PARTNERSHIP.label,
        control=control(facts, sees_costs),
        sections=tuple(number_blocks(sections)),
        unknown=(),
        reported=facts.partnership.name,
    )


def control(facts: ExitFacts, sees_costs: bool) -> tuple[tuple[str, str], ...]:
    """Return the document control."""
    return (
        ("As at", in_words(facts.as_at)),
        ("Agreement", facts.agreement),
        ("Last day", capitalised(in_words(facts.last_day, unknown=NOT_KNOWN))),
        ("Contributions to posts", "Shown" if sees_costs else capitalised(FOR_FINANCE)),
        ("Publication", NOT_FOR_PUBLICATION),
    )


# --- Sentences -----------------------------------------------------------------------------------------------------


def ending(exit_: ExitFacts) -> Iterator[str]:
    """The notice, the last day and who leaves, in sentences."""
    months = exit_.notice_months
    period = NOT_RECORDED if months is None else counted(months, "month", "months")
    yield f"{exit_.agreement}: the period of notice is {period}."
    yield from (said(notice) for notice in exit_.notices)
    if exit_.last_day is None:
        yield "The last day is not known."
    elif exit_.agreed_last_day:
        yield f"The councils take {in_words(exit_.last_day)} as the last day."
    else:
        yield f"The last day is {in_words(exit_.last_day)}, on which notice runs out."
    if exit_.others_go_on:
        leaving = listed((council.name for council in exit_.givers), nothing="no council is named")
        yield f"Only those that give notice leave: {leaving}. The other councils go on."


def said(notice: NoticeFact) -> str:
    """One notice in a sentence."""
    who = notice.given_by.name if notice.given_by else "a council that is not named"
    on = in_words(notice.given_on)
    told = f"{who} gave notice on {on}" if notice.is_given else f"The plan assumes that {who} gives notice on {on}"
    runs_out = in_words(notice.last_day, unknown="a day that is not known")
    return f"{capitalised(told)}; it runs out on {runs_out}."


def days_not_served(exit_: ExitFacts) -> str:
    """Return the days of notice that are paid for, counted from the last day of the agreement."""
    if exit_.last_day is None or exit_.notice_end is None or exit_.last_day >= exit_.notice_end:
        return "Some posts end before notice runs out."
    days = (exit_.notice_end - exit_.last_day).days
    span = f"{in_words(exit_.last_day + timedelta(days=1))} to {in_words(exit_.notice_end)}"
    return f"Notice would run for another {counted(days, 'day', 'days')}, {span}."


def costs_named(exit_: ExitFacts) -> Iterator[str]:
    """Say which costs of leaving the plan itself calls payments in lieu."""
    for row in costs_in_lieu(exit_):
        council = exit_.council(row.council_id)
        whose = council.short_name if council else "a council that has left"
        amount = exact(Amount(row.amount, row.about)) if row.amount is not None else NOT_KNOWN
        yield f"The plan names among the costs of {whose} in {row.financial_year}: {row.title}, {amount}."


def why_not_known(exit_: ExitFacts) -> Iterator[str]:
    """Return the reasons why the payment is not known, post by post."""
    if not exit_.givers:
        yield "No council is named as the one that gives notice."
    for post in exit_.posts:
        if not post.goes_on:
            yield from (f"{post.title}: {sentence}" for sentence in missing_of(exit_, post))


def gaps(exit_: ExitFacts) -> Iterator[str]:
    """Return what the plan does not say yet."""
    if exit_.notice_months is None:
        yield "The period of notice is not recorded on the agreement."
    if not exit_.givers:
        yield "No council is named as the one that gives notice."
    if exit_.undecided:
        yield f"What becomes of these is not decided: {listed(end.title for end in exit_.undecided)}."
    missing = [council.short_name for council in exit_.councils if not has_costs(exit_, council.id)]
    if missing:
        yield f"No cost of leaving is recorded for {listed(missing)}. Enter 0 where there is none."
    unknown = [row.title for row in exit_.estimates if row.amount is None]
    if unknown:
        yield f"The amount is not known yet of: {listed(unknown)}."


def has_costs(exit_: ExitFacts, council: int) -> bool:
    """Return whether the plan names any cost of leaving for a council."""
    return any(row.council_id == council and row.is_cost for row in exit_.estimates)


# --- Tables --------------------------------------------------------------------------------------------------------


def ends_table(key: str, caption: str, found: tuple[EndFact, ...], whose: str) -> Table:
    """Return the table of what happens to each post, or each service."""
    titles = head(caption, whose, "What becomes of it", "Employed then", "Phase", "Last day")
    return Table(key, caption, titles, tuple(end_row(end) for end in found), nothing="None is shared on this date.")


def end_row(end: EndFact) -> Row:
    """One of them."""
    what_happens = [words(end.disposition_words)]
    if end.what_follows:
        what_happens.append(words(end.what_follows))
    last = "Goes on" if end.goes_on else capitalised(in_words(end.last_day, unknown=NOT_KNOWN))
    return Row(
        (
            cell(end.title, is_header=True),
            cell(capitalised(end.whose) or "Not stated"),
            Cell(tuple(what_happens)),
            cell(end.employed_by or "–"),
            cell(str(end.phase) if end.phase is not None else "–"),
            cell(last),
        )
    )


def agreed(exit_: ExitFacts) -> tuple[Owed, ...]:
    """The payments that the councils agreed."""
    return tuple(Owed("", row.paid_by_id, row.paid_to_id, row.amount) for row in exit_.payments)


def exact(each: Amount) -> str:
    """A sum to the penny, unless it is rounded."""
    return pounds(each.pounds, about=each.about, pence=not each.about, unknown=each.unknown)
