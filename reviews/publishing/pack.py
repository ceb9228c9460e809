"""The pack for a council's committee system: one zip of stored files, each with its checksum in the manifest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from django.utils import timezone

from partnership.dates import in_words
from reviews.models import Edition, ExemptPaper
from reviews.models.editions import checksum

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can say; its parts carry no date of their own
FOLDERS = {"-appendix-": "Appendices/", "-cover-report": "Cover reports/"}
SHEETS_FOLDER = "Decision sheets"
EXEMPT_FOLDER = "Exempt - not for publication"


def name_of(edition: Edition) -> str:
    """Return what a clerk would call the pack."""
    return f"{edition.slug}-pack" if edition.number == 1 else f"{edition.slug}-edition-{edition.number}-pack"


def packed(edition: Edition, papers: Iterable[ExemptPaper] = (), sheets: Iterable[tuple[str, str]] = ()) -> bytes:
    """The pack of a public edition, with the exempt papers and the decision sheets that its reader may have.

    A sheet is the name of its file and its text.
    """
    files = [(folder_of(file.name) + file.name, bytes(file.content)) for file in edition.files.all()]
    files += [(f"{SHEETS_FOLDER}/{name}", text.replace("\n", "\r\n").encode()) for name, text in sheets]
    files += [(f"{EXEMPT_FOLDER}/{paper.name}", bytes(paper.content)) for paper in papers]
    manifest = manifest_of(edition, files)
    return zipped([("Manifest.txt", manifest.encode()), *files])


def folder_of(name: str) -> str:
    """Return the folder of a file: the bound paper in front; its covers, and its appendices, beside each other."""
    return next((folder for word, folder in FOLDERS.items() if word in name), "")


def manifest_of(edition: Edition, files: list[tuple[str, bytes]]) -> str:
    """Return the list of the pack's files, with their checksums."""
    published = in_words(timezone.localtime(edition.published_at).date())
    lines = [
        f"{edition.title}",
        f"{edition.version_label}, as at {in_words(edition.as_at)}. Edition {edition.number} for the public,"
        f" published on {published}.",
    ]
    if edition.replaces:
        lines.append(f"Replaces edition {edition.replaces.number}: {edition.correction}")
    lines += [
        "",
        "Files, each with its SHA-256:",
        *(f"{checksum(content)}  {name}" for name, content in files),
        "",
        f"Facts it was drawn from: {edition.facts_sha256}",
        f"History of the partnership, {edition.chain_length} entries, sealed by: {edition.chain_seal}",
    ]
    return "\r\n".join(lines) + "\r\n"


def zipped(files: list[tuple[str, bytes]]) -> bytes:
    """The files as a zip that is the same whenever it is made."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files:
            pack.writestr(zipfile.ZipInfo(name, FIRST_DAY), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
