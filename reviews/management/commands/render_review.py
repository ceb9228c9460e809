"""Write a review to a file: ``manage.py render_review SLUG --format pdf --output FILE``."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.facts.figures import UnknownFigure
from reviews.models import Audience, Review
from reviews.papers.document import Document, build
from reviews.papers.output import html, pdf, word


class Command(BaseCommand):
    """Render a review as it stands now, or with the facts of another day as known now."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the review's short name, as in its address")
        parser.add_argument("--format", choices=("html", "pdf", "docx"), default="pdf")
        parser.add_argument("--audience", choices=Audience.values, default=Audience.MEMBERS)
        parser.add_argument(
            "--as-at", type=date.fromisoformat, metavar="YYYY-MM-DD", help="report the facts of this day"
        )
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *args: object, **options: object) -> None:
        review = self.review(options["slug"])
        document = build(review, None, as_at=options["as_at"], audience=options["audience"])
        self.write(options["output"], self.drawn(document, options["format"]))
        self.stdout.write(f"Wrote {options['output']}")

    def review(self, slug: str) -> Review:
        """The review of that short name."""
        found = Review.objects.active().filter(slug=slug).select_related("partnership").first()
        if found is None:
            slugs = ", ".join(Review.objects.active().order_by("slug").values_list("slug", flat=True))
            raise CommandError(
                f"There is no review “{slug}”. {f'There is: {slugs}.' if slugs else 'There is none yet.'}"
            )
        return found

    def drawn(self, document: Document, form: str) -> bytes:
        """The document's bytes in a format."""
        try:
            document.refuse_unknown()
            if form == "docx":
                return word.render(document)
            page = html.render(document)
            return pdf.render(page) if form == "pdf" else page.encode()
        except (UnknownFigure, pdf.CannotDraw) as error:
            raise CommandError(str(error)) from error

    def write(self, file: Path, content: bytes) -> None:
        """Write the file, making its folder."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        except OSError as error:
            raise CommandError(f"“{file}” cannot be written: {error.strerror}.") from error
