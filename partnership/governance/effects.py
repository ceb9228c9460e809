"""Work out when resolutions that depend on one another take effect, and which fall when one is refused or lapses.

A resolution takes effect on the day from which it and everything it is subject to, directly or through others, may be
implemented. Two that are subject to each other have the same set behind them and so the same day: neither waits for
ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from partnership.dates import in_words
from partnership.models import Condition, Partnership, Resolution, User

IN_PRIVATE = "Depends on what was decided in private"


@dataclass(frozen=True)
class Resolved:
    """A resolution as the sums need it."""

    id: int
    body: str
    implementable_on: date | None
    fallen: str = ""  # how it fell by itself, in words: "refused at the Executive"
    answers: tuple[int, ...] = ()  # the resolutions of other bodies that it is subject to
    unanswered: tuple[str, ...] = ()  # the bodies that it is subject to and that have not decided


@dataclass(frozen=True)
class Effect:
    """The effect of a resolution: its day, what it waits for, or with whose refusal or lapse it falls."""

    on: date | None = None
    waits_for: tuple[str, ...] = field(default=())
    falls_with: tuple[str, ...] = field(default=())
    rests_on: frozenset[int] = field(default=frozenset(), compare=False)  # the resolutions it was worked out from

    @property
    def words(self) -> str:
        """The effect in a few words for a table."""
        if self.falls_with:
            return f"Falls: {'; '.join(self.falls_with)}"
        return in_words(self.on) if self.on else f"Waits for {'; '.join(self.waits_for)}"


def effects(rows: Iterable[Resolved]) -> dict[int, Effect]:
    """The effect of each resolution, by its number. Those that others point to must be among the rows."""
    known = {row.id: row for row in rows}
    return {number: _effect(_behind(number, known)) for number in known}


def _behind(start: int, known: Mapping[int, Resolved]) -> list[Resolved]:
    """A resolution and everything it is subject to, each once."""
    found = {start: known[start]}
    ahead = [start]
    while ahead:
        for number in known[ahead.pop()].answers:
            if number not in found:
                found[number] = known[number]
                ahead.append(number)
    return list(found.values())


def _effect(behind: list[Resolved]) -> Effect:
    rests_on = frozenset(row.id for row in behind)
    fallen = [row.fallen for row in behind if row.fallen]
    if fallen:
        return Effect(falls_with=tuple(dict.fromkeys(fallen)), rests_on=rests_on)
    waits = []
    for row in behind:
        waits += [f"agreement by {body}" for body in row.unanswered]
    waits += [f"publication or call-in at {row.body}" for row in behind if row.implementable_on is None]
    if waits:
        return Effect(waits_for=tuple(dict.fromkeys(waits)), rests_on=rests_on)
    return Effect(on=max(row.implementable_on for row in behind), rests_on=rests_on)


def effects_as_read(user: User, partnership: Partnership) -> dict[int, str]:
    """The effects in words; of one that rests on what a person may not see, no more than that it does."""
    own = Resolution.objects.visible_to(user).filter(decision__body__partnership=partnership)
    seen = set(own.values_list("pk", flat=True))
    found = effects_in(partnership).items()
    return {number: effect.words if effect.rests_on <= seen else IN_PRIVATE for number, effect in found}


def effects_in(partnership: Partnership) -> dict[int, Effect]:
    """The effects of every standing resolution of a partnership. Costs two queries, however many there are."""
    own = {"decision__body__partnership": partnership, "decision__withdrawn_on": None}
    resolutions = Resolution.objects.active().filter(**own).select_related("decision__body__council")
    conditions: dict[int, list[Condition]] = {}
    of_ours = Condition.objects.active().filter(resolution__in=resolutions.values("pk"))
    for condition in of_ours.select_related("body__council"):
        conditions.setdefault(condition.resolution_id, []).append(condition)
    ids = {resolution.pk for resolution in resolutions}
    return effects(_resolved(resolution, conditions.get(resolution.pk, []), ids) for resolution in resolutions)


def _resolved(resolution: Resolution, conditions: list[Condition], ids: set[int]) -> Resolved:
    """A withdrawn answer is none."""
    return Resolved(
        id=resolution.pk,
        body=str(resolution.decision.body),
        implementable_on=resolution.decision.implementable_on(),
        fallen=_fallen(resolution),
        answers=tuple(row.answered_by_id for row in conditions if row.answered_by_id in ids),
        unanswered=tuple(str(row.body) for row in conditions if row.answered_by_id not in ids),
    )


def _fallen(resolution: Resolution) -> str:
    if resolution.standing == Resolution.Standing.AGREED:
        return ""
    return f"{resolution.get_standing_display().lower()} at {resolution.decision.body}"
