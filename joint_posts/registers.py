"""The registers of joint posts and savings, declared."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet

from joint_posts import filters, forms
from joint_posts.models import (
    CostShare,
    CouncilShare,
    JointPost,
    PostStep,
    Saving,
    SavingArrangement,
    SavingLine,
    SavingPost,
)
from partnership.generic.display import NOT_RECORDED, Column
from partnership.generic.register import Register
from partnership.models import Council, Party, User
from partnership.money import pounds
from partnership.records import Record, RecordQuerySet
from partnership.roles import Permission


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
        return rows.select_related("post")


class JointPostRegister(Register):
    """Joint posts."""

    model = JointPost
    path = "joint-posts"
    form_class = forms.JointPostForm
    filterset_class = filters.JointPostFilter
    columns = ("title", "home_council", "appointment", "status", "started_on")
    parts = (PostStepRegister, CostShareRegister)
    help = "Posts whose holders work for more than one council, employed by their home council."
    empty_text = "No joint post is recorded yet. Record the section 113 agreement first, then add the posts under it."


class SavingLineRegister(Register):
    """The figures of a saving."""

    model = SavingLine
    path = "lines"
    parent = "saving"
    form_class = forms.SavingLineForm
    columns = (
        "council",
        "financial_year",
        "estimated",
        "forecast",
        "delivered",
        "delivered_to_on",
        "cost_to_achieve",
        "verified_by",
    )
    help = "One line for each council and financial year: the whole difference from the baseline in that year."
    empty_text = "No figure is recorded yet. Add a line for each council and year."

    @property
    def label_plural(self) -> str:
        return "Figures by council and year"


class SavingPostRegister(Register):
    """The joint posts a saving comes from."""

    model = SavingPost
    path = "posts"
    parent = "saving"
    form_class = forms.SavingPostForm
    columns = ("post",)
    empty_text = "No joint post is linked."


class SavingArrangementRegister(Register):
    """The services a saving comes from."""

    model = SavingArrangement
    path = "services"
    parent = "saving"
    form_class = forms.SavingArrangementForm
    columns = ("arrangement",)
    empty_text = "No service arrangement is linked."


class SavingRegister(Register):
    """The savings ledger."""

    model = Saving
    path = "savings"
    form_class = forms.SavingForm
    filterset_class = filters.SavingFilter
    columns = ("title", "category", "benefit_type", "recurrence")
    parts = (SavingLineRegister, SavingPostRegister, SavingArrangementRegister)
    help = "What joint working saves each council in each year. Only cashable savings count in totals."
    empty_text = "No saving is recorded yet. Add one, then its figures for each council and year."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        lines = SavingLine.objects.standing()
        return super().with_related(rows).prefetch_related(Prefetch("lines", lines, to_attr="standing_lines"))

    def columns_for(self, user: User, rows: QuerySet | None = None) -> list[Column]:
        """The estimate of one year for every council that is a party, and for all of them together."""
        columns = super().columns_for(user, rows)
        year = self._year_shown(rows)
        if rows is None or not year:
            return columns
        partnerships = rows.values("partnership").order_by()
        parties = Party.objects.standing().filter(partnership__in=partnerships).select_related("council")
        councils = list(dict.fromkeys(party.council for party in parties))
        return [
            *columns,
            *(estimate_column(year, council) for council in councils),
            estimate_column(year, None),
        ]

    def _year_shown(self, rows: QuerySet | None) -> str:
        if rows is None:
            return ""
        lines = SavingLine.objects.standing().filter(saving__in=rows.order_by()).exclude(financial_year="")
        return lines.order_by("-financial_year").values_list("financial_year", flat=True).first() or ""


def estimate_column(year: str, council: Council | None) -> Column:
    """The estimated saving of a year: one council's, or all councils' together."""

    def amount(saving: Any) -> Decimal | None:
        chosen = [
            line.estimated
            for line in saving.standing_lines
            if line.financial_year == year and (council is None or line.council_id == council.pk)
        ]
        known = [estimated for estimated in chosen if estimated is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(chosen) else None

    def about(saving: Any) -> bool:
        return any(line.figures_are_about for line in saving.standing_lines if line.financial_year == year)

    whose = council.short_name if council else "All councils"
    return Column(
        label=f"{whose}, estimated {year}",
        text=lambda saving: pounds(amount(saving), about=about(saving), unknown=NOT_RECORDED),
        raw=amount,
        numeric=True,
    )


JOINT_POSTS = JointPostRegister()
SAVINGS = SavingRegister()

REGISTERS: tuple[Register, ...] = (JOINT_POSTS, SAVINGS)
