"""Compare two days: the figures that differ, and every record written in between, with who and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import ForeignKey
from django.urls import reverse

from partnership.generic import history
from partnership.generic.register import Register
from partnership.generic.registry import registers
from partnership.models import Partnership, User
from reviews.dashboards.figures import board_figures
from reviews.facts.dashboard import SteeringFacts
from reviews.facts.figures import Figure

RECORDS_SHOWN = 200
NOTHING_RECORDED = "nothing recorded"


@dataclass(frozen=True)
class FigureChange:
    """A figure on the two days. ``name`` opens it on either."""

    name: str
    label: str
    before: str
    after: str


def figure_changes(earlier: SteeringFacts, later: SteeringFacts) -> list[FigureChange]:
    """The sums and counts of the boards that are not the same on both days, by name."""
    before = board_figures(earlier)
    after = board_figures(later)
    found = []
    for name in sorted({*before, *after}):
        if not _is_compared(name):
            continue
        old = _text(before.get(name))
        new = _text(after.get(name))
        if old != new:
            found.append(FigureChange(name, label_of(name, after.get(name) or before[name]), old, new))
    return found


def _text(figure: Figure | None) -> str:
    """A figure that is not there yet, not recorded or not known says the same: nothing."""
    has_digit = figure is not None and any(letter.isdigit() for letter in figure.text)
    return figure.text if has_digit else NOTHING_RECORDED


def _is_compared(name: str) -> bool:
    """Sums and counts, each once: not the same one in words, with its status, or as a list of titles."""
    first = name.partition(".")[0]
    last = name.rpartition(".")[2]
    if first == "savings":
        return ".posts." not in name and last not in ("full", "words", "phrase", "titles", "better-off")
    if name.startswith("posts.at.") or (first == "posts" and name.count(".") > 2):
        return False  # the same posts as by status or by appointment alone
    return first in ("posts", "principles", "objectives", "cases", "pipeline", "agreements", "services") and (
        last in ("count", "amount", "cost")
    )


def label_of(name: str, figure: Figure) -> str:
    """A figure's name in words: "Savings 2019/20, estimated, OCC’s share"."""
    words = [part.replace("-", " ") for part in name.removesuffix(".count").split(".")]
    if words[0] == "savings":
        year = name.split(".")[1]
        year = year.replace("-", "/") if year[:1].isdigit() else "no year given"
        return ", ".join(filter(None, [f"Savings {year}", *words[3:], figure.scope]))
    return f"{words[0].capitalize()}: {' '.join(words[1:]) or 'all'}"


def record_changes(
    partnership: Partnership, user: User, after: datetime, until: datetime
) -> tuple[list[dict[str, Any]], bool]:
    """The records of the partnership written between two moments, newest first, and whether some are left out.

    Only the registers the person may open are looked at, and fields not theirs to see are not in it.
    """
    found = []
    for register in _readable(user):
        found += [(row, register) for row in _rows(register, partnership, user, after, until)]
    found.sort(key=lambda item: (item[0].history_date, item[0].recorded_at, item[0].history_id), reverse=True)
    shown = found[:RECORDS_SHOWN]
    before = _versions_before(shown)
    names = history.names_of([row for row, _ in shown], user)
    hidden = _hidden(shown, user)
    entries = []
    for row, register in shown:
        model = register.model
        title = _title(row, names)
        subject = f"{model._meta.verbose_name} “{title}”" if title else str(model._meta.verbose_name)
        earlier = before[model, row.history_id]
        entry = history.entry_of(row, earlier, subject, hidden[model, row.id], names)
        # What a new record says stands on its own page; here only that it is new.
        entries.append(entry | {"changes": entry["changes"] if earlier else [], "url": _url(register, row)})
    return entries, len(found) > len(shown)


def _readable(user: User) -> Iterator[Register]:
    """The registers of partnerships that the person may open, and their parts."""
    for register in registers().values():
        if register.model.scope and not register.model.belongs_to_council() and register.policy.may_read(user):
            yield register
            yield from (part for part in register.part_registers if part.policy.may_read(user))


def _rows(register: Register, partnership: Partnership, user: User, after: datetime, until: datetime) -> Any:
    own = register.model.objects.visible_to(user).filter(**{register.model.scope: partnership.pk})
    rows = own.history_rows().filter(history_date__gt=after, history_date__lte=until)
    return rows.order_by("-history_date", "-history_id")[: RECORDS_SHOWN + 1]


def _versions_before(shown: list[tuple[Any, Register]]) -> dict[tuple[type, int], Any]:
    """The version before each of the rows shown; one query for each kind of record."""
    before: dict[tuple[type, int], Any] = {}
    for model, ids in _ids_by_model(shown).items():
        last: dict[int, Any] = {}
        for row in model.objects.filter(pk__in=ids).history_rows().order_by("history_date", "history_id"):
            before[model, row.history_id] = last.get(row.id)
            last[row.id] = row
    return before


def _hidden(shown: list[tuple[Any, Register]], user: User) -> dict[tuple[type, int], frozenset[str]]:
    """The fields of each record that the person may not see."""
    by_model = {register.model: register for _, register in shown}
    hidden = {}
    for model, ids in _ids_by_model(shown).items():
        register = by_model[model]
        records = register.with_related(model.objects.filter(pk__in=ids)) if register.restricted else ()
        hidden |= {(model, record.pk): frozenset(register.policy.hidden_fields(user, record)) for record in records}
        hidden |= {(model, number): frozenset() for number in ids if (model, number) not in hidden}
    return hidden


def _ids_by_model(shown: list[tuple[Any, Register]]) -> dict[type, set[int]]:
    wanted = defaultdict(set)
    for row, register in shown:
        wanted[register.model].add(row.id)
    return wanted


def _url(register: Register, row: Any) -> str:
    return reverse(f"{register.name}_history", args=[getattr(row, register.key if register.key != "pk" else "id")])


def _title(row: Any, names: history.Names) -> str:
    """Return the record's name on the day; one without a name has that of the record it belongs to."""
    for name in ("title", "name", "short_title", "heading", "service"):
        if getattr(row, name, ""):
            return getattr(row, name)
    links = [field for field in row.instance_type._meta.fields if isinstance(field, ForeignKey)]
    found = [names.get((field.related_model, getattr(row, field.attname)), "") for field in links[:2]]
    return ", ".join(filter(None, [*found, getattr(row, "financial_year", "")]))
