"""Mends what the PDF engine leaves out of a file's structure, without moving a letter.

After the published rules of PDF/UA-1 (ISO 14289-1): running headers and footers become artifacts; header cells say what
they head and, in a column of row headers, what heads them; a table that runs over pages is one table; list items have a
body and lists a numbering; a figure's box is where the figure is; links say where they lead. The same bytes give the
same bytes.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from reviews.papers.output.marked_text import MarkedPage

POINTS = 0.75  # a CSS pixel in points


def mend(content: bytes) -> bytes:
    """The same pages with a complete structure."""
    with Pdf.open(io.BytesIO(content)) as file:
        if Name.StructTreeRoot in file.Root:
            Structure(file).mend()
        made = io.BytesIO()
        file.save(made, deterministic_id=True)
    return made.getvalue()


class Structure:
    """The structure tree of a file, with the text that its elements mark."""

    def __init__(self, file: Pdf):
        self.file = file
        self.root = file.Root.StructTreeRoot
        self.pages = {page.objgen: MarkedPage(file, page) for page in file.pages}
        numbers = self.root.ParentTree.Nums
        self.parents = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
        self.places = {number: place for place, number in zip(range(1, len(numbers), 2), self.parents, strict=True)}
        self.all = list(self.elements())  # gone through once: the tree has thousands of elements
        self.in_tree = {element.objgen for element in self.all}

    def mend(self) -> None:
        """Everything, in an order in which each step finds what it needs."""
        self.join_tables()
        self.mend_elements()
        self.lift_links()
        self.set_artifacts()

    def elements(self, within: Any = None) -> Iterator[Any]:
        """The elements of the tree, parents first."""
        for child in kids(self.root if within is None else within):
            if is_element(child):
                yield child
                yield from self.elements(child)

    # --- Tables -------------------------------------------------------------------------------------------------------

    def join_tables(self) -> None:
        """Join the parts of a table that runs over pages; the heads repeated on later pages become artifacts."""
        whole: Any = None
        further: list[Any] = []
        for table in [one for one in self.all if Name.Table == one.S]:
            if whole is not None and is_continued(table) and shape(table) == shape(whole):
                further += self.take_rows(table, whole)
            else:
                add_rows(whole, further)
                whole = table
                further = []
        add_rows(whole, further)

    def take_rows(self, part: Any, whole: Any) -> list[Any]:
        """Take the rows out of a part, for the table that it continues, and the part out of the tree."""
        old = head_ids(part)
        new = head_ids(whole)
        renamed = dict(zip(old, new, strict=True))
        body = bodies(whole)[-1]
        rows = list(itertools.chain.from_iterable(map(kids, bodies(part))))
        for row in rows:
            row.P = body
            for cell in kids(row):
                attributes = cell.get(Name.A)
                if attributes is not None and Name.Headers in attributes:
                    attributes.Headers = Array([String(renamed.get(str(one), str(one))) for one in attributes.Headers])
        for one in bodies(part):
            one.K = Array()
        self.in_tree -= {one.objgen for one in (part, *self.elements(part))}
        remove(part)
        return rows

    # --- Single elements ----------------------------------------------------------------------------------------------

    def mend_elements(self) -> None:
        """Header cells, lists and figures."""
        for element in (one for one in self.all if one.objgen in self.in_tree):
            if Name.Table == element.S:
                self.mend_headers(element)
            elif element.S == Name.L:
                self.mend_list(element)
            elif Name.Figure == element.S and Name.A in element and Name.BBox in element.A:
                self.mend_box(element)

    def mend_headers(self, table: Any) -> None:
        """Let each header cell head a column or a row; a row's own header is under the head of its column."""
        heads = head_ids(table)
        for part in kids(table):
            if not is_element(part) or part.S not in (Name.THead, Name.TBody):
                continue
            for row in kids(part):
                for place, cell in enumerate(kids(row)):
                    if cell.S != Name.TH:
                        continue
                    cell.A.Scope = Name.Column if Name.THead == part.S else Name.Row
                    if Name.TBody == part.S and place < len(heads):
                        cell.A.Headers = Array([String(heads[place])])

    def mend_list(self, element: Any) -> None:
        """The numbering of a list, and a body for each of its items."""
        first = ""
        for item in kids(element):
            if not is_element(item) or item.S != Name.LI:
                continue
            inside = [child for child in kids(item) if is_element(child)]
            loose = [child for child in inside if child.S not in (Name.Lbl, Name.LBody)]
            first = first or "".join(self.text(child) for child in inside if Name.Lbl == child.S).strip()
            if loose:
                self.give_body(item, loose)
        element.A = Dictionary(O=Name.List, ListNumbering=numbering(first))

    def give_body(self, item: Any, loose: list[Any]) -> None:
        """Put what stands loose in a list item into its body."""
        body = self.file.make_indirect(Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, K=Array(loose)))
        if Name.Pg in item:
            body.Pg = item.Pg
        for child in loose:
            child.P = body
        labels = [child for child in kids(item) if is_element(child) and Name.Lbl == child.S]
        item.K = Array([*labels, body])

    def mend_box(self, figure: Any) -> None:
        """The engine gives pixels from the top; the standard has points from the bottom."""
        page = figure.get(Name.Pg) or self.page_of(figure)
        height = float(page.MediaBox[3])
        left, top, right, bottom = (float(number) * POINTS for number in figure.A.BBox)
        figure.A.BBox = Array([round(number, 3) for number in (left, height - bottom, right, height - top)])

    def page_of(self, element: Any) -> Any:
        """The page that the first marked text below an element is on."""
        return next(one.Pg for one in self.elements(element) if Name.Pg in one)

    # --- Links --------------------------------------------------------------------------------------------------------

    def lift_links(self) -> None:
        """Give every part of a link to its one link element, which says where it leads."""
        for link in [one for one in self.all if Name.Link == one.S]:
            words = " ".join(self.text(link).split())
            lifted = []
            for element in (link, *self.elements(link)):
                own = kids(element)
                found = [child for child in own if is_annotation(child)]
                lifted += found
                if found and element.objgen != link.objgen:
                    element.K = Array([child for child in own if not is_annotation(child)])
            rest = [child for child in kids(link) if not is_annotation(child)]
            link.K = Array([*rest, *lifted])
            for child in lifted:
                self.describe(child.Obj, link, words)

    def describe(self, annotation: Any, link: Any, words: str) -> None:
        """The words of the link as the annotation's own, and the link as its place in the tree."""
        annotation.Contents = String(words or "Link")
        self.root.ParentTree.Nums[self.places[int(annotation.StructParent)]] = link

    # --- Text ---------------------------------------------------------------------------------------------------------

    def text(self, element: Any) -> str:
        """Return what an element marks, as text."""
        return "".join(self.pieces(element, element.get(Name.Pg)))

    def pieces(self, element: Any, page: Any) -> Iterator[str]:
        """The text below an element, piece by piece."""
        for child in kids(element):
            if isinstance(child, int):
                yield self.pages[page.objgen].texts.get(child, "")
            elif is_element(child):
                yield from self.pieces(child, child.get(Name.Pg, page))
            elif isinstance(child, Dictionary) and Name.MCID in child:
                yield self.pages[child.get(Name.Pg, page).objgen].texts.get(int(child.MCID), "")

    # --- Artifacts ----------------------------------------------------------------------------------------------------

    def set_artifacts(self) -> None:
        """Mark running headers and footers, which are outside the tree, as artifacts of the page."""
        for page in self.pages.values():
            marked = self.parents.get(page.number)
            if marked is None:
                continue
            outside = {mcid for mcid, owner in enumerate(marked) if owner is None or owner.objgen not in self.in_tree}
            page.make_artifacts(outside)
            for mcid in outside:
                marked[mcid] = None


def kids(element: Any) -> list[Any]:
    """Return what is directly below an element."""
    below = element.get(Name.K)
    if below is None:
        return []
    return list(below) if isinstance(below, Array) else [below]


def is_element(child: Any) -> bool:
    """Return whether it is an element of the tree rather than a mark or an annotation."""
    return isinstance(child, Dictionary) and Name.S in child


def is_annotation(child: Any) -> bool:
    """Return whether it stands for an annotation, such as a link's area."""
    return isinstance(child, Dictionary) and child.get(Name.Type) == Name.OBJR


def parts(table: Any, kind: Any) -> list[Any]:
    """The heads, bodies or captions of a table."""
    return [child for child in kids(table) if is_element(child) and kind == child.S]


def bodies(table: Any) -> list[Any]:
    """The bodies of a table."""
    return parts(table, Name.TBody)


def head_ids(table: Any) -> list[str]:
    """Return the names of the column heads from the left."""
    ids = []
    for head in parts(table, Name.THead):
        for row in kids(head):
            ids += [str(cell.ID) for cell in kids(row)]
    return ids


def shape(table: Any) -> int:
    """Return how many columns it has a head for."""
    return len(head_ids(table))


def is_continued(table: Any) -> bool:
    """Return whether it goes on from the page before: every table of a paper has its caption at its beginning."""
    return bool(head_ids(table)) and not parts(table, Name.Caption)


def add_rows(table: Any, rows: list[Any]) -> None:
    """Put rows at the end of a table: once for all its pages, as each time the whole list is written anew."""
    if rows:
        body = bodies(table)[-1]
        body.K = Array([*kids(body), *rows])


def remove(element: Any) -> None:
    """Take an element out of the tree."""
    above = element.P
    above.K = Array([child for child in kids(above) if not (is_element(child) and child.objgen == element.objgen)])


def numbering(first: str) -> Any:
    """The kind of numbering that the first label of a list shows."""
    if first[:1].isdigit():
        return Name.Decimal
    if first[:1].isalpha():
        return Name.LowerAlpha
    return Name.Disc if first else pikepdf.Name("/None")
