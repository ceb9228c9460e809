"""Figures that are drawn, among words for another year or for other councils: a name in braces makes nothing true."""

from __future__ import annotations

import re
from collections.abc import Iterator

from partnership.financial_years import FinancialYear
from partnership.wording import listed
from reviews.papers.checks.prose.money import EACH, TOGETHER
from reviews.papers.checks.prose.registers import HeldSum, Registers
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said
from reviews.papers.checks.prose.years import (
    MONTHS_RANGE,
    PERIOD,
    RELATIVE,
    calendar_years,
    is_financial_year,
    relative_years,
    spans_of_years,
    years_in,
)
from reviews.papers.narrative import TOKEN

EACH_SAVES = re.compile(
    rf"\bsav(?:es?|ing|ings) (?:\w+ ){{0,2}}(?:to|for|of) {EACH.pattern}|"
    rf"{EACH.pattern} (?:\w+ ){{0,3}}?(?:saves?|saving|gains?|gets|receives|keeps|(?:better|worse) off)"
    r"(?! (?:(?:its|a|their) )?(?:part|share|half|portion|some))\b",
    re.IGNORECASE,
)
COMPARED = re.compile(
    r"(?:\bthan|\bcompared (?:with|to)|\bagainst|\bup from|\bdown from|\bafter|\bfollowing|\bbefore|\bsince|"
    r"\bbeyond|\bon)"
    r" (?:(?:in|that of|those of|the|for) ){0,3}$",
    re.IGNORECASE,
)
GETS = (
    r"(?:sav(?:es?|ed|ing|ings)|for|to|gives?|gains?|brings?|benefits?|"
    r"(?:saving|share|part|half|portion|estimate|gain|benefit|contribution)s? (?:of|by|at|within))"
)


def other_years(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A figure of one financial year told as that of another, or of several."""
    for name in dict.fromkeys(said.names):
        held = basis.registers.sum_named(name)
        if held is None or not held.year:
            continue
        told = _years_told(said, basis.registers, held) or _years_meant(said, basis.registers)
        if told and held.year not in told:
            yield Doubt(
                "other-year",
                f"{{{name}}}",
                f"This figure is of {held.year}, and the sentence speaks of {listed(told)}. It prints "
                f"{held.held.words}. "
                f"{_of_year(held, told, basis.registers)}",
                record=held.held.url,
            )
        elif found := _period(said):
            yield Doubt(
                "other-year",
                f"{{{name}}}",
                f"This figure is of one financial year, {held.year}, and the sentence says “{found}”. It prints "
                f"{held.held.words}. Name the year that it is of.",
                record=held.held.url,
            )


def _years_told(said: Said, registers: Registers, held: HeldSum) -> list[str]:
    """The financial years that the words around a figure name; those it is compared with are not its own."""
    clauses = [
        part
        for part in re.split(r"[;:]\s|,\s(?=and|while|but|whereas)", said.written)
        if f"{{{held.figure.name}" in part
    ]
    text = "".join(_as_read(part, registers) for part in clauses)
    spans = [*spans_of_years(text)] or [*spans_of_years(said.read)]
    whole = text if years_in(text) else said.read
    return list(dict.fromkeys(year for start, _, year in spans if not COMPARED.search(whole[:start])))


# What may have been done in a year that is not the figure's: "agreed in 2018".
DONE = re.compile(
    r"\b(?:agreed|approved|adopted|set|made|signed|beg[au]n|started|worked out|reported|recorded)\b", re.I
)


def _years_meant(said: Said, registers: Registers) -> list[str]:
    """The financial years that a sentence means without naming one."""
    text = said.typed
    presents = (registers.year, str(FinancialYear.containing(registers.review.as_at)))
    found = RELATIVE.search(text)
    if found and not COMPARED.search(text[: found.start()]):
        return relative_years(text, presents)
    return [] if DONE.search(text) else calendar_years(text)


def _as_read(text: str, registers: Registers) -> str:
    def figure(found: re.Match) -> str:
        known = registers.figures.get(found[1])
        return known.text if known else "…"

    return TOKEN.sub(figure, text)


def _of_year(held: HeldSum, told: list[str], registers: Registers) -> str:
    other = registers.total(told[0], held.kind, registers.council(held.council_id))
    if other is None or other.figure.amount is None:
        return f"For {told[0]} nothing is recorded. Name {held.year}."
    return f"For {told[0]} the register has {other.held.words}: insert {{{other.figure.name}}}."


def _period(said: Said) -> str:
    text = said.typed
    for found in PERIOD.finditer(text):
        if found["number"] in ("one", "1") or found["compound"] == "one":
            continue
        return found[0]
    months = MONTHS_RANGE.search(text)
    return months[0] if months and not is_financial_year(months) else ""


def other_councils(said: Said, basis: Basis) -> Iterator[Doubt]:
    """One council's part told as everybody's, or as another council's; everybody's sum told as one council's."""
    registers = basis.registers
    sums = {name: registers.sum_named(name) for name in said.names}
    found = {name: held for name, held in sums.items() if held}
    counted = {held.council_id for held in found.values()}
    text = said.typed
    named = registers.councils_in(said.read)
    for name, held in found.items():
        council = registers.council(held.council_id)
        if council is not None:
            others = [other for other in named if other.id != council.id and other.id not in counted]
            is_whole = (
                bool(TOGETHER.search(text)) and None not in counted and len(counted) < len(registers.facts.councils)
            )
            if council in named and not is_whole:
                continue
            if is_whole or (others and council not in named and not EACH.search(text)):
                yield _doubt(name, held, registers, None if is_whole else others[0].id)
        elif EACH_SAVES.search(text):
            yield _doubt(name, held, registers, registers.facts.councils[0].id)
        elif (
            not TOGETHER.search(text)
            and len(named) == 1
            and named[0].id not in counted
            and _gets_it(text, named[0], registers)
        ):
            yield _doubt(name, held, registers, named[0].id)


def _gets_it(text: str, council: object, registers: Registers) -> bool:
    """Return whether a sentence says that the sum is that council's."""
    for start, end, other in registers.spans_of_councils(text):
        before = text[:start]
        after = text[end:]
        if other.id != council.id:
            continue
        if re.search(r"\b(?:alone|for itself|on its own|by itself)\b", text):
            return True
        if re.search(rf"\b{GETS} (?:only )?$", before, re.IGNORECASE):
            return True
        if re.match(
            r"(?:[’']s)? (?:own |estimated |expected )*(?:saving|savings|share|half|part|portion|estimate|gain|"
            r"benefit)\b"
            r"|(?: alone)? (?:keeps?|receives?|gets|can (?:count|rely) on|is better off|stands to (?:save|gain))\b"
            r"|(?: alone)? (?:is|are|was) (?:estimated|expected|forecast|set|due) to save|(?: alone)? (?:saves?|"
            r"will save|gains?)\b",
            after,
            re.IGNORECASE,
        ):
            return True
    return False


def _doubt(name: str, held: HeldSum, registers: Registers, wanted: int | None) -> Doubt:
    right = registers.total(held.year, held.kind, registers.council(wanted))
    whose = registers.council(wanted)
    speaks_of = whose.name if whose else registers.figures["councils.scope"].text
    now = f" The register has {right.held.words}: insert {{{right.figure.name}}}." if right else ""
    return Doubt(
        "other-scope",
        f"{{{name}}}",
        f"This figure is {held.held.words}, and the sentence speaks of {speaks_of}.{now}",
        record=right.held.url if right else held.held.url,
    )


CHECKS = (other_years, other_councils)
