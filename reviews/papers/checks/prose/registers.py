"""Registers as prose is compared with them: names, sums, counts, ratings and dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse

from joint_posts.models import JointPost
from joint_posts.models.posts import Status
from partnership.dates import NOT_STATED, Precision, in_words
from partnership.financial_years import FinancialYear
from partnership.money import pounds
from partnership.wording import counted, listed
from reviews.facts.councils import CouncilFact
from reviews.facts.covers import CoverFact
from reviews.facts.figures import Figure
from reviews.facts.posts import PostFact
from reviews.facts.review_figures import PLURALS, RATINGS, summary
from reviews.facts.reviewed import RatingFact, ReviewFacts
from reviews.facts.services import CaseFact
from reviews.facts.terms import TermFact

SAVING_NAME = re.compile(
    r"savings\.(?P<year>\d{4}-\d\d|year-not-stated)\.(?P<council>[^.]+)\."
    r"(?P<kind>estimated|forecast|delivered|verified|cost-to-achieve|net|cost-avoidance|non-cashable|income)$"
)
# Short forms that papers use for a service, and what they stand for.
SHORT_FORMS = {
    "HR": "human resources",
    "IT": "information technology",
    "ICT": "information and communications technology",
    "OD": "organisational development",
    "AD": "assistant director",
    "CEO": "chief executive",
    "CEX": "chief executive",
}
NOT_TELLING = frozenset(
    [
        "a",
        "an",
        "and",
        "the",
        "of",
        "for",
        "in",
        "on",
        "to",
        "at",
        "by",
        "with",
        "its",
        "it",
        "is",
        "are",
        "this",
        "that",
        "these",
        "joint",
        "shared",
        "single",
        "new",
        "service",
        "services",
        "team",
        "teams",
        "business",
        "case",
        "function",
        "functions",
        "proposal",
        "project",
        "programme",
        "one",
        "our",
        "all",
        "each",
    ]
)
# Words that may stand between a number and what it counts.
BETWEEN = (
    r"(?:(?:of|out of) (?:the |its |our |their |these |all )?(?:(?:\w+) )?)?"
    r"(?:(?:joint|jointly|shared|senior|chief|officer|officers|management|new|agreed|adopted|such|common|open|current|"
    r"existing|different|separate|other|further|key|main|guiding|founding|partnership|working|strategic|live|more|"
    r"permanent|interim|temporary|vacant|proposed|provisional|filled|distinct|clear|core|full|written|statutory|"
    r"and|most|director-level|top|leadership|assistant|director|head-of-service) ){0,4}"
)
TYPES = (
    r"(?:City and County|Metropolitan Borough|County Borough|London Borough|County|City|District|Borough|Town|Parish)"
)
COUNCIL_TYPE = re.compile(rf"\b{TYPES}$")


@dataclass(frozen=True)
class Held:
    """A fact of a register: the words for it, the name that inserts it, and the record."""

    words: str
    name: str = ""
    url: str = ""

    @property
    def advice(self) -> str:
        """Return what to write in place of what was typed."""
        return f"Insert {{{self.name}}}, which follows the register." if self.name else "Write what the register holds."


@dataclass(frozen=True)
class HeldSum:
    """A sum of the ledger with whose it is, which year's and of what kind; ``council_id`` is empty for all together."""

    figure: Figure
    year: str
    council_id: int | None
    kind: str
    held: Held
    record_id: int | None = None  # the business case, of a proposal's estimate


@dataclass(frozen=True)
class State:
    """A state that counted records may be in: the words for it, how many are in it, and the name that inserts them."""

    pattern: re.Pattern
    number: int
    name: str


def state(words: str, number: int, name: str = "") -> State:
    """A state with the pattern of its words."""
    return State(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), number, name)


@dataclass(frozen=True)
class Counted:
    """Records that prose may count: the nouns for them, and how many there are in all and in a state."""

    nouns: str
    held: Held
    number: int
    name: str
    states: tuple[State, ...] = ()
    one: str = ""
    many: str = ""

    @cached_property
    def pattern(self) -> re.Pattern:
        """The nouns, wherever they stand."""
        return re.compile(rf"\b(?:{self.nouns})\b", re.IGNORECASE)

    @cached_property
    def after_number(self) -> re.Pattern:
        """The nouns behind a number and the words between."""
        return re.compile(rf"[ -]{BETWEEN}({self.nouns})\b(?!-)", re.IGNORECASE)


@dataclass(frozen=True)
class Event:
    """Something with a date: the words that a sentence has for it, the date, and the record."""

    about: tuple[str, ...]  # each of these patterns stands in a sentence that speaks of it
    on: date | None
    precision: str
    held: Held
    must_be_recorded: bool = False  # whether a date is doubtful where the register has none

    @cached_property
    def patterns(self) -> tuple[re.Pattern, ...]:
        """The patterns, ready to be looked for."""
        return tuple(re.compile(wording, re.IGNORECASE) for wording in self.about)

    def is_in(self, text: str) -> bool:
        """Return whether a text speaks of it."""
        return all(pattern.search(text) for pattern in self.patterns)


class Registers:
    """The registers with which a paper's prose is compared, read from its facts, each part once when it is needed."""

    def __init__(
        self,
        review: ReviewFacts,
        figures: Mapping[str, Figure],
        covers: tuple[CoverFact, ...] = (),
        terms: tuple[TermFact, ...] = (),
    ):
        self.review = review
        self.figures = figures
        self.covers = covers
        self.terms = terms
        self.facts = review.facts

    # --- Councils -----------------------------------------------------------------------------------------------------

    @cached_property
    def year(self) -> str:
        """The financial year that the paper speaks of."""
        return self.review.financial_year or str(FinancialYear.containing(self.review.as_at))

    @cached_property
    def aliases(self) -> tuple[tuple[CouncilFact, re.Pattern], ...]:
        """Return what prose calls each council: its names, its place, and "the county" where one alone is a county."""
        found = []
        for council in self.facts.all_councils:
            names = [council.name, council.name.removesuffix(" Council"), council.short_name]
            place = place_of(council)
            if len(place) > 3 and sum(place_of(other) == place for other in self.facts.all_councils) == 1:
                names.append(place)
            words = "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True))
            kinds = [kind for kind in kinds_of(council) if self._is_only(council, kind)]
            common = "|".join(re.escape(kind) for kind in kinds)
            pattern = rf"\b(?:{words})\b" + (rf"|\b[Tt]he (?:{common})\b(?! (?:council )?elections?)" if common else "")
            found.append((council, re.compile(pattern)))
        return tuple(found)

    def _is_only(self, council: CouncilFact, kind: str) -> bool:
        return all(kind not in kinds_of(other) for other in self.facts.all_councils if other.id != council.id)

    def councils_in(self, text: str) -> list[CouncilFact]:
        """The councils that a text names, in the order of the partnership."""
        return [council for council, names in self.aliases if names.search(text)]

    def spans_of_councils(self, text: str) -> list[tuple[int, int, CouncilFact]]:
        """Return the start and end of each council's name in the text, from the front."""
        spans = []
        for council, names in self.aliases:
            spans += [(match.start(), match.end(), council) for match in names.finditer(text)]
        return sorted(spans, key=lambda span: span[:2])

    def council(self, number: int | None) -> CouncilFact | None:
        """A council of the partnership by its number."""
        return next((council for council in self.facts.all_councils if council.id == number), None)

    @cached_property
    def known_words(self) -> frozenset[str]:
        """Return all words of the partnership's own names."""
        facts = self.facts
        texts = [council.name for council in facts.all_councils]
        texts += [council.short_name for council in facts.all_councils]
        texts += [body.name for body in facts.bodies] + [body.short_name for body in facts.bodies]
        texts += [post.title for post in facts.posts] + [case.title for case in facts.cases]
        texts += [row.service for row in facts.services] + [facts.partnership.name, self.review.title]
        return frozenset(re.findall(r"[A-Za-z]+", " ".join(texts)))

    # --- Money --------------------------------------------------------------------------------------------------------

    @cached_property
    def sums(self) -> tuple[HeldSum, ...]:
        """Return every sum of the ledger and of the proposals."""
        return tuple(self._sums())

    def _sums(self) -> Iterator[HeldSum]:
        for name, figure in self.figures.items():
            found = SAVING_NAME.match(name)
            if found:
                year = found["year"].replace("-", "/", 1) if found["year"][0].isdigit() else ""
                scope = figure.scope or self.figures["councils.scope"].text
                when = f"for {year}" if year else "with no year stated"
                words = f"{figure.text} ({figure.status} {when}, {scope})"
                held = Held(words, name, saving_address(figure))
                yield HeldSum(figure, year, figure.council_id, found["kind"], held)
        for case in self.facts.cases:
            if case.is_pipeline:
                url = reverse("businesscase_detail", args=[case.id])
                amount = case.estimated_saving
                text = pounds(amount, about=case.is_about)
                held = Held(f"{text} (estimate of the proposal {case.title})", "", url)
                yield HeldSum(Figure("", text, amount=amount), "", None, "pipeline", held, case.id)

    def sum_named(self, name: str) -> HeldSum | None:
        """The sum that a name in braces stands for."""
        return self._by_name.get(name.removesuffix(".full"))

    @cached_property
    def _by_name(self) -> dict[str, HeldSum]:
        return {one.figure.name: one for one in self.sums if one.figure.name}

    def total(self, year: str, kind: str = "estimated", council: CouncilFact | None = None) -> HeldSum | None:
        """The sum of a kind for one council, or for all of them."""
        number = council.id if council else None
        return next((one for one in self.sums if (one.year, one.kind, one.council_id) == (year, kind, number)), None)

    # --- Counts -------------------------------------------------------------------------------------------------------

    @cached_property
    def counted(self) -> tuple[Counted, ...]:
        """Whatever is counted in the registers, the narrower nouns first."""
        return tuple(self._counted())

    def _counted(self) -> Iterator[Counted]:
        yield from self._counted_posts()
        yield self._counted_cases()
        for kind in ("principle", "objective"):
            rows = self.review.ratings_of(kind)
            url = self.held_ratings(kind).url
            held = Held(counted(len(rows), kind, f"{kind}s"), f"{kind}s.phrase", url)
            yield Counted(rf"{kind}s?", held, len(rows), f"{kind}s")
        url = reverse("review_detail", args=[self.review.slug])
        lists: dict[str, tuple[str, int, str]] = {
            "options": (r"options?(?: for the future)?", len(self.review.options), "options"),
            "recommendations": (r"recommendations?", len(self.review.recommendations), "recommendations"),
        }
        for kind, plural in PLURALS.items():
            number = sum(item.kind == kind for item in self.review.swot)
            lists[plural] = (rf"{kind.label.lower()}|{plural}", number, plural)
        for name, (nouns, number, plural) in lists.items():
            one = plural[:-3] + "y" if plural.endswith("ies") else plural.removesuffix("s")
            held = Held(counted(number, one, plural), f"{name}.phrase", url)
            yield Counted(nouns, held, number, name)
        yield from self._counted_elsewhere()

    def _counted_posts(self) -> Iterator[Counted]:
        posts = self.facts.posts
        filled = [post for post in posts if post.is_in_post]
        url = reverse("jointpost_list")
        states = (
            state(r"permanent(?:ly)?", self._filled("permanent"), "posts.permanent.phrase"),
            state(r"interim|temporar(?:y|ily)|acting", self._filled("interim"), "posts.interim.phrase"),
            state(
                r"vacant|unfilled|vacanc(?:y|ies)",
                len(self.facts.posts_in("vacant")),
                "posts.vacant.phrase",
            ),
            state(r"proposed", len(self.facts.posts_in("proposed")), "posts.proposed.phrase"),
            state(r"ended|abolished|deleted", len(self.facts.posts_in("ended")), "posts.ended.phrase"),
            state(r"provisional", sum(post.is_provisional for post in filled), "posts.provisional.phrase"),
            state(r"chief officers?", sum(post.tier == JointPost.Tier.CHIEF_OFFICER for post in filled)),
        )
        held = Held(counted(len(filled), "joint post", "joint posts"), "posts.in-post.phrase", url)
        nouns = r"posts?|roles?|appointments?|positions?|jobs?|officers?|managers?|post-?holders?|directors?|"
        nouns += (
            r"(?:people|individuals|persons)(?= (?:now |currently |who )?(?:hold|holds|fill|occupy|serve|are in)\b)"
        )
        yield Counted(nouns, held, len(filled), "posts", states, "joint post", "joint posts")

    def _filled(self, appointment: str) -> int:
        return sum(post.is_in_post and post.appointment == appointment for post in self.facts.posts)

    def _counted_cases(self) -> Counted:
        cases = self.facts.cases
        openly = [case for case in cases if case.is_open]
        url = reverse("businesscase_list")
        words = {
            "proposed": r"proposed",
            "commissioned": r"commissioned",
            "in development": r"(?:in|under) (?:development|preparation)|being (?:developed|prepared|drawn up|written)|"
            r"in (?:the )?(?:pipeline|hand)",
            "well advanced": r"well advanced|nearly (?:ready|complete)",
            "under consultation": r"(?:under|in|out to) consultation",
            "adopted": r"adopted|agreed|approved",
            "implemented": r"implemented|delivered|completed?|in (?:place|operation)",
            "rejected": r"rejected|turned down|refused",
            "paused": r"paused|on hold",
        }
        states = [
            state(pattern, len(self.facts.cases_at(stage)), f"cases.{stage.replace(' ', '-')}.phrase")
            for stage, pattern in words.items()
        ]
        states.append(state(r"open", len(openly), "cases.open.phrase"))
        held = Held(counted(len(openly), "open business case", "open business cases"), "cases.open.phrase", url)
        return Counted(
            r"business cases?|cases for shared services",
            held,
            len(openly),
            "cases",
            states,
            "business case",
            "business cases",
        )

    def _counted_elsewhere(self) -> Iterator[Counted]:
        rows = {
            "working-models": (
                r"(?:working )?models?(?: of joint working)?",
                self.facts.working_models,
                "workingmodel",
            ),
            "comparators": (r"examples?(?: elsewhere| of joint working)", self.facts.comparators, "comparator"),
        }
        for name, (nouns, found, register) in rows.items():
            held = Held(self.figures[f"{name}.phrase"].text, f"{name}.phrase", reverse(f"{register}_list"))
            yield Counted(nouns, held, len(found), name)
        kinds = {
            "collaborations": (r"collaborations?", "collaboration"),
            "co-locations": (r"co-locations?", "co-location"),
            "procurements": (r"joint procurements?", "procurement"),
            "provisions": (r"provided services?|services provided", "provision"),
        }
        for name, (nouns, kind) in kinds.items():
            phrase = f"services.{name}.phrase"
            held = Held(self.figures[phrase].text, phrase, reverse("servicearrangement_list"))
            yield Counted(nouns, held, len(self.facts.services_of(kind)), name)
        number = len(self.facts.councils)
        held = Held(self.figures["councils.phrase"].text, "councils.phrase", reverse("council_list"))
        yield Counted(r"(?:councils|authorities|partners)", held, number, "councils")

    # --- Ratings ------------------------------------------------------------------------------------------------------

    def held_ratings(self, kind: str) -> Held:
        """Return how the principles, or the objectives, are rated, in a line."""
        url = reverse("review_detail", args=[self.review.slug])
        return Held(summary(self.review.ratings_of(kind), kind), f"{kind}s.summary", url)

    def rated(self, kind: str, rating: str) -> int:
        """Return how many are rated so."""
        return sum(row.rating == RATINGS[rating] for row in self.review.ratings_of(kind))

    def rating_address(self, row: RatingFact) -> str:
        """Return where the rating stands."""
        return reverse("assessment_edit", args=[row.id]) if row.id else self.held_ratings(row.commitment.kind).url

    # --- Posts, cases -------------------------------------------------------------------------------------------------

    def post_held(self, post: PostFact) -> Held:
        """A post's title on the day."""
        return Held(post.title, "", reverse("jointpost_detail", args=[post.id]))

    def posts_on(self, on: date) -> int:
        """Return the number of today's and yesterday's posts with a holder on a day, as far as their steps say."""
        number = 0
        for post in self.facts.posts:
            begun = [step for step in post.steps if step.from_on <= on]
            number += bool(begun) and begun[-1].status == Status.IN_POST if begun else 0
        return number

    @cached_property
    def open_cases(self) -> tuple[CaseFact, ...]:
        """The business cases that nobody has adopted yet."""
        return tuple(case for case in self.facts.cases if case.stage not in ("adopted", "implemented"))

    # --- Dates --------------------------------------------------------------------------------------------------------

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Return what has a date in the registers, the most particular first."""
        return tuple(self._events())

    def _events(self) -> Iterator[Event]:
        yield from self._meetings()
        for post in self.facts.posts:
            started = next((step for step in post.steps if step.status == Status.IN_POST), None)
            if started and post.is_in_post:
                url = reverse("jointpost_detail", args=[post.id])
                when = in_words(started.from_on, started.precision)
                held = Held(f"{post.title}: in post {when}", "", url)
                about = (named(post.title), r"\b(?:in post|appointed|started|took up|since|began|joined|shared from)\b")
                yield Event(about, started.from_on, started.precision, held, must_be_recorded=True)
        for case in self.facts.cases:
            if case.is_open:
                url = reverse("businesscase_detail", args=[case.id])
                held = Held(f"{case.title}: expected {case.expected or NOT_STATED}", "", url)
                about = (
                    named(case.title),
                    r"\bcase\b",
                    r"\b(?:due|expected|comes?|go(?:es)?|considered?|ready|reports?|reach\w*)\b",
                )
                yield Event(about, case.expected_on, case.expected_precision, held)
        for row in self.facts.services:
            url = reverse("servicearrangement_detail", args=[row.id])
            held = Held(f"{row.service}: started {row.started}", "", url)
            about = (named(row.service), r"\b(?:began|begun|started|since|from|launched)\b")
            yield Event(about, row.started_on, row.started_precision, held)
        yield from self._commitments()
        yield from self._agreements()
        yield from self._partnership()
        day = self.review.as_at
        url = reverse("review_edit", args=[self.review.slug])
        held = Held(f"this paper speaks as at {in_words(day)}", "review.as-at", url)
        yield Event((r"\bas at\b(?! present)",), day, Precision.DAY, held)
        due = self.review.review_due_on
        held = Held(f"review date: {in_words(due)}", "", url)
        again = r"\b(?:(?:next|review) (?:review|date)|reviewed again|looked at again|review is due|due for review)\b"
        yield Event((again,), due, Precision.DAY, held)

    def _meetings(self) -> Iterator[Event]:
        held_on: dict[str, set[date]] = {}
        urls: dict[str, str] = {}
        names: dict[str, set[str]] = {}
        for cover in self.covers:
            if cover.meeting_on:
                held_on.setdefault(cover.body.name, set()).add(cover.meeting_on)
                urls[cover.body.name] = reverse("coverreport_edit", args=[cover.id])
                names[cover.body.name] = {cover.body.name}
                plain_names = [other.body.plain_name for other in self.covers]
                if plain_names.count(cover.body.plain_name) == 1:
                    names[cover.body.name].add(cover.body.plain_name)
        for name, days in held_on.items():
            words = "|".join(re.escape(one) for one in sorted(names[name], key=len, reverse=True))
            if len(days) == 1:
                (day,) = days
                held = Held(f"{name}: meets on {in_words(day)}", "", urls[name])
                pattern = rf"(?-i:\b(?:{words})\b(?! (?:[Mm]ember|Director|Officer)))"
                meets = (
                    r"\b(?:(?<!office )on|meet\w*|met|consider\w*|takes?(?! office)|took(?! office)|receiv\w*|"
                    r"by way of|through|before|decid\w*)\b"
                )
                yield Event((pattern, meets), day, Precision.DAY, held)

    def _commitments(self) -> Iterator[Event]:
        for kind in ("principle", "objective"):
            rows = self.review.ratings_of(kind)
            days = sorted({row.commitment.adopted_on for row in rows})
            if len(days) == 1:
                url = reverse("commitment_list")
                held = Held(f"{kind}s adopted on {in_words(days[0])}", f"{kind}s.adopted", url)
                adopted = r"\b(?:adopt\w*|agreed|approved|signed off|settled|endorsed|accepted|set)\b"
                yield Event((rf"\b{re.escape(kind)}s\b", adopted), days[0], Precision.DAY, held)

    def _agreements(self) -> Iterator[Event]:
        url = reverse("agreement_list")
        if len(self.facts.agreements) != 1:
            return
        (row,) = self.facts.agreements
        url = reverse("agreement_detail", args=[row.id])
        made = (r"\bagreement\b", r"\b(?:made|signed|sealed|entered into|dated)\b")
        for about, words, when in (
            (made, "made", row.made),
            (
                (
                    r"\bagreement\b",
                    r"\b(?:commenc\w*|c[ao]mes? into (?:force|effect|operation)|takes? effect|"
                    r"took effect|began|started|in force since)\b",
                ),
                "commenced",
                row.commenced,
            ),
        ):
            on, precision = read_words(when)
            held = Held(f"{row.title}: {words} {when}", "", url)
            yield Event(about, on, precision, held, must_be_recorded=True)
        due = (
            r"\breview is due\b|\b(?:next|again|due|to be)(?: \w+){0,2} review\w*|"
            r"\breview(?:ed)?(?: is)? (?:due|again|next)\b"
        )
        held = Held(f"{row.title}: next review {row.review_due}", "", url)
        yield Event((r"\bagreement\b", due), row.review_due_on, Precision.DAY, held)
        expires = (
            r"\bagreement\b",
            r"\b(?:expir\w*|ends?|(?:comes?|came|brought) to an end|lapses?|terminates?|"
            r"runs? (?:out|until|to)|lasts? until|until)\b",
        )
        held = Held(f"{row.title}: expires {in_words(row.expires_on)}", "", url)
        yield Event(expires, row.expires_on, Precision.DAY, held, must_be_recorded=True)

    def _partnership(self) -> Iterator[Event]:
        found = self.facts.partnership
        url = reverse("partnership_detail", args=[found.id])
        joint = (
            r"\b(?:partnership|joint(?:ly)? work\w*|work(?:ing|ed)? (?:jointly|together)|"
            r"shar(?:e|ing) (?:senior|officers)|councils)\b"
        )
        on, precision = read_words(found.agreed)
        held = Held(f"{found.name}: agreed {found.agreed}", "partnership.agreed", url)
        agreed = r"\b(?:agreed|decided|decision|resolved|approved|voted)\b"
        to_work = (
            r"\b(?:to (?:work|join|share|form|set up|enter|create)|partnership|joint working|"
            r"working (?:jointly|together))\b"
        )
        yield Event((joint, agreed, to_work), on, precision, held)
        on, precision = read_words(found.started)
        held = Held(f"{found.name}: started {found.started}", "partnership.started", url)
        whole = r"\b(?:partnership|joint working|working (?:jointly|together)|work(?:ed)? (?:jointly|together))\b"
        began = (
            r"\b(?:began|begun|beg[ai]ns?|started?|starts|start|commenc\w*|came into (?:being|effect|operation|"
            r"force)|launched|"
            r"went live|established|set up|formed|founded|in operation|has (?:run|operated|existed)|been running|"
            r"inception|since|dates (?:back )?(?:from|to)|(?:got|been|is|was) (?:under ?way|going|off the ground)|"
            r"kicked off|came together|joined forces|took shape|in being)\b"
        )
        yield Event((whole, began), on, precision, held)


def read_words(words: str) -> tuple[date | None, str]:
    """The date that the facts say in words, with its precision; nothing where it is not stated."""
    found = re.fullmatch(r"(?:(\d{1,2}) )?([A-Z][a-z]+) (\d{4})", words)
    months = {f"{date(2000, number, 1):%B}": number for number in range(1, 13)}
    if not found or found[2] not in months:
        return None, Precision.DAY
    return date(int(found[3]), months[found[2]], int(found[1] or 1)), Precision.DAY if found[1] else Precision.MONTH


def place_of(council: CouncilFact) -> str:
    """The place in a council's name: "Oxfordshire", "South Norfolk"."""
    name = council.name.removesuffix(" Council").removeprefix("London Borough of ").removeprefix("Royal Borough of ")
    return COUNCIL_TYPE.sub("", name).strip()


def kinds_of(council: CouncilFact) -> set[str]:
    """Return what a council may be called without its name: "county", "borough"."""
    found = COUNCIL_TYPE.search(council.name.removesuffix(" Council"))
    kinds = {found[0].lower().split()[-1]} if found else set()
    return kinds or ({council.tier} if council.tier in ("county", "district", "unitary") else set())


def saving_address(figure: Figure) -> str:
    """The record behind a sum, or the list of savings where it is made of several."""
    if len(figure.rows) == 1:
        return reverse("savingline_detail", args=[figure.rows[0]])
    return reverse("saving_list")


def plain(text: str) -> str:
    """A text as it is compared: small letters, short forms written out, words apart by single spaces."""
    words = re.findall(r"[A-Za-z0-9]+|&", text.replace("’s", "").replace("'s", ""))
    return " ".join(SHORT_FORMS.get(word, "and" if word == "&" else word.lower()) for word in words)


def telling(text: str) -> list[str]:
    """The words of a title that tell it from others."""
    return [word for word in plain(text).split() if word not in NOT_TELLING]


def mentions(title: str, text: str) -> bool:
    """Return whether a text speaks of a record with this title: its telling words all stand in it."""
    wanted = telling(title)
    said = plain(text).split()
    if not wanted:
        return False
    if len(wanted) == 1:
        return wanted[0] in said
    return set(wanted) <= set(said)


def named(title: str) -> str:
    """A pattern of a title as it is read in a sentence."""
    return rf"(?i:\b{re.escape(title)}\b)"


def list_titles(posts: Iterable[Any]) -> str:
    """The titles of posts in a sentence."""
    return listed(post.title for post in posts)
