"""Common parts of the commands: paths, a step that is done once, and trouble told in one sentence."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
STAMPS = VAR / "set-up"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class Trouble(Exception):
    """Something failed; the message says what to do about it."""


def say(text: str) -> None:
    """Tell the person, at once."""
    print(text, flush=True)


def call(*command: str | Path, log: Path | None = None, folder: Path = ROOT, **environment: str) -> None:
    """Run a command; with a log, keep there what it says instead of showing it. Raises when the command fails."""
    full = os.environ | environment
    if log is None:
        subprocess.run(command, cwd=folder, env=full, check=True)
        return
    with log.open("a") as output:
        subprocess.run(command, cwd=folder, env=full, check=True, stdout=output, stderr=subprocess.STDOUT)


def fingerprint(inputs: Iterable[Path | str]) -> str:
    """One checksum over files and words: it changes when any of them does."""
    digest = hashlib.sha256()
    for item in inputs:
        digest.update(str(item).encode() + b"\0")
        if isinstance(item, Path):
            digest.update(item.read_bytes() + b"\0")
    return digest.hexdigest()


def step(
    name: str,
    says: str,
    do: Callable[[Path], None],
    *,
    inputs: Iterable[Path | str],
    makes: Iterable[Path],
    remedy: str,
) -> None:
    """Do one thing and say so, unless it was done before with the same inputs and what it made is still there.

    `do` is given the file to write its log to. Raises Trouble, with the remedy, when it fails.
    """
    mark = fingerprint(inputs)
    stamp = STAMPS / name
    log = STAMPS / f"{name}.log"
    if stamp.exists() and stamp.read_text() == mark and all(path.exists() for path in makes):
        return
    say(f"Set-up: {says}")
    STAMPS.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    try:
        do(log)
    except (subprocess.CalledProcessError, OSError) as error:
        said = log.read_text().splitlines()[-12:] or [str(error)]
        raise Trouble("\n".join([*said, "", f"This failed: {says}. {remedy}"])) from error
    stamp.write_text(mark)


@contextmanager
def alone():
    """One set-up at a time in this folder; a second waits."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    with (STAMPS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def command(main: Callable[[], int | None]) -> None:
    """Run a command's main function; trouble is a sentence and Ctrl-C an end, never a traceback."""
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(f"\n{trouble}")
    except KeyboardInterrupt:
        sys.exit(130)
