"""The same HTML as a tagged PDF (PDF/UA-1). The one module that imports WeasyPrint, and only when it draws."""

NEEDS = (
    "The PDF cannot be drawn: the system library pango is missing. On Debian or Ubuntu install it with "
    "“apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0”."
)


class CannotDraw(RuntimeError):
    """The machine lacks what drawing a PDF needs; the message says what to install."""


def render(html: str) -> bytes:
    """The page as PDF. The same page gives the same bytes. Raises ``CannotDraw``."""
    try:
        # Inside the function: the import alone takes seconds, and fails on a machine without pango.
        from weasyprint import HTML  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise CannotDraw(NEEDS) from error

    # Everything a paper needs is inside the page, so nothing is ever fetched: not a file, not an address.
    closed = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    return HTML(string=html, url_fetcher=closed).write_pdf(pdf_variant="pdf/ua-1")
