"""Whole papers as people paste them: cut at their headings, and found again sentence by sentence in what is drawn."""

import re
from dataclasses import dataclass

from pypdf.generic import ContentStream

# "4.1 Delivery", "4.4. Benefits", "- 5 Proposals" of a list of contents, and "Appendix 2: Analysis".
LISTED = re.compile(r"^\s*-?\s*(\d(?:\.\d)?)\.?\s+(\S.*)$")
APPENDIX = re.compile(r"^\s*-?\s*(Appendix \d+):\s+(\S.*)$")
TYPED_NUMBER = re.compile(r"^\s*(?:[-•]\s+)?(\d{1,2}(?:\.\d{1,2}){0,2})\.?\s+(?=\S)")
MARK = re.compile(r"^\s*(?:[-•]\s+)?(?:\(?(?:[a-z]|\d{1,2})\)\s+)?")
END = re.compile(r"(?<=[.!?;:])\s+|\t|\s*•\s*|</?[a-z][^>]*>|\n")
SPACE = re.compile(r"\s+")


@dataclass
class Part:
    """A section of a paper as it was typed: its number, its heading and what stands below it."""

    number: str
    heading: str
    lines: list

    @property
    def text(self):
        return "\n".join(self.lines).strip("\n")


def parts(paper):
    """The sections of a review, cut where a line is a heading of its list of contents."""
    contents, _, body = paper.partition("Document Control")
    headings = {}
    for line in contents.splitlines():
        if found := LISTED.match(line) or APPENDIX.match(line):
            headings[found[1]] = found[2].strip()
    made = []
    for line in body.splitlines():
        found = LISTED.match(line) or APPENDIX.match(line)
        if found and not line.startswith("-") and same(headings.get(found[1], ""), found[2]):
            made.append(Part(found[1], found[2].strip(), []))
        elif made:
            made[-1].lines.append(line)
    return made


def same(listed, found):
    """Return whether a heading is the listed one, though it may be said more fully below."""
    return bool(listed) and found.strip().lower().startswith(listed.lower())


def cover_parts(paper, headings):
    """The sections of a cover report by heading."""
    made = [Part("", "", [])]
    for line in paper.splitlines():
        if line.strip().lower() in headings:
            made.append(Part("", line.strip().lower(), []))
        else:
            made[-1].lines.append(line)
    return {part.heading: part for part in made}


def said(text):
    """Its sentences in order, without typed numbers, marks and rules."""
    found = []
    for line in re.sub(r"(?<=[a-z,])\n\n(?=[a-z])", " ", text).split("\n"):
        bare = MARK.sub("", TYPED_NUMBER.sub("", line) if TYPED_NUMBER.match(line) else line, count=1)
        found += [one.strip() for one in END.split(bare) if one]
    return [one for one in found if re.search(r"\w\W+\w|\w{3}", one)]


def words_of(reader):
    """The words of a tagged PDF in the order in which it is read aloud, without space."""
    marked = {}
    for page in reader.pages:
        for number, text in marked_texts(page, reader):
            marked[page.indirect_reference.idnum, number] = (
                marked.get((page.indirect_reference.idnum, number), "") + text
            )
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    return squeezed("".join(marked.get(place, "") for place in read_aloud(root, None)))


def read_aloud(element, page):
    """The marked pieces of content below an element of the structure, in order: page and number."""
    page = element.raw_get("/Pg").idnum if "/Pg" in element else page
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if isinstance(kid, int):
            yield page, int(kid)
            continue
        below = kid.get_object()
        if below.get("/Type") == "/MCR":
            yield (below.raw_get("/Pg").idnum if "/Pg" in below else page), int(below["/MCID"])
        elif "/S" in below:
            yield from read_aloud(below, page)


def marked_texts(page, reader):
    """The pieces of text of a page, each with the number it is marked with."""
    fonts = {name: letters_of(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
    font = {}
    open_marks = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            open_marks.append(properties.get("/MCID") if hasattr(properties, "get") else None)
        elif operator == b"EMC":
            open_marks.pop()
        elif operator == b"Tf":
            font = fonts[operands[0]]
        elif operator in (b"Tj", b"TJ") and open_marks and open_marks[-1] is not None:
            pieces = operands[0] if operator == b"TJ" else operands
            glyphs = b"".join(piece.original_bytes for piece in pieces if hasattr(piece, "original_bytes"))
            yield open_marks[-1], "".join(font.get(glyphs[at : at + 2], "") for at in range(0, len(glyphs), 2))


def letters_of(font):
    """Return what each glyph of a typeface stands for."""
    table = font["/ToUnicode"].get_data().decode("ascii")
    singles = "".join(re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL))
    found = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", singles)
    return {bytes.fromhex(glyph): bytes.fromhex(letters).decode("utf-16-be") for glyph, letters in found}


def squeezed(text):
    """Without space and soft hyphens: lines break elsewhere on paper."""
    return SPACE.sub("", text).replace("\u00ad", "")


def in_order(sentences, words):
    """The sentences that are not found, each after the one before it."""
    place = 0
    missing = []
    for sentence in sentences:
        at = words.find(squeezed(sentence), place)
        if at < 0:
            missing.append(sentence)
        else:
            place = at + len(squeezed(sentence))
    return missing


def numbered(part):
    """The typed numbers of its paragraphs, each with the first words behind it."""
    found = []
    for line in part.lines:
        if (typed := TYPED_NUMBER.match(line)) and "." in typed[1]:
            found.append((typed[1], squeezed(line[typed.end() :])[:25]))
    return found
