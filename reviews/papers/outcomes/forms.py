"""The forms of agenda items, and of what comes of a recommendation."""

from __future__ import annotations

from typing import Any

from partnership.generic.forms import RecordForm
from partnership.governance.forms.meetings import OfBodyForm, own_bodies
from partnership.models import Body
from partnership.records.record import Record
from reviews.models import AgendaItem, Answer, FollowUp, Outcome
from reviews.papers.outcomes import workflow


class AgendaItemForm(OfBodyForm):
    """Form for an item of a meeting's agenda and, later, the decision on it."""

    class Meta:
        model = AgendaItem
        fields = ("meeting", "review", "business_case", "number", "decision")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["meeting"]
            decisions = self.fields["decision"].queryset
            self.fields["decision"].queryset = decisions.filter(meeting=self.instance.meeting_id)
        else:
            meetings = self.fields["meeting"].queryset
            kept = Body.objects.filter(own_bodies(self.user))
            self.fields["meeting"].queryset = meetings.filter(body__in=kept, cancelled_on__isnull=True)

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        return workflow.take_to_meeting(self.instance, by=self.user, reason=self.why)


class AnswerForm(RecordForm):
    """The resolution on a recommendation."""

    class Meta:
        model = Answer
        fields = ("resolution",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own = self.instance.recommendation.review.partnership_id
        resolutions = self.fields["resolution"].queryset
        self.fields["resolution"].queryset = resolutions.filter(decision__body__partnership=own)


class FollowUpForm(RecordForm):
    """The action on a recommendation."""

    class Meta:
        model = FollowUp
        fields = ("action",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own = self.instance.recommendation.review.partnership_id
        self.fields["action"].queryset = self.fields["action"].queryset.filter(partnership=own)


class OutcomeForm(RecordForm):
    """Form for the outcome of a recommendation."""

    class Meta:
        model = Outcome
        fields = ("standing", "text", "noted_on")

    def save(self) -> Record:
        return workflow.record_outcome(self.instance, by=self.user, reason=self.why)
