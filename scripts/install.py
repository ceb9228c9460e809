"""Install what a server needs: packages, style sheets, and the static files where they are looked for."""

import os
import secrets

from set_up import pango, set_up
from steps import PYTHON, ROOT, call, command, say


def main() -> None:
    """Set up without a database; the rest of an installation is in docs/running-it.md."""
    set_up()
    pango()
    # Beside those of the release that is being served: its pages go on asking for them (partnership/static_files.py).
    say("Collect the static files in var/collected/")
    key = os.environ.get("SECRET_KEY") or secrets.token_urlsafe(48)  # collecting signs nothing
    call(PYTHON, ROOT / "manage.py", "collectstatic", "--no-input", "--verbosity", "0", SECRET_KEY=key)


if __name__ == "__main__":
    command(main)
