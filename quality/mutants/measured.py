"""What share of all small changes to the rules the tests notice: some of each part's, chosen by chance.

Each part is tried with the tests that are about it, in a process of its own (`forked`).
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from quality.mutants.seeded import ROOT

LEAST = 90  # percent of a part's changes that have to be noticed


@dataclass(frozen=True)
class Part:
    """Some files, and the tests about them: the names of their files, perhaps with ``::`` and one of a file."""

    name: str
    files: str
    tests: str

    def paths(self) -> list[str]:
        """The files, from the root of the checkout."""
        found = []
        for pattern in self.files.split():
            found += ROOT.glob(pattern)
        found = sorted(found)
        return [path.relative_to(ROOT).as_posix() for path in found]

    def addresses(self) -> list[str]:
        """The tests as pytest knows them."""
        named = (name.partition("::") for name in self.tests.split())
        return [f"tests/{file}.py{sign}{test}" for file, sign, test in named]


VERBS = "portal/test_workflow_permissions portal/test_rules partnership/generic/test_left_open"
# A verb for each permission to write, and a register for each other one: every role is asked in all of them.
ASKED = "add_council begin_return call_off complete_action end_agreement enter_post give_role publish_decision rate"
ASKED += " record_agreement_review record_outcome set_line set_share set_target verify_line"
MAY = " ".join(f"portal/test_workflow_permissions::test_verb_is_for_those_who_may[{verb}]" for verb in ASKED.split())
MAY += " partnership/governance/test_workflow::test_only_officers_and_administrators_say_what_a_source_leaves_open"
ANSWERED = "costshare membership section auditcoverage"
ANSWERS = " ".join(
    f"portal/test_routes_matrix::test_register_answers_everybody_as_the_table_says[{name}]" for name in ANSWERED.split()
)
PARTS = [
    # docs/roles.md is written from the table, so the test that compares them would notice anything at all: left out.
    Part("roles", "partnership/accounts/roles.py", f"partnership/accounts/test_permissions {MAY} {ANSWERS}"),
    Part(
        "verbs of the core",
        "partnership/governance/workflow.py partnership/significant/workflow.py",
        f"{VERBS} partnership/governance/test_workflow partnership/governance/test_decisions"
        f" partnership/governance/test_meetings partnership/governance/test_actions"
        f" reviews/facts/test_assurance partnership/records/test_ending"
        f" partnership/governance/test_effects partnership/significant/test_significant_partnerships"
        " partnership/accounts/sign_in/test_council_accounts partnership/accounts/sign_in/test_sign_in"
        " partnership/governance/test_mutual_conditions",
    ),
    Part(
        "verbs of business cases",
        "business_cases/workflow.py business_cases/adoption.py",
        f"{VERBS} business_cases/test_workflow business_cases/test_pages",
    ),
    Part(
        "verbs of posts and savings",
        "joint_posts/posts/workflow.py joint_posts/costs/workflow.py joint_posts/savings/workflow.py"
        " joint_posts/savings/calculations.py",
        f"{VERBS} joint_posts/posts/test_workflow joint_posts/savings/test_workflow"
        f" joint_posts/savings/test_calculations joint_posts/savings/test_verification"
        f" joint_posts/posts/test_entering joint_posts/savings/test_ledger joint_posts/savings/test_grid",
    ),
    Part(
        "verbs of reviews",
        "reviews/papers/workflow.py reviews/papers/outcomes/workflow.py",
        f"{VERBS} reviews/papers/test_workflow reviews/papers/test_drafting"
        f" reviews/publishing/test_classes reviews/publishing/test_exempt_files"
        f" reviews/papers/outcomes/test_agendas reviews/papers/outcomes/test_outcomes",
    ),
    Part(
        "savings arithmetic",
        "joint_posts/costs/apportionment.py joint_posts/costs/summary.py"
        " joint_posts/savings/ledger.py joint_posts/savings/summary.py"
        " joint_posts/savings/verification.py reviews/facts/savings.py reviews/facts/sums.py partnership/money.py"
        " partnership/financial_years.py",
        "joint_posts/costs/test_apportionment joint_posts/savings/test_ledger reviews/facts/test_sums"
        " reviews/facts/test_partnership joint_posts/savings/test_verification"
        " joint_posts/savings/test_workflow partnership/test_money_and_dates reviews/facts/test_figures",
    ),
    # The ledger's facts are in the part before.
    Part(
        "reviews/facts/test_partnership",
        "reviews/facts/[!s]*.py reviews/facts/services.py reviews/facts/dashboard.py",
        "reviews/facts/test_partnership reviews/facts/test_reviewed reviews/facts/test_assurance"
        " reviews/papers/outcomes/test_outcomes reviews/facts/test_evidence"
        " partnership/significant/test_significant_partnerships reviews/papers/covers/test_document"
        " reviews/papers/test_partnerships_report reviews/dashboards/test_agenda",
    ),
]


def measure(folder: Path, parts: Iterable[Part], sample: int, seed: int, say: Callable[[str], object] = str) -> dict:
    """What came of the changes chosen in each part, by its name; two parts at a time on two cores."""

    def one(part: Part) -> dict:
        into = folder / f"{part.name.replace(' ', '-')}.json"
        into.unlink(missing_ok=True)
        options = ["--sample", str(sample), "--seed", str(seed), "--into", str(into), "--changed", *part.paths()]
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "quality.mutants.forked"]
        done = subprocess.run(
            [*command, *part.addresses(), *options], cwd=ROOT, check=False, capture_output=True, text=True
        )
        if not into.exists():
            return {"wrong": (done.stdout + done.stderr).strip().splitlines()[-1:], "possible": 0, "results": []}
        found = json.loads(into.read_text())
        say(summary(part.name, found))
        return found

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return dict(zip((part.name for part in parts), pool.map(one, parts), strict=True))


def outcomes(found: dict) -> Counter:
    """How often each outcome came of a part's changes."""
    return Counter(result["outcome"] for result in found["results"])


def noticed(found: dict) -> float:
    """What percentage of the changes that could be made was noticed."""
    count = outcomes(found)
    tried = count["caught"] + count["survived"]
    return 100 * count["caught"] / tried if tried else 0


def summary(name: str, found: dict) -> str:
    """A line on a part, and one on each change that no test noticed."""
    count = outcomes(found)
    tried = count["caught"] + count["survived"]
    took = round(sum(result["took"] for result in found["results"]))
    head = f"{name}: {count['caught']} of {tried} noticed ({noticed(found):.0f} %) of {found['possible']}, {took} s"
    survivors = (result for result in found["results"] if result["outcome"] == "survived")
    lines = [f"  {one['file']}:{one['line']}: {one['change']} {one['said']}".rstrip() for one in survivors]
    wrong = [f"  Left out, as it fails without any change: {test}" for test in found["wrong"]]
    return "\n".join([head, *wrong, *lines])
