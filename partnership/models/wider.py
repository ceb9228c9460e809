"""Records of a partnership that is significant to a council: who takes part, risks, information, money."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from partnership.accounts.roles import Permission
from partnership.financial_years import FinancialYearField
from partnership.models.people import User
from partnership.money import MoneyField, never_negative
from partnership.records.record import Record, RecordQuerySet


class PartnershipRecord(Record):
    """Base of what is only a part of a partnership."""

    is_part = True
    edit_permission = Permission.KEEP_PARTNERSHIPS

    class Meta(Record.Meta):
        abstract = True


class Partner(PartnershipRecord):
    """A body that takes part in a partnership without being one of its councils."""

    name_field = "name"

    class Kind(models.TextChoices):
        HEALTH = "health", "Health body"
        POLICE = "police", "Police, fire or probation"
        PUBLIC = "public", "Other public body"
        VOLUNTARY = "voluntary", "Voluntary or community organisation"
        BUSINESS = "business", "Business"
        OTHER = "other", "Other"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="partners")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    contribution = models.TextField(blank=True, help_text="What it brings or does.")
    until_on = models.DateField(
        "until", null=True, blank=True, help_text="The last day on which it takes part. Leave empty while it does."
    )

    class Meta(PartnershipRecord.Meta):
        verbose_name = "other partner"
        ordering = ["partnership", "name", "pk"]

    def takes_part(self, on: date) -> bool:
        """Return whether it is a partner on a day."""
        return self.until_on is None or self.until_on >= on


class SignificantPartnershipQuerySet(RecordQuerySet):
    """Entries on the councils' registers."""

    def on_register(self, on: date) -> SignificantPartnershipQuerySet:
        """Return those that stand on a council's register on a day; one whose beginning is not stated has begun."""
        begun = Q(since_on__isnull=True) | Q(since_on__lte=on)
        return self.active().filter(begun, Q(until_on__isnull=True) | Q(until_on__gte=on))

    def led_by(self, user: User) -> SignificantPartnershipQuerySet:
        """Return those whose lead officer signs in with an account."""
        return self.active().filter(lead_account=user)

    def approved_for_by(self, user: User) -> SignificantPartnershipQuerySet:
        """Return those that the person leads because somebody else named them: for these they approve returns."""
        versions = self.model.history.model.objects.filter(id=OuterRef("pk")).order_by()
        led_by_others = versions.exclude(lead_account=user.pk).values("id").annotate(last=Max("history_id"))
        named = versions.filter(history_id__gt=Coalesce(OuterRef("last_led_by_others"), 0)).order_by("history_id")
        return (
            self.led_by(user)
            .annotate(last_led_by_others=Subquery(led_by_others.values("last")))
            .annotate(name_select_related=Subquery(named.values("history_user_id")[:1]))
            .exclude(name_select_related=user.pk)
        )


class SignificantPartnership(PartnershipRecord):
    """A partnership's entry on one council's register of its significant partnerships, kept by that council.

    A partnership is significant to a council by the council's own criteria; another council may see it otherwise.
    """

    owner_fields = ("council",)

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="significance")
    council = models.ForeignKey(
        "partnership.Council", models.PROTECT, related_name="significant_partnerships", help_text="Whose register."
    )
    criteria = models.TextField(
        blank=True, help_text="Which of the council’s criteria make it significant, one on each line."
    )
    priorities = models.TextField(
        "corporate priorities served", blank=True, help_text="Those of the council’s own plan, one on each line."
    )
    lead_member = models.CharField(
        max_length=160, blank=True, help_text="The councillor who answers for it, by office, not by name."
    )
    lead_officer = models.CharField(
        max_length=160, blank=True, help_text="The officer who leads for the council, by post, not by name."
    )
    lead_account = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="account of the lead officer",
        related_name="led_partnerships",
        help_text="Whoever signs in with it approves the annual returns that somebody else submitted.",
    )
    governance = models.TextField(
        "governance arrangements", blank=True, help_text="Its board, to whom it answers, and how it decides."
    )
    exit_strategy = models.TextField(
        blank=True, help_text="How the council would leave, and what becomes of staff, money and services."
    )
    since_on = models.DateField("on the register since", null=True, blank=True)
    until_on = models.DateField(
        "on the register until", null=True, blank=True, help_text="The last day. Leave empty while it is significant."
    )

    objects = SignificantPartnershipQuerySet.as_manager()

    class Meta(PartnershipRecord.Meta):
        verbose_name = "entry on a council’s register"
        verbose_name_plural = "entries on the councils’ registers"
        ordering = ["partnership", "council__name", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "council"],
                condition=Q(withdrawn_on__isnull=True, until_on__isnull=True),
                name="significant_partnership_once",
                violation_error_message="This partnership is on the council’s register already; change that entry.",
            ),
            models.CheckConstraint(
                condition=Q(since_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="significant_until_after_since",
                violation_error_message="It cannot leave the register before it came on it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}, register of {self.council.short_name}"

    def place(self) -> tuple[str, int] | None:
        """An entry is the council's own; before it names one, it is anybody's of the partnership."""
        return ("council", self.council_id) if self.council_id else super().place()

    def partnership_id_of(self) -> int | None:
        return self.partnership_id

    def is_on_register(self, on: date) -> bool:
        """Return whether it stands on the council's register on a day; one whose beginning is not stated has begun."""
        begun = self.since_on is None or self.since_on <= on
        return begun and (self.until_on is None or self.until_on >= on)


class Level(models.TextChoices):
    """The likelihood of a risk, or its effect."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Risk(PartnershipRecord):
    """A risk in a partnership or by being in it, as somebody assessed it on a day."""

    name_field = "title"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="risks")
    title = models.CharField("risk", max_length=200, help_text="What may happen, in a sentence.")
    council = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="risks",
        help_text="Whose risk it is. Leave empty for one of all the councils.",
    )
    likelihood = models.CharField(max_length=6, choices=Level.choices)
    impact = models.CharField(max_length=6, choices=Level.choices)
    controls = models.TextField(blank=True, help_text="What is done about it.")
    owner = models.CharField(max_length=160, blank=True, help_text="The post that answers for it, not a name.")
    assessed_on = models.DateField(help_text="When it was last assessed.")
    ended_on = models.DateField("closed on", null=True, blank=True, help_text="Leave empty while it is a risk.")

    class Meta(PartnershipRecord.Meta):
        ordering = ["partnership", "title", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("assessed_on")),
                name="risk_closed_after_assessment",
                violation_error_message="A risk cannot be closed before it was last assessed.",
            ),
        ]

    def is_open(self, on: date) -> bool:
        """Return whether it has been assessed by a day and is not closed on it."""
        return self.assessed_on <= on and (self.ended_on is None or self.ended_on > on)


class InformationSharing(PartnershipRecord):
    """An arrangement under which the partners share information, and what it rests on in law."""

    name_field = "title"

    class Personal(models.TextChoices):
        YES = "yes", "Personal data is shared"
        NO = "no", "No personal data is shared"
        NOT_STATED = "not stated", "Not stated"

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="information_sharing")
    title = models.CharField("arrangement", max_length=160, help_text="What it is called, for example a protocol.")
    covers = models.TextField(blank=True, help_text="What is shared, between whom, and what for.")
    personal_data = models.CharField(max_length=10, choices=Personal.choices, default=Personal.NOT_STATED)
    legal_basis = models.TextField(blank=True, help_text="The law that allows it.")
    agreed_on = models.DateField(null=True, blank=True)
    review_due_on = models.DateField("next review", null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="The last day on which information was shared.")

    class Meta(PartnershipRecord.Meta):
        verbose_name = "information-sharing arrangement"
        ordering = ["partnership", "title", "pk"]

    def clean(self) -> None:
        if self.ended_on and self.agreed_on and self.ended_on < self.agreed_on:
            raise ValidationError({"ended_on": "Enter an end that is not before the agreement."})

    def is_running(self, on: date) -> bool:
        """Return whether information is shared under it on a day; one whose beginning is not stated has begun."""
        begun = self.agreed_on is None or self.agreed_on <= on
        return begun and (self.ended_on is None or self.ended_on >= on)


class Funding(PartnershipRecord):
    """A contribution to a partnership in a financial year. Never part of a savings total."""

    partnership = models.ForeignKey("partnership.Partnership", models.PROTECT, related_name="funding")
    financial_year = FinancialYearField(help_text="Like 2019/20.")
    council = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="partnership_funding",
        help_text="Which council pays. Leave empty where somebody else does.",
    )
    payer = models.CharField(
        "other payer", max_length=160, blank=True, help_text="Who pays, where it is not a council: a grant, a partner."
    )
    amount = MoneyField(null=True, blank=True, about_field="is_about", help_text="In pounds, for the year.")
    is_about = models.BooleanField("the sum is rounded", default=False, help_text="Printed with “about”.")
    note = models.TextField(blank=True, help_text="What it is for, or in what else it is paid: staff, rooms.")

    class Meta(PartnershipRecord.Meta):
        verbose_name = "contribution"
        ordering = ["partnership", "-financial_year", "council__name", "payer", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(council__isnull=False, payer="") | Q(council__isnull=True) & ~Q(payer=""),
                name="funding_from_a_council_or_another",
                violation_error_message="Choose the council that pays, or name who else does: one of the two.",
            ),
            never_negative("amount", "funding_not_negative", "a contribution of £0 or more"),
        ]

    def __str__(self) -> str:
        return f"{self.payer_name}, {self.financial_year}"

    @property
    def payer_name(self) -> str:
        """Return the name of the payer."""
        return self.council.short_name if self.council_id else self.payer
