"""What a password may not be, beyond too short or too common."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from partnership.models import Council

OWN_WORDS = ("partnership", "portal", "council", "password", "section113")
SHORTEST_WORD = 4  # letters; "the" and "of" say nothing
REST = 8  # what must be left of a password when the words of the house are taken out


class NotOurOwnWords:
    """Refuses a password that is little more than the words of the house: councils, "portal", the person's name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError``."""
        names = [f"{council.name} {council.short_name}" for council in Council.objects.standing()]
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
