"""Work out when the papers and notices of a meeting are due, with the rule behind each date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from partnership.dates import in_words
from partnership.deadlines import last_day_for_clearance, last_day_for_key_decision_notice, last_day_for_papers
from partnership.models import Body, Council, Meeting

TAKES_KEY_DECISIONS = (Body.Kind.EXECUTIVE, Body.Kind.JOINT_COMMITTEE)
NOT_KNOWN = "Not known: the bank holidays of that year are not announced"


@dataclass(frozen=True)
class Due:
    """Something due before a meeting."""

    what: str
    by: date | None
    rule: str
    unknown: str = NOT_KNOWN  # what to say where there is no date

    @property
    def words(self) -> str:
        """The day with its weekday: "Thursday 11 April 2019"."""
        return f"{self.by:%A} {in_words(self.by)}" if self.by else self.unknown


def timetable(meeting: Meeting, councils: Iterable[Council]) -> list[Due]:
    """Return the dates due before a meeting, earliest first; ``councils`` are those whose officers clear its papers."""
    due = [*_notices(meeting), *(_clearance(meeting, council) for council in councils), *_papers(meeting)]
    return sorted(due, key=lambda row: row.by or meeting.held_on)


def _notices(meeting: Meeting) -> list[Due]:
    by = last_day_for_key_decision_notice(meeting.held_on)
    found = []
    if meeting.body.kind in TAKES_KEY_DECISIONS:
        found.append(Due("Notice of a key decision", by, "28 clear days (2012 Regulations, regulation 9)"))
    if meeting.body.is_executive and meeting.is_private:
        found.append(Due("Notice of the private part", by, "28 clear days (2012 Regulations, regulation 5)"))
    return found


def _clearance(meeting: Meeting, council: Council) -> Due:
    what = f"Papers cleared by officers of {council.short_name}"
    if council.clearance_days is None:
        return Due(what, None, "The council’s house rule", "Not known: the house rule is not recorded")
    by = last_day_for_clearance(meeting.held_on, council.clearance_days)
    return Due(what, by, f"{council.clearance_days} working days before the meeting, by house rule")


def _papers(meeting: Meeting) -> list[Due]:
    if meeting.access == Meeting.Access.PRIVATE:
        return []  # no law sets a date for papers that are not published
    by = last_day_for_papers(meeting.held_on)
    return [
        Due("Agenda and reports published", by, "Five clear working days (Local Government Act 1972; 2012 Regulations)")
    ]
