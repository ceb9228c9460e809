"""Open data: the figures that the latest public editions publish, as CSV with a data dictionary (Data Package).

The rows are stored when an edition is published; an edition's facts are not read again to serve them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum

from joint_posts.models.figures import OPEN_DATA
from partnership.generic.exports import BYTE_ORDER_MARK, cell
from reviews.models import Edition, EditionData
from reviews.publishing.frozen import values_from_json


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
            *(Field(figure.name, "number", figure.open_data) for figure in OPEN_DATA),
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


def rows_by_kind(edition: Edition) -> dict[str, list[list[Any]]]:
    """Return the rows that an edition publishes, by kind, read from its frozen facts."""
    published = values_from_json(json.loads(edition.facts)["facts"])
    found = {}
    for kind, (_, fields) in KINDS.items():
        found[kind] = []
        for row in published[kind]:
            values = [row.get(field.name) for field in fields]
            found[kind].append([edition.slug, edition.number, edition.as_at, *values])
    return found


def keep_data(edition: Edition) -> None:
    """Store the open data of a public edition beside it, so that nobody has to read its facts to serve it."""
    EditionData.objects.bulk_create(
        EditionData(edition=edition, kind=kind, row_count=len(rows), lines=as_lines(rows))
        for kind, rows in rows_by_kind(edition).items()
    )


def as_lines(rows: Iterable[Iterable[Any]]) -> str:
    """Return rows as lines of CSV."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    for row in rows:
        writer.writerow([written(value) for value in row])
    return lines.getvalue()


def written(value: Any) -> Any:
    """A value as the schema says: truth as true and false, dates as 2019-03-16."""
    return str(value).lower() if isinstance(value, bool) else cell(value)


def latest_data() -> QuerySet[EditionData]:
    """Return the data of the latest public edition of each paper, in the order of their addresses."""
    latest = Edition.objects.for_the_public().in_force()
    return EditionData.objects.filter(edition__in=latest).order_by("edition__slug", "pk")


def row_counts() -> dict[str, int]:
    """Return how many rows each kind has."""
    counted = latest_data().order_by().values_list("kind").annotate(Sum("row_count"))
    return dict.fromkeys(KINDS, 0) | dict(counted)


def as_csv(kind: str) -> str:
    """Return a kind as a CSV file."""
    headings = as_lines([[field.name for field in (*PAPER, *KINDS[kind][1])]])
    lines = latest_data().filter(kind=kind).values_list("lines", flat=True)
    return BYTE_ORDER_MARK + headings + "".join(lines)


def dictionary() -> dict[str, Any]:
    """Return the data dictionary, a Data Package (version 1), to be served beside the CSV files."""
    return {
        "name": "partnership-open-data",
        "title": "Published figures of partnerships between councils",
        "profile": "tabular-data-package",
        "licenses": [settings.DATA_LICENCE],
        "resources": [
            {
                "name": kind.replace("_", "-"),
                "title": title,
                "profile": "tabular-data-resource",
                "path": f"{kind}.csv",
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
