"""Names of councils: one that is no party told as a partner, and one that is, under a name that it does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import reverse

from reviews.papers.checks.prose.elsewhere import is_of_others
from reviews.papers.checks.prose.registers import TYPES, Registers, place_of
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

PLACE = r"[A-Z][a-z’-]+(?:(?: (?:and|upon|under|on|in|the|with|le|cum))*[ -][A-Z][a-z’-]+){0,3}"
COUNCIL = re.compile(rf"\b(?P<name>(?P<place>{PLACE}) (?P<type>{TYPES}) Council)\b")
SIMPLE = re.compile(rf"\b(?P<name>(?P<place>{PLACE}) Council)\b")
TOGETHER = re.compile(
    r"\b(?:shar(?:e|es|ed|ing)|joint(?:ly)?|join(?:s|ed|ing)?|merg\w+|partner(?:s|ship|ships)?|together|agreement|receiv\w+|provid\w+|"
    r"part(?:y|ies)|"
    r"employ\w*|work(?:s|ed|ing) with|hosts?|sav(?:es?|ing|ings)|councils? of)\b",
    re.IGNORECASE,
)
NOT_PARTNERS = re.compile(
    r"\b(?:unlike|also|as in|such as|like|learn\w*|visit\w*|compar\w+|example|instead|elsewhere|neighbour\w*|"
    r"other councils?|"
    r"with (?:some|other)|former|ended|similar|whether|if|would|could|might|invit\w*|ask\w*|talks?|survey|"
    r"report(?:s|ed)?)\b",
    re.IGNORECASE,
)
LEADING = re.compile(
    r"^(?:The|For|From|At|In|By|With|Both|And|Of|To|Each|Since|When|While|That|Between|Officers|Members|Staff) "
)


def wrong_names(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A council's name that no party has, in a sentence that speaks of what the partners do."""
    text = said.claimed
    registers = basis.registers
    own = {council.name for council in registers.facts.all_councils}
    seen = set()
    for pattern in (COUNCIL, SIMPLE):
        for found in pattern.finditer(text):
            name = found["name"]
            place = found["place"]
            while LEADING.match(place):
                name = name.split(" ", 1)[1]
                place = place.split(" ", 1)[1]
            for council in own:  # "Oxfordshire County Council and Cherwell District Council"
                name = name.removeprefix(f"{council} and ")
                place = place.removeprefix(f"{council} and ")
            if " and " in place and any(place.startswith(one) for one in own):
                continue
            if name in own or any(name in council or council.endswith(name) for council in own) or name in seen:
                continue
            if pattern is SIMPLE and re.search(rf"\b{TYPES}$", place):
                continue
            seen.add(name)
            doubt = _same_place(name, place, registers)
            if doubt is None and not _is_of_registers(name, registers):
                doubt = _stranger(name, said, basis)
            if doubt is not None:
                yield doubt


def _is_of_registers(name: str, registers: Registers) -> bool:
    """Return whether a name is that of an example elsewhere, or of a body of the partnership."""
    facts = registers.facts
    names = [row.name for row in facts.comparators] + [body.name for body in facts.bodies]
    place = name.removesuffix(" Council")
    return any(name in one or place in one for one in names)


def _same_place(name: str, place: str, registers: Registers) -> Doubt | None:
    """The right name of a council of that place."""
    for council in registers.facts.all_councils:
        if place == place_of(council):
            return _doubt(
                name,
                f"The register has {council.name}. Write that, or insert {{council.{council.key}.name}}.",
                council.id,
            )
    return None


def _stranger(name: str, said: Said, basis: Basis) -> Doubt | None:
    registers = basis.registers
    text = said.claimed
    is_about_us = bool(registers.councils_in(text)) or re.search(
        r"\b(?:the|this|our) partnership\b|\bjoint posts?\b", text, re.I
    )
    if not TOGETHER.search(text) or not is_about_us or NOT_PARTNERS.search(text) or is_of_others(said, basis):
        return None
    names = registers.figures["councils.names"].text
    return _doubt(
        name,
        f"It is no party to the partnership: the register has {names}. Insert {{councils.names}}, or say whose "
        f"council it is.",
        None,
    )


def _doubt(name: str, sentence: str, number: int | None) -> Doubt:
    url = reverse("council_detail", args=[number]) if number else reverse("council_list")
    return Doubt("council-name", name, sentence, record=url)


CHECKS = (wrong_names,)
