"""The form in which a finance verifier verifies several delivered figures of their council with one note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from joint_posts.models import SavingLine
from partnership.generic.renderer import PortalForm
from partnership.generic.submissions import submission_field

CHANGED = (
    "A figure that you chose was changed or verified since you opened this page, so nothing was verified."
    " Look at the figures again."
)


def choice_of(line: SavingLine) -> str:
    """Return what the box of a line sends: the line and the version that the person sees."""
    return f"{line.pk}-{line.version}"


class VerifySeveralForm(PortalForm, forms.Form):
    """The figures that were checked, and one note for all of them. A figure is chosen in the version that was shown."""

    submission = submission_field()
    lines = forms.MultipleChoiceField(
        label="Figures",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the figures that you checked.", "invalid_choice": CHANGED},
    )
    note = forms.CharField(
        label="What did you check?",
        help_text="For example the budget codes that were reduced. It stays with each of the figures.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say what you checked."},
    )

    def __init__(self, *args: Any, waiting: Sequence[SavingLine], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.waiting = {choice_of(line): line for line in waiting}
        self.fields["lines"].choices = [(choice, f"{line.saving}: {line}") for choice, line in self.waiting.items()]

    @property
    def chosen(self) -> list[SavingLine]:
        """Return the lines that were chosen, in the order of the page."""
        return [line for choice, line in self.waiting.items() if choice in self.cleaned_data["lines"]]
