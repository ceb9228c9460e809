"""Forms of reviews and what they hold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from partnership.generic.forms import ReasonForm, RecordForm
from partnership.generic.record_actions import RecordAction
from partnership.generic.renderer import PortalForm
from partnership.records.record import Record
from reviews.models import Assessment, Evidence, Option, Recommendation, Review, Section, SwotItem, evidence
from reviews.papers import workflow


class ReviewForm(RecordForm):
    """A review; a new one gets the sections of its kind's outline."""

    fieldsets = (
        ("The review", "", ("partnership", "kind", "title", "slug", "body", "last_time")),
        ("What it reports", "", ("as_at", "financial_year")),
        (
            "Document control",
            "Printed at the front of the paper.",
            ("version_label", "author_title", "circulation", "review_due_on", "publication_route"),
        ),
    )
    only_when_new = ("kind", "slug", "last_time")

    class Meta:
        model = Review
        fields = (
            "partnership",
            "kind",
            "title",
            "slug",
            "body",
            "as_at",
            "financial_year",
            "version_label",
            "author_title",
            "circulation",
            "review_due_on",
            "publication_route",
        )

    last_time = forms.ModelChoiceField(
        Review.objects.all(),
        required=False,
        label="Begin with the text of",
        help_text="An earlier review. Its text is carried over and marked “from last time” until somebody edits it.",
    )

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        facts = {name: self.cleaned_data[name] for name in (*self.Meta.fields, "last_time")}
        return workflow.start_review(**facts, not_stated=self.open_facts(), by=self.user, reason=self.why)


# The draft of the covers is made with the first of them, and stays at the end.
LEVELS = [(level, level.label) for level in Section.Level if level != Section.Level.COVER]


class SectionForm(RecordForm):
    """The heading and narrative of a section; of a new one also where it stands."""

    only_when_new = ("level", "after")
    level = forms.TypedChoiceField(label="What it is", coerce=int, choices=LEVELS, initial=Section.Level.SECTION)
    after = forms.ModelChoiceField(
        Section.objects.all(),
        required=False,
        empty_label="At the end",
        help_text="The section it comes behind. The numbers of all that follows change with it.",
    )

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = Section
        fields = ("heading", "narrative")
        widgets = {"narrative": forms.Textarea({"rows": 22, "spellcheck": "true"})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["narrative"].strip = False  # saving changes nothing that was typed
        if not self.instance.pk:
            self.fields["after"].queryset = may_stand_behind(self.fields["after"].queryset, self.instance)
            self.order_fields(["level", "after"])

    def _get_validation_exclusions(self) -> set[str]:
        excluded = super()._get_validation_exclusions()
        if not self.instance.pk:
            excluded |= {"key", "position"}  # set when the section is added
        return excluded

    def save(self) -> Record:
        typed = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if self.instance.pk:
            return workflow.write_section(self.instance, **typed, by=self.user, reason=self.why)
        typed |= {name: self.cleaned_data[name] for name in ("level", "after")}
        return workflow.add_section(self.instance.review, **typed, by=self.user, reason=self.why)


def may_stand_behind(sections: QuerySet, section: Section) -> QuerySet:
    """The other sections of the same review, without the draft of its covers."""
    others = sections.filter(review=section.review).exclude(level=Section.Level.COVER)
    return others.exclude(pk=section.pk) if section.pk else others


class MoveForm(ReasonForm):
    """Puts a section somewhere else."""

    after = forms.ModelChoiceField(
        Section.objects.all(), required=False, label="Put it behind", empty_label="In front of everything"
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = may_stand_behind(self.fields["after"].queryset, self.target)
        earlier = self.fields["after"].queryset.filter(position__lt=self.target.position).last()
        self.initial["after"] = earlier

    def save(self) -> None:
        workflow.move_section(self.target, **self.facts())


MOVE = RecordAction(
    "move",
    "Move it",
    MoveForm,
    intro="Its sub-sections go along, and every number of the paper follows.",
    refusal=Section.why_not_move,
)


class DraftForm(PortalForm, forms.ModelForm):
    """Form for the unfinished text of a section: the same rules, and no reason yet."""

    version = forms.IntegerField()

    class Meta:
        model = Section
        fields = ("heading", "narrative")


class AssessmentForm(RecordForm):
    """A rating with what it rests on."""

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = Assessment
        fields = ("commitment", "rating", "commentary")


class EvidenceForm(RecordForm):
    """A record that a rating rests on: one of the lists is used."""

    may_be_open = ()  # our own text, which no source leaves open

    fieldsets = (
        ("The record", "Choose it from one of these lists.", evidence.KINDS),
        ("What it shows", "", ("shows",)),
    )

    class Meta:
        model = Evidence
        fields = (*evidence.KINDS, "shows")

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not self.errors and sum(bool(answers.get(kind)) for kind in evidence.KINDS) != 1:
            raise forms.ValidationError("Choose one record; add another piece of evidence for the next.")
        return answers


class RecommendationForm(RecordForm):
    """A recommendation."""

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = Recommendation
        fields = ("position", "addressee", "verb", "text", "key")


class OptionForm(RecordForm):
    """A way forward."""

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = Option
        fields = ("position", "title", "description", "is_preferred", "reasons")


class SwotItemForm(RecordForm):
    """A strength, weakness, opportunity or threat."""

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = SwotItem
        fields = ("kind", "position", "text")
