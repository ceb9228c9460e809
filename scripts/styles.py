"""The style sheet: sass over static/portal.scss, with the few files of other people's that it and the pages need.

Nothing of theirs is committed; all of it is made again in var/static/. The crest and other pictures of gov.uk are
left out: they belong to gov.uk.
"""

import re
import shutil
from pathlib import Path

from steps import ROOT, VAR, call

STYLES = VAR / "static"
NODE_MODULES = ROOT / "node_modules"
SCRIPT = NODE_MODULES / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js"
FONTS = NODE_MODULES / "@fontsource" / "source-sans-3" / "files"
FACES = ("400-normal", "400-italic", "600-normal", "700-normal")
SUBSETS = ("latin", "latin-ext")
# The Ministry of Justice's icons may be used (MIT); any other picture, crests above all, is taken out of the sheet.
ICONS = NODE_MODULES / "@ministryofjustice" / "frontend" / "moj" / "assets" / "images"
PICTURE = re.compile(r"""url\(["']?[^)"']*/(?P<name>[\w.-]+\.(?:svg|png|gif|jpg|ico))["']?\)""")
ENTRY = ROOT / "static" / "portal.scss"


def style_sources() -> list[Path]:
    """Return every sass file of ours."""
    return sorted((ROOT / "static").rglob("*.scss"))


def build_styles(log: Path, **environment: str) -> None:
    """Make var/static/ anew: style sheet, script, fonts and the icons the sheet names."""
    (STYLES / "fonts").mkdir(parents=True, exist_ok=True)
    sass = [NODE_MODULES / ".bin" / "sass", "--load-path=.", "--load-path=node_modules", "--quiet-deps"]
    built = STYLES / "portal.css"
    call(*sass, "--style=compressed", "--no-source-map", ENTRY, built, log=log, **environment)
    built.write_text(PICTURE.sub(keep_or_drop, built.read_text()))
    shutil.copy(SCRIPT, STYLES)
    for subset in SUBSETS:
        for face in FACES:
            shutil.copy(FONTS / f"source-sans-3-{subset}-{face}.woff2", STYLES / "fonts")


def keep_or_drop(picture: re.Match) -> str:
    """Copy an icon beside the sheet and point to it; put nothing in the place of any other picture."""
    icon = ICONS / picture["name"]
    if not (icon.name.startswith("icon-") and icon.is_file()):
        return "none"
    (STYLES / "images").mkdir(exist_ok=True)
    shutil.copy(icon, STYLES / "images")
    return f'url("images/{icon.name}")'
