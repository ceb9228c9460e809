"""A pytest plugin: each small change to some files in a forked copy of this process, and the tests that reach it there.

The code of a function is exchanged in the copy, wherever the function is used: Django is loaded and the tests are read
once for all changes, and the files are only read. First every test has to pass as it is, watched for what it runs, and
pass again in a copy without a change, with its database in memory.
"""

from __future__ import annotations

import ast
import builtins
import copy
import gc
import json
import os
import signal
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path
from random import Random
from types import CodeType, FunctionType

import pytest
from _pytest.runner import runtestprotocol
from pytest_django.plugin import blocking_manager_key

from quality.mutants.changes import Change, changeable, changes
from quality.mutants.seeded import Fault

LONGEST = 180  # seconds of work for one change: it may have made a loop that never ends
# A fault may take its tests' usual time TIMES over, plus SPARE seconds.
SPARE = 10
TIMES = 3
SURVIVED = "survived"
CAUGHT = "caught"
NO_FIT = "not possible"


def pytest_addoption(parser):
    """Which files, how many changes of each, chosen how, and where what came of them goes."""
    group = parser.getgroup("mutants")
    group.addoption("--seeded", type=Path, metavar="FILE", help="the seeded faults to try, as JSON")
    group.addoption("--changed", nargs="+", type=Path, default=[], metavar="FILE", help="the files to change")
    group.addoption("--sample", type=int, help="how many changes, chosen by chance from all; without it, all")
    group.addoption("--seed", type=int, default=0, help="what the choice begins with")
    group.addoption("--into", type=Path, metavar="FILE", help="where what came of them goes, as JSON")


def pytest_collection_modifyitems(items):
    """Tests that empty the tables behind them would empty them for all; a browser is another process."""
    apart = {"transactional_db", "live_server"}
    items[:] = [item for item in items if not apart & set(item.fixturenames) and not has_transactions(item)]


def has_transactions(item) -> bool:
    """Return whether the test has transactions of its own."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))


class Watch:
    """Which tests run which functions of the files. The functions tell it themselves: a trace would slow down all."""

    def __init__(self, files: list[Path], functions: list[FunctionType]):
        self.trees = {str(path.resolve()): ast.parse(path.read_text()) for path in files}
        self.functions = [one for one in functions if one.__code__.co_filename in self.trees]
        self.items = defaultdict(set)  # (file, first line of the function) → tests
        self.made = defaultdict(set)  # the same → tests of which the data of the module is made with it
        self.took = defaultdict(float)  # by the file of the tests, in seconds
        self.during = []  # for whom what runs now is noted, and where

    def note(self, file: str, line: int) -> None:
        """A function says that it runs."""
        items, *notes = self.during[-1] if self.during else ((),)
        for each in notes:
            each[file, line].update(items)

    @contextmanager
    def told(self):
        """Functions say when they run, meanwhile."""
        was = [(function, function.__code__) for function in self.functions]
        builtins.__ran__ = self.note
        try:
            for file, tree in self.trees.items():
                self.exchange(file, compile(telling(tree, file), file, "exec"))
            yield
        finally:
            for function, code in was:
                function.__code__ = code
            del builtins.__ran__

    def exchange(self, file: str, module: CodeType) -> None:
        """Give the functions of a file the code that they have in a compiled module."""
        own = {(one.name, first_line(one)) for one in functions_in(self.trees[file])}
        fresh = {(code.co_name, code.co_firstlineno): code for code in codes(module)}
        for function in self.functions:
            code = function.__code__
            if code.co_filename == file and (code.co_name, code.co_firstlineno) in own:
                function.__code__ = fresh[code.co_name, code.co_firstlineno]

    @contextmanager
    def noting(self, items, *notes):
        """Note what runs meanwhile for these tests."""
        self.during.append((items, *notes))
        try:
            yield
        finally:
            self.during.pop()

    @pytest.hookimpl
    def pytest_runtest_makereport(self, item, call):
        """Note how long the tests of each file take."""
        self.took[item.path] += call.duration

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef, request):
        """What is made for a whole module is what all of its tests begin with."""
        if fixturedef.scope == "function":
            return (yield)
        below = [item for item in request.session.items if request.node in item.listchain()]
        with self.noting(below, self.items, self.made):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item):
        """What is made for the test."""
        with self.noting([item], self.items):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        """What the test itself runs."""
        with self.noting([item], self.items):
            return (yield)


def telling(tree: ast.Module, file: str) -> ast.Module:
    """The same module, in which each function first says that it runs."""
    tree = copy.deepcopy(tree)
    for function in functions_in(tree):
        said = ast.parse(f"__ran__({file!r}, {first_line(function)})").body[0]
        ast.copy_location(said, function.body[0])
        for node in ast.walk(said):
            ast.copy_location(node, function.body[0])
        function.body.insert(0, said)
    return tree


def functions_of(files: list[Path]) -> list[FunctionType]:
    """The functions of some files, wherever they are used."""
    names = {str(path.resolve()) for path in files}
    # Lazy objects pretend to be of other types, so this asks for the type itself.
    return [one for one in gc.get_objects() if type(one) is FunctionType and one.__code__.co_filename in names]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Instead of the tests: learn what they run, then try each change."""
    option = session.config.option
    faults = [Fault(**row) for row in json.loads(option.seeded.read_text())] if option.seeded else []
    functions = functions_of([*option.changed, *(Path(fault.file) for fault in faults)])
    watch = Watch(option.changed, functions)
    failed = learn(session, watch) if option.changed else []  # a seeded fault names its tests
    session.items = [item for item in session.items if item not in failed]
    session.items.sort(key=lambda item: watch.took[item.path])  # the quickest file first
    gc.freeze()  # what is there already is left where it is: looking at it would copy it for each change
    if blocking_manager_key in session.config.stash:  # tests without Django have no database
        with session.config.stash[blocking_manager_key].unblock():
            into_memory()
    trials = [seeded_trial(session, functions, fault) for fault in faults]
    possible, chosen = sample(session, watch)
    trials += chosen
    found = {"possible": possible, "seed": option.seed, "wrong": [item.nodeid for item in failed]}
    for _ in try_all(session, trials):  # what is known so far is written down at once: a run takes many minutes
        found["results"] = [trial.result() for trial in trials]
        option.into.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return True


def learn(session, watch: Watch) -> list:
    """Run every test as it is, watched; those that do not pass, which would notice anything at all."""
    session.config.pluginmanager.register(watch)
    pairs = zip(session.items, [*session.items[1:], session], strict=True)
    with watch.told():
        came = [(item, runtestprotocol(item, log=False, nextitem=following)) for item, following in pairs]
    session.config.pluginmanager.unregister(watch)
    rows = []
    for item, reports in came:
        if any(report.failed for report in reports):
            rows.append(item)
    return rows


def sample(session, watch: Watch) -> tuple[int, list[Trial]]:
    """How many small changes are possible in the files, and those chosen of them."""
    option = session.config.option
    trees = {path: ast.parse(path.read_text(), str(path.resolve())) for path in option.changed}
    every = []
    for path, tree in trees.items():
        every += [(path, change) for change in changes(tree)]
    chosen = sorted(Random(option.seed).sample(range(len(every)), min(option.sample or len(every), len(every))))
    return len(every), [small_trial(session, watch, *every[number], trees) for number in chosen]


def small_trial(session, watch: Watch, path: Path, change: Change, trees: dict[Path, ast.Module]) -> Trial:
    """A small change, with the tests that reach its function; all of them for what the module's names stand for."""
    file = str(path.resolve())
    tree = trees[path]
    items = set(session.items)
    made = set(session.items)
    if isinstance(change.within, ast.FunctionDef):
        place = file, first_line(change.within)
        items = watch.items[place]
        made = watch.made[place]
    facts = {"file": str(path), "line": change.line, "change": change.says}
    return Trial(session, items, made, facts, lambda: put_in(change, tree, file, watch.functions))


def seeded_trial(session, functions: list[FunctionType], fault: Fault) -> Trial:
    """A seeded fault, with the tests that have to notice."""
    facts = {"says": fault.says, "file": fault.file}
    items = items_of(session, fault)
    return Trial(session, items, items, facts, lambda: put_text(fault, functions))


def items_of(session, fault: Fault) -> set:
    """The tests that a fault names."""
    return {item for item in session.items if item.nodeid in fault.tests or item.nodeid.split("[")[0] in fault.tests}


def into_memory() -> None:
    """Go on with the empty database in memory, which each copy of the process has for itself, whatever is written."""
    from django.db import connection

    settings = connection.settings_dict
    if settings["NAME"] == settings["TEST"]["NAME"]:  # as pytest-django makes it for the first test that wants one
        connection.close()
        with closing(sqlite3.connect(settings["NAME"])) as stored:
            settings["NAME"] = ":memory:"
            connection.connect()
            stored.backup(connection.connection)


def try_all(session, trials: list[Trial]) -> Iterator[None]:
    """Try each change on the data of each module of tests, made once; where it survives and the making of data runs it,
    on data made with it, too.

    Comes back after each module.
    """
    reached = set().union(*(trial.items for trial in trials))
    for _, group in groupby([item for item in session.items if item in reached], key=lambda item: item.path):
        items = list(group)
        runtestprotocol(items[0], log=False, nextitem=items[0].parent)
        before = os.times().children_user
        sound = passing(session, items)
        longest = SPARE + TIMES * (os.times().children_user - before)
        for trial in trials:
            trial.on([item for item in sound if item in trial.items], longest)
        session._setupstate.teardown_exact(session)
        yield
    for trial in trials:
        trial.on([item for item in trial.passed if item in trial.made])
    yield


def passing(session, items) -> list:
    """Those that pass in a copy of the process, too; one that starts others does not, as they have no database."""
    while items and (failing := tried(session, items, lambda: None)[1]):
        items = [item for item in items if item.nodeid != failing]
    return items


class Trial:
    """One change, the tests that reach it, and what came of it so far."""

    def __init__(self, session, items: set, made: set, facts: dict, put_in: Callable[[], None]):
        self.session = session
        self.items = items
        self.made = made
        self.facts = facts
        self.put_in = put_in
        self.outcome = SURVIVED
        self.said = "no test runs it"
        self.took = 0.0
        self.passed = []

    def on(self, items, longest: float = LONGEST) -> None:
        """Try it on these tests, unless it was caught before."""
        if items and self.outcome == SURVIVED:
            began = time.monotonic()
            self.outcome, self.said = tried(self.session, items, self.put_in, longest)
            self.took += time.monotonic() - began
            self.passed += items

    def result(self) -> dict:
        """What came of it."""
        return self.facts | {"outcome": self.outcome, "said": self.said, "took": round(self.took, 1)}


def tried(session, items, prepare, longest: float = LONGEST) -> tuple[str, str]:
    """What came of a change in a copy of this process, and which test failed first."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_PROF, longest)
        try:
            os.write(writing, json.dumps(outcome_with(session, items, prepare)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return tuple(json.loads(said)) if said else (CAUGHT, "the tests did not end")


def outcome_with(session, items, prepare) -> tuple[str, str]:
    """What comes of a change in this process, and why."""
    try:
        prepare()
    except (ValueError, SyntaxError) as error:  # a method that no longer names its class; a sentence out of place
        return NO_FIT, str(error)
    except Exception as error:  # what gives a name its value ends in an error: nothing would start
        return CAUGHT, f"{type(error).__name__} as the module is loaded"
    failing = first_failing(session, items)
    return (CAUGHT, failing) if failing else (SURVIVED, "")


def first_failing(session, items) -> str:
    """The first test that does not pass, or nothing. What was made for a module is taken down after it."""
    for item, following in zip(items, [*items[1:], session], strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return item.nodeid
    return ""


def put_in(change: Change, tree: ast.Module, file: str, functions: list[FunctionType]) -> None:
    """Make the change in this process: in the code of its function, or in what a name of the module stands for."""
    change.put_in()
    if not isinstance(change.within, ast.FunctionDef):
        give_names(change.within, tree, file)
        return
    fresh = [code for code in codes(compile(tree, file, "exec")) if is_of(code, change.within)]
    for function in functions:
        if function.__code__.co_filename == file and is_of(function.__code__, change.within):
            (function.__code__,) = fresh


def put_text(fault: Fault, functions: list[FunctionType]) -> None:
    """Put a seeded fault into this process. Raises ``ValueError`` when more than functions would be others."""
    path = Path(fault.file).resolve()
    text = path.read_text() if path.suffix == ".py" else ""
    was, now = (ast.parse(one, str(path)) for one in (text, text.replace(fault.source, fault.instead)))
    pairs = list(zip(functions_in(was), functions_in(now), strict=True))
    fresh = list(codes(compile(now, str(path), "exec")))
    changed = [(old, new) for old, new in pairs if ast.dump(old) != ast.dump(new)]
    for old, new in changed:
        (code,) = [one for one in fresh if is_of(one, new)]
        for function in functions:
            if function.__code__.co_filename == str(path) and is_of(function.__code__, old):
                function.__code__ = code
    for old, new in pairs:
        old.body = new.body = []
    if not changed or ast.dump(was) != ast.dump(now):
        raise ValueError("not in the functions of a module")


def functions_in(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions and methods of a module."""
    return [one for one in changeable(tree) if isinstance(one, ast.FunctionDef)]


def codes(code: CodeType):
    """A code object and all that are inside it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from codes(inner)


def is_of(code: CodeType, function: ast.FunctionDef) -> bool:
    """Return whether it is the code of this function."""
    return code.co_name == function.name and code.co_firstlineno == first_line(function)


def first_line(function: ast.FunctionDef) -> int:
    """The line that a function begins on, or the first of its decorators."""
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


def give_names(statement: ast.stmt, tree: ast.Module, file: str) -> None:
    """Work out again what the module's names stand for from this statement on, and tell whoever has imported them."""
    module = next(one for one in list(sys.modules.values()) if getattr(one, "__file__", None) == file)
    names = dict(vars(module))
    was = dict(vars(module))
    rest = [one for one in tree.body if isinstance(one, ast.Assign | ast.AnnAssign) and one.lineno >= statement.lineno]
    exec(compile(ast.Module(rest, []), file, "exec"), names)  # noqa: S102 -- our own source, in a process of its own
    if all(name not in was or isinstance(value, type) or value == was[name] for name, value in names.items()):
        raise ValueError("gives no name another value")
    for name, value in names.items():
        if name in was and not isinstance(value, type) and value is not was[name]:
            for other in list(sys.modules.values()):
                if vars(other).get(name) is was[name]:
                    setattr(other, name, value)
