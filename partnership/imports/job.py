"""The job of an import: read a file and say what it would do; then, once that is confirmed, write its rows."""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
import time
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from partnership.dates import in_words
from partnership.generic.files import ID, RegisterFile
from partnership.generic.registry import registers
from partnership.imports.reader import MEGABYTE, Refused, Sheet, Uncertain, Unreadable, letter, read
from partnership.imports.rows import OVERTAKEN, FileCheck, Outcome
from partnership.models import Job, Membership, Party
from partnership.records.record import Stale, bulk_record, recording
from partnership.text import folded

SECONDS_BETWEEN_SIGNS = 1
# A register whose rows are written one by one, each by its verb, takes this many at once: others wait meanwhile.
MOST_BY_VERB = 500
State = Job.State


class Looking:
    """Reads the file and says of every row whether it is new, changed, unchanged or wrong. Writes nothing."""

    is_rehearsal = True

    def __init__(self, job: Job):
        self.job = job
        self.last_sign = 0.0
        self.reason = f"Imported from {job.file_name}"
        self.mine = Job.objects.held(job)

    def do(self) -> None:
        """Look, rehearse what the database alone can tell, and keep what was found."""
        try:
            self.look()
        except Uncertain as uncertain:
            self.ask(uncertain)
            return
        self.write()  # also where rows are wrong, so that everything wrong is said at once
        self.end(State.READY)

    def ask(self, uncertain: Uncertain) -> None:
        """Keep the ways in which the file can be read, for the person to choose one."""
        readings = [asdict(reading) for reading in uncertain.readings]
        self.mine.update(state=State.READY, heard_at=timezone.now(), result={"readings": readings})

    def look(self) -> None:
        """Put every row through its form; `findings` is what comes of it."""
        content = bytes(self.job.file)
        files = files_for(self.job)
        encoding = self.job.result.get("encoding", "")
        sheet = read(self.job.file_name, content, encoding=encoding, fit=partial(best_fit, files))
        file, names, notes = understood(files, sheet)
        self.read_as = {"encoding": encoding, "checksum": sha256(content).hexdigest()}
        notes += imported_before(self.job, self.read_as["checksum"])
        self.job.total = len(sheet.rows)
        self.sign_of_life(0)
        self.reader = FileCheck(file, sheet.rows, names, self.reason)
        self.reader.on_row = self.sign_of_life
        self.reader.check()
        self.findings = Findings(self.reader, sheet, notes)
        if sum(write.ready is None for write in self.reader.writes.values()) > MOST_BY_VERB:
            raise Refused(f"More than {MOST_BY_VERB} rows of this register at once are too many. Split the file.")

    def write(self) -> None:
        """All rows in one transaction. The database is asked about all at once; only when it says no, about each."""
        try:
            with transaction.atomic():
                with recording(by=self.job.by, reason=self.reason):
                    self.put_in()
                transaction.set_rollback(self.is_rehearsal)
        except IntegrityError as error:
            refused = self.reader.ask_each()
            if not refused:
                raise Refused(f"{_rule_broken(self.reader, error)} Nothing was imported.") from error
            self.findings.add(refused)

    def put_in(self) -> None:
        """Only a rehearsal: what verbs write was tried row by row, the rest is tried here and taken back."""
        bulk_record(self.reader.for_bulk)

    def end(self, state: str) -> bool:
        """Keep where the job stands now."""
        result = self.findings.as_result() | self.read_as
        facts = {"result": result, "progress": self.job.total, "heard_at": timezone.now()}
        return bool(self.mine.update(state=state, **facts))

    def sign_of_life(self, done: int) -> None:
        """Say how far it is, every now and then. A job that was given up in the meantime ends here."""
        now = time.monotonic()
        if now - self.last_sign < SECONDS_BETWEEN_SIGNS:
            return
        self.last_sign = now
        if not self.mine.update(progress=done, total=self.job.total, heard_at=timezone.now()):
            raise Refused("Another run of this import has begun. This one wrote nothing.")

    def refuse(self, sentence: str) -> None:
        """End without having written anything."""
        result = {"refusal": sentence}
        self.mine.update(state=State.REFUSED, heard_at=timezone.now(), result=result, file=None)


class Writing(Looking):
    """Looks again at the registers as they are now, and writes every row at once, or none."""

    is_rehearsal = False

    def do(self) -> None:
        """Write. When somebody's change since the preview makes a row wrong, the person sees which."""
        self.look()
        try:
            if not self.findings.is_wrong:
                self.write()
        except Stale as stale:
            raise Refused(f"{stale} Nothing was imported. Download the register again, repeat your changes.") from stale
        except (ValidationError, PermissionDenied) as error:
            raise Refused(f"{_first_sentence(error)} Nothing was imported.") from error
        if self.findings.is_wrong:
            self.end(State.READY)

    def put_in(self) -> None:
        """The rows, and in the same transaction that the job is done: it says so if and only if they are there."""
        for write in self.reader.writes.values():
            if write.ready is None:
                write.form.save()
        bulk_record(self.reader.for_bulk)
        if not self.end(State.DONE):
            raise Refused("Another run of this import has begun. This one wrote nothing.")
        self.mine.model.objects.filter(pk=self.job.pk).update(file=None)


def _rule_broken(reader: FileCheck, error: IntegrityError) -> str:
    rules = reader.model._meta.constraints
    return next((str(rule.violation_error_message) for rule in rules if rule.name in str(error)), OVERTAKEN)


def _first_sentence(error: ValidationError | PermissionDenied) -> str:
    return error.messages[0] if isinstance(error, ValidationError) else str(error)


# --- What was found, in words -----------------------------------------------------------------------------------------


def files_for(job: Job) -> list[RegisterFile]:
    """Return the files that the person may hand in here: of the register and of its parts. Raises ``Refused``."""
    door = registers()[job.register]
    kinds = [kind for kind in door.kinds if job.by.is_active and kind.policy.may_edit(job.by)]
    if not kinds:
        raise Refused("Your roles do not let you import here.")
    return [RegisterFile(kind, job.by) for kind in kinds]


def best_fit(files: list[RegisterFile], headings: list[str]) -> int:
    """Return how many of the headings are columns of the file that they fit best; 0 where they fit none."""
    best = 0
    for file in files:
        is_placed, number = _fit(file, _names_of(headings, file))
        if is_placed:
            best = max(best, number)
    return best


def _names_of(headings: list[str], file: RegisterFile) -> list[str | None]:
    """Return the column of the file that each heading names, if any."""
    return [file.names_by_label.get(folded(heading)) for heading in headings]


def understood(files: list[RegisterFile], sheet: Sheet) -> tuple[RegisterFile, list[str], list[str]]:
    """Return the file that the headings fit best, what each heading stands for, and what is not read."""
    fits = [_names_of(sheet.headings, file) for file in files]
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


def _fit(file: RegisterFile, names: list[str | None]) -> tuple[bool, int]:
    """Return whether the rows can be placed – rows of a part name their parent – and how many columns are known."""
    parent = file.register.parent
    placed = ID in names or not parent or parent in names
    return placed, len({name for name in names if name in file.questions or (name and name == parent)})


def _once(sheet: Sheet, names: list[str | None]) -> list[str | None]:
    for place, name in enumerate(names):
        if name and name in names[:place]:
            twice = f"“{sheet.headings[names.index(name)]}” and “{sheet.headings[place]}”"
            raise Refused(f"Two columns, {twice}, are the same one of this register. Delete one of them.")
    return names


class Findings:
    """The findings in a file, row by row, in words, as pages show and the database keeps them."""

    def __init__(self, reader: FileCheck, sheet: Sheet, notes: list[str]):
        self.reader = reader
        self.sheet = sheet
        self.notes = [*sheet.notes, *notes, *reader.notes]
        self.headings = dict(zip(reader.names, sheet.headings, strict=True))
        self.wrong = dict(reader.wrong)

    @property
    def is_wrong(self) -> bool:
        """Return whether any row is wrong, so that none can be imported."""
        return bool(self.wrong)

    def add(self, refused: dict[int, dict[str, list[str]]]) -> None:
        """Take in what the database said of rows."""
        self.wrong |= refused

    def as_result(self) -> dict[str, Any]:
        """Counts, the rows that are new or changed, and every cell that is wrong."""
        wrong = self.wrong
        rows = [self._row(place, found) for place, found in self.reader.outcomes.items() if place not in wrong]
        problems = []
        for place in sorted(wrong):
            # Only the first error of each cell: the others follow from it.
            problems += [self._problem(place, name, texts[0]) for name, texts in wrong[place].items()]
        numbers = Counter(row["kind"] for row in rows)
        counts = {kind: numbers[kind] for kind in ("new", "changed", "unchanged")}
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


# --- The process, with limits -----------------------------------------------------------------------------------------


log = logging.getLogger(__name__)

LARGEST_MEMORY = 1024 * MEGABYTE  # address space; what is really used stays well below
# seconds
LONGEST_CPU = 120
LONGEST_WALL = 240
TAKES_TOO_MUCH = "The file takes more time or memory than a file of its size should. Copy the rows into a new one."


class OutOfTime(BaseException):
    """The process has used up its time. No parser takes it for a fault of the file, for it is no ``Exception``."""


def limit_this_process(*, memory: int = LARGEST_MEMORY, cpu: int = LONGEST_CPU, wall: int = LONGEST_WALL) -> None:
    """Keep a hostile or hopeless file from taking the machine with it: bytes of memory, seconds of two clocks."""

    def give_up(*_: Any) -> None:
        raise OutOfTime

    for sign in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(sign, give_up)
    signal.alarm(wall)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def begun(number: int, run: int | None) -> Job | None:
    """Return the job with the run that a worker has begun, or begin one; ``None`` when it is not to be run."""
    if run is None:
        return Job.objects.begin(number, worker=f"{socket.gethostname()}:{os.getpid()}", at=timezone.now())
    # The file stays out of it: it is read where its size is minded.
    return Job.objects.running().filter(pk=number, run=run).select_related("by").defer("file").first()


def run(number: int, run: int | None = None) -> None:
    """Do what the job waits for: look at its file, or write its rows. Whatever happens, the job says so."""
    job = begun(number, run)
    if job is None:
        return
    work = Looking(job) if job.state == State.READING else Writing(job)
    try:
        work.do()
    except Refused as refused:
        log.info("Job %s refused", number)
        work.refuse(str(refused))
    except (MemoryError, OutOfTime):
        log.info("Job %s refused", number)
        work.refuse(TAKES_TOO_MUCH)
    except Exception as error:
        # PostgreSQL's library reports a lack of memory as a fault of the database, and may have hung up.
        connection.close_if_unusable_or_obsolete()
        if "out of memory" in str(error):
            work.refuse(TAKES_TOO_MUCH)
            return
        log.exception("Job %s failed", number)
        work.refuse("Something went wrong in the portal itself. Nothing was imported; tell whoever looks after it.")


def forget_old_files(at: datetime) -> None:
    """Blank the files that nobody confirmed in time; whoever hands in the next one does it in passing."""
    Job.objects.forget_files(at)
