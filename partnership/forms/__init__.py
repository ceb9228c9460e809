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

__all__ = [
    "AgreementForm",
    "AgreementTermForm",
    "BodyForm",
    "CommitmentForm",
    "ComparatorForm",
    "CouncilForm",
    "MembershipForm",
    "PartnershipForm",
    "PartyForm",
    "PastedCommitmentsForm",
    "PersonForm",
    "WorkingModelForm",
]
