"""Forms of the governance registers."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from partnership import workflow
from partnership.access import today
from partnership.generic.forms import RecordForm, scope_choices
from partnership.generic.renderer import PortalForm
from partnership.models import (
    Agreement,
    AgreementTerm,
    Body,
    Commitment,
    Comparator,
    Council,
    Membership,
    Partnership,
    Party,
    User,
    WorkingModel,
)
from partnership.records import Record
from partnership.roles import Permission, RoleName


class CouncilForm(RecordForm):
    """A council and the words and rules of its house."""

    fieldsets = (
        ("The council", "", ("name", "short_name", "tier", "ons_code")),
        ("Its own words", "Papers for this council use them.", ("executive_name", "area_name", "numbering")),
        ("Decisions", "", ("key_decision_threshold", "call_in_days")),
    )

    def record(self) -> Record:
        if self.instance.pk:
            return super().record()
        return workflow.add_council(self.instance, on=today(), by=self.user, reason=self.why)

    class Meta:
        model = Council
        fields = (
            "name",
            "short_name",
            "tier",
            "ons_code",
            "executive_name",
            "area_name",
            "numbering",
            "key_decision_threshold",
            "call_in_days",
        )


class PartnershipForm(RecordForm):
    """A partnership; a new one names its councils at once, so that they can see it."""

    fieldsets = (
        ("The partnership", "", ("name", "slug", "councils", "purpose", "orientation")),
        (
            "When",
            "Say how exact each date is; a month is enough where the papers say no more.",
            (("agreed_on", "agreed_precision"), ("started_on", "started_precision"), "ended_on", "end_reason"),
        ),
        ("On paper", "", ("notice",)),
    )
    councils = forms.ModelMultipleChoiceField(
        Council.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        help_text="The councils that share officers and services; in tables they stand in this order.",
    )

    class Meta:
        model = Partnership
        fields = (
            "name",
            "slug",
            "purpose",
            "orientation",
            "agreed_on",
            "agreed_precision",
            "started_on",
            "started_precision",
            "ended_on",
            "end_reason",
            "notice",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["councils"]

    def clean_councils(self) -> list[Council]:
        councils = list(self.cleaned_data["councils"])
        if len(councils) < 2:
            raise forms.ValidationError("Choose at least two councils.")
        return councils

    def record(self) -> Record:
        if self.instance.pk:
            return super().record()
        facts = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return workflow.found_partnership(
            **facts, councils=self.cleaned_data["councils"], by=self.user, reason=self.why
        )


class PartyForm(RecordForm):
    """A council that joins a partnership."""

    class Meta:
        model = Party
        fields = ("council", "position", "joined_on", "joined_precision", "left_on")


class MembershipForm(RecordForm):
    """A role given to a person; later only its last day changes."""

    class Meta:
        model = Membership
        fields = ("user", "council", "role", "from_on", "until_on")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("user", "council", "role", "from_on"):
                del self.fields[name]
        else:
            del self.fields["until_on"]
            offer_own_councils(self)
            self.fields["user"].queryset = people_of(self.user)

    def record(self) -> Record:
        if self.instance.pk:
            return super().record()
        facts = {name: self.cleaned_data[name] for name in ("council", "role", "from_on")}
        return workflow.give_role(self.cleaned_data["user"], **facts, by=self.user, reason=self.why)


class PersonForm(PortalForm, forms.Form):
    """A new account with its first role."""

    fieldsets = (
        ("The person", "", ("name", "username", "email")),
        ("The first role", "More roles can be added later.", ("council", "role", "from_on")),
    )
    name = forms.CharField(max_length=200, help_text="As it is to stand in the history of records.")
    username = forms.CharField(label="User name", max_length=150, help_text="Used to sign in, like jane.smith.")
    email = forms.EmailField(label="E-mail address", required=False)
    council = forms.ModelChoiceField(Council.objects.all())
    role = forms.ChoiceField(choices=[("", ""), *RoleName.choices])
    from_on = forms.DateField(label="From", help_text="The first day on which the role holds.")

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        offer_own_councils(self)


class PastedCommitmentsForm(PortalForm, forms.Form):
    """Principles or objectives pasted as a numbered list."""

    partnership = forms.ModelChoiceField(Partnership.objects.all())
    kind = forms.ChoiceField(choices=Commitment.Kind.choices, widget=forms.RadioSelect)
    adopted_on = forms.DateField(label="Adopted on", help_text="The date of the paper that adopted them.")
    is_paraphrased = forms.BooleanField(label="These are not word for word the adopted text", required=False)
    statements = forms.CharField(
        label="The list",
        widget=forms.Textarea({"rows": 12}),
        help_text="One on each line, in order: “1. Each council keeps its own constitution”. Numbers are optional.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        scope_choices(self, user)

    def clean_statements(self) -> list[tuple[str, str]]:
        """Pairs of a short title and the statement; the number in front of a line is dropped."""
        lines = [NUMBER.sub("", line.strip()) for line in self.cleaned_data["statements"].splitlines()]
        found = [(short_title(line), line) for line in lines if line]
        if not found:
            raise forms.ValidationError("Paste at least one line of text.")
        return found


NUMBER = re.compile(r"^\(?(\d+|[a-z])[.):]\)?\s+", re.IGNORECASE)
TITLE_WORDS = 8


def short_title(statement: str) -> str:
    """The first words of a statement, to be put right by hand where they do not say enough."""
    words = statement.split()
    start = " ".join(words[:TITLE_WORDS]).rstrip(",;:.")
    return start[:99] + ("…" if len(words) > TITLE_WORDS else "")


def people_of(user: User) -> QuerySet[User]:
    """The accounts an administrator may give a role: those of the own councils, and those that have none yet."""
    own = Membership.objects.filter(council__in=user.authority.councils(Permission.KEEP_PEOPLE)).values("user")
    taken = Membership.objects.values("user")
    return User.objects.filter(Q(pk__in=own) | ~Q(pk__in=taken), is_active=True)


def offer_own_councils(form: forms.BaseForm) -> None:
    """Leave in the drop-down the councils whose people the person keeps."""
    own = form.user.authority.councils(Permission.KEEP_PEOPLE)
    form.fields["council"].queryset = Council.objects.standing().filter(pk__in=own)


class AgreementForm(RecordForm):
    """An agreement between the parties."""

    fieldsets = (
        ("The agreement", "", ("partnership", "title", "kind", "covers")),
        (
            "Dates",
            "Leave a date empty where the source states none.",
            (("made_on", "made_precision"), ("commenced_on", "commenced_precision"), "expires_on", "review_due_on"),
        ),
        ("How it ends", "", ("notice_months", "ended_on", "end_reason")),
    )

    class Meta:
        model = Agreement
        fields = (
            "partnership",
            "title",
            "kind",
            "covers",
            "made_on",
            "made_precision",
            "commenced_on",
            "commenced_precision",
            "expires_on",
            "review_due_on",
            "notice_months",
            "ended_on",
            "end_reason",
        )


class AgreementTermForm(RecordForm):
    """One clause of an agreement."""

    class Meta:
        model = AgreementTerm
        fields = ("clause", "heading", "summary")


class CommitmentForm(RecordForm):
    """A principle or an objective."""

    class Meta:
        model = Commitment
        fields = ("partnership", "kind", "number", "short_title", "statement", "is_paraphrased", "adopted_on")


class BodyForm(RecordForm):
    """A working group, committee or executive."""

    class Meta:
        model = Body
        fields = ("partnership", "name", "short_name", "kind", "council", "meets_in_public", "purpose")


class WorkingModelForm(RecordForm):
    """A model of joint working."""

    class Meta:
        model = WorkingModel
        fields = ("partnership", "number", "name", "also_called", "description", "key_features", "source")


class ComparatorForm(RecordForm):
    """An example elsewhere."""

    fieldsets = (
        ("What others did", "", ("partnership", "name", "description", "orientation")),
        (
            "What it brought them",
            "An amount needs its currency and the period it covers; without one, describe the benefits.",
            ("amount", "amount_is_about", "currency", "period", "benefits"),
        ),
        ("Where this is from", "", ("source",)),
    )

    class Meta:
        model = Comparator
        fields = (
            "partnership",
            "name",
            "description",
            "orientation",
            "amount",
            "amount_is_about",
            "currency",
            "period",
            "benefits",
            "source",
        )
