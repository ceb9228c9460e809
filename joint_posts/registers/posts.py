"""The register of joint posts and its parts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest

from joint_posts import forms
from joint_posts.cost_summary import cost_summary
from joint_posts.filters import JointPostFilter
from joint_posts.models import CostShare, CouncilShare, JointPost, PostStep
from partnership.access import today
from partnership.financial_years import FinancialYear
from partnership.generic.as_at import stepped
from partnership.generic.editing import Verb
from partnership.generic.listings import Listing
from partnership.generic.register import Register
from partnership.models import User
from partnership.moments import Moment
from partnership.records import Record, RecordQuerySet
from partnership.roles import Permission

VERBS = (
    Verb(
        "agree",
        "Agree",
        forms.AgreeForm,
        intro="The councils have agreed to share the post. It is not filled yet.",
        refusal=JointPost.why_not_agree,
    ),
    Verb(
        "appoint",
        "Appoint",
        forms.AppointForm,
        intro="Somebody takes up the post. The officer must have been consulted before, under an agreement in force.",
        refusal=JointPost.why_not_appoint,
    ),
    Verb(
        "refill",
        "Fill again",
        forms.AppointForm,
        intro="Somebody takes up the vacant post. Each holder is consulted anew.",
        refusal=JointPost.why_not_refill,
    ),
    Verb(
        "make-permanent",
        "Make permanent",
        forms.MakePermanentForm,
        intro="The appointment becomes permanent from the day you enter.",
        refusal=JointPost.why_not_make_permanent,
    ),
    Verb(
        "become-vacant",
        "Record a vacancy",
        forms.BecomeVacantForm,
        intro="Nobody holds the post from the day you enter. It costs and saves nothing while it is vacant.",
        refusal=JointPost.why_not_become_vacant,
    ),
    Verb(
        "retitle",
        "Change the title",
        forms.RetitleForm,
        intro="Reports as at an earlier day keep the earlier title.",
        refusal=JointPost.why_not_retitle,
    ),
    Verb(
        "end",
        "End the post",
        forms.EndPostForm,
        intro="The post is no longer shared after its last day. Its history stays.",
        kind="warning",
        refusal=JointPost.why_not_end,
    ),
    Verb(
        "put-into-ledger",
        "Put the saving into the ledger",
        forms.PutIntoLedgerForm,
        intro="Writes each council's worked saving of a year into its line, with the arithmetic it came from."
        " An estimate that stands there stays; the new sum is then the forecast.",
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


class CouncilShareRegister(Register):
    """Each council's share of a cost."""

    model = CouncilShare
    path = "shares"
    parent = "cost_share"
    columns = ("council", "percent", "baseline_cost")
    restricted: ClassVar[dict[str, Permission]] = {"baseline_cost": Permission.SEE_COSTS}

    def sees(self, user: User, name: str, record: Record | None = None) -> bool:
        """A council's own baseline is seen by its own finance alone."""
        if name not in self.restricted or record is None:
            return super().sees(user, name)
        owner = record.council_id if isinstance(record, CouncilShare) else None
        return owner in user.authority.councils(Permission.SEE_COSTS)


class CostShareRegister(Register):
    """What a post costs and how the cost is shared, over time."""

    model = CostShare
    path = "cost-shares"
    parent = "post"
    form_class = forms.CostShareForm
    columns = ("from_on", "standing", "salary", "on_costs_percent", "on_costs_amount", "note")
    restricted: ClassVar[dict[str, Permission]] = dict.fromkeys(
        ("salary", "on_costs_percent", "on_costs_amount"), Permission.SEE_PAY
    )
    parts = (CouncilShareRegister,)
    help = "Provisional until the councils have agreed the contributions."
    empty_text = "No cost share is recorded yet. It says what the post costs and how the councils share it."

    def title_of(self, record: CostShare) -> str:
        return str(record)

    def sees(self, user: User, name: str, record: Record | None = None) -> bool:
        """Salary and on-costs: the employing council's pay officers; those of every party while none is named."""
        if name not in self.restricted or record is None:
            return super().sees(user, name)
        post = record if isinstance(record, JointPost) else record.post
        if post.home_council_id is None:
            return user.has_perm(Permission.SEE_PAY, post)
        return post.home_council_id in user.authority.councils(Permission.SEE_PAY)

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("post").prefetch_related("council_shares__council")


class JointPostRegister(Register):
    """Joint posts."""

    model = JointPost
    path = "joint-posts"
    form_class = forms.JointPostForm
    filterset_class = JointPostFilter
    columns = ("title", "home_council", "appointment", "status", "started_on")
    # The decision may have been taken in private; who may see it finds the post on its page.
    restricted: ClassVar[dict[str, Permission]] = {"appointed_by": Permission.READ_WORKING_PAPERS}
    parts = (PostStepRegister, CostShareRegister)
    listed_at = (Listing("appointed_by", "Posts it appoints to", ("title", "status", "started_on")),)
    verbs = VERBS
    help = "Posts whose holders work for more than one council, employed by their home council."
    empty_text = "No joint post is recorded yet. Record the section 113 agreement first, then add the posts under it."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return super().with_related(rows).select_related("partnership")

    def as_true_on(self, records: list[JointPost], moment: Moment) -> list[JointPost]:
        return stepped(records, moment, PostStep, "post", ("title", "status", "appointment"))

    def extra_context(self, record: JointPost, request: HttpRequest) -> dict[str, Any]:
        """What the post costs in a year, as far as the reader may see it, and who owes whom."""
        now = FinancialYear.containing(today())
        try:
            year = FinancialYear.read(request.GET.get("year", str(now)))
        except ValueError:
            year = now
        cost = cost_summary(record, year, request.user, as_at=today())
        return {"cost": cost, "facts": cost.owed, "years": [year.previous(), year, year.next()], "year": year}
