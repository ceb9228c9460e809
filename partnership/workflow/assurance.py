"""The verbs of assurance."""

from __future__ import annotations

from partnership.access import require
from partnership.models import AgreementReview, User
from partnership.records import recording


def record_agreement_review(review: AgreementReview, *, by: User, reason: str) -> AgreementReview:
    """Put a review of an agreement on record; the agreement is next due on the day that the review sets.

    An earlier review, entered after a later one, leaves the agreement's day alone. Raises ``PermissionDenied`` and
    ``ValidationError``.
    """
    require(by, AgreementReview.kept_with, review)
    agreement = review.agreement
    is_latest = not agreement.reviews.standing().filter(held_on__gt=review.held_on).exists()
    with recording(by=by, reason=reason):
        review.put_on_record()
        if is_latest:
            agreement.review_due_on = review.next_due_on
            agreement.put_on_record()
    return review
