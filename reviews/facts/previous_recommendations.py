"""Facts of earlier recommendations by a day: who decided, who did what, with what result."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from partnership.dates import in_words
from partnership.models import Action, Body, Council, Decision, Meeting, Resolution
from partnership.text import NAME
from reviews.facts.reading import Reader, all_rows
from reviews.models import Answer, Assessment, Edition, FollowUp, Outcome, Recommendation, Review
from reviews.models.outcomes import latest

NOT_NOTED = "not noted yet"
RATING_BY_WORDS = {str(rating.label): rating.value for rating in Assessment.Rating}  # editions keep the words


@dataclass(frozen=True)
class AnswerFact:
    """A resolution on a recommendation. ``decision_id`` is the record to open."""

    id: int
    decision_id: int
    words: str
    is_private: bool


@dataclass(frozen=True)
class FollowUpFact:
    """An action on a recommendation."""

    id: int
    title: str
    owner: str
    standing: str
    is_private: bool

    @property
    def words(self) -> str:
        return f"{self.title} ({self.owner}): {self.standing}"


@dataclass(frozen=True)
class EarlierRecommendation:
    """A recommendation of an earlier review, and what had come of it by the day."""

    id: int
    review: str
    review_as_at: date
    number: int
    text: str
    addressee: str
    is_published: bool  # whether any edition of its review is published
    published: tuple[tuple[str, int, str], ...]  # each audience with the number and the text that its edition prints
    answers: tuple[AnswerFact, ...]
    follow_ups: tuple[FollowUpFact, ...]
    standing: str
    outcome: str

    def as_published_for(self, audience: str) -> EarlierRecommendation | None:
        """Return the recommendation as the edition for the audience prints it, ``None`` where it does not.

        Without what was decided in private and what follows from it.
        """
        found = next((row for row in self.published if row[0] == audience), None)
        if found is None:
            return None
        _, number, text = found
        return replace(
            self,
            number=number,
            text=text,
            answers=tuple(row for row in self.answers if not row.is_private),
            follow_ups=tuple(row for row in self.follow_ups if not row.is_private),
        )


@dataclass(frozen=True)
class Decided:
    """The decisions that the answers and actions point to, with what their words need, each by its id."""

    resolutions: dict[int, Resolution]
    decisions: dict[int, Decision]
    meetings: dict[int, Meeting]
    bodies: dict[int, Body]
    councils: dict[int, Council]

    def is_private(self, decision: Decision | None) -> bool:
        """Return whether it was taken in private."""
        if decision is None:
            return False
        meeting = self.meetings.get(decision.meeting_id)
        in_private = meeting.access == Meeting.Access.PRIVATE if meeting else not self._body(decision).meets_in_public
        return in_private or bool(decision.no_public_access_reason)

    def words(self, resolution: Resolution) -> str:
        """Name the body, date, number and status: "CDC Executive, 1 April 2019, (2): agreed"."""
        decision = self.decisions[resolution.decision_id]
        body = self._body(decision)
        council = self.councils.get(body.council_id)
        who = f"{council.short_name} {body.name}" if council else body.name
        number = council.numbered(resolution.number) if council else f"({resolution.number})"
        standing = resolution.get_standing_display().lower()
        return f"{who}, {in_words(decision.decided_on)}, {number}: {standing}"

    def _body(self, decision: Decision) -> Body:
        return self.bodies[decision.body_id]


def editions_before(read: Reader, before: Iterable[Review]) -> list[Edition]:
    """Return the last edition of each earlier review for each audience, without frozen facts, the latest review first.

    A paper whose last edition was taken down has none. Withdrawn reviews are not among those read.
    """
    ids = [row.id for row in before]
    editions = Edition.objects.filter(review__in=ids).order_by("-review__as_at", "-review", "-number")
    if read.known_at is not None:
        editions = editions.filter(published_at__lte=read.known_at)
    last: dict[tuple[str, int], Edition] = {}
    for edition in editions.defer("facts"):
        last.setdefault((edition.audience, edition.review_id), edition)
    down = set(Edition.objects.taken_down().filter(review__in=ids).values_list("pk", flat=True))
    return [edition for edition in last.values() if edition.pk not in down]


def published_ratings_before(read: Reader, before: list[Review]) -> dict[str, dict[tuple[str, int, str], str]]:
    """Return for each audience the ratings of the latest earlier review that an edition for it publishes.

    They are known by kind, number and short title of the principle or objective.
    """
    editions = editions_before(read, before)
    places = {edition.pk: place for place, edition in enumerate(editions)}
    found: dict[str, tuple[int, dict[tuple[str, int, str], str]]] = {}
    for edition in Edition.objects.filter(pk__in=places).only("facts", "audience").iterator(chunk_size=10):
        ratings = {
            (row["kind"], row["number"], row["title"]): RATING_BY_WORDS[row["rating"]]
            for row in json.loads(edition.facts).get("facts", {}).get("ratings", ())
            if row["rating"] in RATING_BY_WORDS
        }
        if ratings and (edition.audience not in found or places[edition.pk] < found[edition.audience][0]):
            found[edition.audience] = (places[edition.pk], ratings)
    return {audience: ratings for audience, (_, ratings) in found.items()}


def published_recommendations(
    read: Reader, reviews: list[Review]
) -> dict[int, dict[int, tuple[tuple[str, int, str], ...]]]:
    """Return by review what its editions print of each recommendation, by its id: audience, number and text.

    A review that is not published has no entry. Costs the same number of queries for many reviews as for one.
    """
    editions = {edition.pk: edition for edition in editions_before(read, reviews)}
    found: dict[int, dict[int, tuple[tuple[str, int, str], ...]]] = {}
    before_kept = []
    for frozen in Edition.objects.filter(pk__in=editions).only("facts", "audience", "review").iterator(chunk_size=10):
        printed = found.setdefault(frozen.review_id, {})
        document = json.loads(frozen.facts).get("document", {})
        if "recommendations" not in document:
            before_kept.append((editions[frozen.pk], frozen.facts))
        for number_of_record, number, text in document.get("recommendations", ()):
            said = (frozen.audience, number, text)
            printed[number_of_record] = (*printed.get(number_of_record, ()), said)
    for edition, number_of_record, number, text in _found_in_text(before_kept):
        printed = found[edition.review_id]
        printed[number_of_record] = (*printed.get(number_of_record, ()), (edition.audience, number, text))
    return found


def _found_in_text(editions: list[tuple[Edition, str]]) -> Iterator[tuple[Edition, int, int, str]]:
    """Yield the recommendations that an edition prints, of editions frozen before they were kept by number.

    They are read from the history as at the publication, and looked up in what the edition prints.
    """
    if not editions:
        return
    reviews = {edition.review_id for edition, _ in editions}
    versions = list(Recommendation.history.filter(review_id__in=reviews).order_by("history_date", "history_id"))
    for edition, frozen in editions:
        last = {
            row.id: row
            for row in versions
            if row.review_id == edition.review_id and row.history_date <= edition.published_at
        }
        standing = [row.instance for row in last.values() if row.withdrawn_on is None and row.history_type != "-"]
        for number, row in enumerate(sorted(standing, key=lambda row: (row.position, row.id)), start=1):
            pieces = [json.dumps(piece.strip(" ()."), ensure_ascii=False)[1:-1] for piece in NAME.split(row.text)[::2]]
            if all(piece in frozen for piece in pieces):
                yield edition, row.id, number, str(row)


def earlier_recommendations(read: Reader, before: list[Review], as_at: date) -> tuple[EarlierRecommendation, ...]:
    """Return the recommendations of earlier reviews in order, with as many queries for many as for one."""
    if not before:
        return ()
    by_review = read.under(Recommendation, before, "review")
    recommendations = all_rows(by_review)
    answers = read.under(Answer, recommendations, "recommendation")
    follow_ups = read.under(FollowUp, recommendations, "recommendation")
    outcomes = read.under(Outcome, recommendations, "recommendation")
    actions = read.numbered(Action, (row.action_id for row in all_rows(follow_ups)))
    decided = _decided(read, all_rows(answers), actions.values())
    published = published_recommendations(read, [review for review in before if by_review[review.id]])
    facts = []
    for review in sorted(before, key=lambda review: (review.as_at, review.id)):
        rows = sorted(by_review[review.id], key=lambda row: (row.position, row.id))
        for number, row in enumerate(rows, start=1):
            addressee = decided.bodies.get(row.addressee_id)
            follow_up = [actions.get(link.action_id) for link in follow_ups[row.id]]
            facts.append(
                EarlierRecommendation(
                    row.id,
                    review.title,
                    review.as_at,
                    number,
                    str(row),
                    addressee.name if addressee else "",
                    review.id in published,
                    published.get(review.id, {}).get(row.id, ()),
                    _answers(answers[row.id], decided, as_at),
                    _follow_ups(follow_up, decided, as_at),
                    *_outcome(outcomes[row.id], as_at),
                )
            )
    return tuple(facts)


def _decided(read: Reader, answers: list[Answer], actions: Iterable[Action]) -> Decided:
    resolutions = read.numbered(Resolution, (row.resolution_id for row in answers))
    ids = [row.decision_id for row in resolutions.values()]
    decisions = read.numbered(Decision, [*ids, *(row.decision_id for row in actions if row.decision_id)])
    meetings = read.numbered(Meeting, (row.meeting_id for row in decisions.values() if row.meeting_id))
    bodies = {body.id: body for body in read.own(Body)}
    councils = read.numbered(Council, (body.council_id for body in bodies.values() if body.council_id))
    return Decided(resolutions, decisions, meetings, bodies, councils)


def _answers(rows: list[Answer], decided: Decided, as_at: date) -> tuple[AnswerFact, ...]:
    found = [decided.resolutions[row.resolution_id] for row in rows if row.resolution_id in decided.resolutions]
    pairs = [(row, decided.decisions[row.decision_id]) for row in found if row.decision_id in decided.decisions]
    taken = sorted((pair for pair in pairs if pair[1].decided_on <= as_at), key=lambda pair: pair[1].decided_on)
    return tuple(AnswerFact(row.id, one.id, decided.words(row), decided.is_private(one)) for row, one in taken)


def _follow_ups(rows: Iterable[Action | None], decided: Decided, as_at: date) -> tuple[FollowUpFact, ...]:
    return tuple(
        FollowUpFact(
            row.id,
            row.title,
            row.owner,
            row.status(as_at).lower(),
            decided.is_private(decided.decisions.get(row.decision_id)),
        )
        for row in rows
        if row is not None
    )


def _outcome(rows: list[Outcome], as_at: date) -> tuple[str, str]:
    found = latest(rows, as_at)
    return (found.get_standing_display(), found.text) if found else (NOT_NOTED, "")
