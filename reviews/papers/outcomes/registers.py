"""The registers of agenda items, and of what comes of a recommendation, declared."""

from __future__ import annotations

from partnership.accounts.permissions import today
from partnership.dates import in_words
from partnership.deadlines import last_day_for_papers
from partnership.generic.display import NOT_RECORDED, Column
from partnership.generic.listings import RelatedTable
from partnership.generic.register import Register
from partnership.models import Meeting
from partnership.records.record import RecordQuerySet
from reviews.models import AgendaItem, Answer, FollowUp, Outcome, Recommendation
from reviews.models.outcomes import latest
from reviews.papers import filters
from reviews.papers.outcomes import forms


def papers_by(item: AgendaItem) -> str:
    """By when its papers must be published; nothing for a private meeting, for which no law sets a day."""
    if item.meeting.access == Meeting.Access.PRIVATE:
        return "No day is set"
    return in_words(last_day_for_papers(item.meeting.held_on), unknown="Not known yet")


def standing_of(answer: Answer) -> str:
    """Return whether the resolution was agreed, refused or has lapsed."""
    return answer.resolution.get_standing_display()


def status_of(link: FollowUp) -> str:
    """Return how the action stands today."""
    return link.action.status(today())


TAKEN = Column("Paper", text=str, raw=str)
STANDS_AT = Column("It is at", text=AgendaItem.stands_at, raw=AgendaItem.stands_at)
PAPERS_BY = Column("Publish papers by", text=papers_by, raw=papers_by)
TAKE = "Take it to a meeting"
NOWHERE = "No meeting has taken it yet."


class AgendaItemRegister(Register):
    """Register of the items on a meeting's agenda."""

    model = AgendaItem
    path = "agenda-items"
    form_class = forms.AgendaItemForm
    filterset_class = filters.AgendaItemFilter
    columns = (TAKEN, "meeting", "number", STANDS_AT, PAPERS_BY, "decision")
    related_tables = (
        RelatedTable(
            "meeting",
            "What it takes",
            (TAKEN, "number", STANDS_AT, PAPERS_BY, "decision"),
            add_label="Add a review or business case",
            empty_text="It takes no review or business case yet.",
        ),
        RelatedTable("review", "Which meetings take it", ("meeting", PAPERS_BY, "decision"), TAKE, NOWHERE),
        RelatedTable("business_case", "Which meetings take it", ("meeting", PAPERS_BY, "decision"), TAKE, NOWHERE),
        RelatedTable("decision", "What it was decided on", (TAKEN, "meeting")),
    )
    help = "Which reviews and business cases each meeting takes, and by when their papers are due."
    empty_text = "No meeting takes a paper yet. Set up the meeting, then add what it is to take."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related(
            "meeting__body__council", "meeting__body__partnership", "review", "business_case", "decision__body__council"
        )


def outcome_text(recommendation: Recommendation) -> str:
    """Return what has come of a recommendation so far."""
    found = latest(list(recommendation.outcomes.all()), today())
    return f"{found.get_standing_display()}: {found.text}" if found else NOT_RECORDED


def came_of_its(row: Answer | FollowUp) -> str:
    """Return what has come of the recommendation that a row belongs to."""
    return outcome_text(row.recommendation)


CAME_OF_IT = Column("What came of it", text=outcome_text, raw=outcome_text)
CAME_OF_ITS = Column("What came of it", text=came_of_its, raw=came_of_its)


class AnswerRegister(Register):
    """The resolutions on a recommendation."""

    model = Answer
    path = "answers"
    parent = "recommendation"
    form_class = forms.AnswerForm
    columns = ("resolution", Column("Standing", text=standing_of, raw=standing_of, is_tag=True))
    related_tables = (
        RelatedTable(
            "resolution__decision", "Recommendations it answers", ("recommendation", "resolution", CAME_OF_ITS)
        ),
    )
    help = "Which resolution of which body answers it. Record the decision first."
    empty_text = "No body has decided on it yet."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("recommendation", "resolution__decision__body__council").prefetch_related(
            "recommendation__outcomes"
        )


class FollowUpRegister(Register):
    """The actions on a recommendation."""

    model = FollowUp
    path = "follow-ups"
    parent = "recommendation"
    form_class = forms.FollowUpForm
    columns = ("action", Column("Status", text=status_of, raw=status_of, is_tag=True))
    related_tables = (RelatedTable("action", "Recommendations it carries out", ("recommendation", CAME_OF_ITS)),)
    help = "Who does what about it. Add the action to the register of actions first."
    empty_text = "No action carries it out yet."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("recommendation", "action").prefetch_related("recommendation__outcomes")


class OutcomeRegister(Register):
    """Register of the outcomes of a recommendation."""

    model = Outcome
    path = "outcomes"
    parent = "recommendation"
    form_class = forms.OutcomeForm
    columns = ("text", "standing", "noted_on")
    help = "The latest stands in the next annual report beside the recommendation."
    empty_text = "Nothing is noted yet. The next annual report will say so."


AGENDA_ITEMS = AgendaItemRegister()
