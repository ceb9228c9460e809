"""The sheet of a decision in the field order of committee systems, to be pasted into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from partnership.dates import in_words
from partnership.generic.display import NOT_RECORDED, display_value
from partnership.models import Decision, Resolution

Field = tuple[str, str]
KEY = {Decision.Key.KEY: "Yes", Decision.Key.NOT_KEY: "No", Decision.Key.NOT_STATED: "Not stated"}


def decision_sheet(decision: Decision, resolutions: Iterable[Resolution], effects: Mapping[int, str]) -> list[Field]:
    """The labels and texts of the sheet, in order. An empty field says that it is not recorded or not stated.

    ``effects`` are the words for its reader, by the resolution's number.
    """
    resolutions = list(resolutions)
    return [
        ("Issue title", decision.title),
        ("Decision maker", str(decision.body)),
        ("Decision status", decision.status_text()),
        ("Is key decision?", KEY[decision.key_or_not]),
        ("Reason key", decision.key_reason or "Not applicable"),
        ("Is subject to call-in?", _yes_no(decision.can_be_called_in)),
        ("Corporate priorities", display_value(decision, "priorities")),
        ("Reason no public access", decision.no_public_access_reason or "No"),
        ("Forward plan reference", display_value(decision, "reference")),
        ("Report", display_value(decision, "report_title")),
        ("Submitted by", display_value(decision, "submitted_by")),
        ("Decision", "\n".join(_resolved(row) for row in resolutions) or NOT_RECORDED),
        ("Reasons", display_value(decision, "reasons")),
        ("Alternative options considered and rejected", display_value(decision, "alternatives")),
        ("Declarations of interest", display_value(decision, "conflicts")),
        ("Dispensations", display_value(decision, "dispensations")),
        ("Publication date", display_value(decision, "published_on")),
        ("Date of decision", in_words(decision.decided_on)),
        ("May be implemented from", in_words(decision.implementable_on(), unknown="Not known yet")),
        ("Takes effect", "\n".join(f"{row.label} {effects[row.pk]}" for row in resolutions if row.pk in effects)),
    ]


def as_text(fields: Iterable[Field]) -> str:
    """The sheet as plain text, one field after another."""
    return "\n\n".join(f"{label}\n{text}" for label, text in fields)


def _yes_no(answer: bool) -> str:
    return "Yes" if answer else "No"


def _resolved(resolution: Resolution) -> str:
    standing = "" if resolution.standing == Resolution.Standing.AGREED else f" [{resolution.get_standing_display()}]"
    return f"{resolution.label} {resolution.text}{standing}"
