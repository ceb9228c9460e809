"""The addresses of a register's pages and those of its parts."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from partnership.generic import editing, pages
from partnership.generic.register import Register
from partnership.imports import pages as imports

KEY_CONVERTERS = {"pk": "int", "slug": "slug"}


def register_urls(register: Register) -> list[URLResolver]:
    """Return the register's pages and those of its parts, below one address, so that Django compares few others."""
    return [path(f"{register.path}/", include(_urls_below(register)))]


def _urls_below(register: Register) -> list[URLPattern]:
    """Return the addresses in the order in which Django tries them: the parts' before the register's own."""
    own = _part_urls(register) if register.above else _list_urls(register)
    for part in register.part_registers:
        own = _urls_below(part) + own
    return _file_urls(register) + own


def _list_urls(register: Register) -> list[URLPattern]:
    list_page = path("", pages.RegisterList.as_view(register=register), name=f"{register.name}_list")
    return [list_page, *_create_url(register, "new/"), *_record_urls(register)]


def _part_urls(register: Register) -> list[URLPattern]:
    above = register.above
    new = f"{above.inner_path}<{KEY_CONVERTERS[above.key]}:parent>/{register.path}/new/"
    return [*_create_url(register, new), *_record_urls(register)]


def _file_urls(register: Register) -> list[URLPattern]:
    at = f"{register.inner_path}export"
    csv = pages.RegisterExport.as_view(register=register)
    workbook = pages.RegisterExport.as_view(register=register, as_workbook=True)
    return [
        path(f"{at}.csv", csv, name=f"{register.name}_export"),
        path(f"{at}.xlsx", workbook, name=f"{register.name}_export_xlsx"),
        *imports.urls(register),
    ]


def _create_url(register: Register, at: str) -> list[URLPattern]:
    if not register.is_entered:
        return []
    return [path(at, editing.RegisterCreate.as_view(register=register), name=f"{register.name}_create")]


def _record_urls(register: Register) -> list[URLPattern]:
    one = f"{register.inner_path}<{KEY_CONVERTERS[register.key]}:{register.key}>/"

    def page(at: str, view: Any, name: str, **more: Any) -> URLPattern:
        return path(f"{one}{at}", view.as_view(register=register, **more), name=f"{register.name}_{name}")

    urls = [page(register.detail_suffix, pages.RegisterDetail, "detail")]
    if register.is_entered and register.is_edited:
        urls.append(page("edit/", editing.RegisterEdit, "edit"))
    for action in register.all_actions:
        urls.append(page(f"{action.name}/", editing.RecordActionPage, action.name, verb=action))
    urls.append(page("history/", pages.RegisterHistory, "history"))
    return urls
