"""Open data: the figures that the latest public editions publish, as CSV with a data dictionary (Frictionless)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from partnership.generic.exports import BYTE_ORDER_MARK, cell
from reviews.models import Edition
from reviews.publication.frozen import thaw


@dataclass(frozen=True)
class Field:
    """A column: its name, its type as a table schema has it, and what it means."""

    name: str
    kind: str
    meaning: str


PAPER = (
    Field("paper", "string", "The short name of the published paper, as in its address."),
    Field("edition", "integer", "Which edition of the paper."),
    Field("as_at", "date", "The day whose facts the paper reports."),
)
KINDS: dict[str, tuple[str, tuple[Field, ...]]] = {
    "posts": (
        "Joint posts that were filled",
        (
            Field("title", "string", "What the post is called."),
            Field("appointment", "string", "Permanent, interim, or not stated."),
            Field("in_post_since", "string", "Since when somebody has been in the post, as exactly as it is known."),
            Field("home_council", "string", "The council that employs the post-holder, by its initials."),
            Field("salary_band", "string", "The £5,000 band of the salary, or that it is not recorded."),
        ),
    ),
    "savings": (
        "Savings of the years that the paper speaks of, by saving and council",
        (
            Field("saving", "string", "What the saving is called."),
            Field("council", "string", "Whose saving it is."),
            Field("financial_year", "string", "From 1 April to 31 March, like 2019/20."),
            Field("benefit_type", "string", "Cashable, non-cashable, cost avoidance or income."),
            Field("estimated", "number", "The estimate in pounds; empty where it is not recorded or withheld."),
            Field("delivered", "number", "What was delivered in pounds; empty where it is not recorded or withheld."),
            Field("about", "boolean", "Whether the figures are rounded ones."),
            Field("note", "string", "Why a figure is missing."),
        ),
    ),
    "ratings": (
        "How far principles and objectives were met",
        (
            Field("kind", "string", "Principle or objective."),
            Field("number", "integer", "Its number among its kind."),
            Field("title", "string", "Its short title."),
            Field("rating", "string", "Met, underway, too soon to say, at risk, not met, or not rated."),
        ),
    ),
    "business_cases": (
        "Business cases that were open",
        (
            Field("title", "string", "What the case is for."),
            Field("stage", "string", "The stage it stood at."),
        ),
    ),
}


def latest() -> list[Edition]:
    """The editions that open data is taken from."""
    return list(Edition.objects.for_the_public().latest_of_each().order_by("slug"))


def rows(kind: str, editions: Iterable[Edition]) -> list[list[Any]]:
    """The rows of a kind, each with the paper it is from."""
    _, fields = KINDS[kind]
    return [
        # Editions published before a column was thought of do not have it.
        [edition.slug, edition.number, edition.as_at, *(row.get(field.name) for field in fields)]
        for edition in editions
        for row in thaw(json.loads(edition.facts)["facts"])[kind]
    ]


def as_csv(kind: str, editions: Iterable[Edition]) -> str:
    """A kind as a CSV file."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([field.name for field in (*PAPER, *KINDS[kind][1])])
    for row in rows(kind, editions):
        writer.writerow([written(value) for value in row])
    return BYTE_ORDER_MARK + lines.getvalue()


def written(value: Any) -> Any:
    """A value as the schema says: truth as true and false, dates as 2019-03-16."""
    return str(value).lower() if isinstance(value, bool) else cell(value)


def dictionary(address: Any) -> dict[str, Any]:
    """The data dictionary, a Frictionless data package; ``address`` says where a kind's file is."""
    return {
        "name": "partnership-open-data",
        "profile": "tabular-data-package",
        "resources": [
            {
                "name": kind.replace("_", "-"),
                "title": title,
                "path": address(kind),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": schema(kind),
            }
            for kind, (title, _) in KINDS.items()
        ],
    }


def schema(kind: str) -> dict[str, Any]:
    """The table schema of a kind."""
    fields = (*PAPER, *KINDS[kind][1])
    return {
        "fields": [{"name": one.name, "type": one.kind, "description": one.meaning} for one in fields],
        "missingValues": [""],
    }
