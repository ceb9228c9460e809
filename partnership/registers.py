"""The governance registers, declared."""

from partnership.generic.register import Register
from partnership.governance.registers.actions import ActionRegister
from partnership.governance.registers.agreements import (
    AgreementRegister,
    CommitmentRegister,
    ComparatorRegister,
    WorkingModelRegister,
)
from partnership.governance.registers.assurance import AuditCoverageRegister
from partnership.governance.registers.bodies import BodyRegister, MeetingRegister
from partnership.governance.registers.councils import CouncilRegister, MembershipRegister, PartnershipRegister
from partnership.governance.registers.decisions import DecisionRegister
from partnership.significant.registers import OutsideBodyAppointmentRegister

COUNCILS = CouncilRegister()
PARTNERSHIPS = PartnershipRegister()
ROLES = MembershipRegister()
AGREEMENTS = AgreementRegister()
COMMITMENTS = CommitmentRegister()
BODIES = BodyRegister()
MEETINGS = MeetingRegister()
DECISIONS = DecisionRegister()
ACTIONS = ActionRegister()
OUTSIDE_BODIES = OutsideBodyAppointmentRegister()
AUDITS = AuditCoverageRegister()
WORKING_MODELS = WorkingModelRegister()
COMPARATORS = ComparatorRegister()

REGISTERS: tuple[Register, ...] = (
    AGREEMENTS,
    COMMITMENTS,
    BODIES,
    MEETINGS,
    DECISIONS,
    ACTIONS,
    OUTSIDE_BODIES,
    AUDITS,
    WORKING_MODELS,
    COMPARATORS,
    COUNCILS,
    PARTNERSHIPS,
    ROLES,
)
