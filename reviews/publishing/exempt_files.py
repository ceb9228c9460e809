"""Exempt appendices that come as files: what is asked of one before it is kept, and who finds it again."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from partnership.generic.zipped import ZIP_START, Fault, Unsafe, parts_of
from partnership.models import User
from partnership.records.data_versions import DataVersion
from reviews.models import ExemptPaper, Review, Section
from reviews.models.editions import checksum

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
LARGEST_UNPACKED = 60 * MEGABYTE
MOST_PARTS = 1_000
LONGEST_NAME = 110  # without the ending
WORD_PARTS = {"[content_types].xml", "word/document.xml"}
FAULTS = {
    Fault.DAMAGED: "This Word file is damaged. Open it in Word, save it anew.",
    Fault.TOO_MANY_PARTS: "This Word file has too many parts. Save it as PDF.",
    Fault.TOO_LARGE: "This Word file unpacks to far more than it should. Save it as PDF.",
    Fault.MACROS: "This Word file holds macros. Save it as .docx without them, or as PDF.",
}


def keep_file(
    section: Section, *, title: str, content: bytes, file_name: str, at: datetime, by: User, reason: str
) -> ExemptPaper:
    """Keep a file as the exempt paper of a section, for its named readers. It takes the place of the one before.

    The file is kept byte for byte under a name made of ``title``. Raises ``PermissionDenied``, and ``ValidationError``
    on ``file`` or ``title``.
    """
    section.why_not_let_read(by=by).check()
    ending = ending_of(file_name, content)
    name = f"{section.review.slug}-exempt-{slugify(title)}"[:LONGEST_NAME].rstrip("-")
    if not slugify(title):
        raise ValidationError({"title": "Give it a name with letters or figures."})
    same = ExemptPaper.objects.filter(section__review=section.review, name__startswith=f"{name}.")
    if same.filter(~Q(section=section) | Q(is_uploaded=False)).exists():
        raise ValidationError({"title": "Another exempt paper of the review has this name. Choose another one."})
    return keep_paper(section, f"{name}.{ending}", content, is_uploaded=True, at=at, by=by, reason=reason)


def keep_paper(
    section: Section, name: str, content: bytes, *, is_uploaded: bool, at: datetime, by: User, reason: str
) -> ExemptPaper:
    """Keep an exempt paper as a file of its own. One that is already kept, byte for byte, is not kept twice."""
    kept = section.exempt_papers.order_by("number")
    last = kept.filter(is_uploaded=is_uploaded).last()
    sha256 = checksum(content)
    if last and (last.name, last.sha256) == (name, sha256):
        return last
    with transaction.atomic():
        paper = ExemptPaper.objects.create(
            section=section,
            number=kept.last().number + 1 if kept else 1,
            name=name,
            is_uploaded=is_uploaded,
            content=content,
            sha256=sha256,
            kept_at=at,
            kept_by=by,
            reason=reason,
        )
        DataVersion.bump_and_seal(ExemptPaper.written(pk=paper.pk))
    return paper


def ending_of(file_name: str, content: bytes) -> str:
    """ "pdf" or "docx", as the name and the first bytes agree. Raises ``ValidationError`` on ``file``."""
    if not content:
        raise ValidationError({"file": "The file is empty."})
    if len(content) > LARGEST_FILE:
        raise ValidationError({"file": f"The file is larger than {LARGEST_FILE // MEGABYTE} MB."})
    ending = file_name.rpartition(".")[2].lower()
    if ending not in ("pdf", "docx"):
        raise ValidationError({"file": "Choose a PDF or a Word file (.docx)."})
    start = b"%PDF-" if ending == "pdf" else ZIP_START
    if not content.startswith(start):
        sentence = f"The name of the file ends with .{ending}, but that is not what it holds. Save it anew."
        raise ValidationError({"file": sentence})
    problem = _wrong_with_pdf(content) if ending == "pdf" else _wrong_with_word(content)
    if problem:
        raise ValidationError({"file": problem})
    return ending


def _wrong_with_pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-1024:]:
        return "This PDF is damaged: its end is missing. Save it anew."
    # A zip is read from its end, so that a file can be a PDF and something else at once.
    return "This PDF holds another file. Print it to PDF anew." if zipfile.is_zipfile(io.BytesIO(content)) else ""


def _wrong_with_word(content: bytes) -> str:
    try:
        names = parts_of(content, most_parts=MOST_PARTS, largest_unpacked=LARGEST_UNPACKED)
    except Unsafe as unsafe:
        return FAULTS[unsafe.fault]
    return "" if names >= WORD_PARTS else "This is not a Word file. Save it as .docx or PDF."


def papers_for(user: User, review: Review) -> list[ExemptPaper]:
    """Return of each section that the person is a named reader of, the latest paper drawn here and the latest file."""
    found: dict[tuple[int, bool], ExemptPaper] = {}
    rows = readable_by(user).filter(section__review=review).defer("content").select_related("section")
    for paper in rows.order_by("section__position", "section", "is_uploaded", "-number"):
        found.setdefault((paper.section_id, paper.is_uploaded), paper)
    return list(found.values())


def readable_by(user: User) -> QuerySet:
    """The exempt papers that a person has leave to read."""
    return ExemptPaper.objects.filter(section__readers__reader=user, section__readers__withdrawn_on__isnull=True)
