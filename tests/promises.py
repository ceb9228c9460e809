"""The promises of the repository that a machine can check: each takes one file and yields what is wrong in it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

# Imports run one way: an app may import itself and those before it.
APPS = ("partnership", "business_cases", "joint_posts", "reviews")
# Inside an app too: a module may import those of its own step and the steps before.
LAYERS = {"models": 0, "workflow": 1, "filters": 2, "forms": 2, "registers": 3, "views": 3, "urls": 4}
CATCH_ALLS = {"utils", "helpers", "common", "signals"}
FOREIGN = (".woff", ".woff2", ".ttf", ".otf", ".eot", ".min.js", ".min.css", ".map")
FOLDERS_OF_OTHERS = {"node_modules", ".venv", "site-packages"}
# Modules that hold rules. A rule is passed the day; it never asks what day it is.
RULE_BOOKS = {"models", "workflow", "facts", "figures", "document", "outlines", "proof", "exit", "apportionment"}
RULE_BOOKS |= {"deadlines", "money", "financial_years", "classing", "covering", "ledger", "effects"}
CLOCKS = {"date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time"}
CLOCKS |= {"timezone.now", "timezone.localdate", "timezone.localtime", "localdate", "localtime"}
CLAUSE = re.compile(r"(What|Whether|Which|Where|Who|How|When|Of)\b")
LONGEST_TEST_NAME = 70
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# The names of one machine, put together here so that this file does not hold them.
MACHINE = re.compile(r"(?<![\w.}])/(?:wor" + r"k|tm" + r"p|roo" + r"t)/\w")
REGISTRY = re.compile("|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.(?:org|com)")))
ADDRESS = re.compile(r"https?:|file:|git\+|--(?:extra-)?index-url|--find-links|\"resolved\"")
# What the example's papers say must come from the registers, so no template or outline says it.
TYPED = re.compile(r"\b(?:314|315|629|630)[,_ ]?000\b|\b\d of (?:9|6)\b|Oxfordshire|Cherwell")


@dataclass(frozen=True)
class File:
    """One file of the repository, by its path from the root."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def is_python(self) -> bool:
        return self.path.suffix == ".py"

    @property
    def is_ours(self) -> bool:
        """Python of the four apps that a person wrote."""
        return self.is_python and self.path.parts[0] in APPS and "migrations" not in self.path.parts

    @property
    def is_lock(self) -> bool:
        return self.path.name == "package-lock.json" or self.path.match("requirements/*.txt")

    @property
    def module(self) -> str:
        """Its dotted name, as an import would say it."""
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def imports(self) -> Iterator[tuple[str, int]]:
        """Return every module it imports, anywhere in it, with the line."""
        package = self.module if self.path.name == "__init__.py" else self.module.rpartition(".")[0]
        for node in self.nodes(ast.Import, ast.ImportFrom):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
                continue
            parts = package.split(".")
            base = parts[: len(parts) - node.level + 1] if node.level else []
            origin = ".".join([*base, *filter(None, [node.module])])
            yield from ((f"{origin}.{alias.name}", node.lineno) for alias in node.names)


def nothing_foreign(file: File) -> Iterator[str]:
    """Return what other people wrote is fetched at set-up, never committed."""
    if file.path.name.endswith(FOREIGN) or FOLDERS_OF_OTHERS & set(file.path.parts):
        yield "belongs to somebody else"


def locks_without_addresses(file: File) -> Iterator[str]:
    """A lock names packages and checksums; where they come from is the machine's affair."""
    if file.is_lock:
        yield from (f"holds {found}" for found in sorted(set(ADDRESS.findall(file.text))))


def no_name_of_a_machine(file: File) -> Iterator[str]:
    """No path of one machine, no host of a registry."""
    yield from (f"names {found}" for found in MACHINE.findall(file.text) + REGISTRY.findall(file.text))


def no_catch_alls(file: File) -> Iterator[str]:
    """Return every module is named after what it is about; nothing happens behind a signal."""
    if file.is_ours:
        parts = file.path.with_suffix("").parts
        # The services two councils share are a noun of ours; a service layer beside the workflow is not.
        found = CATCH_ALLS & {*parts} | {"services"} & {*parts[1:2]}
        yield from (f"is called {name}" for name in sorted(found))
        for name, line in file.imports():
            if "signals" in name or name.startswith("django.dispatch"):
                yield f"imports {name} on line {line}"


def one_save(file: File) -> Iterator[str]:
    """Return of the models, only Record overrides save(); a form's save() goes through the workflow."""
    if not file.is_ours or "forms" in file.module.split("."):
        return
    for owner in file.nodes(ast.ClassDef):
        is_record = (file.module, owner.name) == ("partnership.records.record", "Record")
        if not owner.bases or is_record or owner.name.endswith("Form"):
            continue
        if any(isinstance(part, ast.FunctionDef) and part.name == "save" for part in owner.body):
            yield f"{owner.name} overrides save()"


def nothing_set_null(file: File) -> Iterator[str]:
    """Setting a link to nothing leaves no history."""
    if file.is_ours:
        for node in file.nodes(ast.Attribute, ast.Name):
            if getattr(node, "attr", getattr(node, "id", "")) == "SET_NULL":
                yield f"uses SET_NULL on line {node.lineno}"


def fields_are_named(file: File) -> Iterator[str]:
    """A form or filter lists its fields, so that a new one is never shown by accident."""
    if file.is_ours:
        for node in file.nodes(ast.Constant):
            if node.value == "__all__" and "__all__ =" not in file.text.splitlines()[node.lineno - 1]:
                yield f"takes every field on line {node.lineno}"


def no_clock_in_a_rule(file: File) -> Iterator[str]:
    """A rule is passed the day it is about."""
    if file.is_ours and RULE_BOOKS & {*file.path.with_suffix("").parts}:
        for node in file.nodes(ast.Attribute, ast.Name):
            if ".".join(ast.unparse(node).split(".")[-2:]) in CLOCKS:
                yield f"reads the clock on line {node.lineno}"


def imports_run_one_way(file: File) -> Iterator[str]:
    """From the core to the reviews, and inside an app from models to urls."""
    if not file.is_ours:
        return
    app = file.path.parts[0]
    place = layer(file.module)
    for name, line in file.imports():
        other = name.partition(".")[0]
        if other in APPS and APPS.index(other) > APPS.index(app):
            yield f"imports {name} on line {line}"
        elif other == app and place is not None and (layer(name) or 0) > place:
            yield f"imports {name}, which comes after it, on line {line}"


def layer(module: str) -> int | None:
    """The step of a module inside its app, None when it has no fixed one."""
    return LAYERS.get([*module.split("."), ""][1])


def weasyprint_late(file: File) -> Iterator[str]:
    """WeasyPrint takes two seconds to import and may be missing a library: one module, inside a function."""
    if not file.is_ours:
        return
    inside = set()
    for function in file.nodes(ast.FunctionDef):
        inside |= {id(node) for node in ast.walk(function)}
    for node in file.nodes(ast.Import, ast.ImportFrom):
        if not re.match(r"(?:from|import) weasyprint\b", ast.unparse(node)):
            continue
        if file.module != "reviews.papers.output.pdf" or id(node) not in inside:
            yield f"imports WeasyPrint on line {node.lineno}"


def nothing_typed(file: File) -> Iterator[str]:
    """Templates and outlines hold no figure, rating or council of the example: those come from the registers."""
    if file.path.parts[0] == "templates" or file.path.name == "outlines.py":
        yield from (f"says {found}" for found in TYPED.findall(file.text))


def suppressions_say_why(file: File) -> Iterator[str]:
    """A check is switched off with its reason: after two dashes on the line, or in a comment just above."""
    if not file.is_python:
        return
    explained = False
    for number, line in enumerate(file.text.splitlines(), start=1):
        suppression = re.search(r"#\s*noqa(: [A-Z0-9, ]+ -- \S)?", line)
        if line.strip().startswith("#"):
            explained = True
        elif not suppression:
            explained = False
        elif not explained and not suppression[1]:
            yield f"gives no reason on line {number}"


def dependencies_say_why(file: File) -> Iterator[str]:
    """Return each thing we depend on has its reason above it."""
    if not file.path.match("requirements/*.in"):
        return
    explained = False
    for line in file.text.splitlines():
        explained = bool(line) and (explained or line.startswith("#"))
        if line and not explained and not line.startswith("-"):
            yield f"does not say why {line}"


def _is_conditional(node: ast.AST) -> bool:
    return isinstance(node, ast.IfExp)


def _is_truth_value(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare | ast.BoolOp):
        return True
    is_negation = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    return is_negation or (isinstance(node, ast.Call) and ast.unparse(node.func) == "bool")


def _packs_two_thoughts(node: ast.AST) -> str:
    """Return what the expression or assignment packs together; empty where it is one thought."""
    inside = list(ast.walk(node))[1:]
    if isinstance(node, COMPREHENSIONS):
        if len(node.generators) > 1 or any(isinstance(part, COMPREHENSIONS) for part in inside):
            return "nests comprehensions"
        if any(isinstance(part, ast.NamedExpr) for part in inside):
            return "assigns inside a comprehension"
    if _is_conditional(node) and any(map(_is_conditional, inside)):
        return "nests conditional expressions"
    if isinstance(node, ast.Starred) and _is_conditional(node.value):
        return "unpacks a conditional expression"
    if isinstance(node, ast.BinOp):
        sides = (node.left, node.right)
        if isinstance(node.op, ast.Mult) and any(map(_is_truth_value, sides)):
            return "multiplies by a truth value"
        if isinstance(node.op, ast.BitOr) and any(map(_is_conditional, sides)):
            return "joins a conditional expression"
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and isinstance(node.targets[0], ast.Tuple):
        targets = {ast.unparse(target) for target in node.targets[0].elts}
        read = {ast.unparse(part) for part in ast.walk(node.value)}
        if not targets & read:  # swapping two values reads what it assigns
            return "assigns several values"
    return ""


def one_thought_a_line(file: File) -> Iterator[str]:
    """A loop, a named function or two assignments say what a nested expression hides."""
    if not file.is_python or "migrations" in file.path.parts:
        return
    for node in ast.walk(file.tree):
        packed = _packs_two_thoughts(node)
        if packed:
            yield f"{packed} on line {node.lineno}"


def docstrings_name_the_act(file: File) -> Iterator[str]:
    """A docstring begins with a verb, or with the thing that a class is."""
    if not file.is_python or "migrations" in file.path.parts:
        return
    for node in file.nodes(ast.Module, ast.ClassDef, ast.FunctionDef):
        words = ast.get_docstring(node) or ""
        if CLAUSE.match(words) and not getattr(node, "name", "").startswith("test_"):
            yield f"begins a docstring with {words.split()[0]} on line {node.body[0].lineno}"


def short_test_names(file: File) -> Iterator[str]:
    """The name of a test says function, condition and result in at most 70 characters."""
    if not file.is_python:
        return
    for node in file.nodes(ast.FunctionDef):
        if node.name.startswith("test_") and len(node.name) > LONGEST_TEST_NAME:
            yield f"has a test name of {len(node.name)} characters on line {node.lineno}"


PROMISES = (
    nothing_foreign,
    locks_without_addresses,
    no_name_of_a_machine,
    no_catch_alls,
    one_save,
    nothing_set_null,
    fields_are_named,
    no_clock_in_a_rule,
    imports_run_one_way,
    weasyprint_late,
    nothing_typed,
    suppressions_say_why,
    dependencies_say_why,
    one_thought_a_line,
    docstrings_name_the_act,
    short_test_names,
)
