"""Rules of PDF/UA-1 (ISO 14289-1), restated as our own checks: each takes a file and yields what is wrong in it."""

import re

from pikepdf import Array, Dictionary, Name

HEADINGS = re.compile(r"/H([1-6])$")
RULES = []


def rule(check):
    """One of the checks."""
    RULES.append(check)
    return check


def kids(element):
    below = element.get(Name.K)
    if below is None:
        return []
    return list(below) if isinstance(below, Array) else [below]


def is_element(child):
    return isinstance(child, Dictionary) and Name.S in child


def elements(within):
    """The elements below one, parents first."""
    for child in kids(within):
        if is_element(child):
            yield child
            yield from elements(child)


def tree(file):
    return list(elements(file.Root.StructTreeRoot))


def of_kind(file, kind):
    return [element for element in tree(file) if kind == element.S]


@rule
def says_what_it_is(file):
    """7.1, 7.2: tagged, with a language, a title that is shown, and the standard's own mark."""
    root = file.Root
    if not bool(root.MarkInfo.Marked):
        yield "is not marked as tagged"
    if str(root.get(Name.Lang, "")) != "en-GB":
        yield "names no language"
    if not bool(root.get(Name.ViewerPreferences, {}).get(Name.DisplayDocTitle, False)):
        yield "does not show its title"
    metadata = root.Metadata.read_bytes()
    if b"pdfuaid:part" not in metadata or b"dc:title" not in metadata:
        yield "does not name the standard or its title in its metadata"


@rule
def headings_skip_no_level(file):
    """7.4.2: a heading is at most one level below the one before."""
    last = 0
    for element in tree(file):
        found = HEADINGS.match(str(element.S))
        if found:
            level = int(found[1])
            if level > last + 1:
                yield f"goes from H{last} to H{level}"
            last = level


@rule
def header_cells_have_a_scope(file):
    """7.5: a header cell says whether it heads a row or a column."""
    for cell in of_kind(file, Name.TH):
        if cell.get(Name.A, {}).get(Name.Scope) not in (Name.Row, Name.Column):
            yield f"header cell {cell.get(Name.ID)} has no scope"


@rule
def cells_name_their_headers(file):
    """7.5: a data cell names header cells that there are; so does a row header under a column head."""
    for table in of_kind(file, Name.Table):
        known = {str(cell.ID) for cell in elements(table) if cell.S == Name.TH}
        has_head = any(Name.THead == part.S for part in kids(table) if is_element(part))
        for cell in elements(table):
            names = [str(name) for name in cell.get(Name.A, {}).get(Name.Headers, [])]
            heads_column = cell.get(Name.A, {}).get(Name.Scope) == Name.Column
            needs = cell.S == Name.TD or (cell.S == Name.TH and has_head and not heads_column)
            if needs and not names:
                yield f"a cell of {cell.S} names no header"
            if set(names) - known:
                yield f"a cell names {set(names) - known}, which is not in its table"


@rule
def table_is_one_element(file):
    """7.5: a table is one element, however many pages it takes."""
    for table in of_kind(file, Name.Table):
        parts = [child.S for child in kids(table) if is_element(child)]
        if Name.THead in parts and Name.Caption not in parts:
            yield "a table goes on in another element"


@rule
def lists_are_whole(file):
    """7.6: a list says how it is numbered; an item has a label and a body and nothing else."""
    for element in of_kind(file, Name.L):
        if Name.ListNumbering not in element.get(Name.A, {}):
            yield "a list does not say how it is numbered"
    for item in of_kind(file, Name.LI):
        wrong = [str(child.S) for child in kids(item) if is_element(child) and child.S not in (Name.Lbl, Name.LBody)]
        if wrong:
            yield f"an item holds {wrong}"


@rule
def figures_are_described_and_placed(file):
    """7.3: a figure has an alternative text, and a box on its page."""
    for figure in of_kind(file, Name.Figure):
        if not str(figure.get(Name.Alt, "")).strip():
            yield "a figure has no alternative text"
        left, bottom, right, top = (float(number) for number in figure.A.BBox)
        if not (0 <= left < right <= 596 and 0 <= bottom < top <= 842):
            yield "a figure's box is not on the page"


@rule
def links_say_where_they_lead(file):
    """7.18.5: a link's area belongs to a link element and is described in words, not by an address."""
    numbers = file.Root.StructTreeRoot.ParentTree.Nums
    owners = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
    for page in file.pages:
        for area in page.obj.get(Name.Annots, []):
            words = str(area.get(Name.Contents, ""))
            if not words.strip() or words == str(area.get(Name.Dest, "")):
                yield f"a link is described as {words!r}"
            if Name.Link != owners[int(area.StructParent)].S:
                yield f"the link {words!r} belongs to {owners[int(area.StructParent)].S}"
        if Name.Annots in page.obj and page.obj.get(Name.Tabs) != Name.S:
            yield "a page with links is not read in the order of its structure"


@rule
def everything_drawn_is_in_the_tree_or_an_artifact(file):
    """7.1: what is marked stands in the tree, once; text that is not marked is an artifact."""
    numbers = file.Root.StructTreeRoot.ParentTree.Nums
    marks = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
    known = {element.objgen for element in tree(file)}
    for number, page in enumerate(file.pages, start=1):
        owners = marks[int(page.obj.StructParents)]
        content = page.obj.Contents.read_bytes()
        for mark in re.findall(rb"<</MCID (\d+)>>\sBDC", content):
            owner = owners[int(mark)]
            if owner is None or owner.objgen not in known:
                yield f"page {number} draws mark {int(mark)}, which is not in the tree"
        outside = re.sub(rb"BDC.*?EMC", b"", content, flags=re.DOTALL)
        if re.search(rb"\bTJ?\b", outside):
            yield f"page {number} draws text that is neither marked nor an artifact"


def wrong_in(file):
    """Return what the rules find, by rule."""
    found = {check.__name__: list(check(file)) for check in RULES}
    return {name: wrong for name, wrong in found.items() if wrong}
