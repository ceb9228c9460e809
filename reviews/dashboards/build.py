"""Draws a board from the facts: what comes first, and then everything else."""

from __future__ import annotations

from joint_posts.models.figures import BY_NAME
from partnership.records.as_at import AsAt
from partnership.wording import capitalised, listed
from reviews.dashboards import activity_panels, governance_panels, money
from reviews.dashboards.board import Board, DashboardBuilder, FigureLink, Grid, Headline
from reviews.dashboards.figures import place
from reviews.facts.councils import CouncilFact, scope_words
from reviews.facts.dashboard import SteeringFacts
from reviews.facts.figures import outside_name
from reviews.facts.ratings import StandingRating
from reviews.facts.reviewed import NOT_RATED
from reviews.facts.value_for_money import better_off


def draw_board(steering: SteeringFacts, moment: AsAt, council: CouncilFact | None) -> Board:
    """The whole board of the partnership, or of one of its councils."""
    draw = DashboardBuilder(steering, moment, council)
    facts = steering.facts.partnership
    return Board(
        facts.name,
        facts.id,
        facts.slug,
        facts.notice,
        steering.year,
        council,
        steering.facts.councils,
        headlines(draw),
        money.savings_chart(draw),
        grids(draw),
        activity_panels.timeline(draw),
        activity_panels.matrix(draw),
        steering.has_working_papers,
        len(unrated(steering)),
        len(steering.overdue),
    )


def grids(draw: DashboardBuilder) -> dict[str, Grid]:
    """Return every table of the board by its name."""
    found = {
        "savings": money.savings_grid(draw),
        "outside": money.outside_grid(draw),
        "better_off": money.better_off_grid(draw),
        "payback": money.payback_grid(draw),
        "posts": activity_panels.posts_grid(draw),
        "ending": activity_panels.posts_ending_grid(draw),
        "timeline": activity_panels.timeline_grid(draw),
        "stages": activity_panels.stages_grid(draw),
        "cases": activity_panels.cases_grid(draw),
        "matrix": activity_panels.matrix_grid(draw),
        "agreements": governance_panels.agreements_grid(draw),
        "overdue": governance_panels.overdue_grid(draw),
        "coming": governance_panels.coming_grid(draw),
    }
    if draw.steering.has_ratings:
        found |= {f"{kind}s": governance_panels.ratings_grid(draw, kind) for kind in ("principle", "objective")}
    return found


def unrated(steering: SteeringFacts) -> tuple[StandingRating, ...]:
    """The principles and objectives that no review has rated, while there is a review to rate them in."""
    return tuple(row for row in steering.ratings if row.rating == NOT_RATED) if steering.reviews else ()


def headlines(draw: DashboardBuilder) -> tuple[Headline, ...]:
    """Return the headline figures, each with its scope and status in words."""
    shown = [*_money(draw)]
    if draw.council:
        shown.append(_own_test(draw))
    shown.append(_posts(draw))
    if draw.steering.has_ratings:
        shown += [_ratings(draw, "principle"), _ratings(draw, "objective")]
    return (*shown, _pipeline(draw), _overdue(draw))


def _money(draw: DashboardBuilder) -> list[Headline]:
    """The year the board leads with; then what is planned next and, where nothing else says so, what is delivered."""
    ledger = draw.facts.savings
    year = draw.steering.year
    others = [other for other in ledger.years_with_figures if other != year]
    ahead = [other for other in others if other >= ledger.present_year and _has(draw, other, "estimated", "forecast")]
    found = [_year_headline(draw, year)]
    found += [_year_headline(draw, other) for other in ahead[:1]]
    if not _has(draw, year, "delivered"):
        delivered = [other for other in others if other not in ahead[:1] and _has(draw, other, "delivered")]
        found += [_year_headline(draw, other) for other in delivered[-1:]]
        if not (delivered or any(_has(draw, other, "delivered") for other in ahead[:1])):
            found += _undated_headlines(draw)
    return found


def _has(draw: DashboardBuilder, year: str, *statuses: str) -> bool:
    ledger = draw.facts.savings
    return any(ledger.total(year, status, draw.council).pounds is not None for status in statuses)


def _year_headline(draw: DashboardBuilder, year: str) -> Headline:
    """Return the headline of a year: delivered against planned, as far as either is recorded."""
    ledger = draw.facts.savings
    whose = draw.council.name if draw.council else ledger.scope_words(year)
    where = f"savings.{year.replace('/', '-')}.{place(draw.council)}"
    estimated = ledger.total(year, "estimated", draw.council)
    plan = "forecast" if estimated.pounds is None and _has(draw, year, "forecast") else "estimated"
    delivered = draw.shown(f"{where}.delivered")
    planned = draw.shown(f"{where}.{plan}")
    if delivered.url and planned.url:
        of = FigureLink(delivered.before("delivered of "))
        pieces = (delivered, of, planned, FigureLink(planned.before(f"{plan} for {year}, {whose}")))
        return Headline(pieces, _shares(draw, year))
    if delivered.url:
        pieces = (delivered, FigureLink(delivered.before(f"delivered for {year}, {whose}")))
        return Headline(pieces, _shares(draw, year, "no plan is recorded"))
    if planned.url:
        pieces = (planned, FigureLink(planned.before(f"{plan} for {year}, {whose}")))
        return Headline(pieces, _shares(draw, year, "nothing is recorded as delivered"))
    return Headline((FigureLink(f"Savings for {year}, {whose}: {planned.text}"),))


def _shares(draw: DashboardBuilder, year: str, lacking: str = "") -> str:
    """Said in words only: the table below has each council's own figure."""
    short = listed(council.short_name for council in draw.facts.savings.councils_of(year))
    together = "" if draw.council else f"Cashable savings of {short} together"
    return capitalised("; ".join(filter(None, [together, lacking])))


def _undated_headlines(draw: DashboardBuilder) -> list[Headline]:
    """Return the delivered figures of lines without a year, by council; such lines are in no total."""
    names = [
        (council, outside_name("", council, "", BY_NAME["delivered"]))
        for council in ([draw.council] if draw.council else draw.councils_of(""))
    ]
    return [
        Headline((draw.shown(name), FigureLink(f" delivered with no year given, {council.name}")), "In no year’s total")
        for council, name in names
        if draw.figure(name).amount is not None
    ]


def _own_test(draw: DashboardBuilder) -> Headline:
    test = better_off(draw.facts.savings, draw.council, draw.steering.year)
    where = f"savings.{test.year.replace('/', '-')}.{test.council.key}"
    verdict = money.VERDICTS[test.verdict]
    is_expected = test.worth.pounds is not None or test.delivered.pounds is None
    status = "expected" if is_expected else "delivered"
    shown = draw.shown(f"{where}.{'better-off' if is_expected else 'delivered'}")
    pieces = (shown, FigureLink(f" {status} for {test.year}, {test.council.short_name} on its own: {verdict.lower()}"))
    remark = "" if test.cost.is_whole else "Before the cost of getting there, which is not recorded"
    return Headline(pieces, remark, test.is_flagged)


def _posts(draw: DashboardBuilder) -> Headline:
    in_post = draw.shown("posts.in-post.count")
    pieces = [in_post, FigureLink(f" joint post{'' if in_post.text == '1' else 's'} in post")]
    parts = []
    for key, words in (("permanent", "permanent"), ("interim", "interim"), ("not-stated", "not stated")):
        if draw.figure(f"posts.{key}.count").rows:
            parts.append((draw.shown(f"posts.{key}.count"), FigureLink(f" {words}")))
    for number, pair in enumerate(parts):
        pieces += [FigureLink(": " if number == 0 else ", "), *pair]
    return Headline(tuple(pieces))


def _ratings(draw: DashboardBuilder, kind: str) -> Headline:
    met = draw.shown(f"{kind}s.met.count")
    every = draw.shown(f"{kind}s.count")
    flagged = draw.figure(f"{kind}s.in-danger.count").rows
    rows = draw.steering.ratings_of(kind)
    if not rows:
        return Headline((FigureLink(f"No {kind} in force is recorded"),))
    if all(row.rating == NOT_RATED for row in rows):
        return Headline((every, FigureLink(f" {kind}{'' if len(rows) == 1 else 's'}, none rated yet")))
    pieces = [met, FigureLink(" of "), every, FigureLink(f" {kind}s met")]
    others = (
        ("in-danger", "at risk or not met"),
        ("too-soon", "too soon to say"),
        ("underway", "underway"),
        ("not-rated", "not yet rated"),
    )
    for key, words in others:
        if draw.figure(f"{kind}s.{key}.count").rows:
            pieces += [FigureLink("; "), draw.shown(f"{kind}s.{key}.count"), FigureLink(f" {words}")]
    return Headline(tuple(pieces), "", bool(flagged))


def _pipeline(draw: DashboardBuilder) -> Headline:
    amount = draw.shown("pipeline.joint.amount")
    if not amount.url:
        opened = draw.shown("cases.open.count")
        number = len(draw.figure("cases.open.count").rows)
        if not number:
            return Headline((FigureLink("No open business case is recorded"),))
        return Headline((opened, FigureLink(f" open business case{'' if number == 1 else 's'}, none with an estimate")))
    pieces = (amount, FigureLink(" in the pipeline, "), FigureLink(scope_words(draw.facts.councils)))
    return Headline(pieces, "A proposal's estimate a year; in no savings total")


def _overdue(draw: DashboardBuilder) -> Headline:
    if not draw.steering.dates:
        return Headline((FigureLink("No date to keep is recorded"),))
    overdue = draw.shown("dates.overdue.count")
    coming = draw.shown("dates.coming.count")
    pieces = (overdue, FigureLink(" overdue, "), coming, FigureLink(" due within six months"))
    return Headline(pieces, "", overdue.text != "0")
