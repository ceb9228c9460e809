"""Ten rows of figures as ratios within one run, on both engines, against their goals; a table at the end.

`--write` puts the table into docs/performance.md; `--million` looks back over a million rows of history too; other
arguments go on to pytest (`-k export`).
"""

import json
import subprocess
import sys
from pathlib import Path

from set_up import pango, set_up
from steps import PYTHON, ROOT, VAR, Trouble, command, say

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PAGE = ROOT / "docs" / "performance.md"
BEGIN = "<!-- written by make bench -->\n"
END = "<!-- end -->\n"


def main() -> None:
    """Run every bench on every engine; trouble names the goals that were missed."""
    set_up(for_tests=True)
    pango()
    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    found = []
    for engine in ENGINES:
        found += run_on(engine, arguments)
    rows = table(found)
    say("\n" + rows)
    if "--write" in sys.argv:
        write(rows)
    missed = [f"{figure['what']} ({ENGINES[figure['engine']]})" for figure in found if not figure["is_reached"]]
    if missed:
        raise Trouble("Missed:\n  " + "\n  ".join(missed))


def run_on(engine: str, arguments: list[str]) -> list[dict]:
    """Return what the benches found on one engine. Raises when they ended for another reason than a missed goal."""
    say(f"\nBench on {engine}")
    kept = VAR / f"bench-{engine}.jsonl"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("")
    benches = sorted((ROOT / "quality" / "bench").glob("bench_*.py"))
    run = [PYTHON, "-m", "pytest", "-q", "--no-header", "--tb=line", "--engine", engine, "--figures", kept]
    ended = subprocess.run([*run, *arguments, *benches], cwd=ROOT, check=False).returncode
    found = [json.loads(line) for line in kept.read_text().splitlines()]
    if ended and all(figure["is_reached"] for figure in found):
        raise Trouble(f"The benches on {engine} ended with code {ended}.")
    return found


def table(found: list[dict]) -> str:
    """The figures of both engines side by side; what misses its goal stands out."""
    lines = {}
    for figure in found:
        line = lines.setdefault((figure["row"], figure["what"]), {"goal": figure["goal"]})
        line[figure["engine"]] = f"{figure['found']:.2f}" if figure["is_reached"] else f"**{figure['found']:.2f}**"
    head = f"| row | what | goal | {' | '.join(ENGINES.values())} |\n|---|---|---|{'---|' * len(ENGINES)}\n"
    written = [head]
    for (row, what), line in sorted(lines.items(), key=lambda item: item[0][0]):
        figures = " | ".join(line.get(engine, "") for engine in ENGINES)
        written.append(f"| {row} | {what} | {line['goal']} | {figures} |\n")
    return "".join(written)


def write(rows: str, page: Path = PAGE) -> None:
    """Put the table where the page keeps it."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{rows}\n{END}{after}")
    say(f"The table stands in {page.relative_to(ROOT)}.")


if __name__ == "__main__":
    command(main)
