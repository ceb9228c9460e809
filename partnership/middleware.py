"""Checks that every request and response passes."""

import itertools
import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from partnership import errors
from partnership.accounts import kept_forms
from partnership.accounts.sign_in import sessions
from partnership.accounts.sign_in.rate_limits import Locked, throttle_download
from partnership.records.record import Stale

logger = logging.getLogger("partnership.forms")
NUL = "\0"
FOUND = 302  # where every form of the portal leads that was taken
METHODS = ("GET", "HEAD", "POST")
MEGABYTE = 1024 * 1024
LARGEST_BODY = 11 * MEGABYTE  # a spreadsheet of 10 MB, and the form around it
FOR_PROGRAMS = (".ics", ".json", ".csv")  # calendars, open data, and the figures of an edition
COSTLY = {
    (".csv", ".xlsx", "pack.zip"): "downloads",
    (".pdf", ".docx", "/proof/", "/paper/", "/report/", "/changes/"): "papers",
    ("/find/",): "searches",
}
SIGNED_OUT = (
    "You have been signed out because you were inactive for 30 minutes, signed in for 12 hours,"
    " or one of your roles ended."
)


class ProgramsOverHttps:
    """People who type an address without HTTPS are led there; a program is refused, so that its owner mends it.

    Otherwise it would go on sending the secret of a calendar over the open network, and nobody would notice.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path.endswith(FOR_PROGRAMS):
            return HttpResponse("Ask for this address over HTTPS.\n", status=403, content_type="text/plain")
        return self.get_response(request)


class KnownMethods:
    """The portal is read with GET and HEAD and written with POST; no page is asked about anything else.

    Django's own form pages would take a PUT for a POST, and answer OPTIONS for rows that the person may not see.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)


class Limits:
    """Turn away at once what is larger than anything the portal takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or "0"
        if not said.isdecimal() or int(said) > LARGEST_BODY:
            return errors.too_large(request)
        return self.get_response(request)


class NoNullCharacters:
    """Refuse requests that hold a NUL character, which nobody types and PostgreSQL cannot store or look up.

    An address with one leads nowhere (404). In a query string, header, cookie or form it is a bad request (400).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path or NUL in request.path_info:
            return errors.page_not_found(request)
        return errors.bad_request(request) if self._holds_nul(request) else self.get_response(request)

    def _holds_nul(self, request: HttpRequest) -> bool:
        headers = (value for name, value in request.META.items() if name.startswith(("HTTP_", "CONTENT_", "QUERY_")))
        if any(isinstance(value, str) and NUL in value for value in headers):
            return True
        # What is written in code there: %00 in a query, \000 in a cookie.
        fields = [request.GET, request.COOKIES]
        try:
            if request.method == "POST":
                fields.append(request.POST)
        except UnreadablePostError:
            return True  # the browser went away before it had sent everything
        return any(NUL in text for text in itertools.chain.from_iterable(map(_texts_of, fields)))


def _texts_of(fields: Any) -> Iterator[str]:
    """Yield every name and every value of a query, a form or the cookies."""
    for name in fields:
        yield name
        yield from fields.getlist(name) if hasattr(fields, "getlist") else [fields[name]]


class FullySignedIn:
    """Treats a user as anonymous until they complete their second step, except on the pages where they set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any) -> HttpResponse | None:
        needs_sign_in = getattr(view, "login_required", True)
        if not request.user.is_authenticated:
            return self.keep_what_was_typed(request) if needs_sign_in else None
        if sessions.has_ended(request):
            logout(request)
            if not needs_sign_in:
                messages.info(request, SIGNED_OUT)
                return None
            answer = self.keep_what_was_typed(request)
            if answer is None:
                messages.info(request, SIGNED_OUT)
            return answer or redirect_to_login(request.get_full_path())
        step = sessions.pending_sign_in_step(request)
        request.pending_sign_in_step = step
        if not step or request.resolver_match.url_name in sessions.url_names_allowed_during(step):
            return None
        if needs_sign_in:
            return redirect(step)
        request.user = AnonymousUser()
        return None

    def keep_what_was_typed(self, request: HttpRequest) -> HttpResponse | None:
        """Keep a form that was sent after the session ended, and redirect to the sign-in page."""
        sentence = kept_forms.keep(request)
        if not sentence:
            return None
        messages.info(request, sentence)
        return redirect_to_login(request.get_full_path())


class SavedForms:
    """Forget a kept form once it was sent again and taken, so that nobody is offered what they have saved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        was_let_in = request.user.is_authenticated and not getattr(request, "pending_sign_in_step", "")
        was_taken = request.method == "POST" and response.status_code == FOUND and was_let_in
        if was_taken and kept_forms.ASKED in request.GET:
            kept_forms.forget(request.user, request.GET[kept_forms.ASKED])
        return response


class Pace:
    """Limits how often one user asks for downloads, papers and searches, so that others are not slowed down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        kind = next((kind for endings, kind in COSTLY.items() if request.path.endswith(endings)), "")
        if not kind or not request.user.is_authenticated:
            return None
        try:
            throttle_download(request.user.username, kind, settings.COSTLY_ANSWERS)
        except Locked as locked:
            return errors.too_many(request, locked.seconds, kind)
        return None


class PrivatePages:
    """Keep what signed-in people see out of every cache, and say in the portal's words what went wrong."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
            # For pages that a script asks for while somebody writes: it knows by this when to warn them.
            response.headers["Sign-In-Ends-In"] = str(sessions.time_left(request)["seconds"])
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Note in the log which fields of a form were refused, never what stood in them."""
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and isinstance(form, BaseForm) and form.errors:
            said = ", ".join(sorted(form.errors))
            logger.info("Refused what was sent to %s: %s", request.path, said, extra={"request": request})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Also while the portal is tried out with DEBUG=1."""
        if isinstance(exception, Http404):
            return errors.page_not_found(request)
        if isinstance(exception, Locked):
            return errors.too_many(request, exception.seconds)
        return errors.conflict(request) if isinstance(exception, Stale) else None
