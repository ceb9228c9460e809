"""A document as a Word file: real headings, numbering, captions, and header rows that repeat over pages.

The numbers of sections, paragraphs and tables are Word's own, and come out as the document's, because both count what
stands. A chart is given by the table of its figures. The same document gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reviews.models.editions import MEDIA_TYPES
from reviews.papers.blocks.general import Block, Cell, ChartBlock, Table
from reviews.papers.document import Document, DocumentSection
from reviews.papers.narrative import ListBlock, Paragraph, Run
from reviews.papers.output.word_numbering import Numbering

MEDIA_TYPE = MEDIA_TYPES["docx"]
DEEP = RGBColor(0x0B, 0x3C, 0x45)
LINK = RGBColor(0x0B, 0x5F, 0x69)
TYPEFACE = "Arial"
TABLE_TEXT = "Table text"  # a style of ours
# A4, in millimetres
PAGE_WIDTH = 210
PAGE_HEIGHT = 297
MARGIN = 25
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
ROOM_FOR_NUMBER = Mm(12)  # before a paragraph whose number is written out
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can say; its parts carry no date of their own
UNDATED = "1980-01-01T00:00:00"


def render(document: Document, *, published_at: str = "") -> bytes:
    """The whole file. ``published_at`` (ISO) dates its properties; a draft carries no date."""
    writer = Writer(document)
    writer.set_up(published_at)
    writer.front()
    for section in document.sections:
        writer.section(section)
    return without_dates(writer.file)


def without_dates(file: Any) -> bytes:
    """The file's bytes with no trace of when it was made."""
    made = io.BytesIO()
    clean = io.BytesIO()
    file.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in sorted(parts.infolist(), key=lambda part: (part.filename != "[Content_Types].xml", part.filename)):
            copy.writestr(zipfile.ZipInfo(part.filename, FIRST_DAY), parts.read(part), zipfile.ZIP_DEFLATED)
    return clean.getvalue()


class Writer:
    """Writes a document into a Word file, from the front."""

    def __init__(self, document: Document):
        self.document = document
        self.file = docx.Document()
        self.numbering = Numbering(self.file)
        self.bookmarks = 0

    def set_up(self, published_at: str) -> None:
        """Page, typeface, language, properties and footer."""
        page = self.file.sections[0]
        page.page_width = Mm(PAGE_WIDTH)
        page.page_height = Mm(PAGE_HEIGHT)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
        properties = self.file.core_properties
        document = self.document
        moment = datetime.fromisoformat(published_at or UNDATED)
        properties.title = document.title
        properties.subject = document.kind
        properties.author = properties.last_modified_by = document.partnership
        properties.comments = document.notice
        properties.language = document.language
        properties.created = properties.modified = moment.replace(tzinfo=None)
        self._styles()
        self._footer(page)

    def _styles(self) -> None:
        styles = self.file.styles
        for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "Caption"):
            style = styles[name]
            style.font.name = TYPEFACE
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(kind), None)
            if name != "Normal":
                style.font.color.rgb = DEEP
        styles["Normal"].font.size = Pt(11)
        table_text = styles.add_style(TABLE_TEXT, WD_STYLE_TYPE.PARAGRAPH)
        table_text.base_style = styles["Normal"]
        table_text.font.size = Pt(9.5)
        table_text.paragraph_format.space_after = Pt(2)
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), self.document.language)

    def _footer(self, page: Any) -> None:
        document = self.document
        line = page.footer.paragraphs[0]
        line.add_run(f"{document.title}, {document.version}, as at {document.as_at}. Page ")
        self._field(line, "PAGE", "1")
        line.add_run(" of ")
        self._field(line, "NUMPAGES", "1")
        if document.notice:
            page.footer.add_paragraph(document.notice)

    def front(self) -> None:
        """Write what stands before the sections, as on the page: a cover report has a head, other papers a cover."""
        if self.document.is_cover:
            self._head_of_cover_report()
        else:
            self._cover()
            self.file.add_heading("Document control", 1)
            self._control()
            self._contents()

    def _head_of_cover_report(self) -> None:
        document = self.document
        add = self.file.add_paragraph
        for council in document.councils:
            add().add_run(council).bold = True
        self._control()
        add(document.title, style="Title")
        add(document.stamp)
        self._notice()

    def _cover(self) -> None:
        document = self.document
        add = self.file.add_paragraph
        for council in document.councils:
            add(council)
        add(document.kind)
        add(document.title, style="Title")
        add(document.report_line)
        add(document.month)
        add(document.stamp)
        self._notice()

    def _notice(self) -> None:
        if self.document.notice:
            self.file.add_paragraph().add_run(self.document.notice).bold = True

    def _control(self) -> None:
        table = self._table(len(self.document.control), (28, 72))
        for row, (label, value) in zip(table.rows, self.document.control, strict=True):
            name, said = (cell.paragraphs[0] for cell in row.cells)
            name.style = said.style = TABLE_TEXT
            name.add_run(label).bold = True
            said.add_run(value)

    def _contents(self) -> None:
        """Write the contents: sections and appendices, then tables and charts, each list a field of Word's own."""
        document = self.document
        self.file.add_heading("Contents", 1)
        entries = [(f"{section.label} {section.heading}", section.anchor) for section in document.sections]
        self._contents_list(entries, r'TOC \o "1-2" \h \z')
        for kind, captioned in (("Table", document.tables), ("Chart", document.charts)):
            if captioned:
                heading = self.file.add_paragraph()
                heading.add_run(f"{kind}s").bold = True
                heading.paragraph_format.keep_with_next = True
                entries = [(f"{block.label} {block.caption}", block.anchor) for block in captioned]
                self._contents_list(entries, rf'TOC \h \z \c "{kind}"')

    def _contents_list(self, entries: list[tuple[str, str]], instruction: str) -> None:
        for place, (text, anchor) in enumerate(entries):
            line = self.file.add_paragraph()
            line.paragraph_format.space_after = Pt(2)
            if place == 0:
                self._begin_field(line, instruction)
            self._link(line, Run(text, href=f"#{anchor}"))
            if place == len(entries) - 1:
                self._end_field(line)

    def section(self, section: DocumentSection) -> None:
        """A section with its heading, numbered by Word, and what it holds."""
        if section.is_appendix:
            heading = self.file.add_heading(f"{section.label}: {section.heading}", 1)
            heading.paragraph_format.page_break_before = True
        elif self.document.is_cover:  # numbered as its council numbers, which may be through the whole report
            heading = self.file.add_heading(f"{section.label} {section.heading}".strip(), section.level)
        else:
            heading = self.file.add_heading(section.heading, section.level)
            self.numbering.count(heading, section.level - 1)
        self._bookmark(heading, section.anchor)
        depth = 0 if section.is_appendix or self.document.is_cover else section.level
        for block in section.blocks:
            self.block(block, self.file, depth)

    def block(self, block: Block, into: Any, depth: int = 0) -> None:
        """A paragraph, list, table or chart."""
        if isinstance(block, Paragraph):
            paragraph = into.add_paragraph(f"{block.number}\t" if block.number and not depth else "")
            if block.number and not depth:
                paragraph.paragraph_format.left_indent = ROOM_FOR_NUMBER
                paragraph.paragraph_format.first_line_indent = -ROOM_FOR_NUMBER
            self.runs(paragraph, block.runs)
            if block.number and depth:
                self.numbering.count(paragraph, depth)
        elif isinstance(block, ListBlock):
            self.list(block, into)
        elif isinstance(block, Table):
            self.table(block)
        elif isinstance(block, ChartBlock):
            self.caption("Chart", block.number, block.caption, block.anchor)
            self.table(block.table, has_caption=False)

    def list(self, block: ListBlock, into: Any, level: int = 0) -> None:
        """A list: bullets, letters or numbers; numbers begin where the document says."""
        number = self.numbering.of_list(block.style, block.numbers[0] if block.numbers else 1)
        for item in block.items:
            for place, inner in enumerate(item):
                if isinstance(inner, ListBlock):
                    self.list(inner, into, level + 1)
                    continue
                paragraph = into.add_paragraph()
                self.runs(paragraph, inner.runs)
                if place == 0:
                    self.numbering.number(paragraph, number, level)
                else:
                    paragraph.paragraph_format.left_indent = Mm(10 * (level + 1))
                if into is not self.file:  # a cell has less room
                    paragraph.paragraph_format.left_indent = Mm(5 * (level + 1))
                    paragraph.paragraph_format.first_line_indent = Mm(-4)

    def table(self, table: Table, *, has_caption: bool = True) -> None:
        """A table under its caption; its header row repeats on every page."""
        if has_caption:
            self.caption("Table", table.number, table.caption, table.anchor)
        if not table.rows:
            self.file.add_paragraph(table.nothing)
            return
        made = self._table(len(table.rows) + 1, table.shares)
        self._cells(made.rows[0], table.head)
        self._mark_row(made.rows[0], "w:tblHeader")
        for drawn, row in zip(made.rows[1:], table.rows, strict=True):
            self._cells(drawn, row.cells)
            self._mark_row(drawn, "w:cantSplit")
        for note in table.notes:
            self.file.add_paragraph().add_run(note).italic = True
        self.file.add_paragraph()

    def _table(self, rows: int, shares: Sequence[int]) -> Any:
        """Add an empty table as wide as the text, its columns fixed by their shares of that in percent."""
        made = self.file.add_table(rows, len(shares), style="Table Grid")
        made.autofit = False
        look = made._tbl.tblPr.find(qn("w:tblLook"))
        for side in ("w:firstRow", "w:firstColumn"):
            look.set(qn(side), "1")
        widths = [Mm(TEXT_WIDTH * share / 100) for share in shares]
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        # Row by row in the file itself: the library finds the cells of a column anew for each of them.
        for row in made._tbl.tr_lst:
            for cell, width in zip(row.tc_lst, widths, strict=True):
                cell.width = width
        return made

    def _mark_row(self, row: Any, mark: str) -> None:
        row._tr.get_or_add_trPr().append(OxmlElement(mark))

    def _cells(self, row: Any, cells: tuple[Cell, ...]) -> None:
        for drawn, cell in zip(row.cells, cells, strict=True):
            first = drawn.paragraphs[0]
            for place, block in enumerate(cell.blocks):
                if place == 0 and isinstance(block, Paragraph):
                    self.runs(first, block.runs)
                else:
                    self.block(block, drawn)
            if cell.blocks and isinstance(cell.blocks[0], ListBlock):
                first._p.getparent().remove(first._p)
            for paragraph in drawn.paragraphs:
                paragraph.style = TABLE_TEXT
                if cell.is_number:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in drawn.paragraphs[0].runs if cell.is_header else ():
                run.bold = True

    def caption(self, kind: str, number: int, text: str, anchor: str) -> None:
        """A caption whose number Word counts."""
        paragraph = self.file.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(f"{kind} ")
        self._field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
        paragraph.add_run(f" {text}")
        self._bookmark(paragraph, anchor)

    def runs(self, paragraph: Any, runs: tuple[Run, ...]) -> None:
        """Runs of text, as they look and where they lead."""
        for run in runs:
            if run.href:
                self._link(paragraph, run)
            else:
                self._look(paragraph.add_run(run.text), run)

    def _look(self, drawn: Any, run: Run) -> None:
        drawn.bold = run.is_strong or None
        drawn.italic = run.is_emphasis or None

    def _link(self, paragraph: Any, run: Run) -> None:
        link = OxmlElement("w:hyperlink")
        if run.href.startswith("#"):
            link.set(qn("w:anchor"), bookmark_name(run.href[1:]))
        else:
            target = self.file.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link.set(qn("r:id"), target)
        drawn = paragraph.add_run(run.text)
        self._look(drawn, run)
        drawn.font.color.rgb = LINK
        drawn.underline = True
        link.append(drawn._r)
        paragraph._p.append(link)

    def _bookmark(self, paragraph: Any, anchor: str) -> None:
        self.bookmarks += 1
        start = OxmlElement("w:bookmarkStart")
        end = OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self.bookmarks))
        start.set(qn("w:name"), bookmark_name(anchor))
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
        paragraph._p.append(end)

    def _field(self, paragraph: Any, instruction: str, present: str) -> None:
        self._begin_field(paragraph, instruction)
        paragraph.add_run(present)
        self._end_field(paragraph)

    def _begin_field(self, paragraph: Any, instruction: str) -> None:
        self._mark_field(paragraph, "begin")
        text = OxmlElement("w:instrText")
        text.set(qn("xml:space"), "preserve")
        text.text = f" {instruction} "
        paragraph.add_run()._r.append(text)
        self._mark_field(paragraph, "separate")

    def _end_field(self, paragraph: Any) -> None:
        self._mark_field(paragraph, "end")

    def _mark_field(self, paragraph: Any, kind: str) -> None:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        paragraph.add_run()._r.append(mark)


def bookmark_name(anchor: str) -> str:
    """Return what Word lets a bookmark be called."""
    return anchor.replace("-", "_")[:40]
