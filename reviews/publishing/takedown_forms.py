"""Forms of taking published editions down, and of settling what somebody proposed."""

from __future__ import annotations

from typing import Any

from django import forms

from partnership.accounts.permissions import today
from partnership.accounts.roles import Permission
from partnership.generic.forms import ReasonForm
from partnership.generic.record_actions import RecordAction
from partnership.records.record import Record
from reviews.models import Edition, Review, Takedown
from reviews.publishing import takedowns

STATEMENT = Takedown._meta.get_field("statement")


class ProposeTakedownForm(ReasonForm):
    """Proposes to take editions down."""

    permission = Permission.PUBLISH

    editions = forms.ModelMultipleChoiceField(
        Edition.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Each with all of its files, its page and its open data. The members’ edition usually prints the"
        " same as the public one.",
    )
    statement = forms.CharField(
        label=STATEMENT.verbose_name.capitalize(),
        widget=forms.Textarea({"rows": 3}),
        max_length=STATEMENT.max_length,
        help_text=STATEMENT.help_text,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["editions"].queryset = self.target.editions.given_out()
        self.fields["editions"].label_from_instance = edition_label

    def save(self) -> Record:
        takedowns.propose_takedown(self.target, **self.facts())
        return self.target


class SettleTakedownForm(ReasonForm):
    """Asks which proposals are settled; only those that the person saw are."""

    permission = Permission.PUBLISH

    proposals = forms.ModelMultipleChoiceField(
        Takedown.objects.none(), widget=forms.CheckboxSelectMultiple, label="Editions"
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["proposals"]
        field.queryset = self.target.takedowns.open().select_related("edition", "proposed_by")
        field.label_from_instance = proposal_label
        field.initial = [proposal.pk for proposal in field.queryset]


class ConfirmTakedownForm(SettleTakedownForm):
    """Takes down what somebody proposed."""

    def save(self) -> Record:
        takedowns.confirm_takedowns(on=today(), **self.facts())
        return self.target


class RefuseTakedownForm(SettleTakedownForm):
    """Leaves it where it is."""

    def save(self) -> Record:
        takedowns.refuse_takedowns(on=today(), **self.facts())
        return self.target


def edition_label(edition: Edition) -> str:
    """Name an edition by its number and audience."""
    return f"Edition {edition.number}, for {edition.get_audience_display().lower()}"


def proposal_label(proposal: Takedown) -> str:
    """Say what would be taken down, what would be printed in its place, and who proposed that."""
    return (
        f"{edition_label(proposal.edition)}. In its place: “{proposal.statement}” Proposed by {proposal.proposed_by}."
    )


TAKEDOWN_VERBS = (
    RecordAction(
        "take-down",
        "Take down a published edition",
        ProposeTakedownForm,
        intro="For something published by mistake, such as personal data. A second person has to confirm it. Then the"
        " page says that the paper was taken down; the files stay in the archive, and nobody is given them.",
        kind="warning",
        refusal=Review.why_not_take_down,
    ),
    RecordAction(
        "confirm-takedown",
        "Confirm the takedown",
        ConfirmTakedownForm,
        intro="The files, the page and the open data of these editions are no longer given out. This cannot be undone.",
        kind="warning",
        refusal=Review.why_not_settle_takedown,
    ),
    RecordAction(
        "refuse-takedown",
        "Refuse the takedown",
        RefuseTakedownForm,
        intro="These editions stay published.",
        refusal=Review.why_not_settle_takedown,
    ),
)
