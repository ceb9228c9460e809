"""Bring the database up to date, load the example, write its review, and serve: all in one process, for speed.

Only the worker, which imports files and publishes reviews, is a process of its own.

Run by scripts/run.py with the Python of .venv/.
"""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from steps import ROOT, STAMPS, VAR, command, fingerprint, say

REVIEW = "gateway-review-2019-03"
OUT = ROOT / "out"
FIRST_ACCOUNT = (
    "  DATABASE_URL={url} .venv/bin/python manage.py create_administrator USERNAME"
    ' --name "NAME" --council "COUNCIL" --short-name "INITIALS"'
)
# What a paper is made with; what it is made of shows in its page.
MAKERS = ("reviews/**/*.py", "templates/**/*.html", "static/**/*", "var/static/*.css", "requirements/base.txt")


def main() -> None:
    """Everything between set-up and the first page."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "partnership.settings"
    import django
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    VAR.chmod(0o700)  # the database and the secret key are in it
    django.setup()
    say("Bring the database up to date")
    call_command("migrate", verbosity=0)
    if settings.EXAMPLE:
        say("Load the example")
        call_command("load_example", "--publish")
        write_papers()
    elif not get_user_model().objects.exists():
        first_account = FIRST_ACCOUNT.format(url=os.environ["DATABASE_URL"])
        say(f"The portal is empty. Make its first account with:\n{first_account}")
    address = f"127.0.0.1:{os.environ['PORT']}"
    worker = start_worker()
    try:
        say(f"\nThe portal is at http://{address}/ (Ctrl-C ends it)")
        call_command("runserver", address, use_reloader=False)
    finally:
        worker.kill()  # its jobs end with it, and are begun again by the next worker
        worker.wait()


def start_worker() -> subprocess.Popen:
    """Start what imports files and publishes reviews; it ends with this process, however that ends."""
    from partnership.worker import end_with

    command = [sys.executable, ROOT / "manage.py", "work"]
    ends_too = partial(end_with, os.getpid())
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, preexec_fn=ends_too)  # noqa: PLW1509 -- one thread


def write_papers() -> None:
    """The example's review in out/: the page each time, the PDF when the page or what makes it has changed."""
    from django.core.management import CommandError, call_command

    OUT.mkdir(exist_ok=True)
    page = OUT / f"{REVIEW}.html"
    paper = OUT / f"{REVIEW}.pdf"
    call_command("render_review", REVIEW, "--format", "html", "--output", str(page))
    mark = fingerprint([page, *makers()])
    stamp = STAMPS / REVIEW
    if paper.exists() and stamp.exists() and stamp.read_text() == mark:
        return say(f"{paper} is as it should be")
    try:
        call_command("render_review", REVIEW, "--format", "pdf", "--output", str(paper))
        stamp.write_text(mark)
    except CommandError as error:
        say(f"The PDF was not written: {error}")


def makers() -> list[Path]:
    """Return every file that has a say in how a paper looks."""
    paths = []
    for pattern in MAKERS:
        paths += [path for path in ROOT.glob(pattern) if path.is_file()]
    return sorted(paths)


if __name__ == "__main__":
    command(main)
