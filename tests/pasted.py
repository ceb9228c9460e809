"""Whole papers as people paste them: cut at their headings, and found again sentence by sentence in what is drawn."""

import re
from dataclasses import dataclass

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
    """Whether a heading is the listed one, though it may be said more fully below."""
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
    """The words of a PDF without space, the lines that run over its pages left out."""
    pages = [[line.strip() for line in page.extract_text().splitlines()] for page in reader.pages]
    running = {line for line in pages[-1] if sum(line in page for page in pages) > len(pages) / 2}
    kept = (
        line for page in pages for line in page if line not in running and not re.fullmatch(r"(?:Page )?\d+(?: of \d+)?", line)
    )  # fmt: skip
    return squeezed(" ".join(kept))


def squeezed(text):
    """Without space and soft hyphens: lines break elsewhere on paper."""
    return SPACE.sub("", text).replace("\u00ad", "")


def in_order(sentences, words):
    """The sentences that are not found, each after the one before it."""
    place, missing = 0, []
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
