"""Canaries: a unique word in every field that no public edition prints, and a search for them in whatever is sent."""

import io
import itertools
import re
import zipfile
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from html.parser import HTMLParser

import pikepdf
from django.apps import apps
from django.db import IntegrityError, models, transaction
from pypdf import PdfReader

from partnership.records.record import Record, recording

CANARY = re.compile(rb"canary[0-9]{4}q")
# The fields that a public edition prints, or that are the keys of other things.
PRINTED = {
    "Body": {"name", "short_name"},
    "BusinessCase": {"title", "service_area"},
    "CaseStep": {"note"},
    "Commitment": {"short_title", "statement"},
    "Assessment": {"commentary"},
    "Council": {"name", "short_name", "short_name_folded", "key", "executive_name", "area_name"},
    "CoverReport": {"areas", "report_of", "contact"},  # covers go out with the paper
    "CoverStyle": {"sections"},
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
            for key, field in itertools.product(rows, list(texts(model))):
                row = model._base_manager.get(pk=key)
                if not is_printed(row, field.name):
                    planted += 1
                    setattr(row, field.name, f"canary{planted:04}q"[: field.max_length])
                    with suppress(IntegrityError), transaction.atomic():  # a reason without what it is the reason of
                        row.save()
    return planted


# Fields whose text says who may read the row, or how it stands.
TELLING = {"no_public_access_reason"}
MARKS = ("Alder", "Cedar")  # by which the matrix knows rows


def plant_for(rows, make_token):
    """Put a canary into every text of the rows that no edition prints and that does not say whose they are."""
    for row in rows:
        for field in texts(type(row)):
            words = getattr(row, field.name)
            if is_printed(row, field.name) or field.name in TELLING or any(mark in words for mark in MARKS):
                continue
            fresh = type(row)._base_manager.get(pk=row.pk)
            setattr(fresh, field.name, make_token(where=f"{type(row).__name__}.{field.name}")[: field.max_length])
            with suppress(IntegrityError), transaction.atomic():  # a reason without what it is the reason of
                fresh.save()
        row.refresh_from_db()


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
    """Return whether the public edition may print the field of this row."""
    kind = type(row).__name__
    if kind == "Section":
        return name in SECTION_KEYS or (row.is_public and name in {"heading", "narrative"})
    return name in PRINTED.get(kind, ())


@lru_cache(maxsize=2)  # every answer is looked at for more than one thing
def everything_in(content):
    """A file with all that is packed inside it: streams, parts and text."""
    return tuple(unpacked(content))


def unpacked(content):
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            for part in pack.infolist():
                yield part.filename.encode()
                yield from everything_in(pack.read(part))
    if content.startswith(b"%PDF"):
        yield text_of_pdf(content).encode()
        yield repr(PdfReader(io.BytesIO(content)).metadata).encode()
        with pikepdf.open(io.BytesIO(content)) as file:
            for thing in file.objects:
                yield str(thing).encode() if not isinstance(thing, pikepdf.Stream) else repr(dict(thing)).encode()
                if isinstance(thing, pikepdf.Stream):
                    yield thing.read_bytes()


@lru_cache(maxsize=2)
def text_of_pdf(content):
    """Return what a PDF says."""
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


class Links(HTMLParser):
    """Return the addresses that a page links to."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        address = dict(attrs).get("href") or dict(attrs).get("src") or ""
        if address.startswith("/") and not address.startswith("/static/"):
            self.found.append(address.partition("#")[0])


def crawl(client, *first, most=None, leave_out=()):
    """Yield every answer that can be reached, a page at a time: its address, the answer and its content."""
    waiting = list(first)
    seen = set(first)
    while waiting and most != 0:
        at = waiting.pop(0)
        most = most and most - 1
        response = client.get(at)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        yield at, response, content
        if response.headers.get("Content-Type", "").startswith("text/html") and response.status_code == 200:
            links = Links()
            links.feed(content.decode())
            fresh = [link for link in dict.fromkeys(links.found) if link not in seen and not link.endswith(leave_out)]
            waiting += fresh
            seen |= set(fresh)


def canaries_in(content):
    """The canaries, and the pay, that a file or page holds."""
    found = set()
    for piece in everything_in(content):
        found |= set(CANARY.findall(piece))
    text = b" ".join(piece for piece in everything_in(content) if len(piece) < 2_000_000) if found else content
    return found | set(PAY_WORDS.findall(text if not content.startswith((b"PK", b"%PDF")) else b""))
