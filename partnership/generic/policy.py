"""Decide who may read, change and see what of a register's rows, for pages, files, history and search."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from partnership.accounts import permissions
from partnership.models import User
from partnership.records.record import Record, RecordQuerySet

if TYPE_CHECKING:
    from partnership.generic.register import Register


class RegisterPolicy:
    """The answers that follow from the model's permissions and the register's ``restricted`` fields.

    A register with a narrower rule names a subclass in ``policy_class``. Which rows a user may see at all is the
    model's ``visible_to``.
    """

    def __init__(self, register: Register):
        self.register = register

    def may_read(self, user: User) -> bool:
        """Return whether the user may open the register at all."""
        return permissions.may_read(user, self.register.model)

    def may_edit(self, user: User, record: Record | None = None) -> bool:
        """Return whether the user may create rows, or change this one (for a part: add to it). Withdrawn rows stay."""
        if not self.register.is_entered:
            return False
        if record is None:
            return user.has_perm(self.register.model.edit_permission)
        if self.register.above is not None and isinstance(record, self.register.above.model):
            # What the part is kept with may be narrower than what its parent's record is kept with.
            return record.is_active and not self.register.model(**{self.register.parent: record}).why_not_write(by=user)
        return not record.why_not_change(by=user, on=permissions.today())

    def may_view_field(self, user: User, name: str, record: Record | None = None) -> bool:
        """Return whether the person may see a field – of this record, where one is given."""
        permission = self.register.restricted.get(name)
        return permission is None or user.has_perm(permission, record)

    def hidden_fields(self, user: User, record: Record | None = None) -> frozenset[str]:
        """The fields of the record that the person may not see."""
        now = record.current_row or record if record is not None else None
        return frozenset(name for name in self.register.restricted if not self.may_view_field(user, name, now))

    def hidden_by_row(self, rows: RecordQuerySet, user: User) -> defaultdict[int, frozenset[str]]:
        """Return the fields of each row of a part that the person may not see, by the row's number; its parent too."""
        hidden = defaultdict(lambda: frozenset({*self.register.restricted, self.register.parent}))
        for row in self.register.with_related(rows):
            hidden[row.pk] = self.hidden_fields(user, row) | {self.register.parent}
        return hidden
