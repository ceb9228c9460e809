"""Decisions of bodies: resolutions, their conditions, call-in and referral."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from partnership.dates import in_words
from partnership.deadlines import implementable_after_call_in, last_day_to_call_in
from partnership.models.bodies import Body, BodyRecord, only_insiders
from partnership.models.meetings import Meeting
from partnership.records.record import RecordQuerySet
from partnership.records.refusals import Refusal

# Beside the decision and its date, what the record of an executive's decision holds (2012 Regulations, regulation 12).
STATUTORY_PARTS = ("reasons", "alternatives", "conflicts", "dispensations")
CALLED_IN = (Body.Kind.EXECUTIVE, Body.Kind.JOINT_COMMITTEE)


def decided_in_private(path: str = "") -> Q:
    """That a decision was taken in private; ``path`` leads to it, such as "decision__". No decision is not private."""
    in_private = Q(**{f"{path}meeting__access": "private"}) | Q(**{f"{path}no_public_access_reason__gt": ""})
    return in_private | Q(**{f"{path}meeting__isnull": True, f"{path}body__meets_in_public": False})


class DecisionQuerySet(RecordQuerySet):
    """Decisions and what belongs to them."""

    def visible_to(self, user: Any) -> DecisionQuerySet:
        """The rows the person may see; of what was decided in private, only who may read working papers."""
        path = self.model.scope.removesuffix("body__partnership")  # "" or "decision__"
        return only_insiders(super().visible_to(user), user, decided_in_private(path))


class Decision(BodyRecord):
    """A decision of a body, with the parts that the law wants recorded of an executive's decision.

    Regulation 12 of the Executive Arrangements (Meetings and Access to Information) Regulations 2012: the decision and
    its date, the reasons, the alternatives considered and rejected, conflicts of interest declared, dispensations.
    """

    name_field = "title"

    class Key(models.TextChoices):
        KEY = "key", "Key decision"
        NOT_KEY = "not key", "Not a key decision"
        NOT_STATED = "not stated", "Not stated"

    class CallInOutcome(models.TextChoices):
        STANDS = "stands", "The decision stands"
        SENT_BACK = "sent back", "Sent back to be decided anew"

    body = models.ForeignKey(
        Body, models.PROTECT, verbose_name="decided by", related_name="decisions", help_text="The body that decided."
    )
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        help_text="Leave empty for a decision taken outside a meeting.",
    )
    title = models.CharField("issue", max_length=200, help_text="What was decided about, as on the agenda.")
    decided_on = models.DateField("date of the decision")
    report_title = models.CharField("report", max_length=200, blank=True, help_text="The report it was taken on.")
    submitted_by = models.CharField(
        max_length=160, blank=True, help_text="The post that submitted the report, not a name."
    )
    reference = models.CharField(max_length=40, blank=True, help_text="Its number in the forward plan, if it has one.")
    priorities = models.TextField("corporate priorities", blank=True, help_text="Those of the council that it serves.")
    reasons = models.TextField(blank=True, help_text="Why it was decided so.")
    alternatives = models.TextField(
        "alternatives considered and rejected", blank=True, help_text="Each with the reason. Write “None” if none was."
    )
    conflicts = models.TextField(
        "conflicts of interest declared", blank=True, help_text="By whom and what. Write “None” if none was."
    )
    dispensations = models.TextField(
        blank=True, help_text="Granted by the head of paid service for a conflict. Write “None” if none was."
    )
    key_or_not = models.CharField(
        "key or not",
        max_length=10,
        choices=Key.choices,
        default=Key.NOT_KEY,
        help_text="Key is significant spending or saving, or a significant effect on two or more electoral areas.",
    )
    key_reason = models.TextField("why it is key", blank=True, help_text="Which of the two, in a few words.")
    is_subject_to_call_in = models.BooleanField(
        "subject to call-in",
        default=True,
        help_text="Untick what is urgent and cannot wait. Only executives and joint committees are called in.",
    )
    no_public_access_reason = models.TextField(
        "why the public has no access",
        blank=True,
        help_text="For what was decided in private: the paragraph of Schedule 12A and why. Else leave it empty.",
    )
    published_on = models.DateField("published", null=True, blank=True, editable=False)
    call_in_days = models.PositiveSmallIntegerField(
        "call-in period in working days", null=True, blank=True, editable=False
    )
    called_in_on = models.DateField("called in", null=True, blank=True, editable=False)
    call_in_reason = models.TextField("why it was called in", blank=True, editable=False)
    call_in_resolved_on = models.DateField("call-in resolved", null=True, blank=True, editable=False)
    call_in_outcome = models.CharField(
        "outcome of the call-in", max_length=10, choices=CallInOutcome.choices, blank=True, editable=False
    )

    objects = DecisionQuerySet.as_manager()

    class Meta(BodyRecord.Meta):
        ordering = ["-decided_on", "title", "pk"]
        constraints = [
            *BodyRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(key_or_not="key") | ~Q(key_reason=""),
                name="decision_key_with_reason",
                violation_error_message="Say why the decision is key.",
            ),
            models.CheckConstraint(
                condition=Q(called_in_on__isnull=True, call_in_reason="")
                | Q(called_in_on__isnull=False, published_on__isnull=False) & ~Q(call_in_reason=""),
                name="decision_called_in_with_reason",
                violation_error_message="A call-in needs its day and its reason, and a published decision.",
            ),
            models.CheckConstraint(
                condition=Q(call_in_resolved_on__isnull=True, call_in_outcome="")
                | Q(call_in_resolved_on__isnull=False, called_in_on__isnull=False) & ~Q(call_in_outcome=""),
                name="decision_call_in_resolved_with_outcome",
                violation_error_message="A resolved call-in needs its day and its outcome.",
            ),
        ]

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        if self.meeting_id and self.body_id and self.meeting.body_id != self.body_id:
            errors["meeting"] = "Choose a meeting of the body that decided."
        elif self.meeting_id and self.decided_on and self.meeting.held_on != self.decided_on:
            errors["decided_on"] = f"That meeting was on {in_words(self.meeting.held_on)}."
        if self.published_on:
            errors |= {name: f"{sentence} It is published." for name, sentence in self.missing_parts().items()}
        if errors:
            raise ValidationError(errors)

    def missing_parts(self) -> dict[str, str]:
        """The statutory parts that an executive's decision lacks and no source leaves open, each with a sentence."""
        if not self.body.is_executive:
            return {}
        missing = [name for name in STATUTORY_PARTS if not getattr(self, name).strip() and name not in self.not_stated]
        labels = {name: self._meta.get_field(name).verbose_name for name in missing}
        return {name: f"Enter the {label} (2012 Regulations, regulation 12)." for name, label in labels.items()}

    @property
    def can_be_called_in(self) -> bool:
        """Return whether scrutiny may call it in at all."""
        return self.is_subject_to_call_in and self.body.kind in CALLED_IN

    @property
    def last_day_to_call_in(self) -> date | None:
        """The last day of the call-in period; ``None`` without one, before publication, or when it is not known."""
        if not self.can_be_called_in or self.published_on is None:
            return None
        return last_day_to_call_in(self.published_on, self.call_in_days or 0)

    @property
    def is_waiting_for_scrutiny(self) -> bool:
        """Return whether it is called in and the call-in not resolved."""
        return self.called_in_on is not None and self.call_in_resolved_on is None

    def implementable_on(self) -> date | None:
        """The first day on which it may be implemented, by itself; ``None`` while that is open or when it never may."""
        if self.call_in_outcome == self.CallInOutcome.SENT_BACK or self.is_waiting_for_scrutiny:
            return None
        if not self.can_be_called_in:
            return self.decided_on
        if self.published_on is None:
            return None
        free = implementable_after_call_in(self.published_on, self.call_in_days or 0)
        return max(free, self.call_in_resolved_on) if free and self.call_in_resolved_on else free

    def was_in_private(self) -> bool:
        """Return whether it was taken in private: of one row what `decided_in_private` asks of many."""
        in_private = self.meeting.access == Meeting.Access.PRIVATE if self.meeting else not self.body.meets_in_public
        return in_private or bool(self.no_public_access_reason)

    def status_text(self) -> str:
        """Return the status in words."""
        if self.call_in_outcome == self.CallInOutcome.SENT_BACK:
            return "Sent back"
        if self.is_waiting_for_scrutiny:
            return "Called in"
        return "Published" if self.published_on else "Recorded"

    def why_not_publish(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not publish its record."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.published_on:
            refusal = Refusal("This decision is published.")
        return refusal

    def why_not_call_in(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not record that scrutiny called it in."""
        refusal = self.why_not_write(by=by)
        if not refusal and (self.published_on is None or not self.can_be_called_in):
            refusal = Refusal("Only a published decision that is subject to call-in can be called in.")
        elif not refusal and self.called_in_on:
            refusal = Refusal("This decision was called in before.")
        return refusal

    def why_not_resolve_call_in(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not record how its call-in ended."""
        refusal = self.why_not_write(by=by)
        if not refusal and not self.is_waiting_for_scrutiny:
            refusal = Refusal("No call-in of this decision is open.")
        return refusal


class Resolution(BodyRecord):
    """One numbered paragraph of what a body resolved."""

    scope = "decision__body__partnership"
    name_select_related = ("decision__body__council",)

    class Standing(models.TextChoices):
        AGREED = "agreed", "Agreed"
        REFUSED = "refused", "Refused"
        LAPSED = "lapsed", "Lapsed"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="resolutions")
    number = models.PositiveSmallIntegerField(help_text="Its place; the council’s own style numbers it.")
    text = models.TextField(help_text="Word for word, or in your own words where the source may not be copied.")
    standing = models.CharField(max_length=8, choices=Standing.choices, default=Standing.AGREED, editable=False)
    stands_since = models.DateField("refused or lapsed on", null=True, blank=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta(BodyRecord.Meta):
        ordering = ["decision", "number", "pk"]
        constraints = [
            *BodyRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["decision", "number"],
                condition=Q(withdrawn_on__isnull=True),
                name="resolution_number_once",
                violation_error_message="The decision has a resolution with this number already.",
            ),
            models.CheckConstraint(
                condition=Q(standing="agreed", stands_since__isnull=True)
                | ~Q(standing="agreed") & Q(stands_since__isnull=False),
                name="resolution_refused_or_lapsed_with_date",
                violation_error_message="Enter the day on which it was refused or lapsed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision.body}, {in_words(self.decision.decided_on)}, resolution {self.label}"

    @property
    def label(self) -> str:
        """Its number in the council's style: "(b)" or "(2)"."""
        council = self.decision.body.council
        return council.numbered(self.number) if council else f"({self.number})"

    def why_not_end(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not record that it was refused or lapsed."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.standing != self.Standing.AGREED:
            refusal = Refusal(f"This resolution is {self.get_standing_display().lower()} already.")
        return refusal


class Condition(BodyRecord):
    """That a resolution takes effect only when another body has agreed too; perhaps each is subject to the other."""

    scope = "resolution__decision__body__partnership"

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="conditions")
    body = models.ForeignKey(
        Body,
        models.PROTECT,
        verbose_name="subject to agreement by",
        related_name="conditions",
        help_text="The other body that must agree.",
    )
    answered_by = models.ForeignKey(
        Resolution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        help_text="Its resolution, agreed or refused. Leave empty until it has decided.",
    )

    objects = DecisionQuerySet.as_manager()

    class Meta(BodyRecord.Meta):
        ordering = ["resolution", "pk"]
        constraints = [
            *BodyRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["resolution", "body"],
                condition=Q(withdrawn_on__isnull=True),
                name="condition_body_once",
                violation_error_message="The resolution is subject to this body already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Subject to agreement by {self.body}"

    def clean(self) -> None:
        errors = {}
        own = self.resolution.decision.body
        if self.body_id == own.pk:
            errors["body"] = "Choose another body of the same partnership."
        if self.answered_by_id and self.answered_by.decision.body_id != self.body_id:
            errors["answered_by"] = "Choose a resolution of the body that must agree."
        if errors:
            raise ValidationError(errors)


class Referral(BodyRecord):
    """That a decision was referred to another body, such as scrutiny, and what came of it."""

    scope = "decision__body__partnership"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="referrals")
    to_body = models.ForeignKey(
        Body, models.PROTECT, verbose_name="referred to", related_name="referrals", help_text="The body asked."
    )
    asked_for = models.TextField(help_text="What it is asked to do.")
    referred_on = models.DateField("referred on")
    due_on = models.DateField("answer due", null=True, blank=True, help_text="Leave empty where no day was set.")
    answered_on = models.DateField("answered on", null=True, blank=True)
    answer = models.TextField("what came of it", blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta(BodyRecord.Meta):
        ordering = ["decision", "referred_on", "pk"]
        constraints = [
            *BodyRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="") | Q(answered_on__isnull=False) & ~Q(answer=""),
                name="referral_answered_with_outcome",
                violation_error_message="Enter both the day of the answer and what came of it, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return f"Referred to {self.to_body}"

    def clean(self) -> None:
        if self.answered_on and self.referred_on and self.answered_on < self.referred_on:
            raise ValidationError({"answered_on": "Enter an answer that is not before the referral."})
