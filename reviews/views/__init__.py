"""Pages of reviews that are not a register's."""

from reviews.views.covers import CoverPaper, CoverPdf
from reviews.views.drafting import SectionEdit, SectionPreview
from reviews.views.exits import ExitPaper, ExitPdf, ExitWord
from reviews.views.papers import ReviewPaper, ReviewPdf
from reviews.views.proofs import ReviewProof
from reviews.views.statements import GovernanceStatement

__all__ = [
    "CoverPaper",
    "CoverPdf",
    "ExitPaper",
    "ExitPdf",
    "ExitWord",
    "GovernanceStatement",
    "ReviewPaper",
    "ReviewPdf",
    "ReviewProof",
    "SectionEdit",
    "SectionPreview",
]
