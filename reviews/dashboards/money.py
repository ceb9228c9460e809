"""The money on a board: savings by year and council, each council's own test, and what cases pay back."""

from __future__ import annotations

import itertools
from typing import Any

from joint_posts.models.figures import BENEFITS
from partnership.money import NOT_KNOWN
from partnership.wording import capitalised, listed
from reviews.dashboards.board import DashboardBuilder, Grid, columns, words_cell
from reviews.dashboards.figures import place
from reviews.facts.councils import CouncilFact, scope_words
from reviews.facts.figures import NET, OUTSIDE_TOTALS, STATUSES, outside_name
from reviews.facts.value_for_money import COSTS, NEUTRAL, SAVES, BetterOff, Payback, better_off, payback
from reviews.papers.charts import Bar, Chart

YEARS_SHOWN = 4
SHOWN = ("target", *STATUSES, NET)
VERDICTS = {SAVES: "Saves", NEUTRAL: "Costs nothing", COSTS: "Worse off", NOT_KNOWN: "Not known"}


def years_shown(draw: DashboardBuilder) -> tuple[str, ...]:
    """The year the board speaks of and those around it, the ledger's last first left out."""
    years = draw.facts.savings.years_with_figures
    if draw.steering.year not in years:
        return years[-YEARS_SHOWN:]
    middle = years.index(draw.steering.year)
    first = max(0, min(middle - 1, len(years) - YEARS_SHOWN))
    return years[first : first + YEARS_SHOWN]


def savings_grid(draw: DashboardBuilder) -> Grid:
    """Return every year shown, for each council and all together."""
    labels = [status.replace("-", " ").capitalize() for status in SHOWN]
    head = columns("Year and council", *labels, numeric=tuple(labels))
    rows = []
    for year in years_shown(draw):
        rows += [_savings_row(draw, year, council) for council in draw.scopes_of(year)]
    notes = ("Cashable savings only. A line is the whole difference from the baseline in that year.",)
    nothing = "No cashable saving has a figure for a year yet."
    return Grid("Savings by year and council", head, tuple(rows), nothing, notes if rows else ())


def _savings_row(draw: DashboardBuilder, year: str, council: CouncilFact | None) -> dict[str, Any]:
    where = f"savings.{year.replace('/', '-')}.{place(council)}"
    whose = council.short_name if council else draw.facts.savings.scope_words(year)
    cells = [draw.cell(f"{where}.{status}", status.replace("-", " ").capitalize()) for status in SHOWN]
    return {"cells": [words_cell("", f"{year}, {whose}"), *cells], "is_total": council is None}


def _together(draw: DashboardBuilder) -> str:
    return scope_words(draw.facts.councils)


def savings_chart(draw: DashboardBuilder) -> Chart | None:
    """The same figures as bars: solid what is delivered, hatched what is expected beyond it."""
    bars = []
    for year in years_shown(draw):
        bars += [_bar(draw, year, council) for council in draw.scopes_of(year)]
    if all(bar.expected is None and bar.delivered is None and bar.target is None for bar in bars):
        return None
    what = "verified, delivered, expected and target"
    title = f"Savings by year for {_together(draw)}: {what}. The table below has the figures."
    return Chart("savings", title, "Delivered", "Expected beyond that", tuple(bars))


def _bar(draw: DashboardBuilder, year: str, council: CouncilFact | None) -> Bar:
    """One year of a council or of all of them. Every bar of a year shows the same figures, so that they add up."""
    ledger = draw.facts.savings
    status = ledger.expected_status(year)
    expected = ledger.total(year, status, council)
    delivered = ledger.total(year, "delivered", council)
    said = "delivered" if expected.pounds is None and delivered.pounds is not None else status
    shown = draw.shown(f"savings.{year.replace('/', '-')}.{place(council)}.{said}")
    return Bar(
        f"{year}, {council.short_name if council else ledger.scope_words(year)}",
        f"{shown.text}{shown.before(said)}" if shown.url else shown.text,
        expected.pounds,
        delivered.pounds,
        ledger.target(year, council).pounds,
        shown.url,
        ledger.total(year, "verified", council).pounds,
    )


def outside_grid(draw: DashboardBuilder) -> Grid:
    """Return the figures beside every total: other kinds of benefit, and lines without a year."""
    rows = []
    for year in (*years_shown(draw), ""):
        kinds = [*OUTSIDE_TOTALS] if year else [*OUTSIDE_TOTALS, ""]
        for council, kind in itertools.product(draw.councils_of(year), kinds):
            row = _outside_row(draw, kind, council, year)
            if row:
                rows.append(row)
    labels = [benefit.label for benefit in BENEFITS]
    head = columns("Benefit", "Council", "Year", *labels, numeric=tuple(labels))
    return Grid("Beside the totals", head, tuple(rows), "", ("Never added to the savings above.",))


def _outside_row(draw: DashboardBuilder, kind: str, council: CouncilFact, year: str) -> dict[str, Any] | None:
    """One council's figures of a kind of benefit, "" for cashable; ``None`` where none is recorded."""
    names = [outside_name(year, council, kind, benefit) for benefit in BENEFITS]
    if all(draw.figure(name).amount is None for name in names):
        return None
    words = [
        words_cell("", kind.replace("-", " ").capitalize() or "Cashable"),
        words_cell("Council", council.short_name),
        words_cell("Year", year or "No year given", muted=not year),
    ]
    figures = [draw.cell(name, benefit.label) for name, benefit in zip(names, BENEFITS, strict=True)]
    return {"cells": [*words, *figures]}


def better_off_grid(draw: DashboardBuilder) -> Grid:
    """Return for each council on its own whether it saves, or at least pays nothing (principle 3)."""
    year = draw.steering.year
    tests = [better_off(draw.facts.savings, council, year) for council in draw.councils_of(year)]
    figures = ("Expected less costs", "Delivered", "Verified", "Share verified")
    notes = ["Each council is judged on its own; none makes up for another."]
    if any(test.worth.pounds is not None for test in tests):
        notes.append("Expected is the forecast of each saving where one is recorded, else its estimate.")
    without = [test.council.short_name for test in tests if test.judged.pounds is not None and not test.cost.is_whole]
    if without:
        notes.append(f"The cost of getting there is not recorded for {listed(without)}, so it is not taken off.")
    rows = tuple(_better_off_row(draw, test, figures) for test in tests)
    head = columns("Council", "Result", *figures, numeric=figures)
    return Grid(f"Is each council better off? {year}", head, rows, "", tuple(notes))


def _better_off_row(draw: DashboardBuilder, test: BetterOff, labels: tuple[str, ...]) -> dict[str, Any]:
    where = f"savings.{test.year.replace('/', '-')}.{test.council.key}"
    names = ("better-off", "delivered", "verified", "verified-share")
    figures = [draw.cell(f"{where}.{name}", label) for name, label in zip(names, labels, strict=True)]
    cells = [words_cell("", test.council.name), words_cell("Result", VERDICTS[test.verdict], tag=True), *figures]
    return {"cells": cells, "is_flagged": test.is_flagged}


def payback_grid(draw: DashboardBuilder) -> Grid:
    """The cases with costs: what they cost over their years, and the savings linked to them."""
    scopes = [draw.council] if draw.council else [None, *reversed(draw.facts.all_councils)]
    ledger = draw.facts.savings
    rows = []
    for case, scope in itertools.product(draw.facts.cases, scopes):
        test = payback(case, ledger, scope)
        if test:
            rows.append(_payback_row(draw, test, scope))
    head = columns("Business case", "For", "Cost", "Linked savings", "Result", numeric=("Cost", "Linked savings"))
    nothing = "No business case has its costs recorded, so payback is not known."
    return Grid("Do business cases pay for themselves?", head, tuple(rows), nothing)


def _payback_row(draw: DashboardBuilder, test: Payback, scope: CouncilFact | None) -> dict[str, Any]:
    where = f"cases.{test.case.id}.{place(scope)}"
    cells = [
        words_cell("", test.case.title),
        words_cell("For", scope.short_name if scope else _together(draw)),
        draw.cell(f"{where}.cost", "Cost"),
        draw.cell(f"{where}.savings", "Linked savings"),
        words_cell("Result", capitalised(test.verdict), tag=True),
    ]
    return {"url": draw.record_url("businesscase", test.case.id), "cells": cells, "is_flagged": test.is_flagged}
