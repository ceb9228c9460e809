"""Mend what a machine can: layout, simple slips, and the documents that are written from the code."""

from check import run
from set_up import set_up
from steps import command, say

MENDS = (
    ("ruff", "check", "--fix", "--quiet", "."),
    ("ruff", "format", "--quiet", "."),
    ("djlint", "templates", "--reformat", "--quiet"),
    ("manage.py", "write_roles"),
    ("manage.py", "write_limits"),
)


def main() -> None:
    """Run every mend; `make check` says what is left."""
    set_up(for_tests=True)
    for words in MENDS:
        run(words)
    say("Mended what could be; `make check` says what is left.")


if __name__ == "__main__":
    command(main)
