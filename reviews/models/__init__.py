"""Reviews and what they hold."""

from reviews.models.classes import PublicationClass
from reviews.models.contents import Assessment, Option, Recommendation, SwotItem
from reviews.models.editions import Audience, Edition, EditionFile, ExemptPaper
from reviews.models.readers import ClassProposal, SectionReader
from reviews.models.reviews import Review, Section

__all__ = [
    "Assessment",
    "Audience",
    "ClassProposal",
    "Edition",
    "EditionFile",
    "ExemptPaper",
    "Option",
    "PublicationClass",
    "Recommendation",
    "Review",
    "Section",
    "SectionReader",
    "SwotItem",
]
