"""Checks of words: another council's, misspelt and doubled ones, names that are nearly right, titles of the past."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.urls import reverse

from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

# Seen in papers like these. What is wrong: what is right.
MISSPELT = {
    r"expediat(e[ds]?|ing)": "expedite",
    r"predicated (?:annual )?savings?": "predicted saving",
    r"service legal agreements?": "service level agreement",
    r"inception of the partners\b(?!hip)": "inception of the partnership",
    r"underdevelopment": "under development",
    r"on[- ]going": "ongoing",
    r"liason": "liaison",
    r"accomodat\w+": "accommodate",
    r"goverment": "government",
    r"commitee": "committee",
    r"seperat\w+": "separate",
    r"recomend\w*": "recommend",
    r"in`c": "including",
    r"each authorities[’']": "each authority’s",
}
SPELLING = [(re.compile(rf"\b{wrong}", re.IGNORECASE), right) for wrong, right in MISSPELT.items()]
TWICE = re.compile(r"\b([a-z]+)\s+\1\b", re.IGNORECASE)
MAY_BE_TWICE = {"had", "that"}
# Where "Executive" is no name of a body: in a title, or the summary at the front.
AFTER = r" (?:Director|Summary|Officer|Head|Team|Member|Board|function)"
CYCLE = r"(?:annual(?:ly)?|yearly|half-yearly|six-monthly|quarterly|monthly)"
CYCLES = re.compile(rf"\b{CYCLE} ?/ ?{CYCLE}\b", re.IGNORECASE)
NAME = re.compile(r"\b[A-Z][\w’]+(?:(?: (?:of|and|for|the|&))* [A-Z][\w’]+)+")
NEARLY = 0.86  # how like a name something is that was meant to be it


def other_executives(said: Said, basis: Basis) -> Iterator[Doubt]:
    """Return what another council calls its executive, in a paper of this one."""
    own = basis.council
    if own is None:
        return
    for council in basis.review.facts.councils:
        word = council.executive_name
        if word == own.executive_name:
            continue
        named = "|".join(re.escape(name) for name in (council.name, council.short_name))
        pattern = rf"(?<!Chief )(?<!Assistant )(?<!Deputy )\b{re.escape(word)}\b(?!{AFTER})(?! of (?:{named}))"
        for found in re.finditer(pattern, said.typed):
            if not re.search(rf"(?:{named})(?:[’']s)? $", said.typed[: found.start()]):
                yield Doubt(
                    "other-executive",
                    found[0],
                    f"{own.name} calls its executive “{own.executive_name}”. Insert this-council.executive, which "
                    "prints each council’s own word.",
                )


def doubled_words(said: Said, basis: Basis) -> Iterator[Doubt]:
    """The same word twice running."""
    for found in TWICE.finditer(said.typed):
        if found[1].lower() not in MAY_BE_TWICE:
            yield Doubt("doubled-word", found[0], "A word stands twice. Take one out.")


def spelling(said: Said, basis: Basis) -> Iterator[Doubt]:
    """Words that have gone wrong in papers before."""
    for pattern, right in SPELLING:
        if found := pattern.search(said.typed):
            yield Doubt("spelling", found[0], f"Perhaps “{right}”?")


def nearly_names(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A name that is nearly that of a body or a council."""
    facts = basis.review.facts
    addresses = {council.name: reverse("council_detail", args=[council.id]) for council in facts.all_councils}
    names = {*(body.name for body in facts.bodies), *(council.name for council in facts.all_councils)}
    for found in NAME.finditer(said.typed):
        if found[0] in names or any(found[0] in name or name in found[0] for name in names):
            continue
        for name in sorted(names):
            size = len(name.split())
            parts = found[0].split()
            windows = (" ".join(parts[start : start + size]) for start in range(max(len(parts) - size, 0) + 1))
            for window in windows:
                if NEARLY <= SequenceMatcher(None, window, name).ratio() < 1:
                    advice = f"Is this “{name}”? Insert the name from the list."
                    yield Doubt("nearly-a-name", window, advice, record=addresses.get(name, reverse("body_list")))


def past_titles(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A post under a title that it no longer has on the day."""
    for post in basis.review.facts.posts:
        for title in post.earlier_titles:
            if title not in post.title and re.search(rf"\b{re.escape(title)}\b", said.typed):
                yield Doubt("past-title", title, f"On the day of the paper this post is called {post.title}.")


def interim_posts(said: Said, basis: Basis) -> Iterator[Doubt]:
    """An interim post named as if it were filled for good."""
    if re.search(r"\binterim\b", said.read, re.IGNORECASE):
        return
    for post in basis.review.facts.posts:
        named = re.search(rf"\b{re.escape(post.title)}\b", said.typed)
        if named and post.is_in_post and post.appointment == "interim":
            yield Doubt(
                "interim-post", post.title, "This post is filled for the interim. Say so, as the register does."
            )


def mixed_cycles(said: Said, basis: Basis) -> Iterator[Doubt]:
    """ "Annual/quarterly": two cycles of reporting in one breath, so that nobody knows which is meant."""
    for found in CYCLES.finditer(said.typed):
        yield Doubt("mixed-cycles", found[0], "Two cycles are mixed. Say which is meant, or give each a sentence.")


CHECKS = (
    other_executives,
    doubled_words,
    mixed_cycles,
    spelling,
    nearly_names,
    past_titles,
    interim_posts,
)
