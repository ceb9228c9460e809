"""Checks of what prose claims: savings made, targets, appointments; and of proposals that nobody decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import shorten

from joint_posts.models import JointPost
from partnership.financial_years import FinancialYear
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

SAVING = re.compile(r"\bsav(?:ing|ings|ed)\b|\befficienc(?:y|ies)\b", re.IGNORECASE)
MADE = re.compile(
    r"\b(?:realised|delivered|achieved|secured|banked|saved|(?:is|are) (?:realising|delivering))\b", re.IGNORECASE
)
NOT_MADE = re.compile(
    r"\b(?:can|could|(?-i:may)|might|would|will|should|to)(?: \w+)? be\b|\b(?:not|no|never|none|if|whether|until|"
    r"once|when|"
    r"to be|expected|estimated|forecast|planned|to have|before)\b",
    re.IGNORECASE,
)
IDENTIFIED = re.compile(r"\bidentified\b", re.IGNORECASE)
NOT_IN_LEDGER = re.compile(r"\b(?:further|potential|opportunit\w+|more|other|additional)\b", re.IGNORECASE)
YEAR = re.compile(r"\b20\d\d/\d\d\b")
ROUNDED = re.compile(r"\b(over|about|around|nearly|almost|more than|less than|some|up to)\s+\{(savings\.[^}]+)\}")
TARGET = re.compile(r"\btargets?\b", re.IGNORECASE)
NO_PERMANENT = re.compile(
    r"\b(?:no|none|nobody)\b[^.]{0,40}\bpermanent\b|\bpermanent\b[^.]{0,30}\bnone\b", re.IGNORECASE
)
PROPOSES = re.compile(
    r"\b(?:is|are)(?: \w+)? (?:recommended|proposed|suggested)\b|\bwe (?:recommend|propose|suggest)\b"
    r"|\b(?:a|the) proposal to\b|\bcouncils? may (?:likewise )?wish to\b|\bshould therefore\b",
    re.IGNORECASE,
)
PROPOSES_NOTHING = re.compile(r"\b(?:is|are) not (?:recommended|proposed|suggested)\b|recommended to:", re.IGNORECASE)
MARKED = re.compile(r"^\s*(?:\*\*)?proposal:", re.IGNORECASE)
TIED = "ref:recommendation:"


def savings_made(said: Said, basis: Basis) -> Iterator[Doubt]:
    """Savings told as made, with no delivered figure behind them."""
    if said.speaks_of("comparators.", "external:"):
        return
    for clause in said.clauses:
        found = MADE.search(clause)
        if found and SAVING.search(clause) and not NOT_MADE.search(clause) and not _delivered(clause, basis):
            yield Doubt(
                "savings-made",
                shorten(clause.strip(" ."), 90, placeholder=" …"),
                f"“{found[0].capitalize()}” says that the money has been saved, and no delivered figure is recorded "
                "for it. Say “estimated” or “forecast”, or record what was delivered.",
            )


def _delivered(clause: str, basis: Basis) -> bool:
    ledger = basis.review.facts.savings
    named = YEAR.findall(clause)
    if "in year" in clause.lower() or "in-year" in clause.lower():
        named = [str(FinancialYear.containing(basis.review.as_at))]
    return any(ledger.total(year, "delivered").pounds is not None for year in named or ledger.years)


def savings_identified(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A word of one's own for where a saving stands; the register has one for each figure."""
    for clause in said.clauses:
        if SAVING.search(clause) and IDENTIFIED.search(clause) and not NOT_IN_LEDGER.search(clause):
            yield Doubt(
                "status-word",
                shorten(clause.strip(" ."), 90, placeholder=" …"),
                "“Identified” is no status of a saving. Say estimated, forecast, delivered or verified, as the "
                "register has it.",
            )


def rounded_figures(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "Over £629,000": the figure is printed exactly, with "about" where the register says so."""
    for found in ROUNDED.finditer(said.written):
        yield Doubt(
            "rounded-figure",
            f"{found[1]} {{{found[2]}}}",
            f"The figure prints as it is recorded, with “about” where that is so. Take out “{found[1]}”.",
        )


def targets(said: Said, basis: Basis) -> Iterator[Doubt]:
    """An estimate that became a target on the way from one paper to the next."""
    found = TARGET.search(said.read)
    of_savings = SAVING.search(said.read) or said.speaks_of("savings.")
    if found and of_savings and not NOT_MADE.search(said.read) and not basis.review.facts.savings.targets:
        yield Doubt("no-target", found[0], "No savings target is recorded. Say “estimate”, or record the target.")


def wall(said: Said, basis: Basis) -> Iterator[Doubt]:
    """The ledger and the pipeline in one breath, where readers will add them up."""
    if said.speaks_of("savings.") and said.speaks_of("pipeline."):
        yield Doubt(
            "ledger-and-pipeline",
            "savings and proposals",
            "Savings and the estimates of proposals stand in one sentence. Give each a sentence of its own.",
        )


def appointments(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "None permanent", where the register holds permanent appointments."""
    found = NO_PERMANENT.search(said.typed)
    if not found:
        return
    posts = [post for post in basis.review.facts.posts if post.is_in_post and post.appointment != "interim"]
    if "chief officer" in said.typed.lower():
        posts = [post for post in posts if post.tier == JointPost.Tier.CHIEF_OFFICER]
    if posts:
        titles = ", ".join(post.title for post in posts)
        yield Doubt("appointments", found[0], f"Not interim in the register: {titles}. Check the sentence against it.")


def proposals(said: Said, basis: Basis) -> Iterator[Doubt]:
    """Something proposed that no recommendation carries, so that nobody is asked to decide it."""
    if TIED in said.paragraph:
        return
    advice = (
        "No recommendation carries this proposal. Add one, then insert its reference here "
        "({ref:recommendation:…} from the list)."
    )
    if MARKED.match(said.written):
        yield Doubt("proposal", shorten(said.typed, 90, placeholder=" …"), advice, is_blocking=True)
    elif PROPOSES.search(said.typed) and not PROPOSES_NOTHING.search(said.typed):
        yield Doubt("proposal", shorten(said.typed, 90, placeholder=" …"), advice)


CHECKS = (
    savings_made,
    savings_identified,
    rounded_figures,
    targets,
    wall,
    appointments,
    proposals,
)
