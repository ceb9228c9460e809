"""A job at work, in a process of its own with limits: first it looks, then, once confirmed, it writes."""

from __future__ import annotations

import logging
import resource
import signal
import subprocess
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import IntegrityError
from django.utils import timezone

from partnership.generic.imports import columns
from partnership.generic.imports.gate import MEGABYTE, Refused
from partnership.generic.imports.reading import Sheet, Unreadable, letter, read
from partnership.generic.imports.resource import OVERTAKEN, RegisterResource, Write
from partnership.models import Job
from partnership.models.jobs import SILENCE
from partnership.navigation import registers
from partnership.records import Stale, bulk_record, recording

if TYPE_CHECKING:
    from partnership.generic.register import Register

log = logging.getLogger(__name__)

LARGEST_MEMORY = 1024 * MEGABYTE  # address space; what is really used stays well below
LONGEST_CPU, LONGEST_WALL = 120, 240  # seconds
SECONDS_BETWEEN_SIGNS = 1
# A register whose rows are written one by one, each by its verb, takes this many at once: others wait meanwhile.
MOST_BY_VERB = 500
State = Job.State


def start(job: Job) -> None:
    """Start the job's process; it needs nothing of this one."""
    command = [sys.executable, settings.BASE_DIR / "manage.py", "run_job", str(job.pk)]
    subprocess.Popen(  # noqa: S603 -- our own command; the number is the only argument
        command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )


class OutOfTime(Exception):
    """The process has used up its time."""


def limit_this_process() -> None:
    """Keep a hostile or hopeless file from taking the machine with it."""

    def give_up(*_: Any) -> None:
        raise OutOfTime

    for sign in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(sign, give_up)
    signal.alarm(LONGEST_WALL)
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_CPU, LONGEST_CPU + 5))
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))


def run(number: int) -> None:
    """Do what the job waits for: look at its file, or write its rows. Whatever happens, the job says so."""
    job = Job.objects.select_related("by").get(pk=number)
    move = Job.objects.move
    if move(job, State.WAITING, to=State.READING, at=timezone.now(), progress=0):
        work = Looking(job)
    elif move(job, State.CONFIRMED, to=State.WRITING, at=timezone.now(), progress=0):
        work = Writing(job)
    else:
        return
    try:
        work.do()
    except Refused as refused:
        work.refuse(str(refused))
    except (MemoryError, OutOfTime):
        work.refuse("The file takes more time or memory than a file of its size should. Copy the rows into a new one.")
    except Exception:
        log.exception("Job %s failed", number)
        work.refuse("Something went wrong in the portal itself. Nothing was imported; tell whoever looks after it.")


class Looking:
    """Reads the file and says of every row whether it is new, changed, unchanged or wrong."""

    ends_as = State.READY

    def __init__(self, job: Job):
        self.job, self.last_sign = job, 0.0
        self.mine = Job.objects.filter(pk=job.pk, state__in=Job.UNDER_WAY)

    def do(self) -> None:
        """Look, and keep what was found."""
        self.look()
        self.mine.update(state=self.ends_as, heard_at=timezone.now(), result=self.result, progress=self.job.total)

    def look(self) -> None:
        """Put every row through its form; ``result`` and ``rows_to_write`` are what comes of it."""
        sheet = read(self.job.file_name, bytes(self.job.file))
        register, names, unread = understood(self.job, sheet)
        self.job.total = len(sheet.rows)
        self.sign_of_life(0)
        self.reader = RegisterResource(
            columns.RegisterFile(register, self.job.by), sheet.rows, names, reason_for(self.job)
        )
        self.reader.on_row = self.sign_of_life
        outcome = self.reader.check()
        for number, errors in outcome.row_errors():
            raise RuntimeError(f"Row {sheet.rows[number - 1].number}") from errors[0].error
        self.result = Findings(self.reader, sheet, outcome).as_result() | {
            "kind": register.name,
            "kind_label": str(register.label_plural),
            "notes": [*sheet.notes, *unread],
        }
        if sum(write.ready is None for write in self.reader.writes) > MOST_BY_VERB:
            raise Refused(f"More than {MOST_BY_VERB} rows of this register at once are too many. Split the file.")

    def sign_of_life(self, done: int) -> None:
        """Say how far it is, every now and then. A job that was given up in the meantime ends here."""
        now = time.monotonic()
        if now - self.last_sign < SECONDS_BETWEEN_SIGNS:
            return
        self.last_sign = now
        if not self.mine.update(progress=done, total=self.job.total, heard_at=timezone.now()):
            raise Refused("The import was given up.")

    def refuse(self, sentence: str) -> None:
        """End without having written anything."""
        result = {"refusal": sentence}
        self.mine.update(state=State.REFUSED, heard_at=timezone.now(), result=result, file=None)


class Writing(Looking):
    """Looks again at the registers as they are now, and writes every row at once, or none."""

    ends_as = State.DONE

    def do(self) -> None:
        self.look()
        if self.result["counts"]["wrong"]:
            # Somebody's change since the preview; the person sees which rows it made wrong.
            self.mine.update(state=State.READY, heard_at=timezone.now(), result=self.result)
            return
        try:
            with recording(by=self.job.by, reason=reason_for(self.job)):
                self._write(self.reader.writes)
                self._finish()
        except Stale as stale:
            raise Refused(
                f"{stale} Nothing was imported. Download the register again and repeat your changes."
            ) from stale
        except IntegrityError as error:
            raise Refused(f"{_rule_broken(self.reader, error)} Nothing was imported.") from error

    def _write(self, writes: list[Write]) -> None:
        for write in writes:
            if write.ready is None:
                write.form.record()
        bulk_record([write.ready for write in writes if write.ready is not None])

    def _finish(self) -> None:
        """Done in the same transaction as the rows: a job says so if and only if they are there."""
        now = timezone.now()
        alive = self.mine.filter(heard_at__gte=now - SILENCE)
        if not alive.update(state=State.DONE, heard_at=now, result=self.result, progress=self.job.total, file=None):
            raise Refused("The import took so long that it was given up. Nothing was imported; try again.")


def reason_for(job: Job) -> str:
    """What the history says of every row of the file."""
    return f"Imported from {job.file_name}"


def _rule_broken(reader: RegisterResource, error: IntegrityError) -> str:
    rules = reader.model._meta.constraints
    return next((str(rule.violation_error_message) for rule in rules if rule.name in str(error)), OVERTAKEN)


# --- Which rows these are ---------------------------------------------------------------------------------------------


def understood(job: Job, sheet: Sheet) -> tuple[Register, list[str], list[str]]:
    """The register or part that the headings fit best, what each heading stands for, and what is not read."""
    door = registers()[job.register]
    kinds = [kind for kind in door.kinds if job.by.is_active and kind.may_keep(job.by)]
    if not kinds:
        raise Refused("Your roles do not let you import here.")
    files = [columns.RegisterFile(kind, job.by) for kind in kinds]
    fits = [[file.names_by_label.get(heading.casefold()) for heading in sheet.headings] for file in files]
    asked = [_fit(file, names) for file, names in zip(files, fits, strict=True)]
    best = max(range(len(files)), key=lambda place: (asked[place], -place))
    if not asked[best][1]:
        known = ", ".join(f"“{column.label}”" for column in files[0].template_columns[:5])
        raise Refused(f"None of the headings is one of this register's. They are, for example, {known}.")
    unread = [heading for heading, name in zip(sheet.headings, fits[best], strict=True) if heading and name is None]
    notes = [f"Not read, because the register has no such column: {', '.join(unread)}."] if unread else []
    return kinds[best], [name or "" for name in _once(sheet, fits[best])], notes


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

    def __init__(self, reader: RegisterResource, sheet: Sheet, outcome: Any):
        self.reader, self.sheet, self.outcome = reader, sheet, outcome
        self.headings = dict(zip(reader.names, sheet.headings, strict=True))

    def as_result(self) -> dict[str, Any]:
        """Counts, the rows that are new or changed, and every cell that is wrong."""
        wrong = {invalid.number: invalid.error_dict for invalid in self.outcome.invalid_rows}
        rows = [self._row(place, found) for place, found in enumerate(self.outcome.rows, 1) if place not in wrong]
        problems = [
            self._problem(place, name, text)
            for place in wrong
            for name, texts in wrong[place].items()
            for text in texts
        ]
        counts = {kind: sum(row["kind"] == kind for row in rows) for kind in ("new", "changed", "unchanged")}
        return {"counts": counts | {"wrong": len(wrong)}, "rows": rows, "problems": problems}

    def _row(self, place: int, found: Any) -> dict[str, Any]:
        kinds = {"new": "new", "update": "changed", "skip": "unchanged"}
        return {
            "row": self.sheet.rows[place - 1].number,
            "kind": kinds[found.import_type],
            "name": found.object_repr[:120],
            "changes": [self._label(name) for name in self.reader.changes.get(place, [])] if not found.is_new() else [],
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


def forget_old_files(at: datetime) -> None:
    """Blank the files that nobody confirmed in time; whoever hands in the next one does it in passing."""
    Job.objects.forget_files(at)
