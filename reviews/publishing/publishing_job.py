"""Publishing at work, in a process of its own with limits: the page that asked for it shows how far it is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from partnership.imports.job import OutOfTime, begun
from partnership.models import Job, User
from reviews.facts.figures import UnknownFigure
from reviews.models import Review
from reviews.papers.output.pdf import TOO_MUCH, CannotDraw
from reviews.publishing.publish import check_publication, publish

log = logging.getLogger(__name__)

KIND = "edition"  # what such a job makes
State = Job.State
IN_THE_PORTAL = "Something went wrong in the portal itself. Nothing was published; tell whoever looks after it."


def ask(
    review: Review, *, by: User, at: datetime, correction: str = "", members_only: bool = False, seen: str = ""
) -> Job:
    """Put down the wish to publish a review as the person saw it, once it may be.

    Raises ``PermissionDenied`` and ``ValidationError``.
    """
    check_publication(review, by=by, at=at, correction=correction, members_only=members_only)
    with transaction.atomic():
        Job.objects.refuse_too_many(by)
        return Job.objects.create(
            by=by,
            register=KIND,
            file_name=review.slug,
            state=State.CONFIRMED,
            result={"review": review.pk, "correction": correction, "members_only": members_only, "seen": seen},
            created_at=at,
            heard_at=at,
        )


def run(number: int, run: int | None = None) -> None:
    """Publish what the job asks for. Whatever happens, the job says so."""
    job = begun(number, run)
    if job is None:
        return
    try:
        review = Review.objects.get(pk=job.result["review"])
        publish(
            review,
            by=job.by,
            at=timezone.now(),
            correction=job.result["correction"],
            members_only=job.result.get("members_only", False),
            seen=job.result.get("seen", ""),
            done=signs_of(job),
        )
    except (ValidationError, PermissionDenied) as error:
        refuse(job, " ".join(getattr(error, "messages", [str(error)])))
    except (UnknownFigure, CannotDraw) as error:
        refuse(job, str(error))
    except (MemoryError, OutOfTime):
        refuse(job, TOO_MUCH)
    except Exception:
        connection.close_if_unusable_or_obsolete()
        log.exception("Job %s failed", number)
        refuse(job, IN_THE_PORTAL)


def signs_of(job: Job) -> Callable[[int, int], None]:
    """Tells the page how far it is. The last sign is in the editions' own transaction: it is done if they are there."""

    def say(done: int, total: int) -> None:
        state = State.DONE if done == total else State.WRITING
        facts = {"progress": done, "total": total, "heard_at": timezone.now(), "state": state}
        if not Job.objects.held(job).update(**facts):
            raise ValidationError("Another run of this publication has begun. This one published nothing.")

    return say


def refuse(job: Job, sentence: str) -> None:
    """End without having published anything."""
    refusal = {"refusal": sentence}
    Job.objects.held(job).update(state=State.REFUSED, heard_at=timezone.now(), result=refusal)
