"""What a password may not be, beyond too short or too common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from partnership.models import Council

OWN_WORDS = ("partnership", "portal", "council", "password", "section113")
SHORTEST_WORD = 4  # letters; "the" and "of" say nothing
REST = 8  # what must be left of a password when the words of the house are taken out

JUDGED = 72  # characters that are looked at: the time it takes grows faster than the length
ENOUGH = 4  # zxcvbn's highest mark: ten thousand million tries would not do
GUESSED = (
    "This password can be guessed: it is common, or made of common words, names, dates, rows of keys or repeats."
    " Choose three or four words that have nothing to do with each other."
)


class NotEasilyGuessed(CommonPasswordValidator):
    """Refuses what is guessed first: common passwords, also repeated, joined, respelt or with digits after them.

    Of Django's list of 20,000 not fifty are as long as a password has to be, so what a long one is made of counts too.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError``."""
        if self.judge(password[:JUDGED])["score"] < ENOUGH:
            raise ValidationError(GUESSED, code="password_too_common")

    @cached_property
    def judge(self) -> Callable[[str], dict[str, Any]]:
        """zxcvbn, with Django's list beside its own."""
        from zxcvbn import matching, zxcvbn  # noqa: PLC0415 -- the lists take time and memory; most never need them

        matching.add_frequency_lists({"django": sorted(self.passwords)})
        return zxcvbn

    def get_help_text(self) -> str:
        """What Django shows beside a password box."""
        return "It should not be made of common words, names, dates, rows of keys or repeats."


class NotOurOwnWords:
    """Refuses a password that is little more than the words of the house: councils, "portal", the person's name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError``."""
        names = [f"{council.name} {council.short_name}" for council in Council.objects.active()]
        names += [getattr(user, "username", ""), getattr(user, "name", "")]
        words = {word for name in names for word in name.casefold().replace(".", " ").split()} | {*OWN_WORDS}
        rest = password.casefold()
        for word in sorted((word for word in words if len(word) >= SHORTEST_WORD), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < REST:
            raise ValidationError(
                "Choose words that have nothing to do with your name, your council or this portal.", code="own_words"
            )

    def get_help_text(self) -> str:
        """What Django shows beside a password box."""
        return "It should not be made of your name, your council's or the portal's."
