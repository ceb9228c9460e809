"""The registers of business cases and service arrangements, declared."""

from business_cases import filters, forms
from business_cases.models import (
    STAGES,
    BusinessCase,
    CaseCommitment,
    CaseCost,
    CaseOption,
    CaseStep,
    ServiceArrangement,
)
from partnership.generic.as_at import stepped
from partnership.generic.editing import Verb
from partnership.generic.register import Register
from partnership.moments import Moment

MOVE = Verb(
    "move",
    "Move to another stage",
    forms.MoveForm,
    intro="Only the stages that may follow are offered. The stages it went through stay in the record.",
    is_open=lambda case: bool(STAGES[case.stage]),
)


END = Verb(
    "end",
    "End the arrangement",
    forms.EndArrangementForm,
    intro="The service is no longer shared so after its last day. Its history stays.",
    kind="warning",
    is_open=lambda arrangement: arrangement.ended_on is None,
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
    """What principles and objectives a case answers."""

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


class CaseCostRegister(Register):
    """What a case costs each council."""

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
    parts = (CaseStepRegister, CaseOptionRegister, CaseCommitmentRegister, CaseCostRegister)
    verbs = (MOVE,)
    help = "Services that may be shared, and where each case stands. Estimates are pipeline, never savings."
    empty_text = "No business case is recorded yet. A long-term shared service needs one before it starts."

    def as_true_on(self, records: list[BusinessCase], moment: Moment) -> list[BusinessCase]:
        return stepped(records, moment, CaseStep, "case", ("stage",))


class ServiceArrangementRegister(Register):
    """Services shared without, or after, a business case."""

    model = ServiceArrangement
    path = "services"
    form_class = forms.ServiceArrangementForm
    filterset_class = filters.ServiceArrangementFilter
    columns = ("service", "kind", "provider", "receiver", "formality", "site", "started_on", "ended_on")
    verbs = (END,)
    help = "Services that one council provides for another, and work that councils align, house or buy together."
    empty_text = "No service arrangement is recorded yet."


BUSINESS_CASES = BusinessCaseRegister()
SERVICES = ServiceArrangementRegister()

REGISTERS: tuple[Register, ...] = (BUSINESS_CASES, SERVICES)
