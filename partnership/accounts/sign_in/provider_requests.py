"""Limited requests to the councils' OpenID Connect providers, and the log line of a failed sign-in there."""

from __future__ import annotations

import logging
import time
from typing import Any

import requests
from django.conf import settings
from django.http import HttpRequest

from partnership.accounts.sign_in.addresses import address_of

logger = logging.getLogger("partnership.accounts.sign_in")

MOST_BYTES = 1024 * 1024  # of one response; real ones have some 10,000
MOST_SECONDS = 10  # for one response; SOCIALACCOUNT_REQUESTS_TIMEOUT limits each wait within it


class BoundedSession(requests.Session):
    """A session that follows no redirect and reads at most `MOST_BYTES` within `MOST_SECONDS`."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Return the response with its content read. Raises ``RequestException`` beyond a limit."""
        kwargs |= {"stream": True, "allow_redirects": False, "timeout": settings.SOCIALACCOUNT_REQUESTS_TIMEOUT}
        deadline = time.monotonic() + MOST_SECONDS
        response = super().request(*args, **kwargs)
        if response.is_redirect:
            response.close()
            raise requests.TooManyRedirects("The provider answers with a redirect.")
        content = bytearray()
        for piece in response.iter_content(chunk_size=16 * 1024):
            content += piece
            if len(content) > MOST_BYTES:
                response.close()
                raise requests.RequestException(f"The provider's answer is longer than {MOST_BYTES} bytes.")
            if time.monotonic() > deadline:
                response.close()
                raise requests.RequestException(f"The provider's answer takes longer than {MOST_SECONDS} seconds.")
        response._content = bytes(content)  # `json()` and `text` read this; requests has no public way to set it
        return response


def note_failure(request: HttpRequest, provider_id: str, reason: object) -> None:
    """Log a failed sign-in at a council: the provider, the client's IP address and the reason."""
    logger.warning("Council sign-in failed: %s from %s: %s", provider_id, address_of(request), reason)
