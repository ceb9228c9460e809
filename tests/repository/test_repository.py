"""The repository keeps its own promises, and each promise would be missed if it were broken."""

import subprocess
from pathlib import Path, PurePosixPath

import pytest
from django.template import engines

from tests import promises
from tests.promises import PROMISES, File

ROOT = Path(__file__).resolve().parents[2]
SLASH = "/"


def repository() -> list[File]:
    """Return every text file that is committed or about to be."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    found = sorted({PurePosixPath(name) for name in names if name and (ROOT / name).is_file()})
    return [File(path, (ROOT / path).read_bytes().decode(errors="replace")) for path in found]


@pytest.fixture(scope="module")
def files():
    return repository()


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_promise_is_kept(promise, files):
    broken = []
    assert len(files) > 500
    for file in files:
        broken += [f"{file.path} {wrong}" for wrong in promise(file)]
    assert not broken, "\n".join([promise.__doc__, *broken])


# Promise, path, what is in the file, and what is said of it.
BROKEN = [
    ("nothing_foreign", "static/fonts/source.woff2", "", "belongs to somebody else"),
    ("nothing_foreign", "node_modules/sass/sass.js", "", "belongs to somebody else"),
    ("locks_without_addresses", "requirements/base.txt", "--index-url x", "holds --index-url"),
    ("locks_without_addresses", "package-lock.json", '"resolved": ""', 'holds "resolved"'),
    ("no_name_of_a_machine", "README.md", f"see {SLASH}tmp{SLASH}x", f"names {SLASH}tmp{SLASH}x"),
    ("no_name_of_a_machine", "README.md", "from registry.npm" + "js.org", "names npm" + "js.org"),
    ("no_catch_alls", "reviews/utils.py", "", "is called utils"),
    (
        "no_catch_alls",
        "reviews/apps.py",
        "from django.db.models.signals import x",
        "imports django.db.models.signals.x",
    ),
    (
        "one_save",
        "reviews/models/reviews.py",
        "class Review(A):\n    def save(self): ...",
        "Review overrides save()",
    ),
    ("nothing_set_null", "reviews/models/reviews.py", "on_delete=models.SET_NULL", "uses SET_NULL on line 1"),
    (
        "fields_are_named",
        "reviews/papers/forms.py",
        "class Meta:\n    fields = '__all__'",
        "takes every field on line 2",
    ),
    ("no_clock_in_a_rule", "reviews/facts.py", "on = datetime.date.today()", "reads the clock on line 1"),
    ("no_clock_in_a_rule", "joint_posts/models/posts.py", "f(default=timezone.now)", "reads the clock on line 1"),
    ("imports_run_one_way", "joint_posts/workflow.py", "from reviews import facts", "imports reviews.facts on line 1"),
    ("imports_run_one_way", "joint_posts/models/posts.py", "from .. import workflow", "imports joint_posts.workflow"),
    ("weasyprint_late", "reviews/papers/output/pdf.py", "from weasyprint import HTML", "imports WeasyPrint on line 1"),
    ("weasyprint_late", "reviews/views.py", "def f():\n    import weasyprint", "imports WeasyPrint on line 2"),
    ("nothing_typed", "templates/reviews/papers/cover.html", "saves £314,000", "says 314,000"),
    ("nothing_typed", "reviews/models/outlines.py", "'Cherwell'", "says Cherwell"),
    ("suppressions_say_why", "reviews/views.py", "x = 1  # " + "noqa: S101", "gives no reason on line 1"),
    ("dependencies_say_why", "requirements/base.in", "# A.\na\n\nb", "does not say why b"),
    ("one_thought_a_line", "reviews/x.py", "[a for b in c for a in b]", "nests comprehensions on line 1"),
    ("one_thought_a_line", "tests/x.py", "{a: [b for b in a] for a in c}", "nests comprehensions on line 1"),
    ("one_thought_a_line", "reviews/x.py", "[b for a in c if (b := f(a))]", "assigns inside a comprehension on line 1"),
    ("one_thought_a_line", "reviews/x.py", "a if b else c if d else e", "nests conditional expressions on line 1"),
    ("one_thought_a_line", "reviews/x.py", "[*(a if b else [])]", "unpacks a conditional expression on line 1"),
    ("one_thought_a_line", "reviews/x.py", "a * (b > c)", "multiplies by a truth value on line 1"),
    ("one_thought_a_line", "reviews/x.py", "[a] * bool(b)", "multiplies by a truth value on line 1"),
    ("one_thought_a_line", "reviews/x.py", "a | (b if c else {})", "joins a conditional expression on line 1"),
    ("one_thought_a_line", "reviews/x.py", "a, b = c, d", "assigns several values on line 1"),
    ("docstrings_name_the_act", "reviews/x.py", 'def f():\n    """Whether."""', "begins a docstring with Whether"),
    ("short_test_names", "tests/x.py", f"def test_{'x' * 66}(): ...", "has a test name of 71 characters on line 1"),
]


@pytest.mark.parametrize(("name", "path", "text", "said"), BROKEN)
def test_promise_broken_is_noticed(name, path, text, said):
    found = list(getattr(promises, name)(File(PurePosixPath(path), text)))
    assert [wrong[: len(said)] for wrong in found] == [said]


def test_one_thought_a_line_lets_two_values_be_swapped():
    assert list(promises.one_thought_a_line(File(PurePosixPath("reviews/x.py"), "a, b = b, a"))) == []


def test_every_promise_is_seen_to_break():
    assert {name for name, *_ in BROKEN} == {promise.__name__ for promise in PROMISES}


def test_every_template_compiles(files):
    names = [
        str(file.path).partition("templates/")[2]
        for file in files
        if "templates" in file.path.parts[:-1] and file.path.parts[0] != "tests"
    ]
    assert len(names) > 100
    for name in names:
        engines["django"].get_template(name)  # raises where one does not compile


def test_the_machine_that_checks_runs_what_people_run():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make check", "make test"]
    assert lines[-2:] == ["make check", "make test"]
