#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import secrets
import sys

SIGNS_NOTHING = {"help", "makemigrations"}  # asked before a commit, also where no portal was ever started


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership.settings")
    if SIGNS_NOTHING & {*sys.argv[1:2]}:
        os.environ["SECRET_KEY"] = os.environ.get("SECRET_KEY") or secrets.token_urlsafe(48)
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
