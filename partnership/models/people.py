"""Accounts, and the roles they hold in councils."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from partnership.accounts import permissions
from partnership.accounts.roles import Permission, RoleName, roles_with
from partnership.records.record import Record, RecordQuerySet
from partnership.records.refusals import ALLOWED, Refusal, not_by_you
from partnership.text import is_look_alike


class UserManager(BaseUserManager["User"]):
    """Makes accounts; used by commands and tests."""

    def create_user(self, username: str, *, name: str, email: str = "", password: str | None = None) -> User:
        """An active account. Without a password nobody can sign in with it until one is set."""
        user = self.model(username=username, name=name, email=self.normalize_email(email))
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person's account. Never deleted, only made inactive, because history names people for good."""

    username = models.CharField(
        "user name", max_length=150, unique=True, validators=[UnicodeUsernameValidator()], help_text="Used to sign in."
    )
    name = models.CharField(max_length=200, help_text="As it stands in the history of records.")
    email = models.EmailField("e-mail address", blank=True)
    is_active = models.BooleanField("active", default=True)
    must_choose_password = models.BooleanField(
        "has yet to choose a password", default=False, editable=False, help_text="The present one was passed on."
    )
    council = models.ForeignKey(
        "partnership.Council",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name="home council",
        related_name="accounts",
        help_text="Its administrators alone give the account roles, reset its sign-in and hand it over.",
    )
    created_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="created_accounts",
        help_text="Empty for an account that was made on the server.",
    )
    first_creator = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="accounts_that_go_back_to_it",
        help_text="The account at the head of the line of accounts of which each made the next.",
    )
    is_example = models.BooleanField(
        "account of the example",
        default=False,
        editable=False,
        help_text="Signs in with a password alone, and only where the example is tried out.",
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name", "pk"]

    def clean(self) -> None:
        """Refuse a new user name that a reader would take for another person's: "clerk.pаrtner" with a Cyrillic "а"."""
        super().clean()
        if not self._state.adding:
            return
        for taken in User.objects.exclude(username=self.username).values_list("username", flat=True):
            if is_look_alike(self.username, taken):
                raise ValidationError({"username": f"“{taken}” is taken, and this looks the same. Choose another."})

    def __str__(self) -> str:
        return self.name

    @cached_property
    def authority(self) -> Any:
        """Return the person's permissions today, read once for each request."""
        return permissions.authority_of(self, self.roles_today, permissions.today())

    @cached_property
    def roles_today(self) -> list[Membership]:
        """The roles the person holds today, for the frame of every page."""
        return list(Membership.objects.held_on(self, permissions.today()).select_related("council"))

    @property
    def origin_id(self) -> int:
        """The account that this one goes back to; itself when it was made on the server."""
        return self.first_creator_id or self.pk

    def is_independent_of(self, other: User) -> bool:
        """Return whether the two accounts go back to different ones, so that no one person can have made both."""
        return self.origin_id != other.origin_id

    @cached_property
    def creator_ids(self) -> frozenset[int]:
        """The accounts that made this one: who made it, who made that one, and so on."""
        found: set[int] = set()
        number = self.created_by_id
        while number is not None and number not in found:
            found.add(number)
            number = User.objects.values_list("created_by", flat=True).get(pk=number)
        return frozenset(found)

    def why_not_manage(self, *, by: User, on: date) -> Refusal:
        """Return why the person may not reset the account's sign-in or hand it over.

        Only an administrator of its home council may; where none is recorded, of the council of the oldest role it
        holds.
        """
        home = self.council_id
        if home is None:
            home = Membership.objects.held_on(self, on).order_by("pk").values_list("council", flat=True).first()
        if home in by.authority.councils(Permission.KEEP_PEOPLE):
            return ALLOWED
        return not_by_you(f"Only an administrator of the home council of {self} may do this.")

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Return whether one of the person's roles allows it (`partnership.accounts.permissions.allows`)."""
        return permissions.allows(self, permission, obj)


class MembershipQuerySet(RecordQuerySet):
    """Roles, by person and day."""

    def waiting(self) -> MembershipQuerySet:
        """Return the roles that wait for confirmation: they allow nothing yet."""
        return self.active().filter(proposed_by__isnull=False, confirmed_on__isnull=True)

    def holding(self, on: date) -> MembershipQuerySet:
        """Return the roles that hold on a day, of whomever.

        Whoever entered a council administers it while no other administrator does.
        """
        held = self.given(on)
        own = Membership.objects.given(on).filter(
            council=OuterRef("council"), role__in=roles_with(Permission.KEEP_PEOPLE), stands_in_from__isnull=True
        )
        return held.exclude(Exists(own), stands_in_from__isnull=False)

    def given(self, on: date) -> MembershipQuerySet:
        """Return the confirmed roles of a day, also those that only stand in for others."""
        is_confirmed = Q(proposed_by__isnull=True) | Q(confirmed_on__isnull=False)
        goes_on = Q(until_on__isnull=True) | Q(until_on__gte=on)
        return self.active().filter(is_confirmed, goes_on, from_on__lte=on)

    def without_own_confirmer(self, on: date) -> MembershipQuerySet:
        """Return the roles, given by an administrator of the council, that nobody of the council can confirm.

        So it is where the council has one administrator, or where all of them go back to one account.
        """
        others = (
            Membership.objects.holding(on)
            .filter(council=OuterRef("council"), role__in=roles_with(Permission.CONFIRM_ROLES), user__is_active=True)
            .annotate(origin=Coalesce("user__first_creator", "user"))
            .exclude(user=OuterRef("user"))
            .exclude(origin=OuterRef("proposer_origin"))
        )
        giver = Membership.objects.holding(on).filter(
            council=OuterRef("council"), user=OuterRef("proposed_by"), role__in=roles_with(Permission.KEEP_PEOPLE)
        )
        rows = self.annotate(proposer_origin=Coalesce("proposed_by__first_creator", "proposed_by"))
        return rows.filter(Exists(giver)).exclude(Exists(others))

    def able_to_confirm(self, membership: Membership, on: date) -> MembershipQuerySet:
        """Return the roles, of any council, whose holders are independent of who gave and who is to hold this one."""
        roles = roles_with(Permission.CONFIRM_ROLES)
        others = self.holding(on).filter(role__in=roles, user__is_active=True).exclude(user=membership.user_id)
        origin = Coalesce("user__first_creator", "user")
        return others.annotate(origin=origin).exclude(origin=membership.proposed_by.origin_id)

    def visible_to(self, user: Any) -> MembershipQuerySet:
        """Return the roles in the person's councils, those of their councils' accounts, and those to be confirmed."""
        authority = getattr(user, "authority", permissions.NO_AUTHORITY)
        reading = authority.councils(self.model.view_permission) | authority.councils(self.model.edit_permission)
        also = Q(user__council__in=reading)
        sharing = authority.partnerships(Permission.CONFIRM_ROLES)
        if sharing:
            on = permissions.today()
            partners = permissions.parties_on(on).filter(partnership__in=sharing).values("council")
            waiting = Membership.objects.waiting().filter(council__in=partners).without_own_confirmer(on)
            also |= Q(pk__in=waiting.values("pk"))
        return super().visible_to(user) | self.filter(also)

    def held_on(self, user: User, on: date) -> MembershipQuerySet:
        """Return the roles a person holds on a day."""
        return self.holding(on).filter(user=user).order_by("council__name", "role")


class Membership(Record):
    """A role that a person holds in a council, from a day and perhaps until one. A person may hold several."""

    scope = "council"
    view_permission = Permission.READ_PEOPLE
    edit_permission = Permission.KEEP_PEOPLE

    user = models.ForeignKey(User, models.PROTECT, verbose_name="person", related_name="memberships")
    council = models.ForeignKey("partnership.Council", models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=RoleName.choices)
    from_on = models.DateField("from", help_text="The first day on which the role holds.")
    until_on = models.DateField("until", null=True, blank=True, editable=False, help_text="The last day.")
    sign_in_reset_on = models.DateField(
        "sign-in reset on",
        null=True,
        blank=True,
        editable=False,
        help_text="When an administrator last gave the person a new password and let them choose a second step anew.",
    )

    account_moved_on = models.DateField(
        "account handed over on",
        null=True,
        blank=True,
        editable=False,
        help_text="When the person's account was last handed over to another home council.",
    )
    # A role that is over content, or in a council that the giver does not administer, waits for a second person.
    proposed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="proposed_memberships",
        help_text="Who gave a role that needs confirmation. Empty for a role that needs none.",
    )
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="confirmed_memberships"
    )
    confirmed_on = models.DateField("confirmed on", null=True, blank=True, editable=False)
    stands_in_from = models.DateField(
        "stands in from",
        null=True,
        blank=True,
        editable=False,
        help_text="Set for whoever entered the council. The role holds while no other administrator of it does.",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["council__name", "user__name", "role", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="membership_ends_after_start",
                violation_error_message="The last day of a role cannot be before its first day.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_on__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_on__isnull=False, proposed_by__isnull=False)
                & ~Q(confirmed_by=F("proposed_by"))
                & ~Q(confirmed_by=F("user")),
                name="membership_confirmed_by_another",
                violation_error_message="A role is confirmed by somebody other than its giver and its holder.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.council.short_name}"

    def holds_on(self, on: date) -> bool:
        """Return whether the role holds on a day."""
        is_given = not self.is_withdrawn and not self.is_waiting
        return is_given and self.from_on <= on and (self.until_on is None or on <= self.until_on)

    @property
    def is_waiting(self) -> bool:
        """Return whether the role waits for confirmation, and allows nothing yet."""
        return self.proposed_by_id is not None and self.confirmed_on is None

    def why_not_confirm(self, *, by: User, on: date) -> Refusal:
        """Return why the person may not confirm the role on a day.

        A second person confirms it: not the one who gave it, not its holder, and nobody whose account goes back to the
        same one as the giver's. An administrator or the monitoring officer of the council does it; where the council
        has nobody else who could, one of a council that it shares a partnership with.
        """
        if self.is_withdrawn or not self.is_waiting:
            return Refusal("This role does not wait for confirmation.")
        if by.pk in {self.proposed_by_id, self.user_id}:
            return not_by_you("A second person confirms a role: neither who gave it nor who is to hold it.")
        if not by.is_independent_of(self.proposed_by):
            return not_by_you(f"Your account and that of {self.proposed_by} go back to the same administrator.")
        if self.user_id in by.creator_ids:
            return not_by_you(f"Your account was made by {self.user}, who is to hold the role.")
        if self.council_id in by.authority.councils(Permission.CONFIRM_ROLES):
            return ALLOWED
        return self._why_not_confirm_as_partner(by, on)

    def _why_not_confirm_as_partner(self, by: User, on: date) -> Refusal:
        sharing = by.authority.partnerships(Permission.CONFIRM_ROLES)
        is_partner = permissions.parties_on(on).filter(partnership__in=sharing, council=self.council_id).exists()
        if not is_partner:
            return permissions.why_not(by, Permission.CONFIRM_ROLES, self)
        if not Membership.objects.filter(pk=self.pk).without_own_confirmer(on).exists():
            return not_by_you(f"An administrator or monitoring officer of {self.council} confirms this role.")
        return ALLOWED

    def why_not_move_account(self, *, by: User, on: date) -> Refusal:
        """Return why the person may not hand the holder's account over to another council."""
        if self.is_withdrawn:
            return Refusal("This was withdrawn before.")
        return self.user.why_not_manage(by=by, on=on)

    def why_not_end(self, *, by: User, on: date) -> Refusal:
        """Return why the person may not end the role on a day."""
        refusal = self.why_not_write(by=by)
        if refusal and not self.is_withdrawn and not self.user.why_not_manage(by=by, on=on):
            refusal = ALLOWED  # the home council may end what its account does elsewhere
        if not refusal and self.is_waiting:
            refusal = Refusal("This role was not confirmed. Withdraw it instead.")
        if not refusal and self.until_on and self.until_on <= on:
            refusal = Refusal("This role ends before that day already.", field="until_on")
        return refusal

    def why_not_reset_sign_in(self, *, by: User, on: date) -> Refusal:
        """Return why the person may not reset the sign-in of whoever holds the role."""
        refusal = self.user.why_not_manage(by=by, on=on)
        if self.is_withdrawn:
            refusal = Refusal("This was withdrawn before.")
        elif not refusal and self.user_id == by.pk:
            refusal = Refusal("You cannot reset your own sign-in. Ask another administrator.")
        elif not refusal and not self.holds_on(on):
            refusal = Refusal(f"{self.user} does not hold this role on that day.")
        return refusal

    def clean(self) -> None:
        if self.until_on and self.from_on and self.until_on < self.from_on:
            raise ValidationError({"until_on": "Enter a last day that is not before the first day."})
