"""Pages of reviews that are not a register's."""

from reviews.views.covers import CoverPaper, CoverPdf
from reviews.views.drafting import SectionEdit, SectionPreview
from reviews.views.papers import ReviewPaper, ReviewPdf
from reviews.views.proofs import ReviewProof

__all__ = ["CoverPaper", "CoverPdf", "ReviewPaper", "ReviewPdf", "ReviewProof", "SectionEdit", "SectionPreview"]
