"""Compare the state of things in prose with the registers: a proposal told as running, an estimate as delivered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import reverse

from partnership.money import NOT_RECORDED
from reviews.papers.checks.prose.elsewhere import is_of_others
from reviews.papers.checks.prose.registers import Registers, mentions
from reviews.papers.checks.prose.sentences import Basis, Doubt, Said

SERVICE = re.compile(
    r"\b(?:shared?|joint(?:ly)?|single|combined|merged|common|service|services|team|teams|unit|function|hub)\b",
    re.IGNORECASE,
)
RUNS = re.compile(
    r"\b(?:(?:has|have) been (?:running|working|operating|sharing|shared|live|delivered|merged|established|set up|"
    r"in place|introduced|"
    r"brought together|combined|adopted|implemented|joint)|(?:is|are) (?:now |already |fully |today )?(?:running|"
    r"working|operating|live|shared|joint|in place|"
    r"in operation|operational|established|up and running|merged|delivered|provided|serving|one team)|in operation|"
    r"up and running|"
    r"went live|gone live|goes live since|operational|now (?:runs?|operates?|shares?|serves?|works?|delivers?|"
    r"handles?|deals?|provides?)|already (?:runs?|operates?|shares?|serves?|delivers?|"
    r"works?|provides?)|was (?:launched|set up|established|created|opened|introduced|merged|completed|adopted)|"
    r"were merged|launched in|"
    r"started (?:work )?in|began (?:work )?in|opened in|has (?:started|begun|launched|opened|served|run|worked|"
    r"operated|shared|provided|handled|gone live|taken over|"
    r"replaced)|"
    r"since (?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December) \d{4}|"
    r"serves? (?:both|all|each)|delivers|runs (?:from|for|across|in)|operates|took over|live since|is a success|"
    r"works well|completed|"
    r"(?:already|now) in (?:place|operation|being)|"
    r"(?:now|already|fully|today)(?: fully| wholly| completely)? (?:integrated|shared|joined|merged|joint|unified|"
    r"pooled|combined|one|under one roof)|(?:has|have) (?:supported|looked after|managed|joined|moved|come together|"
    r"bedded in|been (?:integrated|unified|pooled|rolled out|joined up|under one))|"
    r"(?:is|are) (?:now |already |fully )?(?:integrated|unified|pooled|run (?:as one|jointly|together))|"
    r"merged (?:in|on|into|to)|(?:has|have) merged|became (?:one|a single)|form (?:one|a single)|"
    r"(?:already|now) (?:benefits?|gains?|rel(?:y|ies)|draws?) (?:from|on)|came together|joined forces|"
    r"rolled out|bedded in)\b",
    re.IGNORECASE,
)
NOT_YET = re.compile(
    r"\b(?:not (?:yet|been|in)|no |will|would|could|should|might|(?-i:may)|if|when|once|until|propos\w+|plan\w*|"
    r"develop\w*|prepar\w*|"
    r"business case|case for|expect\w*|intend\w*|consult\w*|consider\w*|explor\w*|potential|possible|future|next|"
    r"before|due|"
    r"to be|towards?|whether|option|being (?:drawn|written|worked)|working group|draft|estimate\w*)\b",
    re.IGNORECASE,
)


def proposals_as_running(said: Said, basis: Basis) -> Iterator[Doubt]:
    """A business case that nobody adopted, or a post that nobody is in, told as if it were running."""
    text = said.claimed
    runs = RUNS.search(text)
    if not runs or NOT_YET.search(text) or is_of_others(said, basis):
        return
    registers = basis.registers
    if SERVICE.search(text):
        for case in registers.open_cases:
            if (mentions(case.title, text) or (case.service_area and mentions(case.service_area, text))) and not _runs(
                text, registers
            ):
                yield Doubt(
                    "not-running",
                    runs[0],
                    f"In the register “{case.title}” is a business case: {case.stage_words.lower()}. Say so, or "
                    "record the step that it has taken.",
                    record=reverse("businesscase_detail", args=[case.id]),
                )
                return
    for post in registers.facts.posts:
        if post.status in ("proposed", "agreed") and re.search(rf"\b{re.escape(post.title)}\b", text):
            yield Doubt(
                "not-running",
                runs[0],
                f"In the register the post {post.title} is {post.status_words.lower()}, and nobody is in it. Say so.",
                record=registers.post_held(post).url,
            )


def _runs(text: str, registers: Registers) -> bool:
    """Return whether a service or a filled post of the register is what the sentence speaks of."""
    if any(mentions(row.service, text) for row in registers.facts.services):
        return True
    titles = set()
    for post in registers.facts.posts:
        titles |= {post.title, *(step.title for step in post.steps)}
    return any(re.search(rf"\b{re.escape(title)}(?!\w)", text) for title in titles)


MADE = re.compile(
    r"\b(?:banked|verified|audited|in the bank|achieved|delivered|realised|secured|confirmed|proven|proved|pocketed|"
    r"booked|made|"
    r"certified|signed off|checked|received|cashed|actual(?:ly)?|(?:has|have|had|was|were) (?:already |"
    r"now )?(?:been )?saved|saved|"
    r"accounts? (?:already |now )?(?:show|include|contain|record|reflect)s?|already (?:in|show\w*)|outturn|"
    r"taken out of (?:the|each|both|all|our|their) budgets?|"
    r"(?:has|have) (?:already )?(?:been )?(?:come in|reached|arrived|materialised|come through))\b",
    re.IGNORECASE,
)
NOT_MADE = re.compile(
    r"\b(?:can|could|(?-i:may)|might|would|will|should|to|must)(?: \w+)? be\b|\b(?:not|no|never|none|nobody|"
    r"nothing|if|"
    r"whether|until|once|"
    r"when|to be|expected|estimated|forecast|planned|to have|before|yet to|remains? to|estimate of what|still|"
    r"cannot)\b",
    re.IGNORECASE,
)
TO_BE_MADE = frozenset({"estimated", "forecast"})


def estimates_as_made(said: Said, basis: Basis) -> Iterator[Doubt]:
    """An estimate, drawn from the register, among words that say that the money is there."""
    text = said.claimed
    made = MADE.search(text)
    if not made or NOT_MADE.search(text):
        return
    registers = basis.registers
    for name in dict.fromkeys(said.names):
        held = registers.sum_named(name)
        if held is None or held.kind not in TO_BE_MADE:
            continue
        kind = (
            "verified"
            if re.search(r"\b(?:verified|audited|certified|signed off|confirmed|checked)\b", made[0], re.I)
            else "delivered"
        )
        right = registers.total(held.year, kind, registers.council(held.council_id))
        recorded = right.figure.text if right else NOT_RECORDED
        yield Doubt(
            "estimate-as-made",
            made[0],
            f"This figure is {held.held.words}; {kind} in the register: {recorded}. Say “estimated”, or insert "
            f"{{{right.figure.name if right else name}}} once it is recorded.",
            record=held.held.url,
        )
        return


CHECKS = (proposals_as_running, estimates_as_made)
