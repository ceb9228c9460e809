"""The form of an agenda item."""

from __future__ import annotations

from typing import Any

from partnership.forms.meetings import OfBodyForm, own_bodies
from partnership.models import Body
from partnership.records import Record
from reviews.models import AgendaItem
from reviews.outcomes import workflow


class AgendaItemForm(OfBodyForm):
    """What a meeting takes and, later, what it decided on it."""

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
            meetings = self.fields["meeting"].queryset.select_related("body__council")
            kept = Body.objects.filter(own_bodies(self.user))
            self.fields["meeting"].queryset = meetings.filter(body__in=kept, cancelled_on__isnull=True)

    def record(self) -> Record:
        if self.instance.pk:
            return super().record()
        return workflow.take_to_meeting(self.instance, by=self.user, reason=self.why)
