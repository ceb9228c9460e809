"""Pages of reviews that are not a register's."""

from reviews.views.papers import ReviewPaper, ReviewPdf

__all__ = ["ReviewPaper", "ReviewPdf"]
