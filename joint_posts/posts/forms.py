"""Forms of joint posts: entering one, what it costs, and the verbs of its life."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from joint_posts.costs import workflow as costs_workflow
from joint_posts.costs.apportionment import terms_from
from joint_posts.costs.workflow import Baseline, Share
from joint_posts.models import Appointment, CostShare, CouncilShare, JointPost, Status
from joint_posts.posts import workflow as posts_workflow
from partnership.accounts.permissions import today
from partnership.dates import Precision, in_words
from partnership.generic.forms import EndForm, ReasonForm, RecordForm
from partnership.models import Agreement, Council, Decision, Party, User
from partnership.money import MoneyField, PercentField
from partnership.records.record import Record

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
    only_when_new = ("home_council", "title", "status", "appointment", "from_on", "from_precision", "appointed_by")
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

    def save(self) -> Record:
        if self.instance.pk:
            return super().save()
        of_the_step = ("status", "appointment", "from_on", "appointed_by")
        facts = {name: self.cleaned_data[name] for name in (*of_the_step, *self.Meta.fields)}
        precision = self.cleaned_data["from_precision"]
        return posts_workflow.enter_post(
            **facts, precision=precision, not_stated=self.open_facts(), by=self.user, reason=self.why
        )


OF_A_COUNCIL = ("percent_", "baseline_", "cleared_")


def names_of(council: Council) -> list[str]:
    """Return the names of a council's three questions: its percent, its baseline, whether the baseline is cleared."""
    return [f"{prefix}{council.key}" for prefix in OF_A_COUNCIL]


def as_typed(percent: Decimal) -> Decimal:
    """Return a percent without closing noughts; ``normalize()`` alone writes 50 as 5E+1."""
    return percent.normalize() + 0


class CostShareForm(RecordForm):
    """Form for the cost of a post from a day and each council's share. The shares total 100 percent."""

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
        self.own = self.user.authority.councils(CostShare.edit_permission)
        if not self.instance.pk and not self._may_enter_pay():
            for name in ("salary", "on_costs_percent", "on_costs_amount"):
                self.fields.pop(name, None)
        self.councils: list[Council] = []
        self._ask_for_councils_of(self.instance.post.partnership_id)
        self.speaks_for = {"percent_total": f"percent_{self.councils[0].key}"} if self.councils else {}
        if self.instance.pk:
            answers = self.answers_of(self.instance, self.user, tuple(self.fields))
            self.initial |= {name: answer for name, answer in answers.items() if answer is not None}
        elif not self.is_bound:
            self._start_from_the_one_before()

    @property
    def fieldsets(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """The post's cost, then one group for each council."""
        cost = ("from_on", "from_precision", "salary", "on_costs_percent", "on_costs_amount", "standing", "note")
        groups = [(f"{council}", "", tuple(names_of(council))) for council in self.councils]
        return (("What the post costs", "In pounds a year, from the day you enter.", cost), *groups)

    def _may_enter_pay(self) -> bool:
        """Return whether the person may enter what the officer is paid, on some day or other."""
        days = {employed.from_on or date.min for employed in self.instance.post.employers()}
        return any(not self.instance.post.why_not_enter_pay(by=self.user, on=day) for day in days)

    def _ask_for_councils_of(self, partnership: int) -> None:
        """Ask for every council that is, was or will be party: which of them share depends on the day entered."""
        parties = Party.objects.active().filter(partnership=partnership).select_related("council")
        for party in parties:
            if party.council in self.councils:
                continue
            self.councils.append(party.council)
            percent, baseline, cleared = names_of(party.council)
            self.fields[percent] = self._percent_field(party)
            if party.council_id in self.own:  # a baseline is the council's own affair
                self.fields[baseline] = self._baseline_field(party.council)
                self.fields[cleared] = self._cleared_field(party.council)

    def ask_for_all(self, parents: Iterable[Record]) -> None:
        for partnership in sorted({post.partnership_id for post in parents}):
            self._ask_for_councils_of(partnership)

    def _start_from_the_one_before(self) -> None:
        """Fill in what holds now: what is left as it is stays as it was."""
        post = self.instance.post
        rows = list(post.cost_shares.active())
        pay = None
        for row in rows:
            pay = row.pay_after(pay)
        # Only pay officers of the employer of those days may see what the officer was paid.
        if pay is not None and all(post.may_see_pay(self.user, row.from_on, row.last_day) for row in rows):
            self.initial |= asdict(pay)
        terms = terms_from(rows, CouncilShare.objects.active().filter(cost_share__post=post))
        if not terms:
            return
        last_days = dict(post.partnership.parties.active().values_list("council", "left_on"))
        for council in self.councils:
            percent, baseline, _ = names_of(council)
            left_on = last_days[council.pk]
            if council.pk in terms[-1].percents and (left_on is None or left_on >= today()):
                self.initial[percent] = as_typed(terms[-1].percents[council.pk])
                self.initial[baseline] = terms[-1].baselines.get(council.pk)

    def _percent_field(self, party: Party) -> forms.Field:
        field = PercentField(f"{party.council.short_name}’s share", blank=True).formfield()
        days = [f"It joined on {in_words(party.joined_on)}." if party.joined_on else ""]
        days += [f"Its last day is {in_words(party.left_on)}." if party.left_on else ""]
        if any(days):
            words = " ".join(filter(None, days))
            field.help_text = f"{words} Leave it empty for a day on which it is not party to the partnership."
        return field

    def _baseline_field(self, council: Council) -> forms.Field:
        words = (
            "What its own post cost a year before sharing, in pounds; 0 if it had none. Leave it empty to keep what was"
            " recorded before."
        )
        return MoneyField(f"{council.short_name}’s baseline", blank=True, null=True, help_text=words).formfield()

    def _cleared_field(self, council: Council) -> forms.Field:
        return forms.BooleanField(
            label=f"{council.short_name}’s baseline is no longer known",
            required=False,
            help_text="What was recorded before does not hold from this day.",
        )

    @classmethod
    def answers_of(cls, record: Record, user: User, names: Iterable[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for share in record.standing_shares():
            percent, baseline, cleared = names_of(share.council)
            found |= {percent: as_typed(share.percent), baseline: share.baseline_cost}
            found[cleared] = share.is_baseline_cleared
        return {name: found.get(name) for name in names if name.startswith(OF_A_COUNCIL)}

    def shares(self) -> dict[Council, Share]:
        """Return what was typed for each council. What was not shown stays as it is."""
        stored = {share.council_id: share for share in self.instance.standing_shares()} if self.instance.pk else {}
        found: dict[Council, Share] = {}
        for council in self.councils:
            percent, _, _ = names_of(council)
            typed = self.cleaned_data.get(percent)
            if typed is not None:
                found[council] = (typed, self._baseline_of(council, stored.get(council.pk)))
        return found

    def _baseline_of(self, council: Council, stored: CouncilShare | None) -> Decimal | Baseline | None:
        _, baseline, cleared = names_of(council)
        if baseline in self.fields:
            return Baseline.CLEARED if self.cleaned_data.get(cleared) else self.cleaned_data.get(baseline)
        if stored is None:
            return None
        return Baseline.CLEARED if stored.is_baseline_cleared else stored.baseline_cost

    def clean(self) -> dict[str, Any]:
        for council in self.councils:
            percent, baseline, cleared = names_of(council)
            if self.cleaned_data.get(cleared) and self.cleaned_data.get(baseline) is not None:
                self.add_error(cleared, "Enter a baseline, or say that it is no longer known, not both.")
            says_baseline = self.cleaned_data.get(cleared) or self.cleaned_data.get(baseline) is not None
            if says_baseline and self.cleaned_data.get(percent) is None and percent not in self.errors:
                self.add_error(percent, f"Enter the share of {council}, 0 if it pays nothing.")
        return self.cleaned_data

    def save(self) -> Record:
        stored = {name: getattr(self.instance, name) for name in self.Meta.fields}
        facts = {name: self.cleaned_data.get(name, stored[name]) for name in self.Meta.fields}
        return costs_workflow.set_share(
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

    def save(self) -> Record:
        return posts_workflow.agree_post(self.target, **self.facts())


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

    def save(self) -> Record:
        return posts_workflow.appoint(self.target, **self.facts())


class MakePermanentForm(FillingForm):
    """Makes an interim appointment permanent."""

    def save(self) -> Record:
        return posts_workflow.make_permanent(self.target, **self.facts())


class BecomeVacantForm(StepForm):
    """Records a vacancy."""

    def save(self) -> Record:
        return posts_workflow.become_vacant(self.target, **self.facts())


class RetitleForm(StepForm):
    """Gives the post another title."""

    title = forms.CharField(label="New title", max_length=160, help_text="The earlier title stays in the record.")
    fieldsets = (("", "", ("title", "from_on", "precision", "note")),)

    def save(self) -> Record:
        return posts_workflow.retitle(self.target, **self.facts())


class ChangeEmployerForm(ReasonForm):
    """Records that another council employs the officer from a day on."""

    council = forms.ModelChoiceField(Council.objects.all(), label="New employer")
    from_on = forms.DateField(label="From", help_text="The first day on which this council employs the officer.")
    note = forms.CharField(max_length=200, required=False, help_text="Shown beside the change, for example a source.")
    fieldsets = (("", "", ("council", "from_on", "note")),)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        parties = Party.objects.active().filter(partnership=self.target.partnership_id)
        councils = self.fields["council"].queryset
        self.fields["council"].queryset = councils.filter(pk__in=parties.values("council"))

    def save(self) -> Record:
        return posts_workflow.change_employer(self.target, **self.facts())


class EndPostForm(EndForm):
    """Ends the post."""

    ended_on = forms.DateField(label="Last day", help_text="The last day on which the post was shared.")

    def save(self) -> Record:
        return posts_workflow.end_post(self.target, **self.facts())
