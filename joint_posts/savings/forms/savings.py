"""Forms of the savings ledger: a saving, its lines, what it comes from, and verifying."""

from __future__ import annotations

from typing import Any

from joint_posts.models import Saving, SavingArrangement, SavingLine, SavingPost, SavingsTarget, figures
from joint_posts.savings import workflow
from partnership.accounts.permissions import today
from partnership.generic.forms import ReasonForm, RecordForm
from partnership.records.record import Record


class SavingForm(RecordForm):
    """A saving; its figures stand in its lines."""

    fieldsets = (
        ("What saves the money", "", ("partnership", "title", "category", "benefit_type", "recurrence")),
        ("How it was worked out", "", ("basis", "caveats", "identified_on", "business_case")),
        (
            "Counted once",
            "When another programme counts part of the saving, say which and how much is the partnership's.",
            ("attributed_percent", "shared_with_programme"),
        ),
    )

    class Meta:
        model = Saving
        fields = (
            "partnership",
            "title",
            "category",
            "benefit_type",
            "recurrence",
            "basis",
            "caveats",
            "identified_on",
            "business_case",
            "attributed_percent",
            "shared_with_programme",
        )

    def save(self) -> Record:
        if not self.instance.pk:
            return super().save()
        return workflow.change_saving(self.instance, by=self.user, reason=self.why)


class SavingLineForm(RecordForm):
    """One council's figures in one financial year."""

    fieldsets = (
        ("Whose saving, and when", "", ("council", "financial_year")),
        (
            "Figures",
            "The whole difference from the baseline in that year. Leave empty what is not known: nought is a figure.",
            (*figures.FIELDS, figures.ABOUT),
        ),
        ("Budget", "", ("is_in_budget", "budget_reference")),
    )

    class Meta:
        model = SavingLine
        fields = (
            "council",
            "financial_year",
            *figures.FIELDS,
            figures.ABOUT,
            "is_in_budget",
            "budget_reference",
        )

    def save(self) -> Record:
        return workflow.set_line(self.instance.saving, reason=self.why, **self._figures())

    def ready(self, of_one_file: dict[str, Any]) -> Record:
        counted = of_one_file.setdefault("counted", workflow.Counted())
        typed = self._figures() | {"line": self.instance}  # a new row is new: it never changes one that is there
        return workflow.ready_line(self.instance.saving, **typed, counted=counted)

    def _figures(self) -> dict[str, Any]:
        typed = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}
        line = self.instance if self.instance.pk else None
        typed.setdefault("council", self.instance.council if line else None)
        return typed | {"line": line, "not_stated": self.open_facts(), "on": today(), "by": self.user}


class SavingPostForm(RecordForm):
    """A joint post behind a saving."""

    class Meta:
        model = SavingPost
        fields = ("post",)

    def save(self) -> Record:
        return workflow.link_post(self.instance, by=self.user, reason=self.why)


class SavingArrangementForm(RecordForm):
    """A service arrangement behind a saving."""

    class Meta:
        model = SavingArrangement
        fields = ("arrangement",)


class VerifyForm(ReasonForm):
    """Verifies a delivered figure for the verifier's own council."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "What did you check?"
        self.fields["reason"].help_text = "For example the budget code that was reduced. It stays with the line."
        self.fields["reason"].error_messages["required"] = "Say what you checked"

    def save(self) -> Record:
        return workflow.verify_line(self.target, on=today(), note=self.cleaned_data["reason"], by=self.user)


class SavingsTargetForm(RecordForm):
    """Form for a council's savings target in a year."""

    fieldsets = (
        ("", "", ("partnership", "council", "financial_year")),
        ("The target", "", ("amount", "is_about")),
        ("Where it comes from", "", ("set_on", "source")),
    )

    class Meta:
        model = SavingsTarget
        fields = ("partnership", "council", "financial_year", "amount", "is_about", "set_on", "source")

    def save(self) -> Record:
        return workflow.set_target(self.instance, by=self.user, reason=self.why)
