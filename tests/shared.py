"""What the two engines share between them when both run: with `--shared` each does what the other leaves to it.

* `pytest.mark.once("sqlite")` stands on what no database can make different – Chromium, the insides of a file, a rule
  without rows: it runs on that engine alone. `in_turn` marks the cases of one test so, every second for each engine.
* `my_share(items)` are every second of many that one test tries: together the engines try all of them.

Without the option, as in a run on one engine, everything runs and everything is tried. `scripts/test.py` passes it, and
counts: what one engine left out and the other did not run is a failure.
"""

import pytest

ENGINES = ("sqlite", "postgresql")
sharing = {"engine": None}  # the engine of this process while it shares, for what asks without a fixture
left = set()


def pytest_addoption(parser):
    """The option."""
    text = "leave to the other engine what a run on it does, see tests/shared.py"
    parser.getgroup("engine").addoption("--shared", action="store_true", help=text)


def pytest_configure(config):
    """Settle whether this run shares, and with which engine."""
    if config.option.shared:
        sharing["engine"] = config.option.engine


def my_share(items, *, first=0):
    """This engine's half of some things that are alike; ``first`` turns round whose half is whose."""
    if sharing["engine"] is None:
        return list(items)
    return list(items)[(ENGINES.index(sharing["engine"]) + first) % 2 :: 2]


def in_turn(cases):
    """Cases of a test that no database can make different, for the engines by turns; tuples are several arguments."""
    marks = [pytest.mark.once(engine) for engine in ENGINES]
    parameters = []
    for number, case in enumerate(cases):
        arguments = case if type(case) is tuple else (case,)
        parameters.append(pytest.param(*arguments, marks=marks[number % 2]))
    return parameters


def _belongs_to_other_engine(item):
    mark = item.get_closest_marker("once")
    return mark is not None and mark.args != (sharing["engine"],)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leave out what runs on the other engine."""
    if not config.option.shared:
        return
    others = [item for item in items if _belongs_to_other_engine(item)]
    left.update(item.nodeid for item in others)
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item.nodeid not in left]


def pytest_sessionfinish(session):
    """A process of pytest-xdist tells the first one what it left out; all of them leave out the same."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left"] = sorted(left)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Hear it."""
    left.update(getattr(node, "workeroutput", {}).get("left", ()))
