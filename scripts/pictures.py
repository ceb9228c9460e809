"""The README's pictures, taken anew: a page of the portal in Chromium, and a page of the review's PDF.

Starts the portal by itself on a port of its own and stops it again. Needs Chromium and pdftoppm (poppler-utils).
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from serve import OUT, REVIEW
from set_up import chromium, pango, set_up
from steps import PYTHON, ROOT, STAMPS, VENV, Trouble, call, command, say

PICTURES = ROOT / "docs" / "pictures"
ACCOUNT = ("officer.occ", "example")
PAGE = "/savings/"
# The page of the PDF that shows most of what the portal does: the one with the first chart.
SHOWS = "\nChart 1"
LOG = STAMPS / "pictures.log"
PATIENCE = 90  # seconds


def main() -> None:
    """Set up, become the Python of .venv/, open the portal, take the pictures."""
    if Path(sys.prefix) != VENV:
        set_up(for_tests=True)
        pango()
        os.execve(PYTHON, [PYTHON, __file__], os.environ)  # noqa: S606 -- no shell is wanted
    PICTURES.mkdir(parents=True, exist_ok=True)
    portal, address = open_portal()
    try:
        picture_of_page(address)
        picture_of_paper()
    finally:
        portal.terminate()
        portal.wait()


def open_portal() -> tuple[subprocess.Popen, str]:
    """Start the portal with the example; its process and address, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = os.environ | {"DEBUG": "1", "EXAMPLE": "1", "EXAMPLE_PASSWORD": ACCOUNT[1], "PORT": port}
    with LOG.open("w") as log:
        serve = [PYTHON, ROOT / "scripts" / "serve.py"]
        portal = subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(PATIENCE * 10):
        if portal.poll() is not None:
            raise Trouble(f"The portal did not start:\n{LOG.read_text()}")
        try:
            urllib.request.urlopen(f"{address}/sign-in/").close()  # noqa: S310 -- our own address
            return portal, address
        except OSError:
            time.sleep(0.1)
    portal.kill()
    raise Trouble(f"The portal did not answer within {PATIENCE} seconds.")


def picture_of_page(address: str) -> None:
    """Sign in and take the page."""
    from playwright.sync_api import sync_playwright

    browser_program = chromium()
    if not browser_program:
        raise Trouble("Pictures need Chromium.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page.goto(f"{address}/sign-in/")
        for name, value in zip(("username", "password"), ACCOUNT, strict=True):
            page.fill(f"input[name={name}]", value)
        page.click("main form button[type=submit], main form button")
        page.goto(address + PAGE)
        page.screenshot(path=PICTURES / "page.png")
        browser.close()
    say("docs/pictures/page.png")


def picture_of_paper() -> None:
    """Take the page of the PDF that holds the first chart."""
    from pypdf import PdfReader

    paper = OUT / f"{REVIEW}.pdf"
    pages = [number for number, page in enumerate(PdfReader(paper).pages, 1) if SHOWS in page.extract_text()]
    if not pages:
        raise Trouble(f"No page of {paper.name} holds “{SHOWS.strip()}”.")
    number = str(pages[-1])  # an earlier one is the list of contents
    call("pdftoppm", "-png", "-r", "80", "-f", number, "-l", number, "-singlefile", paper, PICTURES / "paper")
    say("docs/pictures/paper.png")


if __name__ == "__main__":
    command(main)
