"""A document as one HTML file that opens from disk, its look and typeface inside. The PDF is made of the same."""

from base64 import b64encode
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from reviews.papers.document import Document

FACES = ((400, "normal"), (400, "italic"), (600, "normal"), (700, "normal"))
FACE = (
    '@font-face{{font-family:"Source Sans 3";font-weight:{weight};font-style:{style};'
    'src:url("data:font/woff2;base64,{data}") format("woff2")}}'
)


def render(document: Document) -> str:
    """The whole page."""
    return render_to_string("reviews/papers/document.html", {"document": document, "style": style(), "fonts": fonts()})


# The look of a paper, in order: what stands later may change what stands before.
PAPER = ("front", "text", "tables", "charts", "screen", "print")


@cache
def style(*names: str) -> str:
    """Style sheets one after the other: those of papers unless others are named."""
    sheets = names or tuple(f"paper/{part}.css" for part in PAPER)
    return "\n".join(Path(finders.find(sheet)).read_text() for sheet in sheets)


@cache
def fonts() -> str:
    """The typeface, as far as set-up has put it in place; without it the reader's own sans serif serves."""
    found = (
        (weight, style, finders.find(f"fonts/source-sans-3-latin-{weight}-{style}.woff2")) for weight, style in FACES
    )
    return "".join(
        FACE.format(weight=weight, style=style, data=b64encode(Path(file).read_bytes()).decode())
        for weight, style, file in found
        if file
    )
