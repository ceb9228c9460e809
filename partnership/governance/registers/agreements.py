"""The registers of agreements, commitments, models of joint working, and what others did."""

from partnership.accounts.permissions import today
from partnership.dates import in_words
from partnership.generic.display import Column
from partnership.generic.record_actions import RecordAction
from partnership.generic.register import Register
from partnership.governance import filters
from partnership.governance.forms.agreements import (
    AgreementForm,
    AgreementTermForm,
    CommitmentForm,
    ComparatorForm,
    EndAgreementForm,
    WorkingModelForm,
)
from partnership.governance.forms.assurance import AgreementReviewForm, TerminationNoticeForm
from partnership.models import (
    Agreement,
    AgreementReview,
    AgreementTerm,
    Commitment,
    Comparator,
    TerminationNotice,
    User,
    WorkingModel,
)
from partnership.records.record import RecordQuerySet


class AgreementTermRegister(Register):
    """The clauses of an agreement."""

    model = AgreementTerm
    path = "terms"
    parent = "agreement"
    form_class = AgreementTermForm
    columns = ("heading", "clause", "summary")
    empty_text = "No clause is recorded yet. Add those that members ask about: cost sharing, notice, disputes."


class AgreementReviewRegister(Register):
    """Register of the reviews of an agreement and their results."""

    model = AgreementReview
    path = "reviews"
    parent = "agreement"
    form_class = AgreementReviewForm
    columns = ("held_on", "due_on", "outcome", "findings", "next_due_on")
    empty_text = "No review is recorded yet."


def last_day_of(notice: TerminationNotice) -> str:
    """The last day that a notice leaves the agreement in force, in words."""
    return in_words(notice.last_day, unknown="Not known: the period of notice is not recorded")


class TerminationNoticeRegister(Register):
    """Register of the notices to end an agreement."""

    model = TerminationNotice
    path = "notices"
    parent = "agreement"
    form_class = TerminationNoticeForm
    columns = (
        "given_by",
        "given_on",
        Column("Runs out", text=last_day_of, raw=lambda row: row.last_day or ""),
        "note",
    )
    help = "The first notice to run out ends the agreement. Withdraw a notice that was taken back."
    empty_text = "No party has given notice."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("agreement", "given_by")


class AgreementRegister(Register):
    """Section 113 and other agreements."""

    model = Agreement
    path = "agreements"
    form_class = AgreementForm
    filterset_class = filters.AgreementFilter
    columns = ("title", "kind", "commenced_on", "notice_months", "review_due_on", "expires_on", "ended_on")
    record_actions = (
        RecordAction(
            "end",
            "End the agreement",
            EndAgreementForm,
            intro="It is no longer in force after its last day. Nobody is appointed to a post under it from then on.",
            kind="warning",
            refusal=Agreement.why_not_end,
        ),
    )
    parts = (AgreementTermRegister, AgreementReviewRegister, TerminationNoticeRegister)
    help = "The legal agreements that joint posts and services rest on."
    empty_text = "No agreement is recorded yet. A joint post needs a section 113 agreement in force."

    def headline_facts(self, record: Agreement, user: User) -> list[str]:
        """A review that is overdue, and notice that was given."""
        said = []
        if record.is_review_overdue(today()):
            said.append(f"A review was due on {in_words(record.review_due_on)} and is not recorded.")
        notices = record.notices.active().select_related("agreement", "given_by")
        return [
            *said,
            *(f"{row.given_by} gave notice on {in_words(row.given_on)}: {runs_out(row)}." for row in notices),
        ]


class CommitmentRegister(Register):
    """Principles and objectives."""

    model = Commitment
    path = "commitments"
    form_class = CommitmentForm
    filterset_class = filters.CommitmentFilter
    columns = ("short_title", "kind", "number", "statement", "adopted_on")
    help = "What the councils agreed to be judged by. Each review rates every one of them."
    empty_text = "No principle or objective is recorded yet. Enter them as adopted, in their order."


class WorkingModelRegister(Register):
    """Models of joint working."""

    model = WorkingModel
    path = "working-models"
    form_class = WorkingModelForm
    filterset_class = filters.WorkingModelFilter
    columns = ("name", "number", "also_called", "source")
    help = "The ways in which councils share services; a business case says which one it proposes."
    empty_text = "No model is recorded yet."


class ComparatorRegister(Register):
    """Register of the examples of other councils."""

    model = Comparator
    path = "comparators"
    form_class = ComparatorForm
    filterset_class = filters.ComparatorFilter
    columns = ("name", "orientation", "amount", "period", "source")
    help = "What other councils did and what it brought them. Their money is never part of our own totals."
    empty_text = "No example is recorded yet."


def runs_out(notice: TerminationNotice) -> str:
    """Return the day on which a notice runs out, in words."""
    if notice.last_day is None:
        return "its last day is not known, for the period of notice is not recorded"
    return f"the last day is {in_words(notice.last_day)}"
