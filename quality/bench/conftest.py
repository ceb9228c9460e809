"""Fixtures of every bench: its options, a place for its figures, and pages drawn as they are in use."""

import json
import sys
from pathlib import Path

import pytest
from django.db import connection

from quality.bench.goals import GOALS


def pytest_addoption(parser):
    """Return where the figures go, and whether the largest sizes are tried too."""
    group = parser.getgroup("bench")
    group.addoption("--figures", type=Path, metavar="FILE", help="add the figures to this file, a line of JSON each")
    group.addoption("--million", action="store_true", help="look back over a million rows of history too")


@pytest.fixture
def reached(request, capsys):
    """Takes the ratios found, by the names of their goals: writes them down, and fails where one is missed."""

    def take(found):
        lines = []
        for goal, value in ((GOALS[what], value) for what, value in found.items()):
            lines.append(
                {"engine": connection.vendor, "row": goal.row, "what": goal.what, "goal": goal.words}
                | {"found": round(value, 2), "is_reached": goal.is_reached(value)}
            )
        with capsys.disabled():
            sys.stdout.writelines(f"\n{line['what']:70} {line['found']:8.2f}   {line['goal']}" for line in lines)
        kept = request.config.getoption("figures")
        if kept:
            with kept.open("a") as file:
                file.writelines(f"{json.dumps(line)}\n" for line in lines)
        assert [line["what"] for line in lines if not line["is_reached"]] == []

    return take


@pytest.fixture
def tell(capsys):
    """Writes beside the figures what they were made of."""

    def write(text):
        with capsys.disabled():
            sys.stdout.write(f"\n{connection.vendor}: {text}")

    return write


@pytest.fixture(autouse=True)
def drawn_as_in_use(monkeypatch):
    """Tests have every template noted that is drawn; a page of a hundred small ones would pay twice for it."""
    from django.template import Template
    from django.test.utils import _TestState

    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)
