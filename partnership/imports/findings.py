"""What a file holds, in words: which register its rows are for, what each would do, and what is wrong."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q
from django.utils import timezone

from partnership.dates import in_words
from partnership.generic.registry import registers
from partnership.imports import columns
from partnership.imports.gate import Refused
from partnership.imports.lines import Unreadable, letter
from partnership.imports.reading import Sheet
from partnership.imports.resource import FileCheck, Outcome
from partnership.models import Job, Membership, Party
from partnership.text import folded


def files_for(job: Job) -> list[columns.RegisterFile]:
    """Return the files that the person may hand in here: of the register and of its parts. Raises ``Refused``."""
    door = registers()[job.register]
    kinds = [kind for kind in door.kinds if job.by.is_active and kind.may_keep(job.by)]
    if not kinds:
        raise Refused("Your roles do not let you import here.")
    return [columns.RegisterFile(kind, job.by) for kind in kinds]


def best_fit(files: list[columns.RegisterFile], headings: list[str]) -> int:
    """Return how many of the headings are columns of the file that they fit best; 0 where they fit none."""
    fits = [_fit(file, [file.names_by_label.get(folded(heading)) for heading in headings]) for file in files]
    return max((number for is_placed, number in fits if is_placed), default=0)


def understood(files: list[columns.RegisterFile], sheet: Sheet) -> tuple[columns.RegisterFile, list[str], list[str]]:
    """Return the file that the headings fit best, what each heading stands for, and what is not read."""
    fits = [[file.names_by_label.get(folded(heading)) for heading in sheet.headings] for file in files]
    asked = [_fit(file, names) for file, names in zip(files, fits, strict=True)]
    best = max(range(len(files)), key=lambda place: (asked[place], -place))
    if not asked[best][1]:
        known = ", ".join(f"“{column.label}”" for column in files[0].template_columns[:5])
        raise Refused(f"None of the headings is one of this register's. They are, for example, {known}.")
    unread = [heading for heading, name in zip(sheet.headings, fits[best], strict=True) if heading and name is None]
    notes = [f"Not read, because the register has no such column: {', '.join(unread)}."] if unread else []
    return files[best], [name or "" for name in _once(sheet, fits[best])], notes


def imported_before(job: Job, checksum: str) -> list[str]:
    """Return a sentence where somebody of the person's partnerships imported the very same file before."""
    parties = Party.objects.active().filter(partnership__in=job.by.authority.partnerships())
    colleagues = Membership.objects.filter(council__in=parties.order_by().values("council"))
    same = Job.objects.filter(
        Q(by=job.by) | Q(by__in=colleagues.order_by().values("user")),
        register=job.register,
        state=Job.State.DONE,
        result__checksum=checksum,
    ).exclude(pk=job.pk)
    earlier = same.select_related("by").first()
    if earlier is None:
        return []
    on = in_words(timezone.localtime(earlier.created_at).date())
    return [f"The same file was imported on {on} by {earlier.by}. Importing it again may enter its new rows twice."]


def _fit(file: columns.RegisterFile, names: list[str | None]) -> tuple[bool, int]:
    """Whether the rows can be placed at all – those of a part name what they belong to – and how much is understood."""
    parent = file.register.parent
    placed = columns.ID in names or not parent or parent in names
    return placed, len({name for name in names if name in file.questions or (name and name == parent)})


def _once(sheet: Sheet, names: list[str | None]) -> list[str | None]:
    for place, name in enumerate(names):
        if name and name in names[:place]:
            twice = f"“{sheet.headings[names.index(name)]}” and “{sheet.headings[place]}”"
            raise Refused(f"Two columns, {twice}, are the same one of this register. Delete one of them.")
    return names


class Findings:
    """What was found, row by row, in words; what the pages show and the database keeps."""

    def __init__(self, reader: FileCheck, sheet: Sheet, notes: list[str]):
        self.reader, self.sheet = reader, sheet
        self.notes = [*sheet.notes, *notes, *reader.notes]
        self.headings = dict(zip(reader.names, sheet.headings, strict=True))
        self.wrong = dict(reader.wrong)

    @property
    def is_wrong(self) -> bool:
        """Whether any row is wrong, so that none can be imported."""
        return bool(self.wrong)

    def add(self, refused: dict[int, dict[str, list[str]]]) -> None:
        """Take in what the database said of rows."""
        self.wrong |= refused

    def as_result(self) -> dict[str, Any]:
        """Counts, the rows that are new or changed, and every cell that is wrong."""
        wrong = self.wrong
        rows = [self._row(place, found) for place, found in self.reader.outcomes.items() if place not in wrong]
        problems = [  # one sentence for each cell: what follows from a first mistake is no news
            self._problem(place, name, texts[0]) for place in sorted(wrong) for name, texts in wrong[place].items()
        ]
        counts = {kind: sum(row["kind"] == kind for row in rows) for kind in ("new", "changed", "unchanged")}
        register = self.reader.file.register
        return {
            "kind": register.name,
            "kind_label": str(register.label_plural),
            "notes": self.notes,
            "counts": counts | {"wrong": len(wrong)},
            "rows": rows,
            "problems": problems,
        }

    def _row(self, place: int, found: Outcome) -> dict[str, Any]:
        return {
            "row": self.sheet.rows[place - 1].number,
            "kind": found.kind,
            "name": found.name[:120],
            "changes": [
                f"{self._label(name)}: {new}" if found.kind == "new" else f"{self._label(name)}: {old} → {new}"
                for name, old, new in found.changes
            ],
        }

    def _problem(self, place: int, name: str, text: str) -> dict[str, Any]:
        row = self.sheet.rows[place - 1]
        at = self.reader.names.index(name) if name in self.reader.names else None
        value = row.cells[at] if at is not None else None
        value = value.text if isinstance(value, Unreadable) else value
        return {
            "row": row.number,
            "column": "" if name == NON_FIELD_ERRORS else self._label(name),
            "letter": letter(at) if at is not None else "",
            "value": "" if value is None else str(value)[:80],
            "sentence": text,
        }

    def _label(self, name: str) -> str:
        columns_by_name = {column.name: column.label for column in self.reader.file.columns}
        return self.headings.get(name) or columns_by_name.get(name, "")
