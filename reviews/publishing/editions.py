"""An edition's frozen facts, and its files drawn from them: the same facts give the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from partnership.dates import in_words
from partnership.generic.exports import BYTE_ORDER_MARK, cell
from reviews.facts import ReviewFacts
from reviews.facts.reviewed import SectionFact
from reviews.models import Audience, Edition, PublicationClass
from reviews.models.editions import MEDIA_TYPES, checksum
from reviews.papers.document import Document, compose, numbered, sections_for
from reviews.papers.output import html, pdf, word
from reviews.publishing.frozen import canonical, values_from_json

FORMAT = 1
PDF = MEDIA_TYPES["pdf"]
HTML = "text/html; charset=utf-8"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class RenderedFile:
    """A file: its name, what a list calls it, its media type and its bytes."""

    name: str
    label: str
    media_type: str
    content: bytes


def frozen_facts(edition: Edition, document: Document, facts: dict[str, Any], covers: tuple[Document, ...] = ()) -> str:
    """All that an edition is drawn from, as canonical JSON: what it prints, what it publishes, and what it is."""
    published = timezone.localtime(edition.published_at)
    return canonical(
        {
            "format": FORMAT,
            "audience": str(edition.audience),
            "number": edition.number,
            "published_on": in_words(published.date()),
            "published_at": published.isoformat(timespec="seconds"),
            "replaces": edition.replaces.number if edition.replaces else None,
            "correction": edition.correction,
            "document": document,
            "covers": covers,
            "facts": facts,
        }
    )


def read(facts: str) -> dict[str, Any]:
    """The frozen facts, the document in them as it was composed."""
    return values_from_json(json.loads(facts))


def draw(facts: str) -> tuple[RenderedFile, ...]:
    """The files of an edition. The public one has each of its appendices as a file of its own too.

    Raises ``CannotDraw``.
    """
    kept = read(facts)
    document = with_document_control(kept, checksum(facts.encode()))
    name = file_name(document.slug, kept)
    page = html.render(document)
    cover_reports = stamped_covers(kept, checksum(facts.encode()))
    separate = [(f"{cover_name(cover, kept)}.pdf", cover_label(cover), html.render(cover)) for cover in cover_reports]
    if kept["audience"] == Audience.PUBLIC:
        separate += appendices(document, name)
    pages = [page, *(separate_page for _, _, separate_page in separate)]
    whole, *drawn = pdf.render_each_apart(pages)
    published_at = kept["published_at"]
    files = [
        RenderedFile(f"{name}.html", "Web page", HTML, page.encode()),
        RenderedFile(f"{name}.pdf", "PDF", PDF, whole),
        RenderedFile(f"{name}.docx", "Word", word.MEDIA_TYPE, word.render(document, published_at=published_at)),
        RenderedFile(f"{name}.csv", "Figures of its tables (CSV)", CSV, figures(document).encode()),
    ]
    for (file, label, _), content in zip(separate, drawn, strict=True):
        files.append(RenderedFile(file, label, PDF, content))
    for cover in cover_reports:
        content = word.render(cover, published_at=published_at)
        label = f"{cover_label(cover)} (Word)"
        files.append(RenderedFile(f"{cover_name(cover, kept)}.docx", label, word.MEDIA_TYPE, content))
    return tuple(files)


def file_name(slug: str, kept: dict[str, Any]) -> str:
    """Return what a clerk would call it: the first public edition is the paper itself."""
    members = "-members" if kept["audience"] == Audience.MEMBERS else ""
    return f"{slug}{members}" if kept["number"] == 1 else f"{slug}{members}-edition-{kept['number']}"


def with_document_control(kept: dict[str, Any], sha256: str) -> Document:
    """The paper with what it is printed in its document control."""
    document = kept["document"]
    number = kept["number"]
    rows = [("Edition", f"{number}, for {AUDIENCES[kept['audience']]}, published on {kept['published_on']}")]
    if kept["replaces"]:
        rows.append(("Replaces", f"Edition {kept['replaces']}. {kept['correction']}"))
    rows.append(("Checksum of its facts (SHA-256)", sha256))
    return replace(document, control=(*document.control, *rows))


AUDIENCES = {Audience.PUBLIC: "the public", Audience.MEMBERS: "members of the councils"}


def stamped_covers(kept: dict[str, Any], sha256: str) -> list[Document]:
    """Return the cover reports, each with the checksum at its head."""
    checksum_row = ("Checksum of its facts (SHA-256)", sha256)
    return [replace(cover, control=(*cover.control, checksum_row)) for cover in kept["covers"]]


def cover_label(cover: Document) -> str:
    """Return what a list calls a cover report."""
    return f"{cover.kind}: {', '.join(cover.councils)} {cover.body}"


def cover_name(cover: Document, kept: dict[str, Any]) -> str:
    """Return what a clerk would call its file."""
    return cover.slug if kept["number"] == 1 else f"{cover.slug}-edition-{kept['number']}"


def appendices(document: Document, name: str) -> Iterator[tuple[str, str, str]]:
    """Return each appendix that is not exempt as a paper of its own: the name of its file, its title, and its page."""
    for section in document.appendices:
        if not section.is_exempt:
            title = f"{section.label}: {section.heading}"
            number = section.label.rpartition(" ")[2]
            page = html.render(replace(document, title=title, sections=(section,)))
            yield f"{name}-appendix-{number}.pdf", title, page


def draw_exempt(review: ReviewFacts, section: SectionFact) -> RenderedFile:
    """An exempt appendix as a paper of its own, for its named readers. Raises ``CannotDraw``."""
    labels = {shown.id: label for shown, label in numbered(sections_for(review.sections, Audience.MEMBERS))}
    label = labels[section.id]
    open_section = replace(section, publication_class=PublicationClass.PUBLIC)
    document = compose(replace(review, sections=(open_section,)), Audience.PUBLIC)
    title = f"{label}: {section.heading} (not for publication)"
    own = replace(
        document,
        title=title,
        control=(*document.control, ("Not for publication", f"Schedule 12A, paragraph {section.exempt_paragraph}")),
        sections=tuple(replace(shown, label=label) for shown in document.sections),
    )
    number = label.rpartition(" ")[2]
    kind = "appendix" if document.appendices else "section"
    (content,) = pdf.render_each_apart([html.render(own)])
    return RenderedFile(f"{review.slug}-exempt-{kind}-{number}.pdf", title, PDF, content)


def figures(document: Document) -> str:
    """Return every cell of every numbered table and of every chart's table, as CSV."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(["Where", "Caption", "Row", "Column", "What it says"])
    for row in table_cells(document):
        writer.writerow([cell(text) for text in row])
    return BYTE_ORDER_MARK + lines.getvalue()


def table_cells(document: Document) -> Iterator[tuple[str, str, str, str, str]]:
    """The cells with what they stand beside and under."""
    captioned = [(block.label, block.caption, block) for block in document.tables]
    captioned += [(block.label, block.caption, block.table) for block in document.charts]
    for label, caption, table in captioned:
        for row, cells in table.labelled_rows:
            name = row.cells[0].whole_text
            for one, column in cells[1:]:
                yield label, caption, name, column, one.whole_text
