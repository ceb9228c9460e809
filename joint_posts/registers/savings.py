"""The savings ledger and its parts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from joint_posts import forms
from joint_posts.filters import SavingFilter
from joint_posts.models import Saving, SavingArrangement, SavingLine, SavingPost
from joint_posts.saving_summary import saving_summary, verification_of
from partnership.generic.display import NOT_RECORDED, Column
from partnership.generic.editing import Verb
from partnership.generic.register import Register
from partnership.models import Council, Party, User
from partnership.money import pounds
from partnership.records import Record, RecordQuerySet
from partnership.roles import Permission

VERIFY = Verb(
    "verify",
    "Verify",
    forms.VerifyForm,
    intro="You confirm for your council that the delivered figure is right. A later change of the delivered figure, of"
    " the period that it covers or of what it means clears this; a new forecast or estimate does not.",
    shows=("saving", "council", "financial_year", "delivered", "delivered_to_on", "estimated", "cost_to_achieve"),
    refusal=SavingLine.why_not_verify,
)
BREAK_DOWN = Verb(
    "break-down",
    "Break down by post",
    forms.BreakDownForm,
    intro="Replaces this year's lines, which stand for several posts together, by a saving for each post. How the parts"
    " compare with what they replace is written into the history.",
    refusal=Saving.why_not_break_down,
)


class SavingLineRegister(Register):
    """The figures of a saving."""

    model = SavingLine
    path = "lines"
    parent = "saving"
    form_class = forms.SavingLineForm
    verbs = (VERIFY,)
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
    # The arithmetic names what the council's own post cost before.
    restricted: ClassVar[dict[str, Permission]] = dict.fromkeys(
        ("calculation", "calculation_key"), Permission.SEE_COSTS
    )
    help = "One line for each council and financial year: the whole difference from the baseline in that year."
    empty_text = "No figure is recorded yet. Add a line for each council and year."

    @property
    def label_plural(self) -> str:
        return "Figures by council and year"

    def sees(self, user: User, name: str, record: Record | None = None) -> bool:
        """A council's own arithmetic is seen by its own finance alone."""
        if name not in self.restricted or record is None:
            return super().sees(user, name)
        owner = record.council_id if isinstance(record, SavingLine) else None
        return owner in user.authority.councils(Permission.SEE_COSTS)


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
    filterset_class = SavingFilter
    columns = ("title", "category", "benefit_type", "recurrence")
    parts = (SavingLineRegister, SavingPostRegister, SavingArrangementRegister)
    verbs = (BREAK_DOWN,)
    help = "What joint working saves each council in each year. Only cashable savings count in totals."
    empty_text = "No saving is recorded yet. Add one, then its figures for each council and year."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        lines = SavingLine.objects.standing()
        return super().with_related(rows).prefetch_related(Prefetch("lines", lines, to_attr="standing_lines"))

    def extra_context(self, record: Saving, request: HttpRequest) -> dict[str, Any]:
        """The figures in words, and where they are entered."""
        may_enter = request.user.has_perm(Permission.KEEP_SAVINGS, record) and not record.is_withdrawn
        return {
            "figures": saving_summary(record, request.user),
            "grid_url": reverse("saving_grid", args=[record.pk]) if may_enter else "",
        }

    def columns_for(self, user: User, rows: QuerySet | None = None) -> list[Column]:
        """The estimate of one year for every council that is a party, and for all of them together."""
        columns = [*super().columns_for(user, rows), VERIFICATION]
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


VERIFICATION = Column("Verification", text=verification_of, raw=verification_of, is_tag=True)


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
