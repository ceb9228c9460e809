"""The sheet of a decision in the field order of committee systems, to be pasted into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from partnership.dates import in_words
from partnership.generic.display import NOT_RECORDED, text_of
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
        ("Corporate priorities", text_of(decision, "priorities")),
        ("Reason no public access", decision.no_public_access_reason or "No"),
        ("Forward plan reference", text_of(decision, "reference")),
        ("Report", text_of(decision, "report_title")),
        ("Submitted by", text_of(decision, "submitted_by")),
        ("Decision", "\n".join(_resolved(row) for row in resolutions) or NOT_RECORDED),
        ("Reasons", text_of(decision, "reasons")),
        ("Alternative options considered and rejected", text_of(decision, "alternatives")),
        ("Declarations of interest", text_of(decision, "conflicts")),
        ("Dispensations", text_of(decision, "dispensations")),
        ("Publication date", text_of(decision, "published_on")),
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
