"""Forms of business cases and service arrangements."""

from __future__ import annotations

from typing import Any

from django import forms

from business_cases import workflow
from business_cases.models import (
    BusinessCase,
    CaseApproval,
    CaseCommitment,
    CaseCost,
    CaseOption,
    ServiceArrangement,
    Stage,
)
from partnership.dates import Precision
from partnership.generic.forms import EndForm, ReasonForm, RecordForm
from partnership.models import Body
from partnership.records.record import Record


class BusinessCaseForm(RecordForm):
    """A business case; a new one says at which stage it stands and since when."""

    fieldsets = (
        ("The case", "", ("partnership", "title", "kind", "service_area", "working_model")),
        ("Where it stands", "", ("stage", ("from_on", "from_precision"), ("expected_on", "expected_precision"))),
        ("Who", "Posts, not names.", ("sponsor", "lead", "staff_consultation")),
        ("What it may save", "", ("estimated_saving", "estimated_saving_is_about")),
    )
    only_when_new = ("stage", "from_on", "from_precision")
    stage = forms.ChoiceField(choices=Stage.choices, help_text="Later moves are made with “Move to another stage”.")
    from_on = forms.DateField(label="At this stage since")
    from_precision = forms.ChoiceField(label="How exact is that date", choices=Precision.choices, initial=Precision.DAY)

    class Meta:
        model = BusinessCase
        fields = (
            "partnership",
            "title",
            "kind",
            "service_area",
            "working_model",
            "expected_on",
            "expected_precision",
            "sponsor",
            "lead",
            "staff_consultation",
            "estimated_saving",
            "estimated_saving_is_about",
        )

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        facts = {name: self.cleaned_data[name] for name in ("stage", "from_on", *self.Meta.fields)}
        precision = self.cleaned_data["from_precision"]
        return workflow.open_case(
            **facts, precision=precision, not_stated=self.open_facts(), by=self.user, reason=self.why
        )


class MoveForm(ReasonForm):
    """Moves a case to another stage from a day."""

    stage = forms.ChoiceField(label="Stage it moves to", choices=Stage.choices)
    from_on = forms.DateField(label="From", help_text="The first day at that stage.")
    precision = forms.ChoiceField(label="How exact is that date", choices=Precision.choices, initial=Precision.DAY)
    note = forms.CharField(max_length=200, required=False, help_text="Shown beside the stage, for example a source.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        open_to_it = [choice for choice in Stage.choices if self.target.can_move_to(choice[0])]
        self.fields["stage"].choices = open_to_it

    def save(self) -> Record:
        return workflow.move_case(self.target, **self.facts())


class CaseOptionForm(RecordForm):
    """An option of a business case."""

    class Meta:
        model = CaseOption
        fields = ("title", "description", "is_preferred", "rejected_because")


class CaseCommitmentForm(RecordForm):
    """Form for how a case respects a principle or serves an objective."""

    class Meta:
        model = CaseCommitment
        fields = ("commitment", "how")


class CaseApprovalForm(RecordForm):
    """The resolution by which a body approves a case."""

    class Meta:
        model = CaseApproval
        fields = ("resolution",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own = {"partnership": self.instance.case.partnership_id, "kind__in": CaseApproval.BY}
        resolutions = self.fields["resolution"].queryset
        self.fields["resolution"].queryset = resolutions.filter(decision__body__in=Body.objects.filter(**own))


class CaseCostForm(RecordForm):
    """Form for the cost of a case to one council in one year."""

    class Meta:
        model = CaseCost
        fields = ("council", "financial_year", "amount", "is_about", "funding_source")

    def save(self) -> Record:
        return workflow.set_cost(self.instance, by=self.user, reason=self.why)


class ServiceArrangementForm(RecordForm):
    """A service provided, aligned, housed or bought together."""

    fieldsets = (
        ("The arrangement", "", ("partnership", "kind", "service", "formality", "business_case")),
        ("Between whom", "A provided service needs both councils.", ("provider", "receiver", "site")),
        ("When", "", (("started_on", "started_precision"),)),
    )

    class Meta:
        model = ServiceArrangement
        fields = (
            "partnership",
            "kind",
            "service",
            "formality",
            "business_case",
            "provider",
            "receiver",
            "site",
            "started_on",
            "started_precision",
        )


class EndArrangementForm(EndForm):
    """Ends a service arrangement."""

    ended_on = forms.DateField(label="Last day", help_text="The last day on which the service was shared so.")

    def save(self) -> Record:
        return workflow.end_arrangement(self.target, **self.facts())
