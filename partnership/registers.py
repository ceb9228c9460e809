"""The governance registers, declared."""

from partnership import filters, forms
from partnership.generic.register import Register
from partnership.models import (
    Agreement,
    AgreementTerm,
    Body,
    Commitment,
    Comparator,
    Council,
    Membership,
    Partnership,
    Party,
    WorkingModel,
)


class CouncilRegister(Register):
    """Councils and other public bodies."""

    model = Council
    path = "councils"
    form_class = forms.CouncilForm
    filterset_class = filters.CouncilFilter
    columns = ("name", "short_name", "tier", "executive_name", "area_name", "call_in_days")
    help = "The councils, with the words and rules of their own house."
    empty_text = "No council is recorded yet. Add the councils first; a partnership is made of them."


class PartyRegister(Register):
    """The councils of a partnership."""

    model = Party
    path = "parties"
    parent = "partnership"
    form_class = forms.PartyForm
    columns = ("council", "position", "joined_on", "left_on")
    help = "A council that joins gets its own column in every table from then on."

    def title_of(self, record: Party) -> str:
        return str(record.council)


class PartnershipRegister(Register):
    """Partnerships."""

    model = Partnership
    path = "partnerships"
    form_class = forms.PartnershipForm
    filterset_class = filters.PartnershipFilter
    columns = ("name", "orientation", "agreed_on", "started_on", "ended_on")
    parts = (PartyRegister,)
    help = "Which councils work jointly, what for, and since when."
    empty_text = "No partnership is recorded yet. Add the councils, then the partnership between them."


class MembershipRegister(Register):
    """Who holds which role."""

    model = Membership
    path = "roles"
    form_class = forms.MembershipForm
    filterset_class = filters.MembershipFilter
    columns = ("user", "council", "role", "from_on", "until_on")
    help = "Who may do what, in which council, from when and until when."

    @property
    def label(self) -> str:
        return "Role"

    @property
    def label_plural(self) -> str:
        return "People and roles"


class AgreementTermRegister(Register):
    """The clauses of an agreement."""

    model = AgreementTerm
    path = "terms"
    parent = "agreement"
    form_class = forms.AgreementTermForm
    columns = ("heading", "clause", "summary")
    empty_text = "No clause is recorded yet. Add those that members ask about: cost sharing, notice, disputes."


class AgreementRegister(Register):
    """Section 113 and other agreements."""

    model = Agreement
    path = "agreements"
    form_class = forms.AgreementForm
    filterset_class = filters.AgreementFilter
    columns = ("title", "kind", "commenced_on", "notice_months", "review_due_on", "expires_on", "ended_on")
    parts = (AgreementTermRegister,)
    help = "The legal agreements that joint posts and services rest on."
    empty_text = "No agreement is recorded yet. A joint post needs a section 113 agreement in force."


class CommitmentRegister(Register):
    """Principles and objectives."""

    model = Commitment
    path = "commitments"
    form_class = forms.CommitmentForm
    filterset_class = filters.CommitmentFilter
    columns = ("short_title", "kind", "number", "statement", "adopted_on")
    help = "What the councils agreed to be judged by. Each review rates every one of them."
    empty_text = "No principle or objective is recorded yet. Enter them as adopted, in their order."


class BodyRegister(Register):
    """Working groups, committees and executives."""

    model = Body
    path = "bodies"
    form_class = forms.BodyForm
    filterset_class = filters.BodyFilter
    columns = ("name", "kind", "council", "meets_in_public")
    help = "The bodies of councillors that oversee the partnership and decide about it."
    empty_text = "No body is recorded yet. Add the working group and each council's executive."


class WorkingModelRegister(Register):
    """Models of joint working."""

    model = WorkingModel
    path = "working-models"
    form_class = forms.WorkingModelForm
    filterset_class = filters.WorkingModelFilter
    columns = ("name", "number", "also_called", "source")
    help = "The ways in which councils share services; a business case says which one it proposes."
    empty_text = "No model is recorded yet."


class ComparatorRegister(Register):
    """What other councils did."""

    model = Comparator
    path = "comparators"
    form_class = forms.ComparatorForm
    filterset_class = filters.ComparatorFilter
    columns = ("name", "orientation", "amount", "period", "source")
    help = "What other councils did and what it brought them. Their money is never part of our own totals."
    empty_text = "No example is recorded yet."


COUNCILS = CouncilRegister()
PARTNERSHIPS = PartnershipRegister()
ROLES = MembershipRegister()
AGREEMENTS = AgreementRegister()
COMMITMENTS = CommitmentRegister()
BODIES = BodyRegister()
WORKING_MODELS = WorkingModelRegister()
COMPARATORS = ComparatorRegister()

REGISTERS: tuple[Register, ...] = (
    AGREEMENTS,
    COMMITMENTS,
    BODIES,
    WORKING_MODELS,
    COMPARATORS,
    COUNCILS,
    PARTNERSHIPS,
    ROLES,
)
