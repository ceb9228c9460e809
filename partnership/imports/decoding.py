"""The bytes of a CSV file as text. Where they could be read in two ways, the person is asked and shown both."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from partnership.imports.gate import Refused

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# What spreadsheet programs in Britain write when nobody asks them for UTF-8.
OLDER = {
    "cp1252": "Windows",
    "cp850": "MS-DOS",
    "mac_roman": "Macintosh",
}
CURRENCIES = "£€"
SPACES = "\u00a0"
SIGNS = "°½¼¾²³×±·§©®™…•"
OPENING_QUOTES, CLOSING_QUOTES, DASHES = "‘“", "’”", "–—"
MOST_SAMPLES = 5


class Uncertain(Exception):
    """The file can be read in more than one way; ``readings`` are those that make sense."""

    def __init__(self, readings: list[Reading]):
        self.readings = readings
        super().__init__("The file can be read in more than one way.")


@dataclass(frozen=True)
class Reading:
    """One way to read the file: the encoding, what people call it, and some of the words in which it differs."""

    encoding: str
    label: str
    samples: tuple[str, ...]


def decoded(content: bytes, encoding: str = "") -> str:
    """Return the text of the file, in the encoding that the person chose if they did.

    Raises ``Refused``, and ``Uncertain`` where the bytes do not say which of several encodings they are in.
    """
    if encoding:
        if encoding not in OLDER:
            raise Refused("Choose how the words of the file are to be read.")
        return _decode(content, encoding)
    for mark, marked in MARKS:
        if content.startswith(mark):
            return _decode(content, marked)
    if content[1:2] == b"\0" and content[3:4] == b"\0":
        return _decode(content, "utf-16-le")
    if content[:1] == b"\0" and content[2:3] == b"\0":
        return _decode(content, "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _older(content, error)


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(content, error) from error


def _unreadable(content: bytes, error: UnicodeDecodeError) -> Refused:
    line = content.count(b"\n", 0, error.start) + 1
    return Refused(f"Row {line} holds characters that cannot be read. Save the file as “CSV UTF-8”.")


def _older(content: bytes, error: UnicodeDecodeError) -> str:
    """Return the text in the one older encoding that makes words of it."""
    texts = {}
    for encoding in OLDER:
        try:
            texts[encoding] = content.decode(encoding)
        except UnicodeDecodeError:
            continue
    sense = {encoding: _sense(text) for encoding, text in texts.items()}
    likely = [encoding for encoding in texts if sense[encoding] is not None]
    if not likely:
        raise _unreadable(content, error)
    if len({texts[encoding] for encoding in likely}) == 1:
        return texts[likely[0]]
    expected = [encoding for encoding in likely if sense[encoding]]
    if len(expected) == 1:
        return texts[expected[0]]
    raise Uncertain(_readings(content, likely))


def _sense(text: str) -> bool | None:
    """Return how much sense the characters beyond ASCII make in an English file.

    ``True`` if each is what one expects where it stands (£ before a figure, ’ before an s), ``False`` if each is
    possible (é in a word), ``None`` if one is neither.
    """
    is_expected = True
    for found in re.finditer(r"[^\x00-\x7f]", text):
        at = found.start()
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        if _is_expected(text, at, before, after):
            continue
        if not _is_possible(found[0], before, after):
            return None
        is_expected = False
    return is_expected


def _is_expected(text: str, at: int, before: str, after: str) -> bool:
    character = text[at]
    if character in CURRENCIES:
        return not before.isalnum() and bool(re.match(r"\s?[\d,.\-(mk]|\W|$", text[at + 1 : at + 3]))
    if character == SPACES:
        return not after.islower() or not before.islower()
    if character == "’":
        is_possessive = re.match(r"(?:s|t|d|m|ll|re|ve)\b", text[at + 1 : at + 4])
        return before.isascii() and before.isalpha() and bool(is_possessive or not after.isalnum() or before in "OD")
    if character in OPENING_QUOTES:
        return not before.isalnum() and after.isalnum()
    if character in CLOSING_QUOTES:
        return not after.isalnum() and not before.isspace()
    if character in DASHES:
        return (before.isspace() and after.isspace()) or (before.isdigit() and after.isdigit())
    if character in SIGNS:
        return (not (before.isalpha() and after.isalpha()) and character not in "…•") or after.isspace()
    return False


def _is_possible(character: str, before: str, after: str) -> bool:
    """Return whether a letter with an accent, or a dash or apostrophe, can stand between these characters."""
    if character in "–—’":
        return before.isalpha() and after.isalpha()
    if character not in "ßæœÆŒ" and not unicodedata.decomposition(character):
        return False
    if not character.isalpha() or not ("\u00c0" <= character <= "\u017f"):
        return False
    neighbours = [each for each in (before, after) if each.isalpha()]
    if before.isdigit() or after.isdigit() or not any(each.isascii() for each in neighbours):
        return False
    if character.isupper():
        return not before.islower() and (not before.isalpha() or before.isupper())
    return not (before.isupper() and after.isupper())


def _readings(content: bytes, encodings: list[str]) -> list[Reading]:
    """Return each way to read the file with the words in which they differ."""
    words = re.findall(rb"[^\s,;|\"]*[\x80-\xff][^\s,;|\"]*", content)
    chosen = list(dict.fromkeys(words))[:MOST_SAMPLES]
    return [
        Reading(encoding, OLDER[encoding], tuple(word.decode(encoding, "replace")[:60] for word in chosen))
        for encoding in encodings
    ]
