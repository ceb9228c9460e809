"""People at work in a portal that is being broken: real requests, and a note of what they were told was saved."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.html_forms import untouched

LONGEST_ANSWER = 40  # seconds
URLENCODED = "application/x-www-form-urlencoded"


class NoAnswer(Exception):
    """The connection broke: nobody was told anything."""


@dataclass
class Answer:
    """The answer to a request."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def has_traceback(self) -> bool:
        """Return whether the inside of the portal is shown to somebody."""
        return "Traceback" in self.body or "DATABASE_URL" in self.body


def visitors(portal, usernames) -> list["Visitor"]:
    """Somebody signed in for each user name, each in a browser of their own."""
    return [Visitor(portal, cookies) for cookies in portal.ask("sign_in", *usernames)]


@dataclass
class Visitor:
    """Somebody signed in, with a browser's cookies. One at a time in each thread."""

    portal: object
    cookies: dict[str, str]

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, fields: dict) -> Answer:
        return self.request("POST", path, urlencode(fields, doseq=True))

    def form(self, path: str) -> dict:
        """The fields of the form on a page, as they are before anybody types. Raises ``NoAnswer``."""
        answer = self.get(path)
        if answer.status != 200:
            raise NoAnswer(f"{path} answered {answer.status}")
        return untouched(answer.body)

    def request(self, method: str, path: str, body: str | bytes = "", kind: str = URLENCODED) -> Answer:
        """Ask, over a connection of its own. Raises ``NoAnswer`` when it breaks or nothing comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.portal.port, timeout=LONGEST_ANSWER)
        headers = {
            "X-Forwarded-Proto": "https",
            "Referer": f"https://127.0.0.1:{self.portal.port}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": kind,
        }
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as broken:
            raise NoAnswer(str(broken)) from broken
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)
