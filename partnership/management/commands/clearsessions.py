"""Clear away ended sessions, forms that were kept after them, and tokens of forms that were sent long ago."""

from datetime import timedelta
from typing import Any

from django.contrib.sessions.management.commands import clearsessions
from django.utils import timezone

from partnership.accounts import kept_forms
from partnership.models import Submission

SUBMISSIONS_KEPT_FOR = timedelta(days=90)  # nobody sends an open form again after so long


class Command(clearsessions.Command):
    """`manage.py clearsessions`, which afterwards also deletes forms kept for too long and old submissions."""

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        kept_forms.forget_old()
        Submission.objects.filter(made_at__lt=timezone.now() - SUBMISSIONS_KEPT_FOR).delete()
