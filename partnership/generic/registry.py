"""Name every register of the portal; no app is imported before it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

APPS_WITH_REGISTERS = ("joint_posts", "business_cases", "reviews", "partnership")


def registers() -> dict[str, Any]:
    """Return all registers of the portal by name."""
    by_name = {}
    for app in APPS_WITH_REGISTERS:
        module = import_module(f"{app}.registers")
        by_name |= {register.name: register for register in module.REGISTERS}
    return by_name


def every_register() -> Iterator[Any]:
    """Return every register, each followed by its parts and theirs."""
    for register in registers().values():
        yield from register.with_parts()
