"""Collect a server's static files under names with a checksum, beside those of the release before.

A page asks for the style sheet that it was made with. `collectstatic` may therefore run while the portal serves: it
replaces a file in one step, and removes none that a page of the last month may still ask for.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files import File
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

DAYS_KEPT = 30
SECONDS_A_DAY = 86_400
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
COMPRESSED = (".gz", ".br")


def replace(path: Path, chunks: Iterator[bytes]) -> None:
    """Write a file so that whoever opens it finds the old content or the new, and never none or a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        for chunk in chunks:
            file.write(chunk)
    new = Path(file.name)
    new.chmod(0o644)
    new.replace(path)


class ReplacingCompressor(Compressor):
    """Writes compressed files in one step too."""

    def write_data(self, path: str, data: bytes, suffix: str, stat_result: os.stat_result) -> str:
        filename = path + suffix
        replace(Path(filename), iter([data]))
        os.utime(filename, (stat_result.st_atime, stat_result.st_mtime))
        return filename


class CollectedFiles(CompressedManifestStaticFilesStorage):
    """Files with a checksum in their names. What an earlier release collected stays for a month."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The name with the checksum, or the plain one of a file that was not collected."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name

    def delete(self, name: str) -> None:
        """Remove nothing: `collectstatic` deletes a file just before it saves it again, and pages ask meanwhile."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: a file of that name is replaced."""
        return name

    def _save(self, name: str, content: File) -> str:
        replace(Path(self.path(name)), content.chunks())
        return name

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return ReplacingCompressor(**kwargs)

    def post_process(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Give files their names, then remove those that no release of the last month has."""
        before = set(self.hashed_files.values())
        yield from super().post_process(*args, **kwargs)
        if not kwargs.get("dry_run"):
            self.remove_old(before)

    def remove_old(self, before: set[str]) -> None:
        """Remove files whose release was replaced more than a month ago; ``before`` is the release replaced now."""
        now = time.time()
        for name in before:
            for path in [self.path(name), *(self.path(f"{name}{ending}") for ending in COMPRESSED)]:
                if Path(path).exists():
                    os.utime(path, (now, now))  # the month begins today
        folder = Path(self.location)
        current = set(self.hashed_files.values())
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            plain = name.removesuffix(".gz").removesuffix(".br")
            is_old = path.is_file() and path.stat().st_mtime < now - DAYS_KEPT * SECONDS_A_DAY
            if is_old and plain not in current and HASHED.search(plain):
                path.unlink()
