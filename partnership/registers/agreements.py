"""The registers of agreements, commitments, models of joint working, and what others did."""

from partnership import filters, forms
from partnership.generic.editing import Verb
from partnership.generic.register import Register
from partnership.models import Agreement, AgreementTerm, Commitment, Comparator, WorkingModel


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
    verbs = (
        Verb(
            "end",
            "End the agreement",
            forms.EndAgreementForm,
            intro="It is no longer in force after its last day. Nobody is appointed to a post under it from then on.",
            kind="warning",
            is_open=lambda agreement: agreement.ended_on is None,
        ),
    )
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
