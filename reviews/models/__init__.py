"""Reviews and what they hold."""

from reviews.models.contents import Assessment, Option, Recommendation, SwotItem
from reviews.models.reviews import PublicationClass, Review, Section

__all__ = [
    "Assessment",
    "Option",
    "PublicationClass",
    "Recommendation",
    "Review",
    "Section",
    "SwotItem",
]
