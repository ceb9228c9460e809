"""Forms of the governance registers."""

from partnership.forms.agreements import (
    AgreementForm,
    AgreementTermForm,
    BodyForm,
    CommitmentForm,
    ComparatorForm,
    PastedCommitmentsForm,
    WorkingModelForm,
)
from partnership.forms.councils import CouncilForm, MembershipForm, PartnershipForm, PartyForm, PersonForm
from partnership.forms.meetings import CallOffForm, MeetingForm, SeatForm

__all__ = [
    "AgreementForm",
    "AgreementTermForm",
    "BodyForm",
    "CallOffForm",
    "CommitmentForm",
    "ComparatorForm",
    "CouncilForm",
    "MeetingForm",
    "MembershipForm",
    "PartnershipForm",
    "PartyForm",
    "PastedCommitmentsForm",
    "PersonForm",
    "SeatForm",
    "WorkingModelForm",
]
