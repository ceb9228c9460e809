"""Decide which addresses of registers a person may follow, and name who may where they may not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from partnership.accounts.roles import ROLES, roles_with
from partnership.generic.editing import RecordActionPage, RegisterCreate
from partnership.generic.pages import RegisterPage
from partnership.generic.record_actions import RecordAction
from partnership.generic.register import Register
from partnership.models import User
from partnership.records.record import Record


@dataclass(frozen=True)
class Page:
    """A page of a register: the row that its address names, if any, and what one needs for it."""

    register: Register
    row_of: Register  # the register of that row: of the parent, where a part is entered
    key: Any  # how the address names the row; ``None`` when it names none
    needs_keeping: bool
    verb: RecordAction | None


class Links:
    """The addresses that a page wants to link to. The rows behind them cost one query for each register."""

    def __init__(self, user: User, addresses: Iterable[str]):
        self.user = user
        self._pages = {address: page_at(address) for address in set(addresses) if address}
        keys: dict[Register, set[Any]] = defaultdict(set)
        for page in self._pages.values():
            if page is not None and page.key is not None:
                keys[page.row_of].add(page.key)
        self._rows: dict[tuple[Register, Any], Record] = {}
        for register, wanted in keys.items():
            rows = register.with_related(register.model.objects.visible_to(user))
            for row in rows.filter(**{f"{register.key}__in": wanted}):
                self._rows[register, getattr(row, register.key)] = row

    def may_follow(self, address: str) -> bool:
        """Return whether the address answers the person with a page. One that is no register's is not vouched for."""
        page = self._pages.get(address)
        if page is None:
            return False
        register = page.register
        user = self.user
        if not (register.policy.may_edit(user) if page.needs_keeping else register.policy.may_read(user)):
            return False
        if page.key is None:
            return True
        row = self._row(page)
        if row is None:
            return False
        if page.verb is not None:
            return page.verb.may(user, row)
        return register.policy.may_edit(user, row) if page.needs_keeping else True

    def followable(self, address: str) -> str:
        """Return the address when the person may follow it, otherwise an empty string."""
        return address if self.may_follow(address) else ""

    def who_can(self, address: str) -> str:
        """Return a sentence that says whose roles let them write there; empty when the person's own roles do."""
        page = self._pages.get(address)
        if page is None or not (page.needs_keeping or page.verb):
            return ""
        model = page.register.model
        if self.user.has_perm(model.edit_permission, self._row(page)):
            return ""
        roles = " or ".join(ROLES[role].name.lower() for role in roles_with(model.edit_permission))
        article = "An" if roles[0] in "aeiou" else "A"
        council = "the council" if model.belongs_to_council() else "one of the partnership’s councils"
        return f"{article} {roles} of {council} can enter it."

    def _row(self, page: Page) -> Record | None:
        return self._rows.get((page.row_of, page.key))


def page_at(address: str) -> Page | None:
    """Return the page of a register at an address; ``None`` for any other address."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    view = getattr(match.func, "view_class", None)
    if view is None or not issubclass(view, RegisterPage):
        return None
    given = match.func.view_initkwargs
    register = given.get("register", view.register)
    row_of = register
    key = match.kwargs.get(register.key)
    if issubclass(view, RegisterCreate) and register.above is not None:
        row_of = register.above
        key = match.kwargs["parent"]
    verb = given.get("verb") if issubclass(view, RecordActionPage) else None
    return Page(register, row_of, key, view.needs_keeping, verb)
