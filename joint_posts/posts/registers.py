"""The register of joint posts and its parts."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest

from joint_posts.costs.summary import cost_summary
from joint_posts.models import CostShare, CouncilShare, EmployerChange, JointPost, PostStep
from joint_posts.models.posts import employer_id_on, employers_of
from joint_posts.posts.filters import JointPostFilter
from joint_posts.posts.forms import (
    AgreeForm,
    AppointForm,
    BecomeVacantForm,
    ChangeEmployerForm,
    CostShareForm,
    EndPostForm,
    JointPostForm,
    MakePermanentForm,
    RetitleForm,
)
from joint_posts.savings.forms.calculations import PutIntoLedgerForm
from partnership.accounts.permissions import today
from partnership.accounts.roles import Permission
from partnership.financial_years import FinancialYear
from partnership.generic.as_at import stepped
from partnership.generic.display import Column, display_value, export_value, label_of
from partnership.generic.listings import RelatedTable
from partnership.generic.policy import RegisterPolicy
from partnership.generic.record_actions import RecordAction
from partnership.generic.register import Register
from partnership.models import User
from partnership.records.as_at import AsAt, rows_as_of
from partnership.records.record import Record, RecordQuerySet

VERBS = (
    RecordAction(
        "agree",
        "Agree",
        AgreeForm,
        intro="The councils have agreed to share the post. It is not filled yet.",
        refusal=JointPost.why_not_agree,
    ),
    RecordAction(
        "appoint",
        "Appoint",
        AppointForm,
        intro="Somebody takes up the post. The officer must have been consulted before, under an agreement in force.",
        refusal=JointPost.why_not_appoint,
    ),
    RecordAction(
        "refill",
        "Fill again",
        AppointForm,
        intro="Somebody takes up the vacant post. Each holder is consulted anew.",
        refusal=JointPost.why_not_refill,
    ),
    RecordAction(
        "make-permanent",
        "Make permanent",
        MakePermanentForm,
        intro="The appointment becomes permanent from the day you enter.",
        refusal=JointPost.why_not_make_permanent,
    ),
    RecordAction(
        "become-vacant",
        "Record a vacancy",
        BecomeVacantForm,
        intro="Nobody holds the post from the day you enter. It costs and saves nothing while it is vacant.",
        refusal=JointPost.why_not_become_vacant,
    ),
    RecordAction(
        "retitle",
        "Change the title",
        RetitleForm,
        intro="Reports as at an earlier day keep the earlier title.",
        refusal=JointPost.why_not_retitle,
    ),
    RecordAction(
        "change-employer",
        "Change the employer",
        ChangeEmployerForm,
        intro="Another council employs the officer from the day you enter. The days before stay as they are: who owed"
        " whom, and who sees what was paid. Somebody of the council that employs the officer now records it.",
        refusal=JointPost.why_not_change_employer,
    ),
    RecordAction(
        "end",
        "End the post",
        EndPostForm,
        intro="The post is no longer shared after its last day. Its history stays.",
        kind="warning",
        refusal=JointPost.why_not_end,
    ),
    RecordAction(
        "put-into-ledger",
        "Put the saving into the ledger",
        PutIntoLedgerForm,
        intro="Writes each council's worked saving of a year into its line, with the arithmetic it came from."
        " An estimate that stands there stays; the new sum is then the forecast. A council whose baseline or cost is"
        " not recorded is left out and named; do this again once it is recorded.",
        refusal=JointPost.why_not_put_into_ledger,
        takes=("steps", "cost_shares", "cost_shares__council_shares"),
    ),
)


class PostStepRegister(Register):
    """Titles, status and appointment over time."""

    model = PostStep
    path = "steps"
    parent = "post"
    columns = ("title", "status", "appointment", "from_on", "note")
    help = "How the post stood, from when."

    @property
    def label_plural(self) -> str:
        return "Titles and status over time"


class EmployerChangeRegister(Register):
    """The councils that employ the officer, over time."""

    model = EmployerChange
    path = "employers"
    parent = "post"
    columns = ("from_on", "from_council", "council", "note")
    help = "From when another council employs the officer. Without a change, one council does on all days."

    @property
    def label_plural(self) -> str:
        return "Employer over time"


class CouncilSharePolicy(RegisterPolicy):
    """A council's own baseline is for its own finance."""

    def may_view_field(self, user: User, name: str, record: Record | None = None) -> bool:
        """A council's own baseline is seen by its own finance alone."""
        if name not in self.register.restricted or record is None:
            return super().may_view_field(user, name)
        owner = record.council_id if isinstance(record, CouncilShare) else None
        return owner in user.authority.councils(Permission.SEE_COSTS)


class CouncilShareRegister(Register):
    """Each council's share of a cost."""

    model = CouncilShare
    policy_class = CouncilSharePolicy
    path = "shares"
    parent = "cost_share"
    columns = ("council", "percent", "baseline_cost")
    restricted: ClassVar[dict[str, Permission]] = {"baseline_cost": Permission.SEE_COSTS}


class CostSharePolicy(RegisterPolicy):
    """Pay is for the pay officers of the council that employs the officer."""

    def may_view_field(self, user: User, name: str, record: Record | None = None) -> bool:
        """Salary and on-costs: pay officers of the employer of the days; those of every party while none is stated."""
        if name not in self.register.restricted or record is None:
            return super().may_view_field(user, name)
        if isinstance(record, JointPost):
            return record.may_see_pay(user, date.min, None)
        return record.post.may_see_pay(user, record.from_on, record.last_day)


class CostShareRegister(Register):
    """Register of the cost of a post and its split over time."""

    model = CostShare
    policy_class = CostSharePolicy
    path = "cost-shares"
    parent = "post"
    form_class = CostShareForm
    columns = ("from_on", "standing", "salary", "on_costs_percent", "on_costs_amount", "note")
    restricted: ClassVar[dict[str, Permission]] = dict.fromkeys(
        ("salary", "on_costs_percent", "on_costs_amount"), Permission.SEE_PAY
    )
    parts = (CouncilShareRegister,)
    help = "Provisional until the councils have agreed the contributions."
    empty_text = "No cost share is recorded yet. It says what the post costs and how the councils share it."

    def title_of(self, record: CostShare) -> str:
        return str(record)

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return (
            super()
            .with_related(rows)
            .prefetch_related("council_shares__council", "post__cost_shares", "post__employer_changes")
        )


def as_employed(post: JointPost) -> JointPost:
    """Return the post with the employer of the day that the page shows: today, or the past day of the row."""
    return post.as_employed_on(today()) if post.current_row is None else post


EMPLOYER = Column(
    label=label_of(JointPost, "home_council"),
    text=lambda post: display_value(as_employed(post), "home_council"),
    raw=lambda post: export_value(as_employed(post), "home_council"),
    sort="employer_name",
    name="home_council",
)


class JointPostRegister(Register):
    """Joint posts."""

    model = JointPost
    path = "joint-posts"
    form_class = JointPostForm
    filterset_class = JointPostFilter
    columns = ("title", EMPLOYER, "appointment", "status", "started_on")
    # The decision may have been taken in private; who may see it finds the post on its page.
    restricted: ClassVar[dict[str, Permission]] = {"appointed_by": Permission.READ_WORKING_PAPERS}
    parts = (PostStepRegister, EmployerChangeRegister, CostShareRegister)
    related_tables = (RelatedTable("appointed_by", "Posts it appoints to", ("title", "status", "started_on")),)
    record_actions = VERBS
    help = "Posts whose holders work for more than one council, employed by their home council."
    empty_text = "No joint post is recorded yet. Record the section 113 agreement first, then add the posts under it."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        found = super().with_related(rows).select_related("partnership", "home_council").with_employer_on(today())
        return found.prefetch_related("employer_changes__council", "employer_changes__from_council")

    def detail_fields(self, record: JointPost, user: User) -> list[dict[str, Any]]:
        return super().detail_fields(as_employed(record), user)

    def as_true_on(self, records: list[JointPost], moment: AsAt) -> list[JointPost]:
        found = stepped(records, moment, PostStep, "post", ("title", "status", "appointment"))
        changes: dict[int, list[EmployerChange]] = {record.pk: [] for record in found}
        for change in rows_as_of(EmployerChange, moment.known_at, post_id__in=list(changes)):
            changes[change.post_id].append(change)
        for record in found:
            record.home_council_id = employer_id_on(employers_of(record, changes[record.pk]), moment.as_at)
        return found

    def extra_context(self, record: JointPost, request: HttpRequest) -> dict[str, Any]:
        """Add the post's yearly cost, as far as the user may see it, and the recharges."""
        now = FinancialYear.containing(today())
        try:
            year = FinancialYear.read(request.GET.get("year", str(now)))
        except ValueError:
            year = now
        cost = cost_summary(record, year, request.user, as_at=today())
        return {"cost": cost, "facts": cost.owed, "years": [year.previous(), year, year.next()], "year": year}
