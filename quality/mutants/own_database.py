"""A pytest plugin for mutmut, which runs pytest many times in forks of one process: each gets its own SQLite file."""

from tests.engine import this_run


def pytest_sessionstart():
    """Move the connection, still set to the run before, to the folder of this run."""
    from django.db import connection

    connection.close()
    name = str(this_run() / "portal.sqlite3")
    connection.settings_dict["NAME"] = name
    connection.settings_dict["TEST"]["NAME"] = f"{name}.test"
