"""The blocks about money: the savings table, its chart, the caveats and the pipeline."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

from joint_posts.models import Appointment
from joint_posts.models.figures import FIGURES
from partnership.amounts import Amount
from partnership.money import pounds
from partnership.wording import capitalised, listed
from reviews.facts.councils import CouncilFact
from reviews.facts.savings import LineFact, SavingFact
from reviews.papers.blocks.general import Block, Cell, ChartBlock, Row, Source, Table, bullets, cell, head, rows, words
from reviews.papers.charts import Bar, Chart
from reviews.papers.narrative import ListBlock

OF_ONE_SAVING = {figure.name: figure.row_words for figure in FIGURES} | {"net": "net saving"}
OUTSIDE = "outside the total"
NO_YEAR_GIVEN = "no year given"


def savings(source: Source) -> Table:
    """Table: the year's savings by council, with gross, cost to achieve and net together.

    Benefits that are not cashable, and lines without a year, stand below the totals and outside them.
    """
    ledger = source.review.facts.savings
    year = source.year
    councils = ledger.councils_of(year, "")
    joint = capitalised(ledger.scope_words(year))
    counted = ledger.in_year(year)
    table_rows = []
    for saving in counted:
        table_rows += saving_rows(source, saving, year)
    table_rows += total_rows(source, year)
    for saving, of_year in ledger.outside(year):
        table_rows += outside_rows(source, saving, of_year, councils)
    notes = [f"{saving.title}: {saving.basis}" for saving in counted if saving.basis]
    notes += [shared_attribution(saving) for saving in counted if saving.shared_with_programme]
    notes += filter(None, (assumption(source, saving) for saving in counted))
    return Table(
        "savings",
        f"Savings {year} by council",
        head("Saving", *(council.short_name for council in councils), joint, numbers=len(councils) + 1),
        tuple(table_rows),
        tuple(notes),
    )


def shared_attribution(saving: SavingFact) -> str:
    """Says that another programme counts the rest."""
    share = f"{saving.attributed_percent.normalize():f}%"
    return f"{saving.title}: {share} is attributed to the partnership, the rest to {saving.shared_with_programme}."


def assumption(source: Source, saving: SavingFact) -> str:
    """Say what the figures assume of the posts behind them; nothing where all is settled."""
    behind = [post for post in source.review.facts.posts if post.id in saving.post_ids and post.is_in_post]
    interim = [post.title for post in behind if post.appointment == Appointment.INTERIM]
    provisional = [post.title for post in behind if post.is_provisional]
    assumptions = []
    if interim:
        assumptions.append(f"interim appointments go on ({listed(interim)})")
    if provisional:
        assumptions.append(f"provisional contributions are agreed as they stand ({listed(provisional)})")
    return f"{saving.title}: this assumes that {' and that '.join(assumptions)}." if assumptions else ""


def amounts(*found: Amount | str) -> tuple[Cell, ...]:
    """Cells of sums."""
    return tuple(cell(str(amount), is_number=True) for amount in found)


def saving_rows(source: Source, saving: SavingFact, year: str) -> list[Row]:
    """One saving: every figure that is recorded of it for each council and together, and what is behind it."""
    ledger = source.review.facts.savings
    scopes = (*ledger.councils_of(year, ""), None)
    lines = saving.lines_of(year)
    saving_lines = []
    for figure, word in figures_of(lines).items():
        sums = [ledger.added(lines, figure, year, council) for council in scopes]
        header = [words(f"{saving.title}: {word}" if word else saving.title)]
        if not saving_lines:
            header += behind(source, saving)
        saving_lines.append(Row((Cell(tuple(header), is_header=True), *amounts(*sums))))
    return saving_lines


def figures_of(lines: Iterable[LineFact]) -> dict[str, str]:
    """Return the figures that the lines of a saving have, with their words; the estimate where they have none."""
    recorded = {}
    for figure, word in OF_ONE_SAVING.items():
        if any(getattr(line, figure) is not None for line in lines):
            recorded[figure] = word
    return recorded or {"estimated": OF_ONE_SAVING["estimated"]}


def behind(source: Source, saving: SavingFact) -> tuple[ListBlock, ...]:
    """The posts and services that a saving comes from."""
    facts = source.review.facts
    titles = [
        f"{post.title} (ended)" if post.is_ended else post.title for post in facts.posts if post.id in saving.post_ids
    ]
    titles += [row.service for row in facts.services if row.id in saving.arrangement_ids]
    return tuple(bullets(titles)) if titles else ()


def total_rows(source: Source, year: str) -> list[Row]:
    """Gross, what came of it so far where anything did, cost to achieve, and net."""
    ledger = source.review.facts.savings
    scopes: tuple[CouncilFact | None, ...] = (*ledger.councils_of(year, ""), None)
    totals = []
    for figure in FIGURES:
        is_always_there = figure.is_cost or figure.name == "estimated"
        if is_always_there or ledger.total(year, figure.name).pounds is not None:
            sums = [ledger.total(year, figure.name, council) for council in scopes]
            totals.append(total_row(figure.total_label, sums, "" if figure.is_cost else "total"))
    nets = [ledger.net(year, council) for council in scopes]
    return [*totals, total_row("Net saving", nets, "total")]


def total_row(label: str, sums: list[Amount], kind: str = "") -> Row:
    """A row of sums under a label."""
    return Row((cell(label, is_header=True), *amounts(*sums)), kind)


def outside_rows(source: Source, saving: SavingFact, year: str, councils: tuple[CouncilFact, ...]) -> list[Row]:
    """The figures of a benefit that no total contains."""
    ledger = source.review.facts.savings
    lines = saving.lines_of(year)
    label = f"{capitalised(saving.benefit_words)}, {year or NO_YEAR_GIVEN}: {saving.title}"
    made = []
    for figure, word in figures_of(lines).items():
        title = f"{label}: {word}" if word else label
        own = [ledger.added(lines, figure, year, council) for council in councils]
        made.append(Row((cell(title, is_header=True), *amounts(*own, OUTSIDE)), "outside"))
    return made


def savings_chart(source: Source) -> ChartBlock:
    """Chart: what each council is to save in the year, and what of it is delivered."""
    ledger = source.review.facts.savings
    year = source.year
    joint = capitalised(ledger.scope_words(year))
    named = [*((council.short_name, council) for council in ledger.councils_of(year)), (joint, None)]
    found = [
        (name, ledger.total(year, "estimated", council), ledger.total(year, "delivered", council))
        for name, council in named
    ]
    bars = tuple(
        Bar(
            name,
            f"{said(estimated, 'estimate', 'estimated')}, {said(delivered, 'delivery', 'delivered')}",
            estimated.pounds,
            delivered.pounds,
        )
        for name, estimated, delivered in found
    )
    caption = f"Savings {year}, estimated and delivered"
    title = f"{caption}. " + " ".join(f"{bar.label}: {bar.words}." for bar in bars)
    chart = Chart("savings", title, "Delivered", "Estimated beyond that", bars)
    table = Table(
        "savings-chart",
        "The figures of the chart",
        head("Council", "Estimated", "Delivered", numbers=2),
        tuple(Row((cell(name, is_header=True), *amounts(*both))) for name, *both in found),
    )
    return ChartBlock("savings", caption, chart, table)


def brief(amount: Amount) -> str:
    """A sum as there is room for it in a picture; the table says what it lacks."""
    return f"{replace(amount, without=())} (in part)" if amount.without else str(amount)


def said(amount: Amount, noun: str, done: str) -> str:
    """A sum in the words of a bar: "£314,000 estimated", "delivery not recorded"."""
    return f"{noun} {amount}" if amount.pounds is None else f"{brief(amount)} {done}"


def caveats(source: Source) -> list[Block]:
    """List: what could still change the year's figures."""
    savings_of_year = source.review.facts.savings.in_year(source.year)
    return list(bullets(itertools.chain.from_iterable(saving.caveats for saving in savings_of_year)))


def pipeline(source: Source) -> Table:
    """Table: proposals with an estimate, which is in no total."""
    made = (
        (case.title, case.stage_words, pounds(case.estimated_saving, about=case.is_about))
        for case in source.review.facts.pipeline
    )
    columns = head("Proposal", "Stage", "Estimated saving a year", numbers=1)
    note = "Proposals are not savings: none of these sums is in a savings total."
    return Table("pipeline", "Proposals with an estimate", columns, rows(*made, numbers=1), (note,))
