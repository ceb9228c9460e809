"""Joint posts over time: title, status, appointment, and how the cost is shared."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When

from partnership.accounts.roles import Permission
from partnership.dates import RecordedDateField, in_words, precision_field
from partnership.models.councils import Council
from partnership.money import MoneyField, PercentField, never_negative, to_pennies
from partnership.records.record import Record, RecordQuerySet
from partnership.records.refusals import Refusal, not_by_you
from partnership.wording import listed


class Status(models.TextChoices):
    """The status of a joint post; `NEXT_STATUS` lists where it may go next."""

    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed, not yet in post"
    IN_POST = "in post", "In post"
    VACANT = "vacant", "Vacant"
    ENDED = "ended", "Ended"


NEXT_STATUS: dict[str, tuple[str, ...]] = {
    Status.PROPOSED: (Status.AGREED, Status.ENDED),
    Status.AGREED: (Status.IN_POST, Status.ENDED),
    Status.IN_POST: (Status.VACANT, Status.ENDED),
    Status.VACANT: (Status.IN_POST, Status.ENDED),
    Status.ENDED: (),
}


class Appointment(models.TextChoices):
    """On what basis the post is filled."""

    PERMANENT = "permanent", "Permanent"
    INTERIM = "interim", "Interim"
    NOT_STATED = "not stated", "Not stated"


class JointPostQuerySet(RecordQuerySet):
    """Joint posts, by the council that employs the officer."""

    def with_employer_on(self, day: date) -> JointPostQuerySet:
        """Annotate each post with the number and the name of the council that employs the officer on a day."""
        changes = EmployerChange.objects.active().filter(post=OuterRef("pk"))
        begun = changes.filter(from_on__lte=day).order_by("-from_on", "-pk")
        first = changes.order_by("from_on", "pk")
        employer = Case(
            When(Exists(begun), then=Subquery(begun.values("council")[:1])),
            When(Exists(changes), then=Subquery(first.values("from_council")[:1])),
            default=F("home_council"),
            output_field=models.BigIntegerField(),
        )
        name = Council.objects.filter(pk=OuterRef("employer_number")).values("name")
        return self.annotate(employer_number=employer, employer_name=Subquery(name))


class JointPost(Record):
    """A post whose holder works for more than one council under a section 113 agreement.

    The holder stays employed by the home council. Title, status and appointment stand here as they are now; `PostStep`
    keeps them over time, and the workflow writes both. So does `EmployerChange` with the home council: here stands the
    last employer recorded, and `employer_id_on` says who employs the officer on a day.
    """

    objects = JointPostQuerySet.as_manager()

    needs_sharing = True
    name_field = "title"
    seldom_twice = ("statutory_role",)
    edit_permission = Permission.KEEP_POSTS

    class Tier(models.TextChoices):
        CHIEF_OFFICER = "chief officer", "Chief officer"
        ASSISTANT_DIRECTOR = "assistant director", "Assistant director"
        HEAD_OF_SERVICE = "head of service", "Head of service"
        SENIOR_MANAGER = "senior manager", "Senior manager"
        OTHER = "other", "Other"

    class StatutoryRole(models.TextChoices):
        HEAD_OF_PAID_SERVICE = "head of paid service", "Head of paid service"
        MONITORING_OFFICER = "monitoring officer", "Monitoring officer"
        CHIEF_FINANCE_OFFICER = "chief finance officer", "Chief finance officer (section 151)"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="joint_posts")
    title = models.CharField(max_length=160, help_text="The job title, as on the councils' papers.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED, editable=False)
    appointment = models.CharField(
        max_length=10, choices=Appointment.choices, default=Appointment.NOT_STATED, editable=False
    )
    tier = models.CharField(max_length=20, choices=Tier.choices, blank=True, help_text="Where it stands in management.")
    statutory_role = models.CharField(
        max_length=24,
        choices=StatutoryRole.choices,
        blank=True,
        help_text="A post that the law requires, if it is one.",
    )
    home_council = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="posts_employed",
        help_text="The council that employs the officer.",
    )
    agreement = models.ForeignKey(
        "partnership.Agreement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joint_posts",
        help_text="The agreement under which the officer works for the other councils.",
    )
    officer_consulted_on = models.DateField(
        null=True,
        blank=True,
        help_text="When the officer was consulted; section 113(1) forbids sharing an officer without it.",
    )
    appointed_by = models.ForeignKey(
        "partnership.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="appointments",
        help_text="The joint committee’s decision to appoint, which a permanent chief officer needs.",
    )
    purpose = models.TextField(blank=True, help_text="Why the post is shared.")
    areas_led = models.TextField("areas it leads", blank=True, help_text="The services under it, in a few words.")
    started_on = RecordedDateField(
        "in post since", null=True, blank=True, precision_field="started_precision", editable=False
    )
    started_precision = precision_field("the start")
    ended_on = models.DateField("ended", null=True, blank=True, editable=False)
    end_reason = models.TextField("why it ended", blank=True, editable=False)

    class Meta(Record.Meta):
        ordering = ["title", "pk"]
        # The list: in its order, with what its filters ask for; and what most people look for in it, counted at once.
        indexes = (
            models.Index(
                fields=["partnership", "title", "id", "status", "appointment", "tier", "home_council"],
                condition=Q(withdrawn_on__isnull=True),
                name="post_list",
            ),
            models.Index(
                fields=["partnership", "status", "tier", "title", "id"],
                condition=Q(withdrawn_on__isnull=True),
                name="post_by_status",
            ),
        )
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False) & ~Q(end_reason="")
                | ~Q(status="ended") & Q(ended_on__isnull=True, end_reason=""),
                name="post_ended_with_date_and_reason",
                violation_error_message="An ended post needs the date and the reason; no other post has them.",
            ),
        ]

    def clean(self) -> None:
        if self.ended_on and self.started_on and self.ended_on < self.started_on:
            start = in_words(self.started_on, self.started_precision)
            raise ValidationError(f"Enter an end that is not before the start of the post, {start}.")

    def standing_employer_changes(self) -> list[EmployerChange]:
        """Return the standing changes of employer; without a query where they were read along with the post."""
        return [change for change in self.employer_changes.all() if not change.is_withdrawn]

    def employers(self) -> list[Employed]:
        """Return who employs the officer from when on, the first employer first."""
        return employers_of(self, self.standing_employer_changes())

    def employer_id_on(self, day: date) -> int | None:
        """Return the council that employs the officer on a day; ``None`` while none is stated."""
        return employer_id_on(self.employers(), day)

    def as_employed_on(self, day: date) -> JointPost:
        """Return a copy for display whose home council is the employer of a day; never one to save."""
        councils = [self.home_council]
        for change in self.standing_employer_changes():
            councils += [change.from_council, change.council]
        by_number = {council.pk: council for council in councils if council}
        found = copy(self)
        found.home_council = by_number.get(self.employer_id_on(day))
        return found

    def employer_ids_between(self, first: date, last: date | None) -> set[int | None]:
        """Return the employers of these days, first and last included; ``None`` stands for days without one."""
        found = {self.employer_id_on(first)}
        for employed in self.employers():
            if employed.from_on and first < employed.from_on and (last is None or employed.from_on <= last):
                found.add(employed.council_id)
        return found

    def can_become(self, status: str) -> bool:
        """Return whether the order of statuses lets the post go there from where it is."""
        return status in NEXT_STATUS[self.status]

    def why_not_become(self, status: Status, *, by: Any) -> Refusal:
        """Return why the person may not move the post to a status."""
        refusal = self.why_not_write(by=by)
        if not refusal and not self.can_become(status):
            now = self.get_status_display().lower()
            refusal = Refusal(f"A post that is {now} cannot become {status.label.lower()}.")
        return refusal

    def why_not_agree(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not agree the post."""
        return self.why_not_become(Status.AGREED, by=by)

    def why_not_appoint(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not fill the post for the first time."""
        refusal = self.why_not_become(Status.IN_POST, by=by)
        if not refusal and self.status == Status.VACANT:
            refusal = Refusal("This post was filled before. Fill it again.")
        return refusal

    def why_not_refill(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not fill the post again."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.status != Status.VACANT:
            refusal = Refusal("Only a vacant post can be filled again.")
        return refusal

    def why_not_make_permanent(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not make the appointment permanent."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.status != Status.IN_POST:
            refusal = Refusal("Only the appointment to a post that is filled can be made permanent.")
        elif not refusal and self.appointment == Appointment.PERMANENT:
            refusal = Refusal("The appointment is permanent already.")
        return refusal

    def why_not_become_vacant(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not record a vacancy."""
        return self.why_not_become(Status.VACANT, by=by)

    def why_not_retitle(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not give the post another title."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.status == Status.ENDED:
            refusal = Refusal("The post has ended; its title stays as it was.")
        return refusal

    def why_not_change_employer(self, *, by: Any, on: date | None = None, council: Any | None = None) -> Refusal:
        """Return why the person may not record that another council employs the officer from a day on.

        The change needs every council that loses days by it: the person keeps posts there. A council that is not party
        to the partnership on any of those days loses none.
        """
        refusal = self.why_not_write(by=by)
        if not refusal and on is not None:
            own = by.authority.councils(self.edit_permission)
            losing = [party.council for party in self._parties_losing(on, council) if party.council_id not in own]
            if losing:
                names = listed(str(each) for each in losing)
                refusal = not_by_you(f"{names} employs the officer. Somebody who keeps joint posts there changes that.")
        return refusal

    def _parties_losing(self, on: date, council: Any | None) -> list[Any]:
        """Return the parties that employ the officer on the day or later, while party, and would no longer do so."""
        employers = self.employer_ids_between(on, None) - {None, council.pk if council else None}
        parties = self.partnership.parties.active().filter(council__in=employers).select_related("council")
        return [party for party in parties if party.left_on is None or party.left_on >= on]

    def why_not_enter_pay(self, *, by: Any, on: date) -> Refusal:
        """Return why the person may not enter what the officer is paid from a day on.

        The employer of the day enters it; while none is stated, any council of the partnership.
        """
        refusal = self.why_not_write(by=by, permission=Permission.KEEP_PAY)
        employer = self.employer_id_on(on)
        if not refusal and employer and employer not in by.authority.councils(Permission.KEEP_PAY):
            refusal = not_by_you("Only a pay officer of the council that employs the officer on that day enters pay.")
        return refusal

    def may_see_pay(self, by: Any, first: date, last: date | None) -> bool:
        """Return whether the person sees what is paid over these days: as pay officer of an employer of one of them."""
        employers = self.employer_ids_between(first, last)
        if None in employers:
            return by.has_perm(Permission.SEE_PAY, self)
        return bool(employers & by.authority.councils(Permission.SEE_PAY))

    def why_not_end(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not end the post."""
        return self.why_not_become(Status.ENDED, by=by)

    def why_not_put_into_ledger(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not put the worked saving of the post into the ledger."""
        refusal = self.why_not_write(by=by, permission=Permission.KEEP_SAVINGS)
        if not refusal and self.status == Status.PROPOSED:
            refusal = Refusal("The post is only proposed, so it saves nothing yet. Agree and fill it first.")
        return refusal


class PostStep(Record):
    """The state of a joint post from a day: its title, status and appointment, until the next step."""

    scope = "post__partnership"
    edit_permission = Permission.KEEP_POSTS

    post = models.ForeignKey(JointPost, models.PROTECT, verbose_name="joint post", related_name="steps")
    from_on = RecordedDateField("from", precision_field="from_precision")
    from_precision = precision_field("the date")
    title = models.CharField(max_length=160)
    status = models.CharField(max_length=10, choices=Status.choices)
    appointment = models.CharField(max_length=10, choices=Appointment.choices)
    note = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = "step"
        ordering = ["post", "from_on", "pk"]

    def __str__(self) -> str:
        return f"{self.title}, {self.get_status_display().lower()}"


class EmployerChange(Record):
    """A day from which another council employs the officer of a joint post.

    It keeps the council before as well, so that a post without a change has one employer on all its days.
    """

    scope = "post__partnership"
    edit_permission = Permission.KEEP_POSTS

    post = models.ForeignKey(JointPost, models.PROTECT, verbose_name="joint post", related_name="employer_changes")
    from_on = models.DateField("from", help_text="The first day on which the new employer employs the officer.")
    from_council = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="employer before",
        related_name="posts_given_up",
    )
    council = models.ForeignKey(
        "partnership.Council", models.PROTECT, verbose_name="employer", related_name="posts_taken_over"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = "new employer"
        verbose_name_plural = "new employers"
        ordering = ["post", "from_on", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["post", "from_on"],
                condition=Q(withdrawn_on__isnull=True),
                name="employer_changes_once_a_day",
                violation_error_message="The employer already changes on this day.",
            ),
            models.CheckConstraint(
                condition=Q(from_council__isnull=True) | ~Q(from_council=F("council")),
                name="employer_change_to_another_council",
                violation_error_message="Choose another council than the one that employs the officer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council} from {in_words(self.from_on)}"


@dataclass(frozen=True)
class Employed:
    """The council that employs an officer from a day on, by its number; the first employer has no such day."""

    from_on: date | None
    council_id: int | None


def employers_of(post: JointPost, changes: Iterable[EmployerChange]) -> list[Employed]:
    """Return who employs the officer from when on, from rows of today or of the history."""
    in_order = sorted(changes, key=lambda change: (change.from_on, change.pk))
    if not in_order:
        return [Employed(None, post.home_council_id)]
    first = Employed(None, in_order[0].from_council_id)
    return [first, *(Employed(change.from_on, change.council_id) for change in in_order)]


def employer_id_on(employers: Iterable[Employed], day: date) -> int | None:
    """Return the employer of a day; ``None`` while none is stated."""
    found = None
    for employed in employers:
        if employed.from_on is None or employed.from_on <= day:
            found = employed.council_id
    return found


@dataclass(frozen=True)
class Pay:
    """The pay of an officer in a year, in pounds, and the employer's on-costs."""

    salary: Decimal | None = None
    on_costs_percent: Decimal | None = None
    on_costs_amount: Decimal | None = None

    def annual_cost(self) -> Decimal | None:
        """Return salary and on-costs in pounds a year; ``None`` while the salary is not recorded.

        On-costs in percent are rounded to the penny before they are added, as payroll does.
        """
        if self.salary is None:
            return None
        if self.on_costs_percent is not None:
            return self.salary + to_pennies(self.salary * self.on_costs_percent / 100)
        return self.salary + (self.on_costs_amount or 0)


class CostShare(Record):
    """The cost of a joint post from a day, and its split between the councils (`CouncilShare`)."""

    scope = "post__partnership"
    view_permission = Permission.SEE_COSTS
    edit_permission = Permission.KEEP_PAY

    class Standing(models.TextChoices):
        PROVISIONAL = "provisional", "Provisional"
        AGREED = "agreed", "Agreed"

    post = models.ForeignKey(JointPost, models.PROTECT, verbose_name="joint post", related_name="cost_shares")
    from_on = RecordedDateField("from", precision_field="from_precision", help_text="The first day it holds.")
    from_precision = precision_field("the date")
    salary = MoneyField(null=True, blank=True, help_text="The annual salary in pounds.")
    on_costs_percent = PercentField(
        "on-costs in percent", null=True, blank=True, help_text="Employer's costs as a share of salary."
    )
    on_costs_amount = MoneyField(
        "on-costs in pounds", null=True, blank=True, help_text="Or the annual on-costs as a sum. Enter one of the two."
    )
    standing = models.CharField(
        max_length=12,
        choices=Standing.choices,
        default=Standing.PROVISIONAL,
        help_text="Provisional until the councils have agreed the contributions.",
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        ordering = ["post", "from_on", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["post", "from_on"],
                condition=Q(withdrawn_on__isnull=True),
                name="cost_share_once_a_day",
                violation_error_message="There is already a cost share from this day; change that one.",
            ),
            models.CheckConstraint(
                condition=Q(on_costs_percent__isnull=True) | Q(on_costs_amount__isnull=True),
                name="on_costs_in_percent_or_pounds",
                violation_error_message="Enter on-costs in percent or in pounds, not both.",
            ),
            never_negative("salary", "salary_not_negative", "a salary of £0 or more"),
            never_negative("on_costs_percent", "on_costs_percent_not_negative", "on-costs of 0 percent or more"),
            never_negative("on_costs_amount", "on_costs_amount_not_negative", "on-costs of £0 or more"),
        ]

    def __str__(self) -> str:
        return f"{self.post}, {self.get_standing_display().lower()} from {in_words(self.from_on, self.from_precision)}"

    @property
    def last_day(self) -> date | None:
        """The day before the next cost share of the post; ``None`` while there is none."""
        standing = [row.from_on for row in self.post.cost_shares.all() if not row.is_withdrawn]
        following = min((day for day in standing if day > self.from_on), default=None)
        return following - timedelta(days=1) if following else None

    def standing_shares(self) -> list[CouncilShare]:
        """Return the councils' standing shares; without a query where they were read along with the row."""
        return [share for share in self.council_shares.all() if not share.is_withdrawn]

    @property
    def pay(self) -> Pay:
        """Return the salary and on-costs of this row itself."""
        return Pay(self.salary, self.on_costs_percent, self.on_costs_amount)

    def pay_after(self, before: Pay | None) -> Pay:
        """Return the pay from this day on: what the row does not give stays as it was before.

        A salary that the source leaves open (``not_stated``) is not known from this day on.
        """
        if self.salary is not None or before is None or "salary" in self.not_stated:
            return self.pay
        if self.on_costs_percent is None and self.on_costs_amount is None:
            return before
        return Pay(before.salary, self.on_costs_percent, self.on_costs_amount)

    def annual_cost(self) -> Decimal | None:
        """Return salary and on-costs in pounds a year as this row gives them; ``None`` while it gives no salary."""
        return self.pay.annual_cost()


class CouncilShare(Record):
    """One council's part of a cost share, and what its own post cost or would have cost it (the baseline)."""

    scope = "cost_share__post__partnership"
    view_permission = Permission.SEE_COSTS
    edit_permission = Permission.KEEP_PAY

    cost_share = models.ForeignKey(CostShare, models.PROTECT, related_name="council_shares")
    council = models.ForeignKey("partnership.Council", models.PROTECT, related_name="cost_shares")
    percent = PercentField(help_text="This council's share of the cost, 0 to 100.")
    baseline_cost = MoneyField(
        null=True,
        blank=True,
        help_text="What the council's own post cost a year in pounds before sharing; 0 if none. Empty: as before.",
    )

    class Meta(Record.Meta):
        ordering = ["cost_share", "council__name", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["cost_share", "council"],
                condition=Q(withdrawn_on__isnull=True),
                name="council_share_once",
                violation_error_message="This council already has a share.",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0) & Q(percent__lte=100),
                name="council_share_between_0_and_100",
                violation_error_message="A share is between 0 and 100 percent.",
            ),
            never_negative("baseline_cost", "baseline_cost_not_negative", "a baseline of £0 or more"),
        ]

    def __str__(self) -> str:
        return f"{self.council.short_name} {self.percent}%"

    @property
    def is_baseline_cleared(self) -> bool:
        """Return whether an earlier baseline ends here and none is known any more."""
        return self.baseline_cost is None and "baseline_cost" in self.not_stated
