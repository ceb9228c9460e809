"""Forms of reviews and what they hold."""

from __future__ import annotations

from typing import Any

from django import forms

from partnership.generic.forms import RecordForm
from partnership.generic.renderer import PortalForm
from partnership.records import Record
from reviews import workflow
from reviews.models import Assessment, Option, Recommendation, Review, Section, SwotItem
from reviews.pasting import tidy


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

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["kind"], self.fields["slug"], self.fields["last_time"]

    def record(self) -> Record:
        if self.instance.pk:
            return super().record()
        facts = {name: self.cleaned_data[name] for name in (*self.Meta.fields, "last_time")}
        return workflow.start_review(**facts, not_stated=self.open_facts(), by=self.user, reason=self.why)


class SectionForm(RecordForm):
    """The heading and narrative of a section."""

    may_be_open = ()  # our own text, which no source leaves open

    class Meta:
        model = Section
        fields = ("heading", "narrative")
        widgets = {"narrative": forms.Textarea({"rows": 22, "spellcheck": "true"})}

    def clean_narrative(self) -> str:
        """Text that was pasted, without the numbers typed in it."""
        return tidy(self.cleaned_data["narrative"])

    def record(self) -> Record:
        typed = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return workflow.write_section(self.instance, **typed, by=self.user, reason=self.why)


class DraftForm(PortalForm, forms.ModelForm):
    """What is typed of a section so far: the same rules, and no reason yet."""

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
