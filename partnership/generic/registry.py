"""Every register of the portal, by name; no app is imported before it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

APPS_WITH_REGISTERS = ("joint_posts", "business_cases", "reviews", "partnership")


def registers() -> dict[str, Any]:
    """Every register of the portal by its name."""
    found = [register for app in APPS_WITH_REGISTERS for register in import_module(f"{app}.registers").REGISTERS]
    return {register.name: register for register in found}


def every_register() -> Iterator[Any]:
    """Every register, each followed by its parts and theirs."""
    for register in registers().values():
        yield from register.with_parts()
