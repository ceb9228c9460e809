"""The register of agenda items, declared."""

from __future__ import annotations

from partnership.dates import in_words
from partnership.deadlines import last_day_for_papers
from partnership.generic.display import Column
from partnership.generic.listings import Listing
from partnership.generic.register import Register
from partnership.models import Meeting
from partnership.records import RecordQuerySet
from reviews import filters
from reviews.models import AgendaItem
from reviews.outcomes import forms


def papers_by(item: AgendaItem) -> str:
    """By when its papers must be published; nothing for a private meeting, for which no law sets a day."""
    if item.meeting.access == Meeting.Access.PRIVATE:
        return "No day is set"
    return in_words(last_day_for_papers(item.meeting.held_on), unknown="Not known yet")


TAKEN = Column("Paper", text=str, raw=str)
STANDS_AT = Column("It is at", text=AgendaItem.stands_at, raw=AgendaItem.stands_at)
PAPERS_BY = Column("Publish papers by", text=papers_by, raw=papers_by)
TAKE = "Take it to a meeting"
NOWHERE = "No meeting has taken it yet."


class AgendaItemRegister(Register):
    """What each meeting takes."""

    model = AgendaItem
    path = "agenda-items"
    form_class = forms.AgendaItemForm
    filterset_class = filters.AgendaItemFilter
    columns = (TAKEN, "meeting", "number", STANDS_AT, PAPERS_BY, "decision")
    listed_at = (
        Listing(
            "meeting",
            "What it takes",
            (TAKEN, "number", STANDS_AT, PAPERS_BY, "decision"),
            add_label="Add a review or business case",
            empty_text="It takes no review or business case yet.",
        ),
        Listing("review", "Which meetings take it", ("meeting", PAPERS_BY, "decision"), TAKE, NOWHERE),
        Listing("business_case", "Which meetings take it", ("meeting", PAPERS_BY, "decision"), TAKE, NOWHERE),
        Listing("decision", "What it was decided on", (TAKEN, "meeting")),
    )
    help = "Which reviews and business cases each meeting takes, and by when their papers are due."
    empty_text = "No meeting takes a paper yet. Set up the meeting, then add what it is to take."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related(
            "meeting__body__council", "meeting__body__partnership", "review", "business_case", "decision__body__council"
        )


AGENDA_ITEMS = AgendaItemRegister()
