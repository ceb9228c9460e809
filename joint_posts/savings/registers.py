"""The savings ledger and its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from joint_posts.models import Saving, SavingArrangement, SavingLine, SavingPost, SavingsTarget, figures
from joint_posts.savings.filters import SavingFilter, SavingsTargetFilter
from joint_posts.savings.forms import savings
from joint_posts.savings.forms.calculations import BreakDownForm
from joint_posts.savings.forms.savings import (
    SavingArrangementForm,
    SavingForm,
    SavingLineForm,
    SavingPostForm,
    VerifyForm,
)
from joint_posts.savings.summary import saving_summary, verification_of
from partnership.accounts.permissions import today
from partnership.accounts.roles import Permission
from partnership.amounts import Amount, total
from partnership.financial_years import FinancialYear
from partnership.generic.display import NOT_RECORDED, Column
from partnership.generic.policy import RegisterPolicy
from partnership.generic.record_actions import RecordAction
from partnership.generic.register import Register
from partnership.models import Council, Party, User
from partnership.records.record import Record, RecordQuerySet

VERIFY = RecordAction(
    "verify",
    "Verify",
    VerifyForm,
    intro="You confirm for your council that the delivered figure is right. A later change of the delivered figure, of"
    " the period that it covers or of what it means clears this; a new forecast or estimate does not.",
    shows=("saving", "council", "financial_year", *figures.FIELDS),
    refusal=SavingLine.why_not_verify,
)
BREAK_DOWN = RecordAction(
    "break-down",
    "Break down by post",
    BreakDownForm,
    intro="Replaces this year's lines, which stand for several posts together, by a saving for each post. How the parts"
    " compare with what they replace is written into the history.",
    refusal=Saving.why_not_break_down,
    takes=("lines", "posts"),
)


class SavingLinePolicy(RegisterPolicy):
    """A council's own arithmetic is for its own finance."""

    def may_view_field(self, user: User, name: str, record: Record | None = None) -> bool:
        """A council's own arithmetic is seen by its own finance alone."""
        if name not in self.register.restricted or record is None:
            return super().may_view_field(user, name)
        owner = record.council_id if isinstance(record, SavingLine) else None
        return owner in user.authority.councils(Permission.SEE_COSTS)


class SavingLineRegister(Register):
    """The figures of a saving."""

    model = SavingLine
    policy_class = SavingLinePolicy
    path = "lines"
    parent = "saving"
    form_class = SavingLineForm
    record_actions = (VERIFY,)
    columns = (
        "council",
        "financial_year",
        *figures.FIELDS,
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


class SavingPostRegister(Register):
    """The joint posts a saving comes from."""

    model = SavingPost
    path = "posts"
    parent = "saving"
    form_class = SavingPostForm
    columns = ("post",)
    empty_text = "No joint post is linked."


class SavingArrangementRegister(Register):
    """The services a saving comes from."""

    model = SavingArrangement
    path = "services"
    parent = "saving"
    form_class = SavingArrangementForm
    columns = ("arrangement",)
    empty_text = "No service arrangement is linked."


class SavingRegister(Register):
    """The savings ledger."""

    model = Saving
    path = "savings"
    form_class = SavingForm
    filterset_class = SavingFilter
    columns = ("title", "category", "benefit_type", "recurrence")
    parts = (SavingLineRegister, SavingPostRegister, SavingArrangementRegister)
    record_actions = (BREAK_DOWN,)
    help = "What joint working saves each council in each year. Only cashable savings count in totals."
    empty_text = "No saving is recorded yet. Add one, then its figures for each council and year."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        lines = SavingLine.objects.active()
        return super().with_related(rows).prefetch_related(Prefetch("lines", lines, to_attr="standing_lines"))

    def extra_context(self, record: Saving, request: HttpRequest) -> dict[str, Any]:
        """The figures in words, and where they are entered."""
        may_enter = request.user.has_perm(Permission.KEEP_SAVINGS, record) and not record.is_withdrawn
        return {
            "figures": saving_summary(record, request.user),
            "grid_url": reverse("saving_grid", args=[record.pk]) if may_enter else "",
        }

    def columns_for(self, user: User, rows: QuerySet | None = None) -> list[Column]:
        """Add one year's estimate for each party and for all together, then the figures without a year."""
        columns = [*super().columns_for(user, rows), VERIFICATION]
        if rows is None:
            return columns
        partnerships = rows.values("partnership").order_by()
        parties = list(Party.objects.active().filter(partnership__in=partnerships).select_related("council"))
        lines = SavingLine.objects.active().filter(saving__in=rows.order_by())
        by_year = lines.order_by("financial_year").values("financial_year")
        counted = by_year.annotate(**{f"{figure}_lines": Count(figure) for figure in SUMMED})
        recorded = {row["financial_year"]: row for row in counted}
        if year := year_shown([year for year in recorded if year], today()):
            members = [party for party in parties if party.is_party_in(FinancialYear.read(year))]
            councils = councils_of(members, lines.filter(financial_year=year))
            columns += [sum_column("estimated", year, [council]) for council in councils]
            columns.append(sum_column("estimated", year, councils, members))
        undated = [figure for figure in SUMMED if recorded.get("", {}).get(f"{figure}_lines")]
        if undated:
            members = [party for party in parties if party.is_party(today())]
            councils = councils_of(members, lines.filter(financial_year=""))
            for figure in undated:
                columns += [sum_column(figure, "", [council]) for council in councils]
        return columns


def councils_of(members: Iterable[Party], lines: QuerySet) -> list[Council]:
    """Return the councils of the parties in their order, then by name the others that lines give figures for."""
    own = list(dict.fromkeys(party.council for party in members))
    with_lines = Council.objects.filter(pk__in=lines.order_by().values("council"))
    others = with_lines.exclude(pk__in=[council.pk for council in own])
    return [*own, *others.order_by("name", "pk")]


SUMMED = tuple(figure.name for figure in figures.BENEFITS)


def year_shown(years: Sequence[str], on: date) -> str:
    """Return the year whose estimates the list shows: the present one, else the last before it, else the next."""
    present = str(FinancialYear.containing(on))
    begun = [year for year in years if year <= present]
    return max(begun) if begun else min(years, default="")


VERIFICATION = Column("Verification", text=verification_of, raw=verification_of, is_tag=True)


def sum_column(figure: str, year: str, councils: Sequence[Council], members: Sequence[Party] = ()) -> Column:
    """Return a column with a saving's figure for a year ("" for none given): one council's, or all councils' together.

    A sum lacks the ``members`` of its partnership that have no figure, and lines without the figure. It says which; in
    a file, where a number cannot say so, it is empty.
    """

    def amount(saving: Any) -> Amount:
        of_year = [line for line in saving.standing_lines if line.financial_year == year]
        expected = {party.council_id for party in members if party.partnership_id == saving.partnership_id}
        parts = []
        for council in councils:
            own = [line for line in of_year if line.council_id == council.pk]
            parts += [(council.short_name, Amount(getattr(line, figure), line.figures_are_about)) for line in own]
            if council.pk in expected and not own:
                parts.append((council.short_name, Amount()))
        return total(parts)

    def raw(saving: Any) -> Decimal | None:
        found = amount(saving)
        return found.pounds if found.is_whole else None

    def text(saving: Any) -> str:
        found = amount(saving)
        return NOT_RECORDED if found.pounds is None else str(found)

    whose = councils[0].short_name if len(councils) == 1 else "All councils"
    return Column(
        label=f"{whose}, {figure} {year or 'with no year given'}",
        text=text,
        raw=raw,
        numeric=True,
    )


class SavingsTargetRegister(Register):
    """Register of the councils' savings targets."""

    model = SavingsTarget
    path = "savings/targets"
    form_class = savings.SavingsTargetForm
    filterset_class = SavingsTargetFilter
    columns = ("council", "financial_year", "amount", "set_on", "source")
    help = "What each council means to save in a year. Dashboards show it beside what is estimated and delivered."
    empty_text = "No target is recorded yet. Without one the dashboard says so, and shows the savings alone."

    def title_of(self, record: SavingsTarget) -> str:
        return f"{record.council}, {record.financial_year}"
