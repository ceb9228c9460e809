"""Write docs/limits.md from docs/limits.md.in and the code, so that each limit is typed once."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from joint_posts.savings.forms import grid, pasted
from partnership import middleware, text
from partnership.accounts import kept_forms
from partnership.accounts.sign_in import passwords, rate_limits, sessions
from partnership.generic import pages
from partnership.imports import job, reader
from partnership.management.commands import limit_role
from partnership.management.documents import DocumentCommand
from partnership.models import jobs
from partnership.money import ASKED_ABOUT_ABOVE, pounds
from reviews.models.classes import PublicationClass
from reviews.papers.output import pdf
from reviews.publishing import exempt_files
from reviews.publishing.views import public

NAME = re.compile(r"\$\{(\w+)\}")  # a limit in the source
MB = 1024 * 1024
MINUTE = 60
HOUR = 3600


class Command(DocumentCommand):
    """`manage.py write_limits` writes it; with --check it only says whether it is current."""

    help = "Write docs/limits.md from docs/limits.md.in and the code."
    document = "docs/limits.md"

    def text(self) -> str:
        source = Path(settings.BASE_DIR) / "docs" / "limits.md.in"
        known = limits()
        return NAME.sub(lambda name: written(known[name[1]]), source.read_text())


def written(value: int | str) -> str:
    """Return a limit as the document prints it."""
    return value if isinstance(value, str) else f"{value:,}"


def limits() -> dict[str, int | str]:
    """Return every limit that the document names."""
    return {**of_business(), **of_files(), **of_sign_ins(), **of_costly_answers(), **classes()}


def of_business() -> dict[str, int | str]:
    """Return the limits on what is entered and run."""
    return {
        "text_characters": text.LONGEST_TEXT,
        "large_sum": pounds(ASKED_ABOUT_ABOVE),
        "grid_rows": grid.MOST_ROWS,
        "pasted_rows": pasted.MOST_ROWS,
        "import_rows_by_step": job.MOST_BY_VERB,
        "jobs_at_once": settings.DEFAULT_JOBS_AT_ONCE,
        "jobs_of_one_person": jobs.MOST_OF_ONE_PERSON,
        "jobs_waiting": jobs.MOST_WAITING,
        "job_losses": jobs.MOST_LOSSES,
        "job_hours": jobs.LONGEST_WAIT.days * 24,
        "list_rows": pages.ROWS_ON_A_PAGE,
    }


def of_files() -> dict[str, int | str]:
    """Return the limits on files and requests."""
    return {
        "import_mb": reader.LARGEST_FILE // MB,
        "import_unpacked_mb": reader.LARGEST_UNPACKED // MB,
        "import_parts": reader.MOST_ENTRIES,
        "import_rows": reader.MOST_ROWS,
        "import_columns": reader.MOST_COLUMNS,
        "cell_characters": reader.LONGEST_CELL,
        "exempt_mb": exempt_files.LARGEST_FILE // MB,
        "exempt_unpacked_mb": exempt_files.LARGEST_UNPACKED // MB,
        "exempt_parts": exempt_files.MOST_PARTS,
        "verify_mb": public.LARGEST_FILE // MB,
        "request_mb": middleware.LARGEST_BODY // MB,
        "request_fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
        "request_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }


def of_sign_ins() -> dict[str, int | str]:
    """Return the limits on sessions and on attempts to sign in."""
    pair, address, *_, account = rate_limits.CODE_LIMITS
    return {
        "idle_minutes": sessions.IDLE_LIMIT // MINUTE,
        "signed_in_hours": sessions.SESSION_LIMIT // HOUR,
        "kept_minutes": kept_forms.KEPT_FOR.seconds // MINUTE,
        "kept_kb": kept_forms.LARGEST // 1000,
        "kept_forms": kept_forms.MOST,
        "open_days": kept_forms.OPEN_FOR.days,
        "reauthentication_minutes": settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // MINUTE,
        "tries_of_account": pair.most,
        "tries_of_address": address.most,
        "tries_of_codes": account.most,
        "hash_rounds": PBKDF2PasswordHasher.iterations,
        "password_characters": passwords.JUDGED,
    }


def of_costly_answers() -> dict[str, int | str]:
    """Return the limits on answers that take long."""
    return {
        "costly_answers": settings.DEFAULT_COSTLY_ANSWERS,
        "pdf_cpu": pdf.LONGEST_CPU,
        "pdf_wall": pdf.LONGEST_WALL,
        "pdf_mb": pdf.LARGEST_MEMORY // MB,
        "job_cpu": job.LONGEST_CPU,
        "job_wall": job.LONGEST_WALL,
        "job_mb": job.LARGEST_MEMORY // MB,
        "statement_seconds": limit_role.PATIENCE["statement_timeout"].removesuffix("s"),
        "provider_seconds": settings.SOCIALACCOUNT_REQUESTS_TIMEOUT,
    }


def classes() -> dict[str, int | str]:
    """Return the name of each publication class."""
    return {one.value: str(one.label) for one in PublicationClass}
