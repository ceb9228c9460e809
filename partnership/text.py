"""Text as people type, paste and export it: invisible characters, look-alike signs and names that look the same.

Everything that reads typed text (forms, pasted rows, files) starts here, so that all of them read alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u207b"
APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02b9\u0060\u00b4\uff07\u2032"
QUOTES = '"\u201c\u201d\u201e\u201f\uff02\u2033'
# Letters and marks that are drawn as nothing although Unicode does not call them format characters.
BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u2800\u3164\uffa0"
LINE_ENDS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
# These change the order in which a reader sees the letters around them.
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_FORMAT_LETTERS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"  # Arabic and Syriac signs that are drawn
_SIGNS = str.maketrans(dict.fromkeys(DASHES, "-") | {"\uff0b": "+", "\uff08": "(", "\uff09": ")", "\uff0e": "."})
_SAME_STROKES = str.maketrans({"I": "l", "1": "l", "|": "l", "0": "O"})
_FOLDED_SIGNS = str.maketrans(dict.fromkeys(DASHES, "-") | dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(QUOTES, '"'))


# Characters in one text. A section of a paper has some thousands; checking and drawing take longer with each.
LONGEST_TEXT = 100_000


def why_too_long(text: str) -> str:
    """Return the sentence that refuses a text of more than `LONGEST_TEXT` characters, "" for one that is not."""
    if len(text) <= LONGEST_TEXT:
        return ""
    return f"A text has at most {LONGEST_TEXT:,} characters; this one has {len(text):,}. Divide it."


def is_invisible(character: str) -> bool:
    """Return whether a character is drawn as nothing and is not a space or a line end."""
    if character in _FORMAT_LETTERS or character in LINE_ENDS:
        return False
    return unicodedata.category(character) in ("Cf", "Cc") or character in BLANK_LETTERS


def without_invisible(text: str) -> str:
    """Return the text without characters that nobody can see."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character for character in text if not is_invisible(character))


def one_line(text: str) -> str:
    """Return a text as a one-line field keeps it.

    Composed characters (NFC), no invisible characters, no line ends, and one space where there were several.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = without_invisible(unicodedata.normalize("NFC", text))
    return " ".join(visible.split())


def without_controls(text: str) -> str:
    """Return a text of several lines without control characters, which no reader sees and no file may hold.

    Every line ends with a line feed, whatever the browser or Word sends: carriage returns, vertical tabs, page breaks.
    Nothing else is changed.
    """
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n").replace("\x85", "\n")
    return "".join(character for character in lines if character in "\t\n\r" or unicodedata.category(character) != "Cc")


def visibly_different(typed: str, kept: str) -> bool:
    """Return whether a reader could see that ``one_line`` changed the text: its letters, their order or its lines."""
    if any(character in DIRECTIONS for character in typed):
        return True
    if any(character in LINE_ENDS for character in typed.strip()):
        return True
    return " ".join(without_invisible(unicodedata.normalize("NFC", typed)).split()) != kept


def without_accents(text: str) -> str:
    """Return the text with accents and other marks taken off its letters."""
    split = unicodedata.normalize("NFKD", text)
    return "".join(character for character in split if unicodedata.category(character) != "Mn")


def folded(text: str) -> str:
    """Return a name as it is compared: without case, accents, invisible characters and kinds of dash and apostrophe.

    "&" is "and".
    """
    if not text.isascii():
        text = without_accents(without_invisible(text).translate(_FOLDED_SIGNS))
    else:
        text = text.translate(_FOLDED_SIGNS)
    return " ".join(text.replace("&", " and ").split()).casefold()


def look_alike_keys(name: str) -> tuple[str, str]:
    """Return what two names that a reader cannot tell apart have in common: either part, each in its place.

    The first is the name without case, accents and kinds of letter: Cyrillic "а" and full-width "ａ" are "a". The
    second keeps the case and makes one of "I", "l" and "1", and of "O" and "0".
    """
    latin = "".join(_latin(character) for character in without_invisible(name))
    plain = " ".join(without_accents(latin).translate(_FOLDED_SIGNS).split())
    return plain.casefold(), plain.translate(_SAME_STROKES)


def _latin(character: str) -> str:
    """Return the ASCII letter or digit that a character is drawn like, or the character itself (UTS #39)."""
    if character.isascii():
        return character
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415 -- a table of a megabyte

    alike = [each["c"] for each in confusables_data.get(character, ())]
    return next((each for each in alike if each.isascii() and each.isalnum()), character)


def is_look_alike(name: str, other: str) -> bool:
    """Return whether a reader could take one name for the other."""
    pairs = zip(look_alike_keys(name), look_alike_keys(other), strict=True)
    return any(key == its for key, its in pairs)


def plain_signs(text: str) -> str:
    """Return typed figures with ASCII digits, signs and spaces; nothing else is changed.

    Superscripts and fractions are no digits here: "5²" is not 52.
    """
    shown = []
    for character in without_invisible(text).translate(_SIGNS):
        if character.isascii():
            shown.append(character)
        elif unicodedata.category(character) == "Nd":
            shown.append(str(unicodedata.decimal(character)))
        elif unicodedata.category(character) == "Zs":
            shown.append(" ")
        else:
            shown.append(character)
    return re.sub(r"\s+", " ", "".join(shown)).strip()


def quoted(text: str, longest: int = 40) -> str:
    """Return what somebody typed, as a sentence quotes it."""
    shown = one_line(text)
    return f"“{shown[:longest]}…”" if len(shown) > longest else f"“{shown}”"


NAME = re.compile(r"\{([^{}\n]*)\}")
# What is plainly meant as a name: a kind with a colon, or words joined by full stops.
MEANT_AS_NAME = re.compile(
    r"\{\s*(?:(?:ref|table|chart|list|external)\s*:[^{}\n]*|[\w-]+(?:\.[\w-]+)+)\s*\}", re.IGNORECASE
)
YEAR = re.compile(r"(\d{4})-(\d{2})")
EXTERNAL = "external:"
KINDS = {"ref": "reference", "table": "table", "chart": "chart", "list": "list"}


@dataclass(frozen=True)
class External:
    """A figure that is not the partnership's own, with its source and period."""

    figure: str
    source: str
    period: str

    def __str__(self) -> str:
        return f"{self.figure} {self.period} (source: {self.source})"


def external(name: str) -> External | None:
    """Return what ``external: £20 million | PwC, March 2019 | over 10 years`` says; ``None`` when a part is missing."""
    if not name.startswith(EXTERNAL):
        return None
    parts = [part.strip() for part in name.removeprefix(EXTERNAL).split("|")]
    return External(*parts) if len(parts) == 3 and all(parts) else None


def label_of_name(name: str) -> str:
    """Return a name as a reader sees it without its paper: "[figure: savings 2019/20, joint, estimated]"."""
    name = name.strip()
    if found := external(name):
        return str(found)
    kind, colon, rest = name.partition(":")
    if not colon:
        kind = "figure"
        rest = name
    parts = [YEAR.sub(r"\1/\2", part) for part in re.split(r"[.:]", rest)]
    words = [part if "/" in part else part.replace("-", " ").strip() for part in parts]
    if len(words) > 1 and "/" in words[1]:
        words[:2] = [f"{words[0]} {words[1]}"]
    return f"[{KINDS.get(kind.strip(), kind.strip())}: {', '.join(words)}]"


def in_words(text: str, read: Callable[[str], str] | None = None) -> str:
    """Return the text without names in braces: as ``read`` prints them, else each as its label."""
    if "{" not in text:
        return text
    return NAME.sub(lambda found: label_of_name(found[1]), read(text) if read else text)


def why_no_name(text: str) -> str:
    """Return the sentence that refuses a name in a text that prints as it is typed, "" where there is none."""
    found = MEANT_AS_NAME.search(text)
    return f"This text prints as it is typed. Write the words in place of “{found[0]}”." if found else ""
