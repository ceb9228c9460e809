"""Reviews and what they hold."""

from reviews.models.agendas import AgendaItem
from reviews.models.classes import PublicationClass
from reviews.models.contents import Assessment, Option, Recommendation, SwotItem
from reviews.models.covers import CoverReport, CoverStyle, Implication
from reviews.models.editions import Audience, Edition, EditionData, EditionFile, ExemptPaper
from reviews.models.evidence import Evidence
from reviews.models.exits import ExitArrangement, ExitEstimate, ExitPayment, ExitPlan, ExitPost
from reviews.models.outcomes import Answer, FollowUp, Outcome
from reviews.models.readers import ClassProposal, SectionReader
from reviews.models.reviews import Review, Section, SectionDraft
from reviews.models.takedowns import Takedown

__all__ = [
    "AgendaItem",
    "Answer",
    "Assessment",
    "Audience",
    "ClassProposal",
    "CoverReport",
    "CoverStyle",
    "Edition",
    "EditionData",
    "EditionFile",
    "Evidence",
    "ExemptPaper",
    "ExitArrangement",
    "ExitEstimate",
    "ExitPayment",
    "ExitPlan",
    "ExitPost",
    "FollowUp",
    "Implication",
    "Option",
    "Outcome",
    "PublicationClass",
    "Recommendation",
    "Review",
    "Section",
    "SectionDraft",
    "SectionReader",
    "SwotItem",
    "Takedown",
]
