"""Forms of the governance registers."""

from partnership.forms.actions import ActionForm, ActionNoteForm, CompleteActionForm, ReopenActionForm
from partnership.forms.agreements import (
    AgreementForm,
    AgreementTermForm,
    BodyForm,
    CommitmentForm,
    ComparatorForm,
    EndAgreementForm,
    PastedCommitmentsForm,
    WorkingModelForm,
)
from partnership.forms.councils import (
    CouncilForm,
    EndRoleForm,
    MembershipForm,
    PartnershipForm,
    PartyForm,
    PersonForm,
)
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
    "ActionForm",
    "ActionNoteForm",
    "AgreementForm",
    "AgreementTermForm",
    "BodyForm",
    "CallInForm",
    "CallOffForm",
    "CommitmentForm",
    "ComparatorForm",
    "CompleteActionForm",
    "ConditionForm",
    "CouncilForm",
    "DecisionForm",
    "EndAgreementForm",
    "EndRoleForm",
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
    "ReopenActionForm",
    "ResolutionForm",
    "ResolveCallInForm",
    "SeatForm",
    "WorkingModelForm",
]
