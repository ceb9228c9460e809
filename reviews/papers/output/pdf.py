"""The same HTML as a tagged PDF (PDF/UA-1). The one module that imports WeasyPrint, and only when it draws.

`render` draws in this process. `render_apart` draws in a child process with limits, which is how the portal does it:
``python -m reviews.papers.output.pdf`` takes HTML on its input and gives the PDF on its output, and needs nothing else
of the portal, neither its settings nor its database.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from reviews.papers.output.structure import mend

NEEDS = (
    "The PDF cannot be drawn: the system library pango is missing. On Debian or Ubuntu install it with "
    "“apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0”."
)
TOO_MUCH = (
    "The paper takes more time or memory to draw than a paper of its size should. Look for a very long table or list "
    "in what was written last, shorten it, and try again."
)
MISSING = 3  # how the child process ends when pango is missing
LONGEST_CPU = 15  # seconds
LONGEST_WALL = 18  # seconds
LONGEST_UNHURRIED = 90  # the same by the clock where nobody waits for the page, as when a paper is published
LARGEST_MEMORY = 1536 * 1024 * 1024  # bytes of address space; a paper takes about 100 MB
# What the child process is told of the machine: no secret, no address of a database.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


class CannotDraw(RuntimeError):
    """The PDF cannot be drawn; the message says why and what to do."""


def render(html: str) -> bytes:
    """The page as PDF. The same page gives the same bytes. Raises ``CannotDraw``."""
    try:
        # Inside the function: the import alone takes seconds, and fails on a machine without pango.
        from weasyprint import HTML  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise CannotDraw(NEEDS) from error

    # Everything a paper needs is inside the page, so nothing is ever fetched: not a file, not an address.
    closed = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    return mend(HTML(string=html, url_fetcher=closed).write_pdf(pdf_variant="pdf/ua-1"))


def render_apart(html: str, *, longest: int = LONGEST_WALL) -> bytes:
    """The page as PDF, drawn in a process that cannot take the portal with it. Raises ``CannotDraw``.

    ``longest`` is how many seconds it may take.
    """
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reviews.papers.output.pdf"],
            input=html.encode(),
            capture_output=True,
            cwd=Path(__file__).resolve().parents[3],
            env=environment,
            timeout=longest,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise CannotDraw(TOO_MUCH) from late
    if done.returncode:
        raise CannotDraw(NEEDS if done.returncode == MISSING else TOO_MUCH)
    return done.stdout


def render_each_apart(pages: list[str]) -> list[bytes]:
    """Several pages, each drawn in a process of its own, as many at once as there are cores. Raises ``CannotDraw``."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(partial(render_apart, longest=LONGEST_UNHURRIED), pages))


def main() -> int:
    """Draw what comes in, within the limits."""
    for what, wanted in ((resource.RLIMIT_CPU, LONGEST_CPU), (resource.RLIMIT_AS, LARGEST_MEMORY)):
        allowed = resource.getrlimit(what)[1]
        most = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(what, (most, most))
    try:
        content = render(sys.stdin.buffer.read().decode())
    except CannotDraw:
        return MISSING
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
