"""The register of internal audit."""

from __future__ import annotations

from partnership.accounts.permissions import today
from partnership.dates import in_words
from partnership.generic.display import Column
from partnership.generic.register import Register
from partnership.governance import filters
from partnership.governance.forms import assurance
from partnership.models import AuditAction, AuditCoverage
from partnership.records.record import RecordQuerySet


class AuditActionRegister(Register):
    """Register of the actions that follow from an audit."""

    model = AuditAction
    path = "actions"
    parent = "audit"
    form_class = assurance.AuditActionForm
    columns = (
        "action",
        Column("Owner", text=lambda row: row.action.owner, raw=lambda row: row.action.owner),
        Column("Due", text=lambda row: in_words(row.action.due_on), raw=lambda row: row.action.due_on or ""),
        Column(
            "Status",
            text=lambda row: row.action.status(today()),
            raw=lambda row: row.action.status(today()),
            is_tag=True,
        ),
    )
    help = "Each is kept on the register of actions, with its progress."
    empty_text = "No action is linked yet."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("action", "audit__council")


class AuditCoverageRegister(Register):
    """Internal audit of the shared arrangements."""

    model = AuditCoverage
    path = "internal-audit"
    form_class = assurance.AuditCoverageForm
    filterset_class = filters.AuditCoverageFilter
    columns = ("title", "council", "financial_year", "reported_on", "opinion", "auditor")
    parts = (AuditActionRegister,)
    help = "What each council’s internal audit covers of the shared arrangements, year by year, and its opinion."
    empty_text = "No audit is recorded yet. Add what each council’s audit plan holds for the partnership."
