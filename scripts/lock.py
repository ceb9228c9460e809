"""Compile the locks: exact versions with checksums, and no address of any registry."""

import json

from set_up import node_folder, set_up, with_node
from steps import PYTHON, ROOT, call, command, say

REQUIREMENTS = ROOT / "requirements"
COMPILE = ("--universal", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet")


def main() -> None:
    """Compile requirements/*.in, then package.json."""
    set_up(for_tests=True)
    for name in ("base", "dev", "node"):
        files = (f"{name}.in", f"--output-file={name}.txt")
        call(PYTHON, "-m", "uv", "pip", "compile", *COMPILE, *files, folder=REQUIREMENTS)
        say(f"requirements/{name}.txt")
    node = node_folder()
    call(node / "npm", "install", "--package-lock-only", "--ignore-scripts", **with_node(node))
    without_addresses()
    say("package-lock.json")


def without_addresses() -> None:
    """npm adds where to send money to each package; it is nobody's business at set-up."""
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    command(main)
