"""F12: nothing more fits on the disk that holds the database and the files being sent; then there is room again."""

import errno
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quality.faults.breaking import NEW, PUBLIC, Writers, outcome
from quality.faults.portal import Portal
from quality.faults.visitors import Answer, NoAnswer, Visitor, visitors

SIZE = {"sqlite": "64m", "postgresql": "500m"}  # PostgreSQL's own programs lie on it too
IMPORT = "/comparators/import/"
LARGE = b"Name,Source\r\n" + b"x,y\r\n" * 800_000  # 4 MB: more than is kept in memory while it comes in
BOUNDARY = "a-line-that-stands-in-no-file"


@contextmanager
def small_disk(size: str) -> Iterator[Path | None]:
    """A disk of its own in memory; none where this process may not mount one."""
    place = Path(tempfile.mkdtemp(prefix="small-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=1777", "tmpfs", str(place)]
    is_there = not subprocess.run(command, check=False, capture_output=True).returncode
    try:
        yield place if is_there else None
    finally:
        if is_there:
            subprocess.run(["umount", str(place)], check=True)
        place.rmdir()


def fill(disk: Path) -> Path:
    """Leave not a byte free; the file that takes the room."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for piece in (bytes(1 << 20), bytes(1 << 12), b"x"):
            try:
                while file.write(piece):
                    pass
            except OSError as full:
                if full.errno != errno.ENOSPC:
                    raise
    return filler


def send_file(visitor: Visitor) -> Answer:
    """Hand in a large file."""
    token = visitor.form(IMPORT)["csrfmiddlewaretoken"][0]
    parts = (
        (f'name="csrfmiddlewaretoken"\r\n\r\n{token}'.encode()),
        b'name="file"; filename="rows.csv"\r\nContent-Type: text/csv\r\n\r\n' + LARGE,
    )
    body = b"".join(b"--%s\r\nContent-Disposition: form-data; %s\r\n" % (BOUNDARY.encode(), part) for part in parts)
    body += b"--%s--\r\n" % BOUNDARY.encode()
    return visitor.request("POST", IMPORT, body, f"multipart/form-data; boundary={BOUNDARY}")


class Crowd(Writers):
    """People who enter records, hand in files and read what is published."""

    def work(self, thread: int, visitor: Visitor) -> None:
        """Return every second one writes; the others hand in files and read."""
        if thread % 2:
            super().work(thread, visitor)
            return
        while self.going:
            for ask in (send_file, lambda person: person.get(PUBLIC)):
                try:
                    answer = ask(visitor)
                except NoAnswer:
                    continue
                self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
                self.tracebacks += answer.has_traceback


def full_disk(portal: Portal, rounds: int, seconds: float) -> dict:
    """The disk fills up while people work, and is cleared without the portal being started again."""
    with small_disk(SIZE[portal.engine]) as disk:
        if disk is None:
            return {"rounds": 0, "left_out": "A disk for the test cannot be mounted here: that takes root."}
        folder = disk / "portal"
        folder.mkdir()
        with Portal(folder, portal.engine, disk=disk) as own:
            back = []
            while_full = {}
            with Crowd(own, "Disk full") as crowd:
                for _ in range(rounds):
                    time.sleep(1)
                    filler = fill(disk)
                    crowd.statuses.clear()
                    time.sleep(seconds)
                    for status, count in dict(crowd.statuses).items():
                        while_full[status] = while_full.get(status, 0) + count
                    filler.unlink()
                    back.append(round(own.wait_for_answer(time.monotonic()), 2))
            (visitor,) = visitors(own, ["officer.occ"])
            works = visitor.post(NEW, visitor.form(NEW) | own.entry("Entered with room again")).status
            return outcome(own, crowd, rounds=rounds, during=while_full, longest_until_back=max(back)) | {
                "failed": [] if works == 302 else [works],
            }
