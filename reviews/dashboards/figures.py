"""The figures of the boards by name, beside those that narratives print: every one of them opens its lines.

==============================================  ===================================================================
name                                            is, for example
==============================================  ===================================================================
``savings.<year>.<council or joint>.target``    £300,000, what was meant to be saved
``savings.<year>.<council>.better-off``         £299,000, what is expected less the costs recorded
``savings.<year>.<council>.verified-share``     75%, how much of what was delivered is verified
``posts.<status>.<appointment>``                the posts in post that are interim
``posts.ending``                                the posts that end within six months
``principles.<rating>``, ``objectives.…``       how many stand at a rating, by the latest review that rates each
``principles.in-danger``                        at risk or not met
``cases.<number>.<council or joint>.cost``      what a business case costs; ``.savings`` what is linked to it
``dates.overdue``, ``dates.coming``             duties whose day has passed; what falls due within six months
==============================================  ===================================================================
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from joint_posts.models import Appointment, Status
from partnership.money import NOT_KNOWN, percent, pounds
from reviews.facts.councils import CouncilFact, scope_words
from reviews.facts.dashboard import SteeringFacts
from reviews.facts.figures import JOINT, Figure, count, figures, money
from reviews.facts.ratings import StandingRating
from reviews.facts.review_figures import RATINGS
from reviews.facts.value_for_money import better_off, payback, verified_share

VERIFIED_SHARE = "verified of what was delivered"
TARGET = "target"
EXPECTED_NET = "expected, less costs recorded"
COST = "cost"
LINKED = "linked savings"


def board_figures(steering: SteeringFacts) -> dict[str, Figure]:
    """Return every figure that a board may show, by its name."""
    parts = (
        _targets(steering),
        _better_off(steering),
        _verified(steering),
        _posts(steering),
        _pipeline(steering),
        _paybacks(steering),
        _dates(steering),
        _ratings(steering, "principle"),
        _ratings(steering, "objective"),
    )
    return figures(steering.facts) | {figure.name: figure for figure in itertools.chain.from_iterable(parts)}


def scopes(steering: SteeringFacts) -> tuple[CouncilFact | None, ...]:
    """Return each council that a sum may belong to, then all of them together."""
    return (*steering.facts.all_councils, None)


def place(council: CouncilFact | None) -> str:
    """A council, or all of them, in a figure's name."""
    return council.key if council else JOINT


def _targets(steering: SteeringFacts) -> Iterator[Figure]:
    ledger = steering.facts.savings
    for year in ledger.years:
        joint = ledger.scope_words(year)
        for council in scopes(steering):
            name = f"savings.{year.replace('/', '-')}.{place(council)}.target"
            for figure in money(
                name, ledger.target(year, council), status=TARGET, year=year, council=council, joint=joint
            ):
                yield Figure(**{**vars(figure), "of": "savingstarget"})


def _better_off(steering: SteeringFacts) -> Iterator[Figure]:
    ledger = steering.facts.savings
    for year in ledger.years:
        for council in steering.facts.all_councils:
            test = better_off(ledger, council, year)
            name = f"savings.{year.replace('/', '-')}.{council.key}.better-off"
            yield from money(name, test.worth, status=EXPECTED_NET, year=year, council=council)


def _verified(steering: SteeringFacts) -> Iterator[Figure]:
    ledger = steering.facts.savings
    for year in ledger.years:
        joint = ledger.scope_words(year)
        for council in scopes(steering):
            scope = f"{council.short_name}’s share" if council else joint
            lines = ledger.total(year, "delivered", council).line_ids
            text = percent(verified_share(ledger, year, council), unknown=NOT_KNOWN)
            own = {"council_id": council.id if council else None, "of": "savingline", "rows": lines}
            name = f"savings.{year.replace('/', '-')}.{place(council)}.verified-share"
            yield Figure(name, text, scope, VERIFIED_SHARE, **own)
            full = f"{text} verified of what was delivered in {year}, {scope}"
            yield Figure(f"{name}.full", full, "", VERIFIED_SHARE, **own)


def _posts(steering: SteeringFacts) -> Iterator[Figure]:
    posts = steering.facts.posts
    for status in Status:
        rows = [post for post in posts if post.status == status]
        yield from count(f"posts.at.{_key(status)}", rows, "joint post", "joint posts", "jointpost")
        for appointment in Appointment:
            chosen = [post for post in rows if post.appointment == appointment]
            name = f"posts.{_key(status)}.{_key(appointment)}"
            yield from count(name, chosen, "joint post", "joint posts", "jointpost")
    yield from count("posts.ending", steering.posts_ending, "joint post", "joint posts", "jointpost")


def _ratings(steering: SteeringFacts, kind: str) -> Iterator[Figure]:
    rows = steering.ratings_of(kind)
    if not steering.has_ratings:
        return
    many = f"{kind}s"
    yield from _count_ratings(many, rows, kind)
    for key, rating in RATINGS.items():
        yield from _count_ratings(f"{many}.{key}", (row for row in rows if row.rating == rating), kind)
    yield from _count_ratings(f"{many}.in-danger", (row for row in rows if row.is_in_danger), kind)


def _count_ratings(name: str, rows: Iterable[StandingRating], kind: str) -> Iterator[Figure]:
    yield from count(name, tuple(rows), kind, f"{kind}s", "commitment")


def _pipeline(steering: SteeringFacts) -> Iterator[Figure]:
    """The estimate of each case, which no savings total contains."""
    joint = scope_words(steering.facts.councils)
    for case in steering.facts.pipeline:
        name = f"cases.{case.id}.pipeline"
        text = pounds(case.estimated_saving, about=case.is_about)
        yield Figure(name, text, joint, "pipeline", None, case.estimated_saving, "businesscase", (case.id,))


def _paybacks(steering: SteeringFacts) -> Iterator[Figure]:
    joint = scope_words(steering.facts.councils)
    for case in steering.facts.cases:
        for council in scopes(steering):
            found = payback(case, steering.facts.savings, council)
            if found is None:
                continue
            name = f"cases.{case.id}.{place(council)}"
            scope = f"{council.short_name}’s share" if council else joint
            own = {"scope": scope, "council_id": council.id if council else None}
            cost = found.cost
            saved = found.savings
            yield Figure(
                f"{name}.cost", str(cost), **own, status=COST, amount=cost.pounds, of="casecost", rows=cost.line_ids
            )
            yield Figure(
                f"{name}.savings",
                str(saved) if saved.pounds is None else f"{saved} {found.status}",
                **own,
                status=f"{LINKED}, {found.status}",
                amount=saved.pounds,
                of="savingline",
                rows=saved.line_ids,
            )


def _dates(steering: SteeringFacts) -> Iterator[Figure]:
    yield from count("dates.overdue", steering.overdue, "date", "dates", "date")
    yield from count("dates.coming", steering.coming, "date", "dates", "date")


def _key(words: str) -> str:
    return words.replace(" ", "-")
