"""The form of a savings target."""

from __future__ import annotations

from joint_posts import workflow
from joint_posts.models import SavingsTarget
from partnership.generic.forms import RecordForm
from partnership.records import Record


class SavingsTargetForm(RecordForm):
    """What a council means to save in a year."""

    fieldsets = (
        ("", "", ("partnership", "council", "financial_year")),
        ("The target", "", ("amount", "is_about")),
        ("Where it comes from", "", ("set_on", "source")),
    )

    class Meta:
        model = SavingsTarget
        fields = ("partnership", "council", "financial_year", "amount", "is_about", "set_on", "source")

    def record(self) -> Record:
        return workflow.set_target(self.instance, by=self.user, reason=self.why)
