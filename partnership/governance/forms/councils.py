"""Forms of councils, partnerships, and the people who work for them."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from partnership.accounts import workflow as accounts_workflow
from partnership.accounts.permissions import parties_on, today
from partnership.accounts.roles import Permission, RoleName
from partnership.generic.forms import ReasonForm, RecordForm
from partnership.generic.renderer import PortalForm
from partnership.governance import workflow as governance_workflow
from partnership.models import Council, Membership, Partnership, Party, User
from partnership.records.record import Record


class CouncilForm(RecordForm):
    """A council and the words and rules of its house."""

    fieldsets = (
        ("The council", "", ("name", "short_name", "tier", "ons_code", "county")),
        ("Its own words", "Papers for this council use them.", ("executive_name", "area_name", "numbering")),
        ("Decisions", "", ("key_decision_threshold", "call_in_days", "clearance_days")),
    )

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        return governance_workflow.add_council(self.instance, on=today(), by=self.user, reason=self.why)

    class Meta:
        model = Council
        fields = (
            "name",
            "short_name",
            "tier",
            "ons_code",
            "county",
            "executive_name",
            "area_name",
            "numbering",
            "key_decision_threshold",
            "call_in_days",
            "clearance_days",
        )


class PartnershipForm(RecordForm):
    """A partnership; a new one names its councils at once, so that they can see it."""

    fieldsets = (
        ("The partnership", "", ("name", "slug", "kind", "councils", "purpose", "orientation")),
        (
            "When",
            "Say how exact each date is; a month is enough where the papers say no more.",
            (("agreed_on", "agreed_precision"), ("started_on", "started_precision"), "ended_on", "end_reason"),
        ),
        (
            "Which body decides",
            "The partnership’s own rules, for example in its agreement or terms of reference.",
            ("appointing_body", "service_case_body", "annual_report_body"),
        ),
        ("On paper", "", ("notice",)),
    )
    only_when_new = ("councils",)
    councils = forms.ModelMultipleChoiceField(
        Council.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        help_text="The councils that take part; in tables they stand in this order.",
    )

    class Meta:
        model = Partnership
        fields = (
            "name",
            "slug",
            "kind",
            "purpose",
            "orientation",
            "agreed_on",
            "agreed_precision",
            "started_on",
            "started_precision",
            "ended_on",
            "end_reason",
            "appointing_body",
            "service_case_body",
            "annual_report_body",
            "notice",
        )

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        facts = {name: self.cleaned_data[name] for name in self.Meta.fields}
        councils = self.cleaned_data["councils"]
        left_open = self.open_facts()
        return governance_workflow.found_partnership(
            **facts, councils=councils, not_stated=left_open, by=self.user, reason=self.why
        )


class PartyForm(RecordForm):
    """A council that joins a partnership."""

    class Meta:
        model = Party
        fields = ("council", "position", "joined_on", "joined_precision", "left_on")

    only_when_new = ("council",)

    @property
    def is_for_bulk(self) -> bool:
        """A council is added by a verb, since others may have to consent."""
        return False

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        return governance_workflow.add_party(
            self.instance, on=today(), not_stated=self.open_facts(), by=self.user, reason=self.why
        )


class ConfirmPartyForm(ReasonForm):
    """Consents to a council's joining a partnership."""

    def save(self) -> Record:
        return governance_workflow.confirm_party(
            self.target, on=today(), by=self.user, reason=self.cleaned_data["reason"]
        )


class MembershipForm(RecordForm):
    """A role given to a person; later it only ends."""

    class Meta:
        model = Membership
        fields = ("user", "council", "role", "from_on")

    only_when_new = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            offer_own_councils(self, with_partners=True)
            self.fields["user"].queryset = people_of(self.user)

    def save(self) -> Record:
        facts = {name: self.cleaned_data[name] for name in ("council", "role", "from_on")}
        return accounts_workflow.give_role(self.cleaned_data["user"], **facts, by=self.user, reason=self.why)


class ConfirmRoleForm(ReasonForm):
    """Confirms a role that somebody else gave."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "How do you know that the person is to hold this role?"

    def save(self) -> Record:
        return accounts_workflow.confirm_role(self.target, on=today(), by=self.user, reason=self.cleaned_data["reason"])


class MoveAccountForm(ReasonForm):
    """Hands a person's account over to another council."""

    council = forms.ModelChoiceField(Council.objects.none(), label="New home council")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["council"].queryset = Council.objects.visible_to(self.user).active()

    def save(self) -> Record:
        accounts_workflow.move_account(self.target, on=today(), **self.facts())
        return self.target


class EndRoleForm(ReasonForm):
    """Ends a role."""

    until_on = forms.DateField(label="Last day", help_text="The last day on which the role holds.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["until_on"].initial = today()
        self.fields["reason"].label = "Why does it end?"

    def save(self) -> Record:
        return accounts_workflow.end_role(self.target, **self.facts())


class ResetSignInForm(ReasonForm):
    """Lets a person who lost password or second step in again; says the new password once."""

    def save(self) -> Record:
        password = secrets.token_urlsafe(16)
        user = accounts_workflow.reset_sign_in(
            self.target, password=password, on=today(), by=self.user, reason=self.cleaned_data["reason"]
        )
        self.said = f"Pass this password on to {user}, it is not shown again: {password}"
        return self.target


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


def offer_own_councils(form: forms.BaseForm, *, with_partners: bool = False) -> None:
    """Leave in the drop-down the councils whose people the person keeps, and perhaps those that share with them."""
    authority = form.user.authority
    offered = Q(pk__in=authority.councils(Permission.KEEP_PEOPLE))
    if with_partners:
        sharing = authority.partnerships(Permission.KEEP_PEOPLE)
        offered |= Q(pk__in=parties_on(today()).filter(partnership__in=sharing).values("council"))
    form.fields["council"].queryset = Council.objects.active().filter(offered)


def people_of(user: User) -> QuerySet[User]:
    """Return the accounts an administrator may give a role: those of the own councils, and those without any role yet.

    An account whose home council is not recorded is of the councils in which it holds a role today.
    """
    own = user.authority.councils(Permission.KEEP_PEOPLE)
    held = Membership.objects.holding(today()).filter(council__in=own).values("user")
    ever = Membership.objects.values("user")
    is_own = Q(council__in=own) | Q(council__isnull=True, pk__in=held)
    return User.objects.filter(is_own | Q(council__isnull=True) & ~Q(pk__in=ever), is_active=True)
