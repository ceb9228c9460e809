"""The governance registers, declared."""

from partnership.generic.register import Register
from partnership.registers.actions import ActionRegister
from partnership.registers.agreements import (
    AgreementRegister,
    CommitmentRegister,
    ComparatorRegister,
    WorkingModelRegister,
)
from partnership.registers.bodies import BodyRegister, MeetingRegister
from partnership.registers.councils import CouncilRegister, MembershipRegister, PartnershipRegister
from partnership.registers.decisions import DecisionRegister

COUNCILS = CouncilRegister()
PARTNERSHIPS = PartnershipRegister()
ROLES = MembershipRegister()
AGREEMENTS = AgreementRegister()
COMMITMENTS = CommitmentRegister()
BODIES = BodyRegister()
MEETINGS = MeetingRegister()
DECISIONS = DecisionRegister()
ACTIONS = ActionRegister()
WORKING_MODELS = WorkingModelRegister()
COMPARATORS = ComparatorRegister()

REGISTERS: tuple[Register, ...] = (
    AGREEMENTS,
    COMMITMENTS,
    BODIES,
    MEETINGS,
    DECISIONS,
    ACTIONS,
    WORKING_MODELS,
    COMPARATORS,
    COUNCILS,
    PARTNERSHIPS,
    ROLES,
)
