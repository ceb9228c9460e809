"""Set up, then open the portal: with the example unless EXAMPLE=0, on 127.0.0.1 and PORT (8000)."""

import os
import secrets
import socket
from urllib.parse import quote

from set_up import pango, set_up
from steps import PYTHON, ROOT, VAR, Trouble, command

SETTINGS = {"DEBUG": "1", "EXAMPLE": "1", "PORT": "8000", "DJANGO_RUNSERVER_HIDE_WARNING": "true"}
# The example has the usual database to itself, so that a portal without it starts empty.
EMPTY = f"sqlite:///{quote(str(VAR / 'empty.sqlite3'))}"
YES = ("1", "true", "yes", "on")


def main() -> None:
    """Make sure of everything the portal needs, and become the process that serves it."""
    environment = SETTINGS | os.environ
    if environment["EXAMPLE"].lower() not in YES:
        environment.setdefault("DATABASE_URL", EMPTY)
    port_is_free(environment["PORT"])
    set_up()
    secret_key()
    pango()
    os.execve(PYTHON, [PYTHON, ROOT / "scripts" / "serve.py"], environment)  # noqa: S606 -- no shell is wanted


def secret_key() -> None:
    """A key of this portal's own to sign sessions with, made once; the environment may name another."""
    key = VAR / "secret_key"
    if not key.is_file():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(48))


def port_is_free(port: str) -> None:
    """Better said before the work than after it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except (OSError, ValueError, OverflowError):
            raise Trouble(f"Port {port} cannot be used; choose another: PORT=8001 make run") from None


if __name__ == "__main__":
    command(main)
