"""Actions on a record besides editing it, declared; each has a page of its own (`editing.RecordActionPage`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from partnership.accounts.permissions import today
from partnership.generic.forms import ReasonForm
from partnership.models import User
from partnership.records import workflow
from partnership.records.record import Record
from partnership.records.refusals import Refusal

if TYPE_CHECKING:
    from partnership.generic.register import Register


@dataclass(frozen=True)
class RecordAction:
    """Something done to a record besides editing it, with a page of its own.

    ``refusal`` is the model's own predicate (`partnership.records.refusals`), which the workflow raises too.
    """

    name: str  # the last part of its address
    label: str  # the button that opens it and the one that does it
    form_class: type[ReasonForm]
    refusal: Callable[..., Refusal]
    intro: str = ""
    intro_of: Callable[[Any], str] | None = None  # what the record adds to the intro
    shows: tuple[str, ...] = ()  # the record's fields that one should have before one's eyes
    kind: str = "secondary"
    # The rows that the act is about besides the record, as paths of relations: `seen.rows_along`.
    takes: tuple[str, ...] = ()
    takes_parts: bool = False  # whether it takes along every part of the register

    def intro_for(self, record: Record) -> str:
        """Return what its page says first."""
        return f"{self.intro_of(record)} {self.intro}".strip() if self.intro_of else self.intro

    def takes_along(self, register: Register) -> tuple[str, ...]:
        """Return the paths to all rows that the act is about besides the record."""
        if self.takes_parts:
            return (*self.takes, *register.part_relations)
        return tuple(self.takes)

    def why_not(self, user: User, record: Record) -> Refusal:
        """Return why the person may not do it to this record today. A model may answer more narrowly than its base."""
        predicate = getattr(record, self.refusal.__name__)
        return predicate(by=user, on=today())

    def may(self, user: User, record: Record) -> bool:
        """Return whether the person may do it to this record today."""
        return not self.why_not(user, record)


class WithdrawForm(ReasonForm):
    """Takes a record off the register."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why are you withdrawing this?"

    def save(self) -> Record:
        """Withdraw it from today."""
        return workflow.withdraw(self.target, on=today(), by=self.user, reason=self.cleaned_data["reason"])


WITHDRAW = RecordAction(
    "withdraw",
    "Withdraw",
    WithdrawForm,
    refusal=Record.why_not_withdraw,
    intro="It leaves lists, totals and reports from today. Its page and its history stay.",
    takes_parts=True,
    kind="warning",
)
