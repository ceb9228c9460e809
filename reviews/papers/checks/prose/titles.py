"""Titles of joint posts, the people in them, and who employs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import product

from django.urls import reverse

from joint_posts.models import JointPost
from partnership.dates import in_words
from partnership.money import NOT_RECORDED
from reviews.facts.posts import PostFact
from reviews.papers.checks.prose.elsewhere import is_of_others
from reviews.papers.checks.prose.registers import Registers, list_titles, plain, telling
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

WORD = r"(?:[A-Z][\w’-]*|[A-Z]{2,})"
RANK = (
    r"(?:(?:Joint|Shared|Interim|Acting|Deputy|Assistant|Associate|Group|Corporate|Executive|Strategic|Senior|"
    r"Service|Chief|Lead|Principal) )*"
)
ROLE = r"(?:Director|Head|Lead|Manager|Officer|Executive|Treasurer|Solicitor|Secretary|Auditor|Accountant|Chief)"
TITLE = re.compile(
    rf"\b{RANK}(?:(?:Head|Director|Lead|Manager)(?:(?: of| for|:|,) (?:the )?{WORD}(?:(?:,? and|,|:| of| for|"
    rf" &)? {WORD})*|\b)"
    rf"|(?:{WORD} )*(?:{ROLE})\b(?:(?: of| for|:) (?:the )?{WORD}(?:(?:,? and|,| of| for| &)? {WORD})*)?)"
)
JOINT = re.compile(
    r"\b(?:joint posts?|joint (?:appointment|role|officer)s?|shared (?:posts?|roles?|officers?|appointments?)|"
    r"(?:is|are|was|has been|have been|be) (?:now |already )?(?:shared|joint(?:ly)?)|shar(?:es?|ed|ing) (?:an?|one|"
    r"the|their)|"
    r"(?:works?|acts?|serves?) for (?:both|all|each)|(?:serves?|covers?) (?:both|all|each)|post is (?:shared|joint)|"
    r"between (?:both|the|all)|hold in common|"
    r"(?:joint|shared) (?:(?-i:[A-Z])\w+ )*?(?=(?-i:Head|Director|Lead|Manager|Chief|Officer|Assistant|Deputy|"
    r"Strategic|Corporate|Treasurer|Solicitor|Auditor))|"
    r"(?:served|led|managed|advised|supported|covered|headed|run) by (?:an?|one|the same)|"
    r"(?:for|across|of|to|at|in) (?:both|all (?:of )?(?:the )?(?:two |three |four |five |six )?|"
    r"the (?:two|three|four|five|six)|each of the) ?(?:councils|authorities|partners))\b",
    re.IGNORECASE,
)
NOT_OURS = re.compile(
    r"\b(?:another|other|former(?:ly)?|elsewhere|neighbouring|not (?:a |one of the )?(?:shared|joint)|no longer|"
    r"would|could|might|"
    r"should|if|whether|proposed|propos\w*|will|(?-i:may)|business case)\b",
    re.IGNORECASE,
)
NEAR = 0.3
RANKS = frozenset(
    [
        "head",
        "director",
        "chief",
        "officer",
        "lead",
        "manager",
        "assistant",
        "deputy",
        "corporate",
        "strategic",
        "executive",
    ]
)


def future_titles(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A post under a title that it gets only after the day of the paper."""
    for post in basis.review.facts.posts:
        for step in post.steps:
            if step.from_on <= basis.review.as_at or step.title == post.title or step.title in post.earlier_titles:
                continue
            if is_told(step.title, post.title, said.claimed):
                when = in_words(step.from_on, step.precision)
                since = (
                    f"is recorded as its title from {when}"
                    if step.precision != "by"
                    else (f"is recorded as its title by {in_words(step.from_on)}")
                )
                yield Doubt(
                    "past-title",
                    step.title,
                    f"On the day of the paper this post is called {post.title}; “{step.title}” {since}. "
                    f"Write {post.title}.",
                    record=basis.registers.post_held(post).url,
                )


def is_told(title: str, present: str, text: str) -> bool:
    """Return whether a text names a post by a title that is not its present one; words in brackets may be left out."""
    short = re.sub(r"\s*\([^()]*\)$", "", title)
    told = (title, short) if len(short.split()) > 1 else (title,)
    return any(one not in present and re.search(rf"\b{re.escape(one)}(?!\w)", text) for one in told)


def unknown_titles(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A title that is told as that of a joint post, and that no joint post has."""
    text = said.claimed
    claim = JOINT.search(text)
    if not claim or NOT_OURS.search(text) or is_of_others(said, basis):
        return
    registers = basis.registers
    posts = [post for post in registers.facts.posts if not post.is_ended]
    for found in TITLE.finditer(text):
        title = re.sub(r"^(?:(?:The|A|An|Our|Its|Joint|Shared|Interim|Acting) )+", "", found[0])
        if len(title.split()) < 2 or is_known(title, registers):
            continue
        nearest = nearest_post(title, posts)
        filled = [post for post in posts if post.is_in_post]
        right = nearest.title if nearest else list_titles(filled)
        held = registers.post_held(nearest) if nearest else None
        words = f"the nearest is {right}. Write that" if nearest else f"they are {right}. Check the title"
        yield Doubt(
            "unknown-title",
            title,
            f"No joint post in the register has this title; {words}.",
            record=held.url if held else registers.counted[0].held.url,
        )


def is_known(title: str, registers: Registers) -> bool:
    """Return whether it is, or is part of, a title that a post has or had, or another name in the registers."""
    wanted = plain(title)
    names: list[str] = []
    for post in registers.facts.posts:
        names += [post.title, *post.earlier_titles, *(step.title for step in post.steps)]
        names.append(post.statutory_role)
    names += [body.name for body in registers.facts.bodies] + [
        council.executive_name for council in registers.facts.councils
    ]
    known = [plain(name) for name in names if name]
    others = [case.title for case in registers.facts.cases] + [row.service for row in registers.facts.services]
    if any(wanted == plain(name) for name in others):
        return True
    return any(wanted == name or f" {wanted} " in f" {name} " for name in known)


def alike(one: str, other: str) -> bool:
    """Return whether two words are forms of one another, such as "planning" and "planner"."""
    return len(one) > 4 and len(other) > 4 and one[:5] == other[:5]


def nearest_post(title: str, posts: list[PostFact]) -> PostFact | None:
    """The post whose title is most like it; ``None`` when none is like it at all."""

    def likeness(post: PostFact) -> float:
        ours = set(telling(title)) - RANKS
        theirs = set(telling(post.title)) - RANKS
        shared = len(ours & theirs) / max(len(ours | theirs), 1)
        if not ours & theirs and not any(alike(one, other) for one, other in product(ours, theirs)):
            return 0.0
        return max(shared, SequenceMatcher(None, plain(title), plain(post.title)).ratio() * 0.9)

    best = max(posts, key=likeness, default=None)
    return best if best is not None and likeness(best) >= NEAR else None


EMPLOYED = re.compile(
    r"\b(?:employ(?:ed|s|ees?|er|ment)|payroll|on the (?:books|staff) of|home council|contract(?:s)? of employment|"
    r"(?:transfer(?:red|s)?|moved?) (?:to|into) the (?:employment|staff|payroll)|work(?:s)? for|in the service of|"
    r"transfer(?:red|s)? to|TUPE|pays? (?:the )?salar(?:y|ies)|paid by|salary is paid)\b",
    re.IGNORECASE,
)
STAFF = re.compile(
    r"\b(?:staff|officers?|employees|people|those|post-?holders?|everybody|everyone|whoever|postholder)\b[^.;]{0,40}"
    r"\b(?:joint|shared|both)\b|\b(?:joint|shared) (?:post-?holders?|officers?|staff|managers?|chief officers?|"
    r"roles?|posts?)\b",
    re.IGNORECASE,
)
STAYS = re.compile(
    r"\b(?:stay\w*|remain\w*|keep\w*|kept|own council|own (?:home )?(?:council|employer)|(?<!is the )(?<!as )"
    r"home council|continue\w*|no change|not change|"
    r"unchanged|original|existing|present)\b",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:not|nobody|no one|none|never|neither|nor|if|whether|would|could|consult\w*|might|should|"
    r"who(?:ever)? employs)\b",
    re.IGNORECASE,
)
ON_EMPLOYMENT = re.compile(
    r"\bemploy\w*|\bstaff\w*|\bpayroll\b|\bsecond\w*|\bplaced? at the disposal\b|\btransfer\w*", re.I
)
EMPLOYER_BODY = re.compile(
    r"\b(?:joint committee|partnership|new (?:company|body|organisation|council)|company|joint venture|trust|"
    r"other council|(?:both|all)(?: of)?(?: the)?(?: two| three| four| five| six)? councils|"
    r"the councils (?:jointly|together)|"
    r"lead (?:council|authority)|host (?:council|authority)|working group|single employer|one employer|agency)\b",
    re.IGNORECASE,
)


def _is_within_another(post: PostFact, named: list[PostFact], text: str) -> bool:
    """Return whether the post's title is only part of another title in the text."""
    return any(post is not other and post.title in other.title and other.title in text for other in named)


def employers(said: Said, basis: Basis) -> Iterator[Doubt]:
    """An employer that the register, or the agreement, does not have."""
    text = said.claimed_as_read
    if not EMPLOYED.search(text) or DENIED.search(text) or is_of_others(said, basis):
        return
    registers = basis.registers
    named = [
        post for post in registers.facts.posts if re.search(rf"\b{re.escape(post.title)}\b", text) and not post.is_ended
    ]
    longest = [post for post in named if not _is_within_another(post, named, text)]
    if longest:
        yield from _of_posts(text, longest, registers)
    elif STAFF.search(text):
        yield from _of_staff(text, registers)


def _of_posts(text: str, posts: list[PostFact], registers: Registers) -> Iterator[Doubt]:
    at = EMPLOYED.search(text)
    spans = registers.spans_of_councils(text)
    near = [one[2] for one in spans if one[0] > at.start()] or [one[2] for one in spans if one[1] <= at.start()]
    if not near and not EMPLOYER_BODY.search(text):
        return
    if at[0].lower().startswith("work") and len({council.id for council in near}) > 1:
        return  # whom the officer works for, which is all who share the post
    for post in posts:
        if near and post.home_council_id == near[0].id:
            continue
        home = registers.council(post.home_council_id)
        held = home.name if home else post.home_council
        yield Doubt(
            "employer",
            f"{post.title} … {at[0]}",
            f"The register says of {post.title}: home council {held}. Write that, or record the home council.",
            record=registers.post_held(post).url,
        )


def _of_staff(text: str, registers: Registers) -> Iterator[Doubt]:
    moves = re.search(
        r"\b(?:become|transfer\w*|moved?|are employees of|employer|"
        r"is the home council of|on [^,.;]{2,40} payroll|employees of|(?:employed|paid) (?:\w+ )?by)\b",
        text,
        re.I,
    )
    others = EMPLOYER_BODY.search(text) or registers.councils_in(text)
    if not moves or not others or STAYS.search(text):
        return
    term = next((row for row in registers.terms if ON_EMPLOYMENT.search(f"{row.heading} {row.summary}")), None)
    if term is not None:
        held = f"The agreement says: “{term.summary.strip()}”"
        url = reverse("agreement_detail", args=[term.agreement_id])
    else:
        homes = [post for post in registers.facts.posts if post.is_in_post]
        if not homes:
            return
        said = "; ".join(f"{post.title}: home council {post.home_council}" for post in homes)
        held = f"The register says: {said}."
        url = registers.counted[0].held.url
    yield Doubt("employer", moves[0], f"{held} Write that, or leave the employer out.", record=url)


STATUTORY = {
    JointPost.StatutoryRole.HEAD_OF_PAID_SERVICE.label: r"heads? of (?:the )?paid service",
    JointPost.StatutoryRole.MONITORING_OFFICER.label: r"monitoring officers?",
    JointPost.StatutoryRole.CHIEF_FINANCE_OFFICER.label: r"(?:chief finance|section 151|s\.? ?151) officers?",
}
HOLDS = (
    r"(?:(?:is|are|was|remains|becomes?|became|acts?|acting|serves?|serving|designated|named|appointed|holds?|fulfils?|"
    r"doubles?|combines?|carries|takes?)\b[^,.;]{0,50}?|,? (?:the|our|its) | \((?:also )?(?:the )?)"
)


def statutory_roles(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A statutory role given to a post that does not hold it."""
    text = said.claimed_as_read
    if NOT_OURS.search(text) or is_of_others(said, basis):
        return
    registers = basis.registers
    for post in registers.facts.posts:
        at = re.search(rf"\b{re.escape(post.title)}\b", text)
        if post.is_ended or at is None:
            continue
        for role, words in STATUTORY.items():
            told = re.match(
                rf" ?(?:(?:also|now|currently|already) )?{HOLDS}\b(?:{words})\b", text[at.end() :], re.IGNORECASE
            )
            if told is None or post.statutory_role == role or re.search(r"\b(?:not|reports? to)\b", told[0]):
                continue
            right = post.statutory_role or NOT_RECORDED
            yield Doubt(
                "statutory-role",
                f"{post.title}{told[0]}",
                f"The register says of {post.title}: statutory role {right[:1].lower()}{right[1:]}. Write that, or "
                "record the role.",
                record=registers.post_held(post).url,
            )


CHECKS = (future_titles, unknown_titles, employers, statutory_roles)
