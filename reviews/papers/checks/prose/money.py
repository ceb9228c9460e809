"""Sums of money that were typed: each is held against the ledger, and told which figure to insert instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from partnership.text import external
from reviews.papers.checks.prose.elsewhere import is_of_others
from reviews.papers.checks.prose.numbers import POUNDS, VAGUE_SUM, YEAR_LIKE, Sum, agrees, sums
from reviews.papers.checks.prose.registers import HeldSum, Registers, mentions
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said
from reviews.papers.checks.prose.years import years_in

# A bare number is money where these stand beside it.
OF_MONEY = re.compile(
    r"\b(?:sav(?:e|es|ed|ing|ings)|costs?|costing|estimat\w*|budget\w*|spen[dt]\w*|efficienc\w+|incomes?|avoid\w*|"
    r"cash\w*|fund\w*|financ\w*|worth|money|sums?|bills?|invoice\w*|recharge\w*|salar\w+|pay|paid|deliver\w*|"
    r"forecast\w*|target\w*|expect\w*|benefits?|better off)\b",
    re.IGNORECASE,
)
# What may be counted in thousands without being money.
COUNTED = re.compile(
    r"^\s*(?:[a-z-]+\s+){0,2}(?:people|residents|homes|households|dwellings|staff|employees|officers|voters|electors|"
    r"children|pupils|visitors|visits|users|customers|calls|cases|hectares|acres|miles|hours|days|weeks|months|copies|"
    r"swimming|pool|long|wide|high|answers|replies|responses|forms|letters|emails|enquiries|properties|businesses|"
    r"members|words|pages|tonnes|bins|trees|metres|km|square|requests|applications|referrals|items|books|posts|"
    r"roles)\b",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"\b(?:no\.?|number|ref\.?|reference|page|act|minute|item|drawing|plan|form|part)\s*$", re.IGNORECASE
)
MONTH_BESIDE = re.compile(
    r"^\s*(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
PERIOD = re.compile(
    r"\b(?:20\d\d[/-]\d\d|a year|per year|annual(?:ly)?|each year|since \d{4}|(?:over|in|for) (?:\w+ ){0,3}years?)\b",
    re.IGNORECASE,
)
TOGETHER = re.compile(
    r"\b(?:together|altogether|in all|in total|total|combined|jointly|joint saving|whole|overall|between (?:them|us)|"
    r"(?:both|all|the (?:two|three|four|five|six)|all (?:of )?(?:the )?(?:two|three|four|five|six))"
    r" (?:of the )?(?:councils|authorities|partners|parties))\b",
    re.IGNORECASE,
)
EACH = re.compile(
    r"\b(?:each|every|either) (?:of the (?:two |three |four |five |six )?)?"
    r"(?:councils?|authority|authorities|partners?)\b",
    re.IGNORECASE,
)
KINDS = (
    ("cost-avoidance", re.compile(r"\bavoid\w*|\bspar(?:es?|ed|ing)\b", re.IGNORECASE)),
    ("non-cashable", re.compile(r"\bnon-?cash\w*\b", re.IGNORECASE)),
    ("income", re.compile(r"\bincome\b|\bearn(?:s|ed|ings)?\b", re.IGNORECASE)),
    (
        "cost-to-achieve",
        re.compile(r"\bcosts? (?:to|of) (?:achiev\w+|set\w*|mak\w+|implement\w*)|\bone-off cost", re.I),
    ),
    ("net", re.compile(r"\bnet\b", re.IGNORECASE)),
    ("verified", re.compile(r"\bverified\b", re.IGNORECASE)),
    (
        "delivered",
        re.compile(r"(?<!\bbe )\b(?:delivered|achieved|realised|banked|secured|saved|made)\b", re.IGNORECASE),
    ),
    ("forecast", re.compile(r"\bforecast\w*\b", re.IGNORECASE)),
)
SAVING_WORDS = re.compile(
    r"\bsav(?:e|es|ed|ing|ings)\b|\befficienc\w+|\bestimat\w+|\bjoint posts?\b|\bshared posts?\b|\bavoid\w*|"
    r"\bcheaper\b|\bspar(?:es?|ed|ing)\b|"
    r"\bbetter off\b|\bfinancial benefits?\b|\bforecast\w*|\bincome\b|\bnet\b",
    re.IGNORECASE,
)
# What the partnership's savings come from, where no word says that they are savings; and what other money is.
OF_PARTNERSHIP = re.compile(
    r"\b(?:joint|jointly|shar(?:es?|ed|ing)|posts?|partnership|partners|pay bill|gains?|cut(?:s|ting)?|reduc\w+|"
    r"less|down|lower|fewer|f[ae]lls?|off the|out of the|across (?:the|all|both)|between the)\b",
    re.IGNORECASE,
)
OTHER_MONEY = re.compile(
    r"\b(?:grants?|council tax|reserves?|capital|contract|fees?|fines?|loans?|debts?|charges?|precept|subsid\w+|"
    r"salar\w+|turnover|rents?|invest\w*|borrow\w*|bid|insurance)\b",
    re.IGNORECASE,
)
SELDOM_RECORDED = ("delivered", "verified", "net", "cost-to-achieve")
OWN_FIGURE = "write {external: the sum | its source | its period}"


def typed_money(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A sum that nobody can trace: the half of one council was once printed as the whole."""
    text = said.claimed
    if not (sums(text) or VAGUE_SUM.search(text)) or is_of_others(said, basis):
        return
    for one in sums(text):
        if is_money(one, text):
            yield _doubt(one, said, basis.registers)
    for found in VAGUE_SUM.finditer(text):
        held = expected(said, basis.registers)
        now = f" The register has {held.held.words}. {held.held.advice}" if held else " Insert a figure by its name."
        url = held.held.url if held else ""
        yield Doubt("typed-money", found[0], f"A sum was typed by hand, and roughly.{now}", record=url)


def is_money(one: Sum, text: str) -> bool:
    """Return whether a number in a sentence is a sum of money."""
    before = text[: one.start]
    after = text[one.end :]
    if not one.is_bare:
        return True
    if (
        COUNTED.match(after)
        or NUMBERED.search(before)
        or MONTH_BESIDE.match(after)
        or after.startswith(("%", " per cent"))
    ):
        return False
    if one.value < 1000 or YEAR_LIKE.fullmatch(one.text):
        return False
    if re.fullmatch(r"\d+", one.text) or one.text.lower().startswith(("a ", "one ")):
        return bool(OF_MONEY.search(text))
    if re.fullmatch(r"[a-zA-Z -]+", one.text):  # in words
        return bool(OF_MONEY.search(text)) and one.value >= 1000
    return True


def _doubt(one: Sum, said: Said, registers: Registers) -> Doubt:
    held = expected(said, registers) if _is_of_savings(said.claimed_as_read) else None
    if held is None:
        return Doubt("typed-money", one.text, _untraced(one, said), is_blocking=True)
    advice = held.held.advice
    other = _other(one, held, registers)
    if one.currency != POUNDS:
        why = f"The register is in pounds and has {held.held.words}."
    elif held.figure.amount is not None and agrees(one, held.figure.amount):
        why = f"A sum was typed by hand. It is right today, and will not follow the register: {held.held.words}."
    elif other is not None:
        why = f"A sum was typed by hand. {one.text} is {other.held.words}; here the register has {held.held.words}."
    else:
        why = f"A sum was typed by hand, and the register has {held.held.words}."
    advice += f" Where the sum is not the partnership’s own, {OWN_FIGURE}."
    return Doubt("typed-money", one.text, f"{why} {advice}", is_blocking=True, record=held.held.url)


def _is_of_savings(text: str) -> bool:
    """Return whether a sum in a sentence is one that the partnership saves, by the words around it."""
    return bool(SAVING_WORDS.search(text) or (OF_PARTNERSHIP.search(text) and not OTHER_MONEY.search(text)))


def _untraced(one: Sum, said: Said) -> str:
    has_period = PERIOD.search(said.typed) or years_in(said.typed)
    lacks = [word for word, missing in (("currency", one.is_bare), ("period", not has_period)) if missing]
    without = f" It has no {' and no '.join(lacks)}." if lacks else ""
    return (
        f"A sum was typed by hand.{without} Insert the figure by its name; where it is not the partnership’s own, "
        f"{OWN_FIGURE}."
    )


def _other(one: Sum, held: HeldSum, registers: Registers) -> HeldSum | None:
    """Another figure of the ledger that the sum is, such as one council's part of a total."""
    if one.currency != POUNDS or one.about:
        return None
    same = [other for other in registers.sums if other.figure.amount and other.figure.amount == one.value]
    return next((other for other in same if other.figure.amount != held.figure.amount), None)


def expected(said: Said, registers: Registers) -> HeldSum | None:
    """The figure of the ledger that a sentence seems to speak of: by its councils, its years and its words."""
    text = said.claimed_as_read
    for case in registers.facts.cases:
        if case.is_pipeline and mentions(case.title, text):
            return next(one for one in registers.sums if one.kind == "pipeline" and one.record_id == case.id)
    asked = DashboardKey(
        frozenset(years_in(text)),
        tuple(council.id for council in registers.councils_in(text)),
        bool(TOGETHER.search(text)),
        bool(EACH.search(text)),
        _kinds_in(text),
        registers.year,
    )
    found = [(asked.points(one), place) for place, one in enumerate(registers.sums) if one.kind != "pipeline"]
    best = max(found, key=lambda one: (one[0], -one[1]), default=None)
    return registers.sums[best[1]] if best and best[0] else None


def _kinds_in(text: str) -> frozenset[str]:
    """The kinds of figure that a text speaks of; what is estimated to be saved is not delivered."""
    kinds = {kind for kind, words in KINDS if words.search(text)}
    if re.search(r"\b(?:estimat|anticipat|project)\w*", text, re.IGNORECASE):
        kinds -= {"delivered"}
    return frozenset(kinds or {"estimated"})


@dataclass(frozen=True)
class DashboardKey:
    """The claim of a sentence about a sum: years, councils and kinds. A figure gets points for each that it answers."""

    years: frozenset[str]
    councils: tuple[int, ...]
    is_joint: bool
    is_each: bool
    kinds: frozenset[str]
    present: str

    def points(self, one: HeldSum) -> int:
        """Return how well a figure answers; nought where nothing is recorded and nobody asked for it."""
        if one.figure.amount is None and not (one.kind in self.kinds and one.kind in SELDOM_RECORDED):
            return 0
        points = 12 if one.figure.amount is not None else 0
        if one.kind in self.kinds:
            points += 20
        elif one.kind == "estimated":
            points += 10
        return points + self._for_year(one) + self._for_council(one)

    def _for_year(self, one: HeldSum) -> int:
        if self.years:
            return 8 if one.year in self.years else 0
        if one.year == self.present:
            return 4
        return 0 if one.year else 2

    def _for_council(self, one: HeldSum) -> int:
        if not self.is_joint and len(self.councils) == 1:
            return 6 if one.council_id == self.councils[0] else 0
        if self.is_each and not self.is_joint:
            return 8 if one.council_id is not None else 6
        return 6 if one.council_id is None else 0


def external_figures(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A figure from elsewhere that looks like money and names no currency."""
    for name in said.names:
        given = external(name)
        if given is None:
            continue
        found = [one for one in sums(given.figure) if one.value >= 1000]
        if found and all(one.is_bare for one in found) and any(is_money(one, given.figure) for one in found):
            yield Doubt("external-currency", given.figure, "Say in what currency this is.", is_blocking=True)


CHECKS = (typed_money, external_figures)
