"""The registers of business cases and service arrangements, declared."""

from business_cases import filters, forms
from business_cases.adoption import in_the_way
from business_cases.models import (
    BusinessCase,
    CaseApproval,
    CaseCommitment,
    CaseCost,
    CaseOption,
    CaseStep,
    ServiceArrangement,
    Stage,
)
from partnership.accounts.permissions import today
from partnership.accounts.roles import Permission
from partnership.generic.as_at import stepped
from partnership.generic.display import Column
from partnership.generic.listings import RelatedTable
from partnership.generic.record_actions import RecordAction
from partnership.generic.register import Register
from partnership.models import User
from partnership.records.as_at import AsAt
from partnership.records.record import RecordQuerySet

MOVE = RecordAction(
    "move",
    "Move to another stage",
    forms.MoveForm,
    intro="Only the stages that may follow are offered. The stages it went through stay in the record.",
    refusal=BusinessCase.why_not_move,
    takes=("approvals", "commitments", "options"),
)


END = RecordAction(
    "end",
    "End the arrangement",
    forms.EndArrangementForm,
    intro="The service is no longer shared so after its last day. Its history stays.",
    kind="warning",
    refusal=ServiceArrangement.why_not_end,
)


class CaseStepRegister(Register):
    """The stages a case went through."""

    model = CaseStep
    path = "stages"
    parent = "case"
    columns = ("stage", "from_on", "note")


class CaseOptionRegister(Register):
    """The options a case weighs."""

    model = CaseOption
    path = "options"
    parent = "case"
    form_class = forms.CaseOptionForm
    columns = ("title", "is_preferred", "rejected_because")
    empty_text = "No option is recorded yet. Members expect at least one besides the preferred one, with its reason."


class CaseCommitmentRegister(Register):
    """Register of the principles and objectives that a case answers."""

    model = CaseCommitment
    path = "commitments-served"
    parent = "case"
    form_class = forms.CaseCommitmentForm
    columns = ("commitment", "how")
    empty_text = (
        "Nothing is recorded yet. A case serves at least one objective and says how it respects each principle."
    )

    def title_of(self, record: CaseCommitment) -> str:
        return str(record.commitment)


def council_of(approval: CaseApproval) -> str:
    """Whose approval it is."""
    return str(approval.resolution.decision.body.council or "All the councils")


def standing_of(approval: CaseApproval) -> str:
    """Return the status of the resolution: agreed, refused or lapsed."""
    return approval.resolution.get_standing_display()


class CaseApprovalRegister(Register):
    """Register of the approvals of a case."""

    model = CaseApproval
    path = "approvals"
    parent = "case"
    form_class = forms.CaseApprovalForm
    columns = (
        "resolution",
        Column("Council", text=council_of, raw=council_of),
        Column("Standing", text=standing_of, raw=standing_of, is_tag=True),
    )
    related_tables = (RelatedTable("resolution__decision", "Business cases it approves", ("case", "resolution")),)
    help = "Each council approves a case before it is adopted. A shared service goes to the joint committee too."
    empty_text = "No body has approved it yet. Record each council’s decision first, then name its resolution here."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("case", "resolution__decision__body__council")


class CaseCostRegister(Register):
    """Register of the costs of a case to each council."""

    model = CaseCost
    path = "costs"
    parent = "case"
    form_class = forms.CaseCostForm
    columns = ("council", "financial_year", "amount", "funding_source")
    help = "What the case costs each council in each year. The dashboard holds the savings linked to it against this."
    empty_text = "No cost is recorded yet, so nobody can say whether the case pays for itself."

    @property
    def label_plural(self) -> str:
        return "Costs by council and year"


class BusinessCaseRegister(Register):
    """Business cases."""

    model = BusinessCase
    path = "business-cases"
    form_class = forms.BusinessCaseForm
    filterset_class = filters.BusinessCaseFilter
    columns = ("title", "kind", "stage", "working_model", "expected_on", "estimated_saving")
    parts = (CaseStepRegister, CaseOptionRegister, CaseCommitmentRegister, CaseApprovalRegister, CaseCostRegister)
    record_actions = (MOVE,)
    help = "Services that may be shared, and where each case stands. Estimates are pipeline, never savings."
    empty_text = "No business case is recorded yet. A long-term shared service needs one before it starts."

    def headline_facts(self, record: BusinessCase, user: User) -> list[str]:
        """Return what is missing before adoption. It names approvals, which may be given in private."""
        if not record.can_move_to(Stage.ADOPTED) or not user.has_perm(Permission.READ_WORKING_PAPERS, record):
            return []
        return [f"Before it can be adopted: {sentence}" for sentence in in_the_way(record, today())]

    def as_true_on(self, records: list[BusinessCase], moment: AsAt) -> list[BusinessCase]:
        return stepped(records, moment, CaseStep, "case", ("stage",))


class ServiceArrangementRegister(Register):
    """Services shared without, or after, a business case."""

    model = ServiceArrangement
    path = "services"
    form_class = forms.ServiceArrangementForm
    filterset_class = filters.ServiceArrangementFilter
    columns = ("service", "kind", "provider", "receiver", "formality", "site", "started_on", "ended_on")
    record_actions = (END,)
    help = "Services that one council provides for another, and work that councils align, house or buy together."
    empty_text = "No service arrangement is recorded yet."


BUSINESS_CASES = BusinessCaseRegister()
SERVICES = ServiceArrangementRegister()

REGISTERS: tuple[Register, ...] = (BUSINESS_CASES, SERVICES)
