"""Councils, the partnerships between them, and who is party to which."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from copy import copy
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.text import slugify

from partnership.accounts import permissions
from partnership.accounts.roles import Permission
from partnership.dates import RecordedDateField, precision_field
from partnership.financial_years import FinancialYear
from partnership.money import MoneyField, never_negative
from partnership.records.record import Record, RecordQuerySet
from partnership.records.refusals import ALLOWED, Refusal, not_by_you
from partnership.records.tenancy import references_to_council
from partnership.text import is_look_alike


class Orientation(models.TextChoices):
    """Between tiers (a county and a district) or within one."""

    VERTICAL = "vertical", "Vertical: between a county and a district"
    HORIZONTAL = "horizontal", "Horizontal: between councils of one tier"
    MIXED = "mixed", "Mixed"


class CouncilQuerySet(RecordQuerySet):
    """Councils, by county."""

    def of_county(self, county: str) -> CouncilQuerySet:
        """The local authorities recorded that lie in a county or cover it; other public bodies are none."""
        return self.active().filter(county=county).exclude(county="").exclude(tier=Council.Tier.OTHER)


# Words that stand beside a council's key in the names of figures and form fields, so no council has them as its key.
RESERVED_KEYS = (
    "all",
    "amount",
    "both",
    "cost",
    "count",
    "joint",
    "none",
    "phrase",
    "pipeline",
    "posts",
    "titles",
    "total",
    "year-not-stated",
)


def folded(short_name: str) -> str:
    """Return a short name as it is compared with others: without regard to case, width and spacing."""
    return " ".join(unicodedata.normalize("NFKC", short_name).casefold().split())


class Council(Record):
    """A local authority or other public body, with the words and rules of its own house.

    ``key`` names the council in figures, form fields and addresses: "occ". It is made from the short name when the
    council is entered and never changes. Versions recorded before keys were kept have none in the history.
    """

    name_field = "name"
    internal = frozenset({"short_name_folded", "key"})
    scope = ""
    edit_permission = Permission.KEEP_COUNCILS

    class Tier(models.TextChoices):
        COUNTY = "county", "County"
        DISTRICT = "district", "District"
        UNITARY = "unitary", "Unitary"
        OTHER = "other", "Other public body"

    class Numbering(models.TextChoices):
        LETTERS = "letters", "(a), (b), (c)"
        NUMBERS = "numbers", "(1), (2), (3)"

    name = models.CharField(max_length=120, unique=True, help_text="The full name, as on the council's papers.")
    short_name = models.CharField(max_length=12, unique=True, help_text="The initials used in tables, for example OCC.")
    short_name_folded = models.CharField(max_length=60, unique=True, default="", editable=False)
    key = models.CharField(max_length=40, unique=True, default="", editable=False)
    tier = models.CharField(max_length=10, choices=Tier.choices)
    ons_code = models.CharField("ONS code", max_length=9, blank=True, help_text="The nine-character statistical code.")
    executive_name = models.CharField(
        "name of its executive", max_length=40, default="Cabinet", help_text="Cabinet, Executive or another name."
    )
    area_name = models.CharField(
        "name of its electoral areas", max_length=40, default="Ward", help_text="Division or Ward."
    )
    county = models.CharField(
        max_length=60,
        blank=True,
        help_text="The county it lies in or covers. Councils of one county can be asked what they all take part in.",
    )
    numbering = models.CharField(
        "numbering of recommendations", max_length=10, choices=Numbering.choices, default=Numbering.NUMBERS
    )
    key_decision_threshold = MoneyField(
        "key decision threshold",
        null=True,
        blank=True,
        help_text="Spending or savings in pounds from which a decision is key (2012 Regulations, regulation 8).",
    )
    call_in_days = models.PositiveSmallIntegerField(
        "call-in period in working days",
        null=True,
        blank=True,
        help_text="Working days from publication in which scrutiny may call a decision in.",
    )
    clearance_days = models.PositiveSmallIntegerField(
        "clearance in working days",
        null=True,
        blank=True,
        help_text="House rule: how many working days before a meeting every officer has cleared its papers.",
    )

    objects = CouncilQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(key=Lower("key")) & ~Q(key="") & ~Q(key__in=RESERVED_KEYS),
                name="council_key_names_it_alone",
                violation_error_message="A council’s key is in lower case and is not a reserved word.",
            ),
            never_negative("key_decision_threshold", "key_threshold_not_negative", "a threshold of £0 or more"),
        ]

    def clean(self) -> None:
        if self._state.adding:
            self.key = free_key(self.short_name, Council.objects.values_list("key", flat=True))
        short_name = folded(self.short_name)
        twin = Council.objects.filter(short_name_folded=short_name).exclude(pk=self.pk).first()
        if twin is not None:
            sentence = f"{twin.name} already has the short name “{twin.short_name}”. Choose another."
            raise ValidationError({"short_name": sentence})
        self.short_name_folded = short_name
        self._refuse_look_alikes()

    def _refuse_look_alikes(self) -> None:
        """Refuse a name or short name that a reader would take for another council's."""
        others = Council.objects.exclude(pk=self.pk)
        for field in ("name", "short_name"):
            mine = getattr(self, field)
            for theirs in others.values_list(field, flat=True):
                if is_look_alike(mine, theirs):
                    raise ValidationError({field: f"“{theirs}” is another council’s. Choose one that looks different."})

    def differs_from(self, other: Record) -> bool:
        """Compare with a version that may have been recorded before the key and the folded short name were kept."""
        compared = copy(other)
        compared.key = other.key or self.key
        compared.short_name_folded = other.short_name_folded or self.short_name_folded
        return super().differs_from(compared)

    def numbered(self, number: int) -> str:
        """A resolution's number in the council's style: "(b)" or "(2)"; after "(z)" comes "(aa)"."""
        if self.numbering == self.Numbering.NUMBERS:
            return f"({number})"
        repeats, letter = divmod(number - 1, 26)
        return f"({chr(ord('a') + letter) * (repeats + 1)})"


def free_key(short_name: str, taken: Iterable[str]) -> str:
    """Return a key for a council with this short name that no other council has: "occ", "joint-council", "acc-2"."""
    plain = slugify(short_name)[:30].strip("-") or "council"
    wanted = f"{plain}-council" if plain in RESERVED_KEYS else plain
    unavailable = set(taken)
    key = wanted
    number = 1
    while key in unavailable:
        number += 1
        key = f"{wanted}-{number}"
    return key


class PartnershipQuerySet(RecordQuerySet):
    """Partnerships, by kind and by who takes part."""

    def sharing(self) -> PartnershipQuerySet:
        """Return those whose councils share officers and services, which alone have joint posts and savings."""
        return self.filter(kind=Partnership.Kind.SHARING)

    def common_to(self, councils: Iterable[Council | int], on: date) -> PartnershipQuerySet:
        """Return those to which all of the councils are party on a day; with no council named, none."""
        found = None
        for council in councils:
            parties = Party.objects.party_on(on).filter(council=council)
            found = (self if found is None else found).filter(pk__in=parties.values("partnership"))
        return self.none() if found is None else found


class Partnership(Record):
    """A partnership of councils that share officers and services, or take part in a wider partnership.

    A council's own framework for its partnerships is one too, of that council alone: there its executive decides on
    all of them, and its annual report of them is written.
    """

    name_field = "name"
    scope = ""
    edit_permission = Permission.KEEP_COUNCILS

    class Kind(models.TextChoices):
        SHARING = "sharing", "Councils that share officers and services"
        WIDER = "wider", "Another partnership that councils take part in"
        FRAMEWORK = "framework", "A council’s own framework for its partnerships"

    class DecidedBy(models.TextChoices):
        """The body that decides a matter, by this partnership's own rules. Empty where nobody has said."""

        JOINT_COMMITTEE = "joint committee", "A joint committee"
        EACH_COUNCIL = "each council", "Each council’s own body"

    kind = models.CharField(
        max_length=10,
        choices=Kind.choices,
        default=Kind.SHARING,
        help_text="Only councils that share officers and services have joint posts and savings.",
    )
    name = models.CharField(
        max_length=120, unique=True, help_text="For example “Oxfordshire and Cherwell partnership”."
    )
    slug = models.SlugField(max_length=60, unique=True, help_text="Its short name in web addresses.")
    purpose = models.TextField(blank=True, help_text="What the councils want from it, in a sentence or two.")
    orientation = models.CharField(max_length=12, choices=Orientation.choices, blank=True)
    agreed_on = RecordedDateField(
        null=True,
        blank=True,
        precision_field="agreed_precision",
        help_text="When the councils agreed to form it.",
    )
    agreed_precision = precision_field("the agreement date")
    started_on = RecordedDateField(
        null=True,
        blank=True,
        precision_field="started_precision",
        help_text="When joint working began; reviews count the length of operation from here.",
    )
    started_precision = precision_field("the start")
    ended_on = models.DateField(null=True, blank=True, help_text="Leave empty while the partnership goes on.")
    end_reason = models.TextField("why it ended", blank=True)
    appointing_body = models.CharField(
        "who appoints permanent chief officers",
        max_length=20,
        choices=DecidedBy.choices,
        blank=True,
        help_text="Leave empty if it is not said: then the portal asks for no body’s decision.",
    )
    service_case_body = models.CharField(
        "who agrees the business case of a shared service",
        max_length=20,
        choices=DecidedBy.choices,
        blank=True,
        help_text="Every council approves such a case. A joint committee, if chosen here, agrees it first.",
    )
    annual_report_body = models.CharField(
        "who considers the annual performance report",
        max_length=20,
        choices=DecidedBy.choices,
        blank=True,
        help_text="Leave empty if it is not said: then the checks advise and do not prevent publication.",
    )
    notice = models.CharField(
        "notice on every paper",
        max_length=200,
        blank=True,
        help_text="A line that every page and paper of this partnership carries, for example that it is an example.",
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="") | Q(ended_on__isnull=False) & ~Q(end_reason=""),
                name="partnership_ended_with_reason",
                violation_error_message="An ended partnership needs both the date and the reason.",
            ),
        ]

    def clean(self) -> None:
        errors = {}
        if self.ended_on and self.started_on and self.ended_on < self.started_on:
            errors["ended_on"] = "Enter an end that is not before the start."
        is_standing = self.pk is not None and not self.is_withdrawn  # a withdrawn one was left by its councils
        if is_standing and (sentence := self.wrong_with(self.parties.filter(withdrawn_on__isnull=True).count())):
            errors["kind"] = sentence
        if errors:
            raise ValidationError(errors)

    def wrong_with(self, number: int) -> str:
        """Return the problem with so many councils, in a sentence; "" when there is none."""
        if self.kind == self.Kind.SHARING and number < 2:
            return "Choose at least two councils."
        if self.kind == self.Kind.FRAMEWORK and number != 1:
            return "A council’s own framework has that council alone."
        return "" if number else "Choose at least one council."

    def why_not_withdraw(self, *, by: Any, on: date | None = None) -> Refusal:
        """Return why the person may not withdraw the partnership: every council that is party to it has to leave."""
        refusal = super().why_not_withdraw(by=by, on=on)
        if refusal:
            return refusal
        own = by.authority.councils(Permission.KEEP_COUNCILS)
        others = self.parties.active().exclude(council__in=own).select_related("council")
        names = [party.council.name for party in others]
        return not_by_you(f"{' and '.join(names)} has to leave it first.") if names else refusal


class PartyQuerySet(RecordQuerySet):
    """Parties, by day."""

    def visible_to(self, user: Any) -> PartyQuerySet:
        """Return the places in the person's partnerships, and those that wait for the consent of their council."""
        authority = getattr(user, "authority", permissions.NO_AUTHORITY)
        asked = self.waiting().filter(council__in=authority.councils(Permission.KEEP_COUNCILS))
        return super().visible_to(user) | asked

    def waiting(self) -> PartyQuerySet:
        """Return the places that a council still has to consent to: they give nobody access."""
        return self.filter(withdrawn_on__isnull=True, proposed_by__isnull=False, confirmed_on__isnull=True)

    def active(self) -> PartyQuerySet:
        """Return the places that every council concerned has consented to, without those that were withdrawn."""
        is_confirmed = Q(proposed_by__isnull=True) | Q(confirmed_on__isnull=False)
        return super().active().filter(is_confirmed)

    def party_on(self, on: date) -> PartyQuerySet:
        """The councils that are party to a partnership on a day."""
        return self.active().filter(
            Q(joined_on__isnull=True) | Q(joined_on__lte=on), Q(left_on__isnull=True) | Q(left_on__gte=on)
        )


class Party(Record):
    """A council's place in a partnership. ``position`` orders the columns of tables."""

    cross_partnership_fields = ("council",)  # it is what makes the council a party
    internal = frozenset({"consents"})
    is_part = True
    edit_permission = Permission.KEEP_COUNCILS

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="parties")
    council = models.ForeignKey(Council, models.PROTECT, related_name="parties")
    position = models.PositiveSmallIntegerField(
        default=1, help_text="Where its column stands in tables, from the left."
    )
    joined_on = RecordedDateField(
        null=True,
        blank=True,
        precision_field="joined_precision",
        help_text="Leave empty when it was there at the start.",
    )
    joined_precision = precision_field("the joining date")
    left_on = models.DateField(null=True, blank=True, help_text="The last day. Leave empty while it is a party.")
    proposed_by = models.ForeignKey(
        "partnership.User",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="proposed_parties",
        help_text="Who proposed it, where other councils have to consent. Empty where none has to.",
    )
    consents = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="The account that consented for each council, by the councils' numbers.",
    )
    confirmed_on = models.DateField("confirmed on", null=True, blank=True, editable=False)

    objects = PartyQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["partnership", "position", "council__name", "pk"]
        verbose_name_plural = "parties"
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "council"],
                condition=Q(withdrawn_on__isnull=True),
                name="party_once",
                violation_error_message="This council is already a party to the partnership.",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(joined_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="party_left_after_joining",
                violation_error_message="A council cannot leave before it joined.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council} in {self.partnership}"

    def place(self) -> tuple[str, int] | None:
        """The council whose place it is: its own administrators alone change it. The partnership before it has one."""
        if self.council_id is None:
            return ("partnership", self.partnership_id) if self.partnership_id else None
        return "council", self.council_id

    def partnership_id_of(self) -> int | None:
        return self.partnership_id

    @property
    def is_waiting(self) -> bool:
        """Return whether a council still has to consent."""
        return self.proposed_by_id is not None and self.confirmed_on is None

    def councils_to_consent(self, on: date) -> list[Council]:
        """Return the councils whose consent is missing on a day: of its own, and of every council already party."""
        if not self.is_waiting:
            return []
        parties = self.partnership.parties.party_on(on).values("council")
        concerned = Council.objects.filter(Q(pk__in=parties) | Q(pk=self.council_id))
        return list(concerned.exclude(pk__in=[int(number) for number in self.consents]))

    def why_not_write(self, *, by: Any, permission: Permission | None = None) -> Refusal:
        """Return why the person may not write the row. Whoever proposed it may, while it waits."""
        if self.is_waiting and self.proposed_by_id == by.pk and not self.is_withdrawn:
            return permissions.why_not(by, permission or self.edit_permission, self.partnership)
        return super().why_not_write(by=by, permission=permission)

    def why_not_confirm(self, *, by: Any, on: date) -> Refusal:
        """Return why the person may not consent for a council on a day."""
        if self.is_withdrawn or not self.is_waiting:
            return Refusal("This does not wait for confirmation.")
        missing = self.councils_to_consent(on)
        own = by.authority.councils(Permission.KEEP_COUNCILS)
        if not any(council.pk in own for council in missing):
            return not_by_you(self.waits_for(on))
        return ALLOWED

    def waits_for(self, on: date) -> str:
        """Return whose consent is missing, as a sentence; "" when nobody's is."""
        missing = [council.name for council in self.councils_to_consent(on)]
        return f"Waiting for confirmation by {' and '.join(missing)}." if missing else ""

    def is_party_in(self, year: FinancialYear) -> bool:
        """Return whether the council is party on any day of a financial year."""
        joined = not self.is_waiting and (self.joined_on is None or self.joined_on <= year.last_day)
        return joined and (self.left_on is None or self.left_on >= year.first_day)

    def is_party(self, on: date) -> bool:
        """Return whether the council is party on a day."""
        joined = not self.is_waiting and (self.joined_on is None or self.joined_on <= on)
        return joined and (self.left_on is None or self.left_on >= on)

    def clean(self) -> None:
        """A framework has its own council alone. A council that leaves has an end; it keeps its place until then."""
        others = self.partnership.parties.filter(withdrawn_on__isnull=True).exclude(pk=self.pk)
        is_own = self.partnership.kind == Partnership.Kind.FRAMEWORK and not self.is_withdrawn
        if is_own and (sentence := self.partnership.wrong_with(others.count() + 1)):
            raise ValidationError({"council": sentence})
        stored = None if self._state.adding else Party._base_manager.filter(pk=self.pk).first()
        if stored is None or (stored.council_id, stored.partnership_id) == (self.council_id, self.partnership_id):
            return
        if any(rows.exists() for rows in references_to_council(stored)):
            raise ValidationError(
                {"council": f"Records of the partnership name {stored.council}, so it stays. Add the other council."}
            )
        raise ValidationError({"council": "A place stays that of its council. Withdraw it and add the other council."})
