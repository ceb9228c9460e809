"""Why an act on a record is refused: one answer, which the workflow raises and the button asks.

A model has a method ``why_not_<act>(*, by, on)`` for each act. It returns a `Refusal`, which is empty when the act may
be done.
"""

from __future__ import annotations

from typing import Self

from django.core.exceptions import PermissionDenied, ValidationError


class Refusal(str):
    """Why an act is refused, as a sentence for the person who asks; empty when the act may be done."""

    __slots__ = ("field", "is_about_person")

    def __new__(cls, sentence: str = "", *, field: str = "", is_about_person: bool = False) -> Self:
        """``field`` is the question that the sentence is about; ``is_about_person`` says that others may do it."""
        made = super().__new__(cls, sentence)
        made.field = field
        made.is_about_person = is_about_person
        return made

    def check(self) -> None:
        """Raise the sentence, if there is one: ``PermissionDenied`` when it is about the person."""
        if not self:
            return
        if self.is_about_person:
            raise PermissionDenied(str(self))
        raise ValidationError({self.field: str(self)} if self.field else str(self))


ALLOWED = Refusal()


def not_by_you(sentence: str) -> Refusal:
    """Return the refusal of an act that somebody else may do."""
    return Refusal(sentence, is_about_person=True)
