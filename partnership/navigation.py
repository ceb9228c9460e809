"""The menu, as data; registers are named by the address of their list, so that no other app is imported."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from partnership.accounts import kept_forms
from partnership.accounts.sign_in import sessions
from partnership.generic.registry import registers


@dataclass(frozen=True)
class Queue:
    """A page of the menu on which work waits. Its module answers ``may_open(user)`` and ``how_many_wait(user)``."""

    label: str
    name: str  # what its address is called
    module: str


@dataclass(frozen=True)
class Group:
    """A heading of the menu, the registers under it, and the queues that come from them."""

    label: str
    registers: tuple[str, ...]
    queues: tuple[Queue, ...] = ()


MENU = (
    Group(
        "Posts and savings",
        ("jointpost", "saving", "savingstarget"),
        (Queue("Verification", "verification", "joint_posts.savings.verification"),),
    ),
    Group("Services", ("businesscase", "servicearrangement", "workingmodel", "comparator")),
    Group("Reviews", ("review", "commitment", "coverstyle")),
    Group("Governance", ("agreement", "body", "meeting", "agendaitem", "decision", "action", "outsidebodyappointment")),
    Group(
        "Assurance and exit",
        ("auditcoverage", "exitplan"),
        (Queue("Governance statement", "governance_statement", "reviews.dashboards.governance_statement"),),
    ),
    Group(
        "Partnerships",
        ("partnership",),
        (Queue("Completeness", "completeness", "partnership.significant.completeness"),),
    ),
    Group(
        "Set-up",
        ("council", "membership"),
        (
            Queue("First steps", "first_steps", "partnership.governance.first_steps"),
            Queue("Confirmations", "confirmations", "partnership.accounts.confirmations"),
        ),
    ),
)


def groups_for(user: Any) -> list[tuple[Group, list[Any]]]:
    """Return the registers that the user may open, under the menu's headings."""
    by_name = registers()
    groups = []
    for group in MENU:
        in_group = [by_name[name] for name in group.registers if by_name[name].policy.may_read(user)]
        if in_group:
            groups.append((group, in_group))
    return groups


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of every page: the menu, the signed-in person, and the example notice."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    let_in = signed_in and not getattr(request, "pending_sign_in_step", "")
    return {
        "portal": {
            "name": "Partnership portal",
            "notice": settings.EXAMPLE_NOTICE if settings.EXAMPLE else "",
            "navigation": _menu(request) if let_in else [],
            "who": user.name if signed_in else "",
            "roles": _roles(user) if let_in else [],
            "time_left": sessions.time_left(request) if let_in else None,
            "has_kept_forms": let_in and kept_forms.is_offered(request),
        }
    }


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    current = getattr(request.resolver_match, "url_name", "") or ""
    home = {"label": "", "items": [{"label": "Home", "url": reverse("home"), "current": current == "home"}]}
    menu = [home]
    for group, in_group in groups_for(request.user):
        items = [_menu_item(register, current) for register in in_group]
        for queue in group.queues:
            items += _queue(queue, request.user, current)
        menu.append({"label": group.label, "items": items})
    return menu


def _menu_item(register: Any, current: str) -> dict[str, Any]:
    return {
        "label": register.label_plural,
        "url": register.url("list"),
        "current": current.rpartition("_")[0] in register.names,
    }


def _queue(queue: Queue, user: Any, current: str) -> list[dict[str, Any]]:
    """The queue with how much waits there, for those who work through it."""
    answers = import_module(queue.module)
    if not answers.may_open(user):
        return []
    waiting = answers.how_many_wait(user)
    label = f"{queue.label} ({waiting} waiting)" if waiting else queue.label
    return [{"label": label, "url": reverse(queue.name), "current": current == queue.name}]


def _roles(user: Any) -> list[str]:
    return [f"{held.get_role_display()}, {held.council}" for held in user.roles_today]
