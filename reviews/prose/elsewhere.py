"""Whether a sentence speaks of somebody else: other councils, a survey, an Act, or a paper of others."""

from __future__ import annotations

import re

from reviews.prose.registers import TYPES, known_words
from reviews.prose.sentences import Basis, Said

SOURCE = re.compile(
    r"\([^)]*\b(?:19|20)\d\d\b[^)]*\)|\((?:the )?[A-Z][^)]*\)|\baccording to\b|\bsource:"
    r"|\bas (?:their|its|the|a|an) [^,.]{3,60} (?:heard|reported|show(?:s|ed|n)|said|says|found|stated|put it)\b"
    r"|\b(?:report(?:s|ed)|announc(?:es|ed)|claim(?:s|ed)|told|say|said)\b",
    re.IGNORECASE,
)
BRACKETED = re.compile(r"\([^()]*(?:\b(?:19|20)\d\d\b|[A-Z][a-z]+ [A-Z])[^()]*\)")
OTHERS = re.compile(
    r"\b(?:other (?:councils|authorities|partnerships|counties|districts)|another (?:council|county|district|borough|authority)|"
    r"elsewhere|nationally|in England|across England|in Wales|neighbouring|the country|"
    r"(?:staff |residents[’'] |public |customer )?survey|census|respondents|those who answered|replies|questionnaire|poll)\b",
    re.IGNORECASE,
)
OWN = re.compile(
    r"\b(?:joint posts?|shared posts?|the partnership|this partnership|our|we|this review|this report|both councils|"
    r"the (?:two|three) councils)\b",
    re.IGNORECASE,
)
ACT = re.compile(r"\bAct (?:19|20)\d\d\b|\bRegulations (?:19|20)\d\d\b|\bOrder (?:19|20)\d\d\b|\bSchedule \d+|\bsection \d+[A-Z]?\(")
NAME = re.compile(r"\b[A-Z][a-z]{2,}\b")
COUNCIL = re.compile(rf"\b(?:[A-Z][a-z]+(?: (?:and|upon|under|on|of|the|in) (?=[A-Z]))? )+(?:{TYPES} )?(?:Council|Councils)\b")
COMMON = frozenset(
    "The This These Those That There They Their Then When Where While With Without What Which Who Whether Each Every All "
    "Both Some Most Many More Few Fewer None Not Nor And But For From Over Under About Around Between Since Until After "
    "Before During Through Against Among Into Onto Upon Of In On At By To As If So Yet One Two Three Four Five Six Seven "
    "Eight Nine Ten Eleven Twelve Twenty Thirty Half Nearly Almost Section Act Table Chart Part Paragraph Schedule Article "
    "Appendix Annex Principle Principles Objective Objectives Recommendation Recommendations Option Options Council "
    "Councils County District Borough City Town Cabinet Executive Committee Board Members Officers Staff Savings Saving "
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday Chief Director Head Joint Shared Service Services Partnership Working Group Finance "
    "Human Resources Public Full Local Government Together Altogether Today Now Here Our Its His Her Seen Sharing Working "
    "Estimated Total Only Just People Residents New Old Last Next First Second Third Assistant Deputy Strategic Lead "
    "Corporate Communities Interim Permanent Overview Scrutiny Review Report Budget Medium Term Plan Proposal Business "
    "Case Cases".split()
)


def is_of_others(said: Said, basis: Basis) -> bool:
    """Whether a sentence states what others have, with a word for where it is from; the partnership's own never does."""
    text = said.claimed
    if not (SOURCE.search(text) or OTHERS.search(text)):
        return False
    if basis.registers.councils_in(text) and not BRACKETED.search(text):
        return False
    return not OWN.search(text) and (bool(OTHERS.search(text)) or names_others(text, basis))


def names_others(text: str, basis: Basis) -> bool:
    """Whether a text, beside its sources in brackets, names a place or a body that is not the partnership's."""
    outside = re.sub(r"\([^)]*\)", " ", text)
    known = known_words_of(basis)
    names = [found[0] for found in NAME.finditer(outside)]
    return any(name not in COMMON and name not in known for name in names)


def known_words_of(basis: Basis) -> frozenset[str]:
    """The words of the partnership's own names."""
    return frozenset(known_words(basis.registers))
