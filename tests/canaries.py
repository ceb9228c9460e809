"""Canaries: a unique word in every field that no public edition prints, and a search for them in whatever is sent."""

import io
import re
import zipfile
from contextlib import suppress
from decimal import Decimal

import pikepdf
from django.apps import apps
from django.db import IntegrityError, models, transaction
from pypdf import PdfReader

from partnership.records import Record, recording

CANARY = re.compile(rb"canary[0-9]{4}q")
# The fields that a public edition prints, or that are the keys of other things.
PRINTED = {
    "Body": {"name", "short_name"},
    "BusinessCase": {"title", "service_area"},
    "CaseStep": {"note"},
    "Commitment": {"short_title", "statement"},
    "Assessment": {"commentary"},
    "Council": {"name", "short_name", "executive_name"},
    "JointPost": {"title"},
    "Partnership": {"name", "slug", "notice"},
    "PostStep": {"title"},
    "Recommendation": {"text", "key"},
    "Review": {
        "title",
        "slug",
        "version_label",
        "author_title",
        "circulation",
        "publication_route",
        "financial_year",
    },
    "Saving": {"title", "basis", "shared_with_programme"},
    "SavingLine": {"financial_year"},
}
SECTION_KEYS = {"key", "public_title"}
PAY = (Decimal("98765.43"), Decimal("34567.89"), Decimal("45678.91"))
PAY_WORDS = re.compile(rb"98,?765|34,?567|45,?678")


def plant():
    """Put a canary into every text that is not printed, and pay that would be known again. How many there are."""
    planted = 0
    with recording(by=apps.get_model("partnership", "User").objects.get(username="recorder"), reason="canary0000q"):
        for model in apps.get_models():
            if not issubclass(model, Record):
                continue
            rows = list(model._base_manager.values_list("pk", flat=True))
            for key, field in ((key, field) for key in rows for field in texts(model)):
                row = model._base_manager.get(pk=key)
                if not is_printed(row, field.name):
                    planted += 1
                    setattr(row, field.name, f"canary{planted:04}q"[: field.max_length])
                    with suppress(IntegrityError), transaction.atomic():  # a reason without what it is the reason of
                        row.save()
    return planted


def texts(model):
    """The fields of free text."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not (field.max_length and field.max_length < 11)
        and field.name not in {"withdrawn_reason", "precision"}
        and not field.name.endswith("precision")
    ]


def is_printed(row, name):
    """Whether the public edition may print the field of this row."""
    kind = type(row).__name__
    if kind == "Section":
        return name in SECTION_KEYS or (row.is_public and name in {"heading", "narrative"})
    return name in PRINTED.get(kind, ())


def everything_in(content):
    """A file with all that is packed inside it: streams, parts and text."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            for part in pack.infolist():
                yield part.filename.encode()
                yield from everything_in(pack.read(part))
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        yield " ".join(page.extract_text() for page in reader.pages).encode()
        yield repr(reader.metadata).encode()
        with pikepdf.open(io.BytesIO(content)) as file:
            for thing in file.objects:
                yield str(thing).encode() if not isinstance(thing, pikepdf.Stream) else repr(dict(thing)).encode()
                if isinstance(thing, pikepdf.Stream):
                    yield thing.read_bytes()


def canaries_in(content):
    """The canaries, and the pay, that a file or page holds."""
    found = set()
    for piece in everything_in(content):
        found |= set(CANARY.findall(piece))
    text = b" ".join(piece for piece in everything_in(content) if len(piece) < 2_000_000) if found else content
    return found | set(PAY_WORDS.findall(text if not content.startswith((b"PK", b"%PDF")) else b""))
