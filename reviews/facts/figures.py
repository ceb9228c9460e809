"""Named figures: what a narrative may print of the facts, so that no number or name in it is typed.

A narrative holds ``{savings.2019-20.joint.estimated}``; `figures` and `review_figures` give every name with its text.

======================================================  ==========================================================
name                                                    prints, for example
======================================================  ==========================================================
``savings.<year>.<council or joint>.<status>``          £314,000; not recorded; not known. Status: estimated, forecast,
                                                        delivered, verified, cost-to-achieve, net
``savings.<year>.<council or joint>.<kind>``            about £20,000. Kind, outside every total: cost-avoidance,
                                                        non-cashable, income; ``….forecast``, ``….delivered``
``…full`` after either                                  £629,000 estimated for 2019/20, both councils
``savings.<year>.posts``                                the standing posts behind the year's savings, as below
``pipeline.joint.amount``, ``pipeline``                 about £630,000; the proposals that have an estimate
``posts.<status, appointment, or provisional>``         in-post, agreed, proposed, vacant, ended, permanent, …
``principles.<rating>``, ``objectives.<rating>``        met, underway, too-soon, at-risk, not-met, not-rated
``principles.summary``                                  8 of 9 principles met; 1 too soon to say
``services.<kind>``, ``cases.<stage>``, ``cases.open``  provisions, collaborations, co-locations, procurements
``comparators.<slug>.<name, amount, period, …>``        about £20 million
``partnership.…  councils.…  council.…  body.…  review.…``  names, dates and length of operation
======================================================  ==========================================================

Year is "2019-20", or "year-not-stated" for lines outside every total; council is the council's key, "occ". Whatever
can be counted has ``.count`` ("6"), ``.count.words`` ("six"), ``.phrase`` ("six joint posts") and ``.titles``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from business_cases.models import Stage
from joint_posts.models import Saving
from joint_posts.models.figures import BENEFITS, FIGURES, LineFigure
from partnership.amounts import Amount
from partnership.money import NOT_RECORDED, pounds
from partnership.wording import counted, in_number_words, listed
from reviews.facts import Facts
from reviews.facts.councils import CouncilFact, council_names, scope_words
from reviews.facts.savings import SavingSums

JOINT = "joint"
NO_YEAR = "year-not-stated"
STATUSES = {figure.key: figure.words for figure in FIGURES}
NET = "net"
OUTSIDE_TOTALS = {
    "non-cashable": Saving.BenefitType.NON_CASHABLE,
    "cost-avoidance": Saving.BenefitType.COST_AVOIDANCE,
    "income": Saving.BenefitType.INCOME,
}


@dataclass(frozen=True)
class Figure:
    """A named figure: its text, and what the words around it must make plain.

    ``scope`` is empty where the figure belongs to nobody in particular; ``council_id`` is set where it is a
    council's. ``rows`` are the ids of the records, of the kind ``of``, that it is made of.
    """

    name: str
    text: str
    scope: str = ""
    status: str = ""
    council_id: int | None = None
    amount: Decimal | None = None
    of: str = ""
    rows: tuple[int, ...] = ()


class UnknownFigure(LookupError):
    """A narrative names a figure, table or section that does not exist."""

    def __init__(self, name: str, section: str):
        self.name = name
        self.section = section
        super().__init__(f"The section “{section}” names “{{{name}}}”, which does not exist.")


def figures(facts: Facts) -> dict[str, Figure]:
    """Return all figures of a partnership's facts by name."""
    parts = (
        _partnership(facts),
        _savings(facts),
        _outside_totals(facts.savings),
        _pipeline(facts),
        _posts(facts),
        _services(facts),
        _cases(facts),
        _elsewhere(facts),
    )
    return {figure.name: figure for figure in itertools.chain.from_iterable(parts)}


def count(name: str, rows: Sequence[Any], one: str, many: str, of: str) -> Iterator[Figure]:
    """The figures of whatever can be counted."""
    ids = tuple(row.id for row in rows)
    yield Figure(f"{name}.count", f"{len(rows):,}", of=of, rows=ids)
    yield Figure(f"{name}.count.words", in_number_words(len(rows)), of=of, rows=ids)
    yield Figure(f"{name}.phrase", counted(len(rows), one, many), of=of, rows=ids)


def count_with_titles(name: str, rows: Sequence[Any], one: str, many: str, of: str) -> Iterator[Figure]:
    """The same for rows that have a title, with the titles as a sentence lists them."""
    yield from count(name, rows, one, many, of)
    yield Figure(f"{name}.titles", listed(row.title for row in rows), of=of, rows=tuple(row.id for row in rows))


def _partnership(facts: Facts) -> Iterator[Figure]:
    found = facts.partnership
    yield Figure("partnership.name", found.name)
    yield Figure("partnership.started", found.started)
    yield Figure("partnership.agreed", found.agreed)
    yield Figure("partnership.operation", found.operation)
    yield Figure("partnership.operation.month", found.month_of_operation)
    yield from count("councils", facts.councils, "council", "councils", "council")
    yield Figure("councils.names", council_names(facts.councils))
    yield Figure("councils.short-names", listed(council.short_name for council in facts.councils))
    yield Figure("councils.scope", scope_words(facts.councils))
    for council in facts.all_councils:
        yield Figure(f"council.{council.key}.name", council.name)
        yield Figure(f"council.{council.key}.short-name", council.short_name)
        yield Figure(f"council.{council.key}.executive", council.executive_name)
    for body in facts.bodies:
        yield Figure(f"body.{body.key}.name", body.name)
        yield Figure(f"body.{body.key}.short-name", body.short_name)
    yield from count_with_titles(
        "agreements.in-force", facts.agreements, "agreement in force", "agreements in force", "agreement"
    )


def money(
    name: str, amount: Amount, *, status: str, year: str, council: CouncilFact | None = None, joint: str = ""
) -> Iterator[Figure]:
    """A sum of money as a figure, alone and with its status, year and scope: a council's, or all councils' for none."""
    scope = f"{council.short_name}’s share" if council else joint
    common = {
        "council_id": council.id if council else None,
        "amount": amount.pounds,
        "of": "savingline",
        "rows": amount.line_ids,
    }
    yield Figure(name, str(amount), scope, status, **common)
    when = f"for {year}" if year else "with no year given"
    yield Figure(f"{name}.full", f"{amount} {status} {when}, {scope}", "", status, **common)


def _savings(facts: Facts) -> Iterator[Figure]:
    ledger = facts.savings
    standing = {post.id: post for post in facts.posts if not post.is_ended}
    for year in ledger.years:
        key = f"savings.{year.replace('/', '-')}"
        joint = ledger.scope_words(year)
        for council in (*ledger.all_councils, None):
            place = f"{key}.{council.key if council else JOINT}"
            for suffix, status in STATUSES.items():
                amount = ledger.total(year, suffix.replace("-", "_"), council)
                yield from money(f"{place}.{suffix}", amount, status=status, year=year, council=council, joint=joint)
            net = ledger.net(year, council)
            yield from money(f"{place}.{NET}", net, status=NET, year=year, council=council, joint=joint)
        posts = [standing[number] for number in ledger.posts_behind(year) if number in standing]
        yield from count_with_titles(f"{key}.posts", posts, "joint post", "joint posts", "jointpost")


def outside_name(year: str, council: CouncilFact | None, kind: str, figure: LineFigure) -> str:
    """Return the name of a figure outside every total; no year is one that the lines do not give, no kind cashable.

    An estimate of another kind than cashable is named by its kind alone.
    """
    parts = [f"savings.{year.replace('/', '-') or NO_YEAR}", council.key if council else JOINT, kind]
    if not kind or figure.name != "estimated":
        parts.append(figure.key)
    return ".".join(part for part in parts if part)


def _outside_totals(ledger: SavingSums) -> Iterator[Figure]:
    """Benefits that no total contains. Lines without a year are in nobody's sum but their own council's."""
    for year in (*ledger.years, ""):
        joint = ledger.scope_words(year)
        for suffix, kind in OUTSIDE_TOTALS.items():
            councils = [*ledger.all_councils]
            if year:
                councils.append(None)
            for council, benefit in itertools.product(councils, BENEFITS):
                name = outside_name(year, council, suffix, benefit)
                amount = ledger.total(year, benefit.name, council, benefit_type=kind)
                words = kind.value if benefit.name == "estimated" else f"{kind.value}, {benefit.words}"
                yield from money(name, amount, status=words, year=year, council=council, joint=joint)
    for council in ledger.all_councils:
        for figure in FIGURES:
            amount = ledger.total("", figure.name, council)
            name = outside_name("", council, "", figure)
            yield from money(name, amount, status=figure.words, year="", council=council)


def _pipeline(facts: Facts) -> Iterator[Figure]:
    rows = facts.pipeline
    one = "proposal with an estimate"
    many = "proposals with an estimate"
    yield from count_with_titles("pipeline", rows, one, many, "businesscase")
    total = sum((case.estimated_saving for case in rows), Decimal(0)) if rows else None
    text = pounds(total, about=any(case.is_about for case in rows), unknown="none")
    scope = scope_words(facts.councils)
    ids = tuple(case.id for case in rows)
    yield Figure("pipeline.joint.amount", text, scope if rows else "", "pipeline", None, total, "businesscase", ids)


def _posts(facts: Facts) -> Iterator[Figure]:
    filled = facts.posts_in("in post")
    groups = {
        "in-post": (filled, "joint post", "joint posts"),
        "agreed": (facts.posts_in("agreed"), "agreed post", "agreed posts"),
        "proposed": (facts.posts_in("proposed"), "proposed post", "proposed posts"),
        "vacant": (facts.posts_in("vacant"), "vacant post", "vacant posts"),
        "ended": (facts.posts_in("ended"), "ended post", "ended posts"),
        "provisional": (
            [post for post in filled if post.is_provisional],
            "post whose contribution is provisional",
            "posts whose contribution is provisional",
        ),
        "permanent": (_by(filled, "permanent"), "permanent post", "permanent posts"),
        "interim": (_by(filled, "interim"), "interim post", "interim posts"),
        "not-stated": (
            _by(filled, "not stated"),
            "post whose appointment is not stated",
            "posts whose appointment is not stated",
        ),
    }
    for key, (rows, one, many) in groups.items():
        yield from count_with_titles(f"posts.{key}", rows, one, many, "jointpost")
    yield Figure("posts.summary", posts_summary(filled), of="jointpost", rows=tuple(post.id for post in filled))


def _by(posts: Iterable[Any], appointment: str) -> list[Any]:
    return [post for post in posts if post.appointment == appointment]


def posts_summary(filled: Sequence[Any]) -> str:
    """Say how many posts are filled and on what basis: "six joint posts are filled: three permanent, …"."""
    groups = [(len(_by(filled, word)), word) for word in ("permanent", "interim", "not stated")]
    parts = [f"{in_number_words(number)} {word}" for number, word in groups if number]
    verb = "is" if len(filled) == 1 else "are"
    sentence = f"{counted(len(filled), 'joint post', 'joint posts')} {verb} filled"
    return f"{sentence}: {listed(parts)}" if parts else sentence


def _services(facts: Facts) -> Iterator[Figure]:
    kinds = {
        "provisions": ("provision", "provided service", "provided services"),
        "collaborations": ("collaboration", "collaboration", "collaborations"),
        "co-locations": ("co-location", "co-location", "co-locations"),
        "procurements": ("procurement", "joint procurement", "joint procurements"),
    }
    for key, (kind, one, many) in kinds.items():
        rows = facts.services_of(kind)
        yield from count(f"services.{key}", rows, one, many, "servicearrangement")
        titles = listed(row.service for row in rows)
        yield Figure(f"services.{key}.titles", titles, of="servicearrangement", rows=tuple(row.id for row in rows))


def _cases(facts: Facts) -> Iterator[Figure]:
    openly = [case for case in facts.cases if case.is_open]
    yield from count_with_titles("cases.open", openly, "open business case", "open business cases", "businesscase")
    for stage in Stage.values:
        one = f"business case {stage}"
        many = f"business cases {stage}"
        yield from count_with_titles(
            f"cases.{stage.replace(' ', '-')}", facts.cases_at(stage), one, many, "businesscase"
        )


def _elsewhere(facts: Facts) -> Iterator[Figure]:
    one = "model of joint working"
    many = "models of joint working"
    yield from count("working-models", facts.working_models, one, many, "workingmodel")
    for model in facts.working_models:
        yield Figure(f"working-models.{model.number}.name", model.name, of="workingmodel", rows=(model.id,))
    yield from count("comparators", facts.comparators, "example elsewhere", "examples elsewhere", "comparator")
    for row in facts.comparators:
        texts = {
            "name": row.name,
            "amount": row.amount_words or NOT_RECORDED,
            "period": row.period,
            "orientation": row.orientation,
            "benefits": row.benefits,
            "source": row.source,
        }
        for key, text in texts.items():
            yield Figure(f"comparators.{row.key}.{key}", text, of="comparator", rows=(row.id,))
