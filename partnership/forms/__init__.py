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
from partnership.forms.decisions import (
    CallInForm,
    ConditionForm,
    DecisionForm,
    LapseForm,
    PublishDecisionForm,
    ReferralForm,
    RefuseForm,
    ResolutionForm,
    ResolveCallInForm,
)
from partnership.forms.meetings import CallOffForm, MeetingForm, SeatForm

__all__ = [
    "AgreementForm",
    "AgreementTermForm",
    "BodyForm",
    "CallInForm",
    "CallOffForm",
    "CommitmentForm",
    "ComparatorForm",
    "ConditionForm",
    "CouncilForm",
    "DecisionForm",
    "LapseForm",
    "MeetingForm",
    "MembershipForm",
    "PartnershipForm",
    "PartyForm",
    "PastedCommitmentsForm",
    "PersonForm",
    "PublishDecisionForm",
    "ReferralForm",
    "RefuseForm",
    "ResolutionForm",
    "ResolveCallInForm",
    "SeatForm",
    "WorkingModelForm",
]
