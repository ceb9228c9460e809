"""Forms of joint posts: entering one, what it costs, and the verbs of its life."""

from __future__ import annotations

from typing import Any

from django import forms

from joint_posts import workflow
from joint_posts.models import Appointment, CostShare, JointPost, Status
from partnership.dates import Precision
from partnership.generic.forms import EndForm, ReasonForm, RecordForm
from partnership.models import Agreement, Council, Decision, Party
from partnership.money import MoneyField, PercentField
from partnership.records import Record

IF_FILLED = "A filled post needs all three: section 113(1) wants an agreement in force and the officer consulted."


def appointing_decision() -> forms.ModelChoiceField:
    """Ask which decision appoints a permanent chief officer."""
    return forms.ModelChoiceField(
        Decision.objects.filter(meeting__isnull=False),
        required=False,
        label="Decision that appoints",
        help_text="For a permanent chief officer: the decision of the body that appoints chief officers here.",
    )


class JointPostForm(RecordForm):
    """A joint post in the order officers think. A new one is entered as it stands; verbs move it on from there."""

    fieldsets = (
        ("What the post is", "", ("partnership", "title", "tier", "statutory_role", "purpose", "areas_led")),
        ("Who employs the officer", IF_FILLED, ("home_council", "agreement", "officer_consulted_on")),
        (
            "Where it stands, on what basis, from when",
            "",
            ("status", "appointment", ("from_on", "from_precision"), "appointed_by"),
        ),
    )
    only_when_new = ("title", "status", "appointment", "from_on", "from_precision", "appointed_by")
    status = forms.ChoiceField(
        choices=[(status, status.label) for status in (Status.PROPOSED, Status.AGREED, Status.IN_POST)],
        initial=Status.PROPOSED,
        help_text="A post that was shared before the portal knew of it is entered as it stands now.",
    )
    appointment = forms.ChoiceField(
        choices=Appointment.choices,
        initial=Appointment.NOT_STATED,
        help_text="The basis on which it is, or is to be, filled.",
    )
    from_on = forms.DateField(
        label="Since", help_text="The day on which it was proposed or agreed, or on which the officer took it up."
    )
    from_precision = forms.ChoiceField(label="How exact is that date", choices=Precision.choices, initial=Precision.DAY)
    appointed_by = appointing_decision()

    class Meta:
        model = JointPost
        fields = (
            "partnership",
            "title",
            "tier",
            "statutory_role",
            "purpose",
            "areas_led",
            "home_council",
            "agreement",
            "officer_consulted_on",
        )

    def record(self) -> Record:
        if self.instance.pk:
            return super().record()
        of_the_step = ("status", "appointment", "from_on", "appointed_by")
        facts = {name: self.cleaned_data[name] for name in (*of_the_step, *self.Meta.fields)}
        precision = self.cleaned_data["from_precision"]
        return workflow.enter_post(
            **facts, precision=precision, not_stated=self.open_facts(), by=self.user, reason=self.why
        )


class CostShareForm(RecordForm):
    """What a post costs from a day, and each council's share of it. The shares total 100 percent."""

    class Meta:
        model = CostShare
        fields = (
            "from_on",
            "from_precision",
            "salary",
            "on_costs_percent",
            "on_costs_amount",
            "standing",
            "note",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        parties = Party.objects.standing().filter(partnership=self.instance.post.partnership, left_on__isnull=True)
        self.councils: list[Council] = [party.council for party in parties.select_related("council")]
        self._add_share_fields()

    @property
    def fieldsets(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """The post's cost, then one group for each council."""
        cost = ("from_on", "from_precision", "salary", "on_costs_percent", "on_costs_amount", "standing", "note")
        groups = [
            (f"{council}", "", (f"percent_{council.key}", f"baseline_{council.key}")) for council in self.councils
        ]
        return (("What the post costs", "In pounds a year, from the day you enter.", cost), *groups)

    def _add_share_fields(self) -> None:
        standing = self.instance.council_shares.standing() if self.instance.pk else ()
        shares = {share.council_id: share for share in standing}
        own = self.user.authority.councils(CostShare.kept_with)
        self.speaks_for = {"percent_total": f"percent_{self.councils[0].key}"} if self.councils else {}
        for council in self.councils:
            share = shares.get(council.pk)
            self.fields[f"percent_{council.key}"] = self._percent_field(council, share)
            if council.pk in own:  # a baseline is the council's own affair
                self.fields[f"baseline_{council.key}"] = self._baseline_field(council, share)

    def _percent_field(self, council: Council, share: Any) -> forms.Field:
        field = PercentField(f"{council.short_name}’s share", blank=True).formfield()
        # normalize() alone writes 50 as 5E+1
        field.initial = share.percent.normalize() + 0 if share else None
        return field

    def _baseline_field(self, council: Council, share: Any) -> forms.Field:
        words = "What its own post cost a year before sharing, in pounds; 0 if it had none."
        field = MoneyField(f"{council.short_name}’s baseline", blank=True, null=True, help_text=words).formfield()
        field.initial = share.baseline_cost if share else None
        return field

    def shares(self) -> dict[Council, tuple[Any, Any]]:
        """What was typed for each council: percent and baseline. A baseline that was not shown stays as it is."""
        existing = self.instance.council_shares.standing() if self.instance.pk else ()
        baselines = {share.council_id: share.baseline_cost for share in existing}
        typed = self.cleaned_data
        return {
            council: (
                typed[f"percent_{council.key}"],
                typed.get(f"baseline_{council.key}", baselines.get(council.pk)),
            )
            for council in self.councils
            if typed.get(f"percent_{council.key}") is not None
        }

    def record(self) -> Record:
        stored = {name: getattr(self.instance, name) for name in self.Meta.fields}
        facts = {name: self.cleaned_data.get(name, stored[name]) for name in self.Meta.fields}
        return workflow.set_share(
            self.instance.post,
            precision=facts.pop("from_precision"),
            cost_share=self.instance if self.instance.pk else None,
            shares=self.shares(),
            not_stated=self.open_facts(),
            by=self.user,
            reason=self.why,
            **facts,
        )


class StepForm(ReasonForm):
    """The base of the verbs that move a post on from a day."""

    from_on = forms.DateField(label="From", help_text="The first day on which it holds.")
    precision = forms.ChoiceField(label="How exact is that date", choices=Precision.choices, initial=Precision.DAY)
    note = forms.CharField(max_length=200, required=False, help_text="Shown beside the step, for example a source.")


class FillingForm(StepForm):
    """The base of the verbs that may appoint a chief officer permanently, which takes a decision."""

    appointed_by = appointing_decision()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.target.tier != JointPost.Tier.CHIEF_OFFICER:
            del self.fields["appointed_by"]
            return
        decisions = self.fields["appointed_by"].queryset
        self.fields["appointed_by"].queryset = decisions.filter(body__partnership=self.target.partnership_id)


class AgreeForm(StepForm):
    """Agrees a proposed post."""

    def perform(self) -> Record:
        return workflow.agree_post(self.target, **self.facts())


class AppointForm(FillingForm):
    """Fills a post for the first time or again."""

    may_be_open = ("officer_consulted_on", "home_council")
    fieldsets = (
        ("The appointment", "", ("appointment", "from_on", "precision")),
        (
            "What the law asks for",
            "Section 113(1) of the Local Government Act 1972: an agreement in force, and the officer consulted.",
            ("officer_consulted_on", "agreement", "home_council", "appointed_by"),
        ),
    )
    appointment = forms.ChoiceField(choices=Appointment.choices, initial=Appointment.PERMANENT)
    officer_consulted_on = forms.DateField(
        label="Officer consulted on", required=False, help_text="When the officer was asked, before the first day."
    )
    agreement = forms.ModelChoiceField(Agreement.objects.all(), required=False, help_text="Under which it is shared.")
    home_council = forms.ModelChoiceField(
        Council.objects.all(), required=False, help_text="The council that employs the officer."
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["agreement"].initial = self.target.agreement_id
        self.fields["home_council"].initial = self.target.home_council_id
        agreements = self.fields["agreement"].queryset
        self.fields["agreement"].queryset = agreements.filter(partnership=self.target.partnership_id)

    def perform(self) -> Record:
        return workflow.appoint(self.target, **self.facts())


class MakePermanentForm(FillingForm):
    """Makes an interim appointment permanent."""

    def perform(self) -> Record:
        return workflow.make_permanent(self.target, **self.facts())


class BecomeVacantForm(StepForm):
    """Records a vacancy."""

    def perform(self) -> Record:
        return workflow.become_vacant(self.target, **self.facts())


class RetitleForm(StepForm):
    """Gives the post another title."""

    title = forms.CharField(label="New title", max_length=160, help_text="The earlier title stays in the record.")
    fieldsets = (("", "", ("title", "from_on", "precision", "note")),)

    def perform(self) -> Record:
        return workflow.retitle(self.target, **self.facts())


class EndPostForm(EndForm):
    """Ends the post."""

    ended_on = forms.DateField(label="Last day", help_text="The last day on which the post was shared.")

    def perform(self) -> Record:
        return workflow.end_post(self.target, **self.facts())
