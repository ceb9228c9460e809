"""docs/limits.md says what the code does: each of its figures is compared with the constant it is about."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from joint_posts.savings.forms import grid, pasted
from partnership import middleware, text
from partnership.accounts import kept_forms
from partnership.accounts.sign_in import passwords, rate_limits, sessions
from partnership.generic import pages
from partnership.imports import job, reader
from partnership.management.commands import limit_role
from partnership.models import jobs
from partnership.money import ASKED_ABOUT_ABOVE, pounds
from reviews.models.classes import PublicationClass
from reviews.papers.output import pdf
from reviews.publishing import exempt_files
from reviews.publishing.views import public

ROOT = Path(__file__).resolve().parents[2]
SAID = " ".join((ROOT / "docs" / "limits.md").read_text().split())
MB = 1024 * 1024
PAIR, ADDRESS, *_, ACCOUNT = rate_limits.CODE_LIMITS

FIGURES = {
    "business": [
        f"has at most {text.LONGEST_TEXT:,} characters.",
        f"A form asks whether a sum above {pounds(ASKED_ABOUT_ABOVE)} is right",
        f"A grid of savings takes {grid.MOST_ROWS} rows at once, a pasted block of them {pasted.MOST_ROWS}.",
        f"An import takes {reader.MOST_ROWS:,} rows; {job.MOST_BY_VERB} where each is written by a step of its own",
        f"over all servers (`JOBS_AT_ONCE`), {jobs.MOST_OF_ONE_PERSON} of one person; one person has at most"
        f" {jobs.MOST_WAITING} waiting or at work.",
        f"given up after {jobs.MOST_LOSSES} losses; what waited for {jobs.LONGEST_WAIT.days * 24} hours is not begun.",
        f"A list shows {pages.ROWS_ON_A_PAGE} rows on a page",
    ],
    "files": [
        f"| {reader.LARGEST_FILE // MB} MB | {reader.LARGEST_UNPACKED // MB} MB in {reader.MOST_ENTRIES} parts |"
        f" {reader.MOST_ROWS:,} rows, {reader.MOST_COLUMNS} columns, {reader.LONGEST_CELL:,} characters in a cell |",
        f"| {exempt_files.LARGEST_FILE // MB} MB | {exempt_files.LARGEST_UNPACKED // MB} MB in"
        f" {exempt_files.MOST_PARTS:,} parts |",
        f"| any | {public.LARGEST_FILE // MB} MB | never unpacked | not kept |",
        f"No request is longer than {middleware.LARGEST_BODY // MB} MB, has more than"
        f" {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields or {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files.",
    ],
    "sessions": [
        f"ends after {sessions.IDLE_LIMIT // 60} minutes without a page"
        f" and after {sessions.SESSION_LIMIT // 3600} hours",
        f"kept for {kept_forms.KEPT_FOR.seconds // 60} minutes, at most {kept_forms.LARGEST // 1000} kB of one form and"
        f" the {kept_forms.MOST} newest forms of one person",
        f"A form that was open for more than {kept_forms.OPEN_FOR.days} days is not kept",
        f"that holds for {settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60} minutes",
        f"Tries: {PAIR.most} wrong from one address for an account, {ADDRESS.most} from one address",
        f"{ACCOUNT.most} wrong codes in an hour",
    ],
    "keys": [
        f"PBKDF2 with SHA-256, {PBKDF2PasswordHasher.iterations:,} rounds",
        *(name for name in ("SECRET_KEY_FALLBACKS", "Fernet", "HMAC-SHA-1", "sslmode=verify-full")),
    ],
    "classes": [f"| {one.label} |" for one in PublicationClass],
    "costly": [
        f"{pdf.LONGEST_CPU} s of processor, {pdf.LONGEST_WALL} s in all, {pdf.LARGEST_MEMORY // MB:,} MB",
        f"{job.LONGEST_CPU} s of processor, {job.LONGEST_WALL} s in all, {job.LARGEST_MEMORY // MB:,} MB",
        f"its first {passwords.JUDGED} characters",
        f"| any statement to PostgreSQL | {limit_role.PATIENCE['statement_timeout'].removesuffix('s')} s |",
        f"| asking a council's provider | {settings.SOCIALACCOUNT_REQUESTS_TIMEOUT} s, no redirect |",
    ],
}


@pytest.mark.parametrize("part", FIGURES)
def test_limits_written_down_are_those_of_the_code(part):
    assert [figure for figure in FIGURES[part] if figure not in SAID] == []


def test_pace_written_down_is_that_of_a_server():
    """The tests themselves may ask for more."""
    usual = re.search(
        r'env\.int\("COSTLY_ANSWERS", default=(\d+)\)', (ROOT / "partnership" / "settings.py").read_text()
    )[1]
    assert f"One person gets {usual} downloads, {usual} papers and {usual} searches in a quarter of an hour" in SAID
    assert f"| downloads, papers, searches | {usual} of each" in SAID


def test_weak_dependencies_have_days():
    assert "critical or high within 7 days, others within 30, and every lock is made anew every 90" in SAID
    asked = re.findall(r"^[\w-]+", (ROOT / "requirements" / "base.in").read_text(), re.M)
    looked_at_first = {"weasyprint", "pikepdf", "openpyxl", "defusedxml", "django-allauth", "cryptography", "pyjwt"}
    assert looked_at_first - set(asked) == set()
    assert [name for name in looked_at_first if name not in SAID.lower()] == []
