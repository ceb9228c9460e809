"""Set-up: what must be there before the portal runs. Each step is done once, and again when its inputs change."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from ctypes.util import find_library
from pathlib import Path

from steps import PYTHON, ROOT, VENV, Trouble, alone, call, say, step
from styles import STYLES, build_styles, style_sources

REQUIREMENTS = ROOT / "requirements"
NODE_MODULES = ROOT / "node_modules"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
# What each Debian package is known by: the library WeasyPrint loads, or the program that is run.
PANGO = {
    "libpango-1.0-0": "pango-1.0",
    "libpangoft2-1.0-0": "pangoft2-1.0",
    "libharfbuzz-subset0": "harfbuzz-subset",
}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def set_up(*, for_tests: bool = False) -> None:
    """Do every step that is not done yet; with `for_tests`, also the ones only tests and checks need."""
    with alone():
        virtual_environment()
        locked_packages("dev" if for_tests else "base")
        node = node_folder()
        node_packages(node)
        styles(node)


def virtual_environment() -> None:
    """A Python of the portal's own, in .venv/."""
    if sys.version_info < OLDEST_PYTHON:
        raise Trouble("The portal needs Python 3.11 or later; name one with `make run PYTHON=python3.11`.")
    step(
        "virtual-environment",
        "make a virtual environment in .venv/",
        lambda log: call(sys.executable, "-m", "venv", VENV, log=log),
        inputs=[python_version(), str(ROOT)],
        makes=[PYTHON],
        remedy="Install Python's venv module (on Debian: apt-get install python3-venv) and run this again.",
    )


def locked_packages(which: str) -> None:
    """The Python packages of a lock, checked against its checksums; dev holds everything base does."""
    locks = [REQUIREMENTS / "base.txt"]
    if which == "dev":
        locks.append(REQUIREMENTS / "dev.txt")
    step(
        f"packages-{which}",
        f"install the Python packages of requirements/{which}.txt",
        lambda log: pip_install(f"{which}.txt", log),
        inputs=[python_version(), *locks],
        makes=[PYTHON],
        remedy="If no package index can be reached, mend that (`pip config list` names it); run this again.",
    )


def pip_install(lock: str, log: Path) -> None:
    """Install exactly what a lock names."""
    call(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", REQUIREMENTS / lock, log=log)


def python_version() -> str:
    """The running Python, major and minor."""
    return ".".join(map(str, sys.version_info[:2]))


def node_folder() -> Path:
    """Return where node 20 or later lives: the system's, else one from the Python package index put into .venv/."""
    found = shutil.which("node")
    if found and shutil.which("npm") and node_version(found) >= OLDEST_NODE:
        return Path(found).parent
    step(
        "node",
        f"fetch node {OLDEST_NODE} or later into .venv/, since the system has none",
        lambda log: pip_install("node.txt", log),
        inputs=[REQUIREMENTS / "node.txt", python_version()],
        makes=[VENV / "bin" / "node"],
        remedy=f"Install node {OLDEST_NODE} or later with npm, and run this again.",
    )
    return VENV / "bin"


def node_version(node: str) -> int:
    """The major version a node says it has, 0 when it will not say."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


def with_node(folder: Path) -> dict[str, str]:
    """The environment in which that node is the one that is found."""
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def node_packages(node: Path) -> None:
    """The design system, the typeface and sass, in node_modules/."""
    step(
        "node-packages",
        "install the npm packages of package-lock.json",
        lambda log: call(node / "npm", "ci", "--ignore-scripts", log=log, **with_node(node)),
        inputs=[ROOT / "package-lock.json", ROOT / "package.json"],
        makes=[NODE_MODULES / ".bin" / "sass"],
        remedy="If no registry can be reached, mend that (`npm config get registry` names it); run this again.",
    )


def styles(node: Path) -> None:
    """The style sheet, script and fonts, in var/static/."""
    step(
        "styles",
        "build the style sheet and copy script and fonts to var/static/",
        lambda log: build_styles(log, **with_node(node)),
        inputs=[*style_sources(), ROOT / "package-lock.json", ROOT / "scripts" / "styles.py"],
        makes=[STYLES / "portal.css", STYLES / "govuk-frontend.min.js"],
        remedy="The lines above name the place in static/; mend it and run this again.",
    )


def pango() -> None:
    """The text libraries PDF needs. Without them the portal starts all the same."""
    missing = [package for package, library in PANGO.items() if not find_library(library)]
    if missing and not from_debian(missing, "papers as PDF"):
        say("The portal works without it, but papers come as HTML only.")


def chromium() -> str | None:
    """The browser that browser tests drive, fetched when it may be; None when there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found or not from_debian(["chromium"], "browser tests"):
        return found
    return shutil.which("chromium")


def from_debian(packages: Iterable[str], purpose: str) -> bool:
    """Install system packages when we may; else say the one command that does. Tells whether they are there now."""
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Set-up: install {', '.join(packages)} (for {purpose})")
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for line in (["apt-get", "update"], install):
            done = subprocess.run(line, env=quiet, capture_output=True, check=False)
        if done.returncode == 0:
            return True
    say(f"Missing for {purpose}; install it with: sudo {' '.join(install)}")
    return False
