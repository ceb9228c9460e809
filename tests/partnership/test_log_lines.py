"""One event is one line of the log, whatever stands in it."""

import io
import logging
import sys

import pytest

from partnership.log_lines import Line


@pytest.fixture
def log():
    """Return what Django's log of requests and the portal's own write, as the server's journal gets it."""
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(Line())
    logging.getLogger().addHandler(handler)
    yield output
    logging.getLogger().removeHandler(handler)


def test_request_refused_writes_one_line_without_traceback(filled, client, log):
    officer = filled.people["officer"]
    client.force_login(officer)
    assert client.get("/roles/").status_code == 403
    lines = log.getvalue().splitlines()
    assert len(lines) == 1
    assert lines[0].endswith(
        f"WARNING django.request Forbidden (Permission denied): /roles/ account={filled.people['officer'].pk}"
    )


def test_page_not_found_writes_one_line_without_traceback(filled, client, log):
    client.force_login(filled.people["officer"])
    assert client.get("/joint-posts/999999/").status_code == 404
    assert [line.partition("django.request ")[2].partition(" account")[0] for line in log.getvalue().splitlines()] == [
        "Not Found: /joint-posts/999999/"
    ]


def test_fault_writes_its_traceback_on_the_same_line():
    try:
        raise ValueError("first\nsecond\u2028third\r\nfourth\x85fifth")
    except ValueError:
        record = logging.LogRecord("partnership", logging.ERROR, __file__, 1, "A fault", (), sys.exc_info())
    line = Line().format(record)
    assert len(line.splitlines()) == 1
    assert "A fault\\nTraceback (most recent call last):\\n" in line
    assert line.endswith("ValueError: first\\nsecond\\x2028third\\r\\nfourth\\x85fifth")


def test_other_handlers_still_get_the_traceback():
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, "No", (), (ValueError, ValueError("why"), None))
    record.status_code = 403
    Line().format(record)
    assert record.exc_info is not None
