"""Compare prose with the agreement: its notice, its length, and the clauses named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from partnership.dates import in_words
from reviews.facts.councils import AgreementFact
from reviews.facts.terms import TermFact
from reviews.papers.checks.prose.elsewhere import is_of_others
from reviews.papers.checks.prose.numbers import FRACTIONS, number_in_words
from reviews.papers.checks.prose.registers import read_words, telling
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

NUMBER = r"(?P<number>\d{1,3}|(?:an?|half an?|one|[a-z]+(?:-[a-z]+)?))"
LENGTH = rf"{NUMBER}(?: (?:calendar|full|whole))?[ -](?P<unit>days?|weeks?|months?|years?)"
NOTICE = re.compile(
    rf"\b{LENGTH}(?:[’']s?)?(?: (?:written|formal|prior|advance|clear)| of)* notice\b"
    rf"|\bnotice(?: period)? (?:\w+ ){{0,4}}?(?:of|is|to|be|at) (?:at least |only |just )?"
    rf"{LENGTH.replace('P<', 'P<of_')}\b"
    rf"|\b{LENGTH.replace('P<', 'P<before_')} (?:in advance|beforehand|ahead)\b",
    re.IGNORECASE,
)
LEAVING = re.compile(
    r"\b(?:notice|leav\w*|withdraw\w*|terminat\w*|end(?:s|ed|ing)?|bring\w* (?:\w+ )?to an end)\b", re.IGNORECASE
)
ABOUT_AGREEMENT = re.compile(
    r"\b(?:agreement|section 113|partnership|arrangements?|either (?:council|party|authority)|"
    r"(?:each|any|a) (?:council|party|partner|authority)|the (?:councils|parties|partners))\b",
    re.IGNORECASE,
)
RUNS = re.compile(
    rf"\b(?:runs?|lasts?|holds?|binding|in force|continues?|made|signed|entered into|term|period|life|duration)\b"
    rf"[^,.;]{{0,25}}?\b(?:for|of|is) (?:a (?:fixed |initial )?(?:term|period) of )?(?:an? )?{LENGTH}\b",
    re.IGNORECASE,
)
LASTS = re.compile(rf"\b(?:lasts?|runs?)(?: for)? {LENGTH}\b", re.IGNORECASE)
OF_YEARS = re.compile(
    rf"\bagreement (?:is |was )?(?:for|of|lasting) (?:a (?:term|period) of )?{LENGTH}\b", re.IGNORECASE
)
LONG = re.compile(rf"\b{LENGTH} (?:section 113 )?agreement\b", re.IGNORECASE)
CLAUSE = re.compile(r"\bclauses? (?P<clause>\d+(?:\.\d+)*)\b", re.IGNORECASE)
NOT_CLAIMED = re.compile(
    r"\b(?:if|whether|would|could|might|should|propos\w+|suggest\w+|recommend\w*|consider\w*|holiday|leave of|"
    r"consult\w*|key decision|agenda|meeting|standard contract|employment)\b",
    re.IGNORECASE,
)
OF_STAFF = re.compile(r"\b(?:staff|officers?|employees?|managers?|post-?holders?|tenants?)\b", re.IGNORECASE)
MONTHS_IN = {"day": 0, "week": 0, "month": 1, "year": 12}


def notice_periods(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A period of notice that the agreement does not have."""
    text = said.claimed
    agreement = _only(basis)
    found = NOTICE.search(text)
    if agreement is None or not found or not LEAVING.search(text) or not ABOUT_AGREEMENT.search(text):
        return
    if NOT_CLAIMED.search(text) or OF_STAFF.search(text) or is_of_others(said, basis):
        return
    groups = {name.split("_")[-1]: value for name, value in found.groupdict().items() if value}
    months = months_of(groups["number"], groups["unit"])
    if months is not None and months != agreement.notice_months:
        yield _doubt(found[0], agreement, f"notice {agreement.notice}")


def durations(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A number of years for which the agreement does not run."""
    text = said.claimed
    agreement = _only(basis)
    found = next(filter(None, (pattern.search(text) for pattern in (RUNS, LASTS, OF_YEARS, LONG))), None)
    if agreement is None or not found or not re.search(r"\bagreement\b", text, re.IGNORECASE):
        return
    if NOT_CLAIMED.search(text) or re.search(r"\bnotice\b", text, re.IGNORECASE) or is_of_others(said, basis):
        return
    months = months_of(found["number"], found["unit"])
    begun, _ = read_words(agreement.commenced)
    true = _months_between(begun, agreement.expires_on)
    if months is not None and (true is None or abs(months - true) > 1):
        yield _doubt(found[0], agreement, f"commenced {agreement.commenced}, expires {in_words(agreement.expires_on)}")


def clauses(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A clause of the agreement named for what stands in another."""
    text = said.claimed
    agreement = _only(basis)
    found = CLAUSE.search(text)
    if agreement is None or not found or not re.search(r"\bagreement\b", text, re.IGNORECASE):
        return
    if is_of_others(said, basis):
        return
    terms = [term for term in basis.terms if term.clause and _is_told(term, text)]
    if terms and all(term.clause != found["clause"] for term in terms):
        term = terms[0]
        yield _doubt(found[0], agreement, f"{term.heading} is clause {term.clause}")


def _is_told(term: TermFact, text: str) -> bool:
    """Return whether a sentence speaks of what a clause is about."""
    said = {word[:6] for word in telling(text)}
    heading = {word[:6] for word in telling(term.heading)}
    if heading & said:
        return True
    about = {word[:6] for word in telling(term.summary) if len(word) > 5}
    return len(about & said) >= 2


def _only(basis: Basis) -> AgreementFact | None:
    """The agreement of the partnership, where it has one alone."""
    agreements = basis.review.facts.agreements
    return agreements[0] if len(agreements) == 1 else None


def months_of(number: str, unit: str) -> int | None:
    """A length in months, nought for what is given in days or weeks; ``None`` where the words say no number."""
    unit = unit.lower().rstrip("s")
    number = number.lower()
    if number.startswith("half a"):
        return int(MONTHS_IN[unit] * FRACTIONS["half"])
    if number in ("a", "an"):
        return MONTHS_IN[unit]
    count = int(number) if number.isdigit() else number_in_words(number)
    return None if count is None else count * MONTHS_IN[unit]


def _months_between(first: date | None, last: date | None) -> int | None:
    if first is None or last is None:
        return None
    return (last.year - first.year) * 12 + last.month - first.month + (last.day >= first.day - 1)


def _doubt(words: str, agreement: AgreementFact, held: str) -> Doubt:
    return Doubt(
        "agreement-term",
        words.strip(),
        f"The register says: {agreement.title}: {held}. Write that, or record what the agreement says.",
        record=reverse("agreement_detail", args=[agreement.id]),
    )


CHECKS = (notice_periods, durations, clauses)
