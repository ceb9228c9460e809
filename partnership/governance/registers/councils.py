"""The registers of councils, partnerships and roles."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from partnership.accounts import confirmations, permissions
from partnership.accounts.permissions import today
from partnership.generic.display import Column
from partnership.generic.record_actions import RecordAction
from partnership.generic.register import Register
from partnership.governance import filters
from partnership.governance.forms import councils
from partnership.models import Council, Membership, Partnership, Party, SignificantPartnership, User
from partnership.records.record import RecordQuerySet
from partnership.significant.registers import SIGNIFICANT_TO, WIDER_PARTS


class CouncilRegister(Register):
    """Councils and other public bodies."""

    model = Council
    path = "councils"
    form_class = councils.CouncilForm
    filterset_class = filters.CouncilFilter
    columns = ("name", "short_name", "tier", "executive_name", "area_name", "call_in_days")
    help = "The councils, with the words and rules of their own house."
    empty_text = "No council is recorded yet. Add the councils first; a partnership is made of them."


class PartyRegister(Register):
    """The councils of a partnership."""

    model = Party
    path = "parties"
    parent = "partnership"
    form_class = councils.PartyForm
    columns = (
        "council",
        "position",
        "joined_on",
        "left_on",
        Column("State", text=lambda row: row.waits_for(today()), raw=lambda row: row.waits_for(today())),
    )
    record_actions = (
        RecordAction(
            "confirm",
            "Confirm for your council",
            councils.ConfirmPartyForm,
            intro="The council becomes party to the partnership once every council concerned has confirmed it. Its"
            " people then read the partnership’s registers.",
            shows=("partnership", "council", "joined_on", "proposed_by"),
            kind="primary",
            refusal=Party.why_not_confirm,
        ),
    )
    help = "A council that joins gets its own column in every table from then on."

    def title_of(self, record: Party) -> str:
        return str(record.council)

    def headline_facts(self, record: Party, user: User) -> list[str]:
        """Say whose consent is missing."""
        return [sentence] if (sentence := record.waits_for(today())) else []

    def rows(self, user: User) -> RecordQuerySet:
        """With those that wait for a council's consent."""
        rows = Party.objects.visible_to(user).filter(withdrawn_on__isnull=True)
        return self.with_related(rows)


class PartnershipRegister(Register):
    """Partnerships: councils that share officers, and the wider ones that are significant to a council."""

    model = Partnership
    path = "partnerships"
    form_class = councils.PartnershipForm
    filterset_class = filters.PartnershipFilter
    columns = ("name", "kind", SIGNIFICANT_TO, "started_on", "ended_on")
    parts = (PartyRegister, *WIDER_PARTS)
    help = "Which councils do what jointly, since when, and to whom it is significant."
    empty_text = "No partnership is recorded yet. Add the councils, then the partnership between them."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        entries = SignificantPartnership.objects.on_register(today()).select_related("council")
        return rows.prefetch_related(Prefetch("significance", entries, to_attr="entries"))

    def columns_for(self, user: User, rows: QuerySet | None = None) -> list[Column]:
        """Leave out to whom partnerships matter for users who set them up without reading registers."""
        may_read = permissions.may_read(user, SignificantPartnership)
        return [column for column in super().columns_for(user, rows) if may_read or column is not SIGNIFICANT_TO]


RESET_SIGN_IN = RecordAction(
    "reset-sign-in",
    "Reset sign-in",
    councils.ResetSignInForm,
    intro="The person gets a new password, which you pass on, and chooses a second step anew. Make sure first that it"
    " is really they who ask: meet them, or call a number you know. Wherever they are signed in, that ends.",
    kind="warning",
    refusal=Membership.why_not_reset_sign_in,
)


STATE = Column(
    "State",
    text=lambda row: "Waits for confirmation" if row.is_waiting else "",
    raw=lambda row: "Waits for confirmation" if row.is_waiting else "",
    is_tag=True,
)


class MembershipRegister(Register):
    """Register of the roles that people hold."""

    model = Membership
    path = "roles"
    form_class = councils.MembershipForm
    filterset_class = filters.MembershipFilter
    is_edited = False
    columns = ("user", "council", "role", "from_on", "until_on", STATE)
    record_actions = (
        RecordAction(
            "end",
            "End the role",
            councils.EndRoleForm,
            intro="The person may still do what the role allows on its last day. Whoever is to go on is given it anew.",
            kind="warning",
            refusal=Membership.why_not_end,
        ),
        RESET_SIGN_IN,
        RecordAction(
            "confirm",
            "Confirm the role",
            councils.ConfirmRoleForm,
            intro="The role allows nothing until a second person confirms it. Confirm it only if you know, other than"
            " from whoever gave it, that the person is to hold it.",
            shows=("user", "council", "role", "from_on", "proposed_by"),
            kind="primary",
            refusal=Membership.why_not_confirm,
        ),
        RecordAction(
            "move-account",
            "Move the account",
            councils.MoveAccountForm,
            intro="The account belongs to another council from now on: its administrators give the person roles and"
            " reset the sign-in, and yours no longer do.",
            kind="warning",
            refusal=Membership.why_not_move_account,
        ),
    )
    help = "Who may do what, in which council, from when and until when."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("user", "council")

    def url_after(self, record: Membership, user: User) -> str:
        """Return the page after an act: what else waits, when the role is another council's and waits no longer."""
        url = super().url_after(record, user)
        if url == self.url("list") and confirmations.may_open(user):
            return reverse("confirmations")
        return url

    def headline_facts(self, record: Membership, user: User) -> list[str]:
        """Say who confirms a role that waits."""
        return [confirmations.waits_for(record, today())] if record.is_waiting else []

    @property
    def label(self) -> str:
        return "Role"

    @property
    def label_plural(self) -> str:
        return "People and roles"
