"""Frozen values as plain JSON and back, so that an edition can be drawn again from what was kept of it.

Only the kinds of `KINDS` are ever frozen: what a paper prints. The text is canonical: the same values give the same
bytes.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reviews.papers.blocks.general import Cell, ChartBlock, Row, Table
from reviews.papers.charts import Bar, Chart
from reviews.papers.document import Document, DocumentSection
from reviews.papers.narrative import ListBlock, Paragraph, Run, Unknown

KINDS = {
    kind.__name__: kind
    for kind in (
        Bar,
        Cell,
        Chart,
        ChartBlock,
        Document,
        DocumentSection,
        ListBlock,
        Paragraph,
        Row,
        Run,
        Table,
        Unknown,
    )
}
PLAIN = (str, int, bool, type(None))
IS = "is"


def canonical(value: Any) -> str:
    """The one JSON text of a value."""
    return json.dumps(freeze(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def freeze(value: Any) -> Any:
    """A value as JSON holds it. Raises ``TypeError`` for anything that no paper prints."""
    if is_dataclass(value) and type(value).__name__ in KINDS:
        return {IS: type(value).__name__} | {f.name: freeze(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Decimal):
        return {IS: "Decimal", "value": str(value)}
    if isinstance(value, date):
        return {IS: "date", "value": value.isoformat()}
    if isinstance(value, dict):
        return {str(name): freeze(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [freeze(one) for one in value]
    if isinstance(value, str):
        return str(value)  # a translated or choice text as what it says
    if isinstance(value, PLAIN):
        return value
    raise TypeError(f"{type(value).__name__} is never frozen.")


def values_from_json(value: Any) -> Any:
    """Return what was frozen."""
    if isinstance(value, list):
        return tuple(values_from_json(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind = value.get(IS)
    if kind == "Decimal":
        return Decimal(value["value"])
    if kind == "date":
        return date.fromisoformat(value["value"])
    inside = {name: values_from_json(one) for name, one in value.items() if name != IS}
    return KINDS[kind](**inside) if kind else inside
