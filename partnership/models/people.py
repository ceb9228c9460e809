"""Accounts, and the roles they hold in councils."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from partnership import access
from partnership.records import Record, RecordQuerySet
from partnership.refusals import Refusal
from partnership.roles import Permission, RoleName


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

    def __str__(self) -> str:
        return self.name

    @cached_property
    def authority(self) -> Any:
        """What the person may do today, read once for each request."""
        return access.authority_of(self, self.roles_today, access.today())

    @cached_property
    def roles_today(self) -> list[Membership]:
        """The roles the person holds today, for the frame of every page."""
        return list(Membership.objects.held_on(self, access.today()).select_related("council"))

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Whether one of the person's roles allows it (`partnership.access.allows`)."""
        return access.allows(self, permission, obj)


class MembershipQuerySet(RecordQuerySet):
    """Roles, by person and day."""

    def holding(self, on: date) -> MembershipQuerySet:
        """Return the roles that hold on a day, of whomever."""
        return self.standing().filter(Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on)

    def held_on(self, user: User, on: date) -> MembershipQuerySet:
        """Return the roles a person holds on a day."""
        return self.holding(on).filter(user=user).order_by("council__name", "role")


class Membership(Record):
    """A role that a person holds in a council, from a day and perhaps until one. A person may hold several."""

    scope = "council"
    read_with = Permission.READ_PEOPLE
    kept_with = Permission.KEEP_PEOPLE

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
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.council.short_name}"

    def holds_on(self, on: date) -> bool:
        """Whether the role holds on a day."""
        return not self.is_withdrawn and self.from_on <= on and (self.until_on is None or on <= self.until_on)

    def why_not_end(self, *, by: User, on: date) -> Refusal:
        """Return why the person may not end the role on a day."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.until_on and self.until_on <= on:
            refusal = Refusal("This role ends before that day already.", field="until_on")
        return refusal

    def why_not_reset_sign_in(self, *, by: User, on: date) -> Refusal:
        """Return why the person may not reset the sign-in of whoever holds the role."""
        refusal = self.why_not_write(by=by)
        if not refusal and self.user_id == by.pk:
            refusal = Refusal("You cannot reset your own sign-in. Ask another administrator.")
        elif not refusal and not self.holds_on(on):
            refusal = Refusal(f"{self.user} does not hold this role on that day.")
        return refusal

    def clean(self) -> None:
        if self.until_on and self.from_on and self.until_on < self.from_on:
            raise ValidationError({"until_on": "Enter a last day that is not before the first day."})
