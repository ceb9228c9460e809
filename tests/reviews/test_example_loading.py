"""The example loads whole or not at all, and only where it was asked for."""

import pytest
from django.core.management import CommandError, call_command

from partnership.models import Council, User
from reviews import example as story

pytestmark = pytest.mark.django_db


def test_failure_leaves_nothing_half_loaded(settings, tmp_path, monkeypatch):
    settings.EXAMPLE = True
    (tmp_path / "story").mkdir()
    for name in ("councils.toml", "accounts.toml", "story/2018-07-01-agreed.toml"):
        (tmp_path / name).write_text((story.FOLDER / name).read_text())
    (tmp_path / "story" / "2018-10-01-begun.toml").write_text('at = 2018-10-01\nsource = "Broken"\n[[no_such_thing]]\n')
    monkeypatch.setattr(story, "FOLDER", tmp_path)
    with pytest.raises(KeyError):
        call_command("load_example")
    assert (Council.objects.count(), Council.history.count(), User.objects.count()) == (0, 0, 0)


def test_example_is_refused_elsewhere(settings):
    settings.EXAMPLE = False
    with pytest.raises(CommandError, match="Set EXAMPLE=1 to load it"):
        call_command("load_example")
    assert Council.objects.count() == 0
