"""Test what the documents say of the repository is so, as far as a machine can tell."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
NAMED_FILE = re.compile(r"`([\w./-]+\.(?:py|md|toml|json|txt|in))`")
# Where a file that is named by its end alone may be.
FOLDERS = (
    "",
    "docs",
    "scripts",
    "tests",
    "quality",
    "partnership",
    "partnership/generic",
    "joint_posts",
    "reviews",
    "reviews/dashboards",
)
APPS = ("partnership", "business_cases", "joint_posts", "reviews")


def documents():
    """The Markdown files that people read, but for the example's own texts."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    found = {ROOT / name for name in names if name and (ROOT / name).is_file()}
    return sorted(path for path in found if "story" not in path.parts and not path.parent.name.startswith("gateway-"))


def display_value(*names):
    return "\n".join((ROOT / name).read_text() for name in names)


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_link_leads_to_a_file(path):
    links = [link for link in LINK.findall(path.read_text()) if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_file_that_is_named_exists(path):
    named = set(NAMED_FILE.findall(path.read_text()))
    folders = [path.parent, *(ROOT / folder for folder in FOLDERS)]
    existing = set()
    for folder in folders:
        existing |= {name for name in named if (folder / name).exists()}
    assert named - existing == set()


def test_every_environment_variable_is_described():
    read = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', display_value("partnership/settings.py")))
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", display_value("docs/running-it.md"), re.MULTILINE))
    assert len(read) > 5
    assert described == read


def test_every_make_target_is_described():
    targets = set(re.findall(r"^([a-z]+):.*## ", display_value("Makefile"), re.MULTILINE))
    described = set(re.findall(r"^\| `make ([a-z]+)` \|", display_value("CONTRIBUTING.md"), re.MULTILINE))
    assert len(targets) > 5
    assert described == targets
    assert set(re.findall(r"^    make (\w+)", display_value("README.md"), re.MULTILINE)) == {"run", "test"}


def test_every_command_is_described():
    commands = set()
    for app in APPS:
        commands |= {path.stem for path in (ROOT / app).glob("management/commands/[!_]*.py")}
    described = set(re.findall(r"^\| `([a-z_]+)[ `]", display_value("docs/running-it.md"), re.MULTILINE))
    assert len(commands) > 4
    assert described == commands


def test_every_decision_is_listed():
    decisions = [path.name for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))]
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", display_value("docs/adr/README.md"), re.MULTILINE)
    assert [name for _, _, name in listed] == decisions
    for number, title, name in listed:
        assert display_value(f"docs/adr/{name}").splitlines()[0] == f"# {number}. {title}"
        assert name.startswith(f"{int(number):04}-")


def test_licence_file_is_the_one_that_the_package_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (project["license"], project["license-files"]) == ("MIT", ["LICENCE"])
    first, _, copyright_line = (ROOT / "LICENCE").read_text().splitlines()[:3]
    assert first == "MIT License"
    assert copyright_line.startswith("Copyright (c) ")
    assert "[MIT licence](LICENCE)" in (ROOT / "README.md").read_text()


def test_security_document_says_what_could_be_forged_in_the_database():
    text = (ROOT / "docs" / "security.md").read_text()
    _, _, part = text.partition("## What somebody who can write to the database could forge\n")
    part = part.partition("\n## ")[0]
    _, found, missed = part.partition("It does not find, and nothing inside one database can:\n")
    assert found
    assert len(re.findall(r"^\* ", missed, re.MULTILINE)) == 5
