"""The governance core: people, councils, partnerships, agreements, commitments, bodies, and what others did."""

from partnership.audit.log import AuditEntry
from partnership.models.actions import Action, ActionNote, Reminder
from partnership.models.agreements import Agreement, AgreementTerm, TerminationNotice
from partnership.models.assurance import AgreementReview, AuditAction, AuditCoverage
from partnership.models.bodies import Body
from partnership.models.commitments import Commitment
from partnership.models.councils import Council, Orientation, Partnership, Party
from partnership.models.decisions import Condition, Decision, Referral, Resolution
from partnership.models.jobs import Job
from partnership.models.joint_working import Comparator, WorkingModel
from partnership.models.meetings import Meeting, Seat
from partnership.models.outside_bodies import FeedbackNote, OutsideBodyAppointment, TrainingSession
from partnership.models.people import Membership, User
from partnership.models.returns import AnnualReturn
from partnership.models.technical import Attempt, CalendarFeed, KeptForm, Redaction, SignIn, Submission
from partnership.models.wider import Funding, InformationSharing, Partner, Risk, SignificantPartnership
from partnership.records.data_versions import DataVersion

__all__ = [
    "Action",
    "ActionNote",
    "Agreement",
    "AgreementReview",
    "AgreementTerm",
    "AnnualReturn",
    "Attempt",
    "AuditAction",
    "AuditCoverage",
    "AuditEntry",
    "Body",
    "CalendarFeed",
    "Commitment",
    "Comparator",
    "Condition",
    "Council",
    "DataVersion",
    "Decision",
    "FeedbackNote",
    "Funding",
    "InformationSharing",
    "Job",
    "KeptForm",
    "Meeting",
    "Membership",
    "Orientation",
    "OutsideBodyAppointment",
    "Partner",
    "Partnership",
    "Party",
    "Redaction",
    "Referral",
    "Reminder",
    "Resolution",
    "Risk",
    "Seat",
    "SignIn",
    "SignificantPartnership",
    "Submission",
    "TerminationNotice",
    "TrainingSession",
    "User",
    "WorkingModel",
]
