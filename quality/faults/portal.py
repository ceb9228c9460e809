"""A portal for one run of faults: gunicorn on loopback, in production's settings, on a database of its own."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from tests import postgresql, prepared

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
LONGEST_START = 60  # seconds
LONGEST_COMMAND = 600  # the same; the machine of the tests does other things meanwhile


class Portal:
    """Start it, break it, start it again. Everything it makes is in one folder, and goes with it."""

    def __init__(self, folder: Path, engine: str, disk: Path | None = None):
        self.folder = folder
        self.engine = engine
        self.disk = disk  # where one is named, whatever is written is on it
        self.port = free_port()
        self.process = self.server = None
        self.log = folder / "gunicorn.log"

    def __enter__(self):
        if self.engine == "postgresql":
            self.server = postgresql.start(durable=True, within=self.disk)
            prepared.postgresql_template(self.server)
            postgresql.client(self.server, "createdb", f"--template={prepared.TEMPLATE}", "portal")
        else:
            prepared.copy_sqlite(self.folder / "portal.sqlite3")
        self.manage("load_example")
        self.partnership = self.ask("partnership", "officer.occ", "officer.cdc")
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self.server:
            postgresql.stop(self.server)

    @property
    def environment(self) -> dict[str, str]:
        """As docs/running-it.md has it for a server, but for HTTPS, which stands in front of it there."""
        address = (
            postgresql.address(self.server) if self.server else f"sqlite:///{quote(str(self.folder))}/portal.sqlite3"
        )
        variables = {
            "PATH": self.programs,
            "SECRET_KEY": "a key for one run of faults, and for nothing else at all",
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": address,
            "EXAMPLE": "1",
            "DEBUG": "0",
            "TRUSTED_PROXIES": "1",  # who asks says that it came over HTTPS
        }
        if "HOME" in os.environ:
            variables["HOME"] = os.environ["HOME"]
        if self.disk:
            variables["TMPDIR"] = str(self.disk)
        return variables

    @property
    def programs(self) -> str:
        """Return where programs are; PostgreSQL's own too, which a backup needs."""
        if not self.server:
            return os.environ["PATH"]
        within = self.server if postgresql.is_root() else postgresql.site_packages()
        return f"{within / postgresql.PROGRAMS}{os.pathsep}{os.environ['PATH']}"

    def manage(self, *arguments: str) -> str:
        """Return the output of a command of the portal. Raises ``CalledProcessError`` with it when it fails."""
        return self.run(["manage.py", *arguments])

    def run(self, arguments: list[str], environment: dict[str, str] | None = None) -> str:
        """Return what Python printed, in this portal's environment or another. Raises ``CalledProcessError``."""
        given = {"cwd": ROOT, "env": environment or self.environment, "timeout": LONGEST_COMMAND}
        return subprocess.run([sys.executable, *arguments], **given, check=True, capture_output=True, text=True).stdout

    def ask(self, question: str, *arguments: str, environment: dict[str, str] | None = None):
        """The answer of `quality/faults/ask.py`, which looks at the database in a process of its own."""
        return json.loads(self.run(["-m", "quality.faults.ask", question, *arguments], environment))

    def entry(self, name: str) -> dict:
        """Return what somebody types to enter an example elsewhere, the smallest record there is."""
        return {"partnership": self.partnership, "name": name, "source": "A test", "reason": "Faults"}

    def start(self) -> float:
        """Serve; how many seconds it took to the first answer. Raises ``TimeoutError`` when there is none."""
        command = [sys.executable, "-m", "gunicorn", "--no-control-socket", f"--workers={WORKERS}", "--timeout=30"]
        command += ["--threads=4", f"--bind=127.0.0.1:{self.port}", "partnership.wsgi"]
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_for_answer(began)
        return time.monotonic() - began

    def wait_for_answer(self, began: float, longest: float = LONGEST_START) -> float:
        """Wait until a page comes; the seconds since then."""
        while time.monotonic() - began < longest:
            if self.answers():
                return time.monotonic() - began
            time.sleep(0.05)
        raise TimeoutError(f"No answer within {longest} seconds:\n{self.log.read_text()[-2000:]}")

    def answers(self) -> bool:
        """Return whether the sign-in page comes, which needs the database."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/published/", headers={"X-Forwarded-Proto": "https"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in children.read_text().split()]

    def kill_worker(self, chance) -> None:
        """End one worker in the middle of whatever it does; gunicorn starts another."""
        if workers := self.workers():
            kill(chance.choice(workers))

    def kill_all(self) -> None:
        """End the master and every worker at once."""
        workers = self.workers()
        for number in (self.process.pid, *workers):
            kill(number)
        self.process.wait()

    def kill_database(self) -> None:
        """End PostgreSQL and all of its processes at once, as when its machine's memory runs out."""
        lines = (self.server / "data" / "postmaster.pid").read_text().splitlines()
        master = int(lines[0])
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        for number in (master, *map(int, children)):
            kill(number)
        while Path(f"/proc/{master}").exists() and not is_dead(master):
            time.sleep(0.02)

    def start_database(self) -> None:
        """Start PostgreSQL again; it mends itself from its log."""
        for left in (self.server / "data" / "postmaster.pid", self.server / ".s.PGSQL.5432.lock"):
            left.unlink(missing_ok=True)  # its process may still wait to be counted, and is taken for alive
        postgresql.serve(self.server, durable=True)

    def stop(self) -> None:
        """End what this portal started, and nothing else."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill_all()
        shutil.rmtree(self.folder / "unfinished", ignore_errors=True)


def kill(number: int) -> None:
    """End a process of ours at once; one that has ended already is no trouble."""
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


def is_dead(number: int) -> bool:
    """Return whether a process has ended and only waits to be counted."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
