"""The two halves of an import: looking at a file, and, once that is confirmed, writing its rows."""

from __future__ import annotations

import time
from dataclasses import asdict
from functools import partial
from hashlib import sha256

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.imports.decoding import Uncertain
from partnership.imports.findings import Findings, best_fit, files_for, imported_before, understood
from partnership.imports.gate import Refused
from partnership.imports.reading import read
from partnership.imports.resource import OVERTAKEN, FileCheck
from partnership.models import Job
from partnership.records.record import Stale, bulk_record, recording

SECONDS_BETWEEN_SIGNS = 1
# A register whose rows are written one by one, each by its verb, takes this many at once: others wait meanwhile.
MOST_BY_VERB = 500
State = Job.State


class Looking:
    """Reads the file and says of every row whether it is new, changed, unchanged or wrong. Writes nothing."""

    is_rehearsal = True

    def __init__(self, job: Job):
        self.job, self.last_sign = job, 0.0
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
                write.form.record()
        bulk_record(self.reader.for_bulk)
        if not self.end(State.DONE):
            raise Refused("Another run of this import has begun. This one wrote nothing.")
        self.mine.model.objects.filter(pk=self.job.pk).update(file=None)


def _rule_broken(reader: FileCheck, error: IntegrityError) -> str:
    rules = reader.model._meta.constraints
    return next((str(rule.violation_error_message) for rule in rules if rule.name in str(error)), OVERTAKEN)


def _first_sentence(error: ValidationError | PermissionDenied) -> str:
    return error.messages[0] if isinstance(error, ValidationError) else str(error)
