"""The commands' own scripts: a step is done once, trouble is told, and a run that did not happen is not a pass."""

import importlib
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(monkeypatch):
    """A module of scripts/, as the command that uses it would import it."""
    monkeypatch.syspath_prepend(ROOT / "scripts")
    return importlib.import_module


@pytest.fixture
def step(script, monkeypatch, tmp_path):
    """One step whose input is source.txt and whose work is to note that it was done."""
    steps = script("steps")
    monkeypatch.setattr(steps, "STAMPS", tmp_path / "stamps")
    source = tmp_path / "source.txt"
    made = tmp_path / "made.txt"
    source.write_text("first")

    def take(do=lambda log: made.write_text(f"{made.read_text() if made.exists() else ''}done ")):
        steps.step("build", "build it", do, inputs=[source], makes=[made], remedy="Mend it.")
        return made.read_text()

    take.source = source
    take.made = made
    take.trouble = steps.Trouble
    return take


def test_step_is_done_once(step):
    assert [step(), step()] == ["done ", "done "]


def test_step_is_done_again_when_its_input_changes(step):
    step()
    step.source.write_text("second")
    assert step() == "done done "


def test_step_is_done_again_when_what_it_made_is_gone(step):
    step()
    step.made.unlink()
    assert step() == "done "


def test_step_that_fails_says_what_to_do_and_is_tried_again(step):
    def fail(log):
        log.write_text("no room on the disk")
        raise OSError

    with pytest.raises(step.trouble) as raised:
        step(fail)
    assert str(raised.value) == "no room on the disk\n\nThis failed: build it. Mend it."
    assert step() == "done "


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ({"code": 0, "ran_on": {"postgresql": 5}}, []),
        ({"code": 0, "ran_on": {"sqlite": 5}}, ["The run on postgresql really ran on: sqlite."]),
        ({"code": 0, "ran_on": {}}, ["The run on postgresql really ran on: nothing."]),
        ({"code": 1, "ran_on": {"postgresql": 5}}, ["The run on postgresql ended with code 1."]),
        ({"code": 5, "ran_on": {}}, []),
    ],
)
def test_run_that_did_not_happen_where_it_should_is_a_failure(script, report, said):
    script("steps")
    run = runpy.run_path(str(ROOT / "scripts" / "test.py"))
    assert run["complaints"]("postgresql", report) == said


def test_picture_is_kept_only_when_it_is_an_icon(script, monkeypatch, tmp_path):
    styles = script("styles")
    monkeypatch.setattr(styles, "ICONS", tmp_path)
    monkeypatch.setattr(styles, "STYLES", tmp_path / "static")
    (tmp_path / "static").mkdir()
    for name in ("icon-document.svg", "moj-crest.svg"):
        (tmp_path / name).write_text("<svg/>")
    sheet = 'url("/images/icon-document.svg") url(moj/moj-crest.svg) url("fonts/a.woff2")'
    assert styles.PICTURE.sub(styles.keep_or_drop, sheet) == 'url("images/icon-document.svg") none url("fonts/a.woff2")'
