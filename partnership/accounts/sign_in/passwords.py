"""Password validators beside Django's check of the length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from partnership.models import Council

OWN_WORDS = ("partnership", "portal", "council", "password", "section113")
SHORTEST_WORD = 4  # letters; shorter words such as "the" and "of" are not removed
SHORTEST_REST = 8  # characters that have to be left when the portal's own words are removed

JUDGED = 72  # characters that zxcvbn reads: its running time grows faster than the length
HIGHEST_SCORE = 4  # zxcvbn's score of a password that withstands ten thousand million guesses
GUESSED = (
    "This password can be guessed: it is common, or made of common words, names, dates, rows of keys or repeats."
    " Choose three or four words that have nothing to do with each other."
)


class NotEasilyGuessed(CommonPasswordValidator):
    """Refuses common passwords, also repeated, joined, respelt or followed by digits.

    Fewer than 50 of Django's 20,000 common passwords have the 15 characters required here, so a list is not enough.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` for a password that zxcvbn does not give its highest score."""
        if self.judge(password[:JUDGED])["score"] < HIGHEST_SCORE:
            raise ValidationError(GUESSED, code="password_too_common")

    @cached_property
    def judge(self) -> Callable[[str], dict[str, Any]]:
        """Return zxcvbn with Django's list of common passwords added to its own."""
        from zxcvbn import matching, zxcvbn  # noqa: PLC0415 -- its lists take time and memory; few processes need it

        matching.add_frequency_lists({"django": sorted(self.passwords)})
        return zxcvbn

    def get_help_text(self) -> str:
        return "It should not be made of common words, names, dates, rows of keys or repeats."


class NotOurOwnWords:
    """Refuses a password that is little more than the names of councils, the portal and the user."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` when too few characters are left without those words."""
        rest = password.casefold()
        for word in sorted(self._words(user), key=len, reverse=True):
            if len(word) >= SHORTEST_WORD:
                rest = rest.replace(word, "")
        if len(rest) < SHORTEST_REST:
            raise ValidationError(
                "Choose words that have nothing to do with your name, your council or this portal.", code="own_words"
            )

    def _words(self, user: Any) -> set[str]:
        """Return the words of councils' and the user's names, and the portal's own, in lower case."""
        words = set(OWN_WORDS)
        for council in Council.objects.active():
            words.update(_words_of(council.name))
            words.update(_words_of(council.short_name))
        words.update(_words_of(getattr(user, "username", "")))
        words.update(_words_of(getattr(user, "name", "")))
        return words

    def get_help_text(self) -> str:
        return "It should not be made of your name, your council's or the portal's."


def _words_of(name: str) -> list[str]:
    return name.casefold().replace(".", " ").split()
