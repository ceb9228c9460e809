"""docs/limits.md is written from the code and from docs/limits.md.in."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reviews.management.commands.write_limits import NAME, limits

ROOT = Path(__file__).resolve().parents[2]


def test_limits_document_is_current():
    call_command("write_limits", "--check", stdout=io.StringIO())  # raises where it is out of date


def test_limits_document_after_a_limit_changed_is_out_of_date(settings):
    settings.DEFAULT_COSTLY_ANSWERS = 199
    with pytest.raises(CommandError, match=r"docs/limits\.md is out of date\. Run `make fix`\."):
        call_command("write_limits", "--check")


def test_limits_document_names_every_limit():
    source = (ROOT / "docs" / "limits.md.in").read_text()
    assert set(NAME.findall(source)) == set(limits())


def test_weak_dependencies_have_days():
    text = " ".join((ROOT / "docs" / "limits.md").read_text().split())
    assert "critical or high within 7 days, others within 30, and every lock is made anew every 90" in text
    asked = re.findall(r"^[\w-]+", (ROOT / "requirements" / "base.in").read_text(), re.M)
    looked_at_first = {"weasyprint", "pikepdf", "openpyxl", "defusedxml", "django-allauth", "cryptography", "pyjwt"}
    assert looked_at_first - set(asked) == set()
    assert [name for name in looked_at_first if name not in text.lower()] == []
