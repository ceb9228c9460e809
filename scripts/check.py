"""Everything that can be found wrong without running the suite. Changes nothing."""

import os
import subprocess

from set_up import set_up
from steps import PYTHON, ROOT, Trouble, command, say

APPS = ("partnership", "business_cases", "joint_posts", "reviews")
CHECKS = {
    "Python is clean": ("ruff", "check", "--output-format", "concise", "."),
    "Python is laid out": ("ruff", "format", "--check", "."),
    "nothing known to be dangerous": ("bandit", "-q", "-ll", "-r", *APPS),
    "templates are clean": ("djlint", "templates", "--lint"),
    "templates are laid out": ("djlint", "templates", "--check"),
    "models and migrations agree": ("manage.py", "makemigrations", "--check", "--dry-run"),
    "Django finds nothing": ("manage.py", "check"),
    "docs/roles.md is current": ("manage.py", "write_roles", "--check"),
    "docs/limits.md is current": ("manage.py", "write_limits", "--check"),
    "the repository keeps its promises": ("pytest", "-q", "tests/repository/test_repository.py"),
}

# The settings of a developer's machine: nothing here needs a secret or a database.
ENVIRONMENT = os.environ | {"DEBUG": "1", "DATABASE_URL": "sqlite://:memory:"}


def main() -> None:
    """Run every check, show what the failing ones say, and name them at the end."""
    set_up(for_tests=True)
    failed = [name for name, words in CHECKS.items() if not passes(name, words)]
    if failed:
        raise Trouble(f"Not right: {'; '.join(failed)}. `make fix` mends layout and documents written from the code.")
    say("Everything checked is right.")


def passes(name: str, words: tuple[str, ...]) -> bool:
    """Run one check; its output only when it fails."""
    done = run(words, capture_output=True, text=True)
    say(f"{'ok' if done.returncode == 0 else 'NO'}  {name}")
    if done.returncode:
        say(done.stdout + done.stderr)
    return done.returncode == 0


def run(words: tuple[str, ...], **options) -> subprocess.CompletedProcess:
    """Run one of the tools of .venv/, or manage.py."""
    tool, *arguments = words
    start = [PYTHON, tool] if tool.endswith(".py") else [PYTHON, "-m", tool]
    return subprocess.run([*start, *arguments], cwd=ROOT, env=ENVIRONMENT, check=False, **options)


if __name__ == "__main__":
    command(main)
