"""The parts of a partnership's page: what councils record of one that is significant to them."""

from __future__ import annotations

from partnership.accounts.permissions import today
from partnership.dates import in_words
from partnership.generic.display import Column
from partnership.generic.record_actions import RecordAction
from partnership.generic.register import Register
from partnership.models import (
    AnnualReturn,
    FeedbackNote,
    Funding,
    InformationSharing,
    OutsideBodyAppointment,
    Partner,
    Partnership,
    Risk,
    SignificantPartnership,
    TrainingSession,
    User,
)
from partnership.records.record import RecordQuerySet
from partnership.significant import filters, forms
from partnership.significant.workflow import last_years

Status = AnnualReturn.Status


def significant_to(partnership: Partnership) -> str:
    """The councils on whose registers a partnership stands, as read along by the register."""
    return ", ".join(entry.council.short_name for entry in partnership.entries)


SIGNIFICANT_TO = Column("Significant to", text=lambda row: significant_to(row) or "–", raw=significant_to)


class PartnerRegister(Register):
    """Register of those who take part besides the councils."""

    model = Partner
    path = "partners"
    parent = "partnership"
    form_class = forms.PartnerForm
    columns = ("name", "kind", "contribution", "until_on")
    help = "Bodies that take part without being one of the councils. They have no accounts here."
    empty_text = "Nobody besides the councils is listed."

    @property
    def label(self) -> str:
        return "Partner"


class SignificantPartnershipRegister(Register):
    """On whose registers a partnership stands."""

    model = SignificantPartnership
    path = "significance"
    parent = "partnership"
    form_class = forms.SignificantPartnershipForm
    columns = ("council", "criteria", "priorities", "lead_member", "lead_officer", "until_on")
    help = "Each council keeps its own entry: why the partnership is significant to it, who leads, how it would leave."
    empty_text = "It stands on no council’s register of significant partnerships."


class RiskRegister(Register):
    """The risks of a partnership."""

    model = Risk
    path = "risks"
    parent = "partnership"
    form_class = forms.RiskForm
    columns = ("title", "council", "likelihood", "impact", "controls", "owner", "assessed_on", "ended_on")
    help = "What may go wrong, how likely it is and how much it would do. Assess the risks every year."
    empty_text = "No risk is assessed yet."


class InformationSharingRegister(Register):
    """Register of the information-sharing arrangements of a partnership."""

    model = InformationSharing
    path = "information-sharing"
    parent = "partnership"
    form_class = forms.InformationSharingForm
    columns = ("title", "personal_data", "legal_basis", "agreed_on", "review_due_on", "ended_on")
    help = "Under what arrangement the partners share information, and what law allows it."
    empty_text = "No arrangement for sharing information is recorded."


class FundingRegister(Register):
    """Register of the contributions to a partnership."""

    model = Funding
    path = "funding"
    parent = "partnership"
    form_class = forms.FundingForm
    columns = (
        Column("Payer", text=lambda row: row.payer_name, raw=lambda row: row.payer_name),
        "financial_year",
        "amount",
        "note",
    )
    help = "What each partner pays towards it in a year. No savings total contains it."
    empty_text = "No contribution is recorded."

    @property
    def label_plural(self) -> str:
        return "Funding"

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("council", "partnership")


class AnnualReturnRegister(Register):
    """The annual returns of a partnership."""

    model = AnnualReturn
    path = "returns"
    parent = "partnership"
    form_class = forms.AnnualReturnForm
    columns = ("financial_year", "status", "submitted_on", "approved_on")
    record_actions = (
        RecordAction(
            "submit",
            "Submit",
            forms.SubmitReturnForm,
            intro="The return is complete. The lead officer, who must be somebody else, approves it.",
            refusal=AnnualReturn.why_not_submit,
        ),
        RecordAction(
            "approve",
            "Approve",
            forms.ApproveReturnForm,
            intro="From now on the councils’ annual reports draw on it.",
            refusal=AnnualReturn.why_not_approve,
        ),
        RecordAction(
            "send-back",
            "Send back",
            forms.SendBackReturnForm,
            intro="It becomes a draft again. Reports leave it out until it is approved anew.",
            kind="warning",
            refusal=AnnualReturn.why_not_send_back,
        ),
    )
    help = "What the partnership achieved in a year, how its governance came on, and what it does next."
    empty_text = "No return is begun yet."

    def headline_facts(self, record: AnnualReturn, user: User) -> list[str]:
        """Return what is missing, what is still last year's text, and whom it waits for."""
        if record.status == Status.SUBMITTED:
            by = "you, so somebody else approves it" if record.submitted_by_id == user.pk else record.submitted_by
            return [f"Submitted on {in_words(record.submitted_on)} by {by}. It waits for the lead officer’s approval."]
        if record.status == Status.APPROVED:
            return [f"Approved on {in_words(record.approved_on)} by {record.approved_by}."]
        labels = [record._meta.get_field(name).verbose_name for name in record.parts_as_in(last_years(record))]
        same = [f"Still word for word last year’s: {', '.join(labels)}."] if labels else []
        return [*record.missing_parts().values(), *same]


WIDER_PARTS = (
    PartnerRegister,
    SignificantPartnershipRegister,
    RiskRegister,
    InformationSharingRegister,
    FundingRegister,
    AnnualReturnRegister,
)


class TrainingSessionRegister(Register):
    """Register of the training that members had."""

    model = TrainingSession
    path = "training"
    parent = "appointment"
    form_class = forms.TrainingSessionForm
    columns = ("title", "held_on")
    empty_text = "No training is recorded yet."


class FeedbackNoteRegister(Register):
    """Register of members' reports."""

    model = FeedbackNote
    path = "feedback"
    parent = "appointment"
    form_class = forms.FeedbackNoteForm
    columns = (
        "reported_on",
        "reported",
        "asked",
        Column("Status", text=lambda row: row.status_text, raw=lambda row: row.status_text, is_tag=True),
        "answer",
    )
    help = (
        "What the body does, and what the member asks the council. Not seen by councillors outside the working group."
    )
    empty_text = "Nothing was reported back yet."

    @property
    def label_plural(self) -> str:
        return "Reported back"


class OutsideBodyAppointmentRegister(Register):
    """Register of the councils' representatives on outside bodies."""

    model = OutsideBodyAppointment
    path = "outside-bodies"
    form_class = forms.OutsideBodyAppointmentForm
    filterset_class = filters.OutsideBodyAppointmentFilter
    columns = ("outside_body", "member", "council", "capacity", "from_on", "until_on", "support_officer")
    parts = (FeedbackNoteRegister, TrainingSessionRegister)
    help = "Which councillor represents which council on bodies that are not its own, with what support."
    empty_text = "No appointment is recorded yet. Add who represents the council on each outside body."

    def headline_facts(self, record: OutsideBodyAppointment, user: User) -> list[str]:
        """Return what the appointment lacks, and what waits for an answer."""
        if not record.is_held(today()):
            return []
        said = [] if record.member else ["Nobody is appointed."]
        if record.member and not record.support_officer:
            said.append("No support officer is named.")
        waiting = FeedbackNote.objects.visible_to(user).waiting().filter(appointment=record).count()
        if waiting:
            reports = "report back waits" if waiting == 1 else "reports back wait"
            said.append(f"{waiting} {reports} for an answer of the council.")
        return said
