"""The pages for what goes wrong: written out from a file, without the database, the session or who it is."""

from __future__ import annotations

import errno
import sys
from math import ceil

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

WAIT = 30  # seconds until a browser may ask again when the database is away
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)  # on the disk, for a file that is being sent


def page(status: int, **words: object) -> HttpResponse:
    """The page of a status, from `templates/<status>.html`."""
    response = HttpResponse(render_to_string(f"{status}.html", words), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 where there was simply too much of it; 503 where the database went away before the session was kept."""
    if isinstance(exception, SessionInterrupted):
        return away()
    return page(413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return page(403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same for what does not exist and for what one may not know of."""
    return page(404)


def conflict(request: HttpRequest) -> HttpResponse:
    """409, where no form is at hand that could show both versions."""
    return page(409)


def too_large(request: HttpRequest) -> HttpResponse:
    """413."""
    return page(413)


def too_many(request: HttpRequest, seconds: int, what: str = "") -> HttpResponse:
    """429, with how long to wait; ``what`` was asked for too often, or else a password or code was wrong."""
    minutes = ceil(seconds / 60)
    response = page(429, wait="a minute" if minutes == 1 else f"{minutes} minutes", what=what)
    response.headers["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database does not answer or a disk is full, which passes."""
    fault = sys.exc_info()[1]
    is_full = isinstance(fault, OSError) and fault.errno in NO_ROOM
    return away() if is_full or isinstance(fault, OperationalError | InterfaceError) else page(500)


def away() -> HttpResponse:
    """503, with how long to wait."""
    response = page(503)
    response.headers["Retry-After"] = str(WAIT)
    return response
