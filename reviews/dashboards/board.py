"""A board: everything the dashboard of a partnership or of one of its councils shows, in words and links.

It holds no record and is the same for everybody who may see it, so it can be kept (`kept.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse

from partnership.records.as_at import AsAt
from reviews.dashboards.figures import board_figures
from reviews.facts.councils import CouncilFact
from reviews.facts.dashboard import SteeringFacts
from reviews.facts.figures import Figure
from reviews.papers.charts import Chart
from reviews.papers.pictures import Matrix, Timeline


@dataclass(frozen=True)
class FigureLink:
    """A piece of text; with an address it is a figure or a name that opens what it is made of."""

    text: str
    url: str = ""

    def before(self, words: str) -> str:
        """Return the words that follow it in a sentence; a comma closes what the figure says that it lacks."""
        return f", {words}" if self.text.endswith(")") else f" {words}"


@dataclass(frozen=True)
class Headline:
    """One of the things to see first: a sentence in pieces, whose figures are links, and a remark below it."""

    pieces: tuple[FigureLink, ...]
    remark: str = ""
    is_flagged: bool = False


@dataclass(frozen=True)
class Grid:
    """A table of a board. Cells are as `components/table.html` takes them; ``nothing`` stands for no rows."""

    caption: str
    columns: tuple[dict[str, Any], ...]
    rows: tuple[dict[str, Any], ...]
    nothing: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """The content of a dashboard."""

    partnership: str
    partnership_id: int
    slug: str
    notice: str
    year: str
    council: CouncilFact | None
    councils: tuple[CouncilFact, ...]
    headlines: tuple[Headline, ...]
    chart: Chart | None
    grids: dict[str, Grid]
    timeline: Timeline | None
    matrix: Matrix | None
    has_working_papers: bool
    to_rate: int = 0
    overdue: int = 0


class DashboardBuilder:
    """The facts of a board while it is drawn, with the words for links."""

    def __init__(self, steering: SteeringFacts, moment: AsAt, council: CouncilFact | None):
        self.steering = steering
        self.moment = moment
        self.council = council
        self.facts = steering.facts
        self.figures = board_figures(steering)
        self.slug = steering.facts.partnership.slug

    @property
    def councils(self) -> tuple[CouncilFact, ...]:
        """The parties on the day in the order of their columns, the one whose board it is first."""
        return self.own_first(self.facts.councils)

    def own_first(self, councils: tuple[CouncilFact, ...]) -> tuple[CouncilFact, ...]:
        """Councils in the order of their columns, the one whose board it is first."""
        return tuple(sorted(councils, key=lambda row: row != self.council))

    def councils_of(self, year: str) -> tuple[CouncilFact, ...]:
        """The councils of a year of the ledger, the one whose board it is first."""
        return self.own_first(self.facts.savings.councils_of(year))

    def scopes_of(self, year: str) -> tuple[CouncilFact | None, ...]:
        """Return each council of a year of the ledger, then all of them together."""
        return (*self.councils_of(year), None)

    def figure(self, name: str) -> Figure:
        return self.figures[name]

    def figure_url(self, name: str) -> str:
        """Return the page of a figure's lines."""
        return self.moment.address(reverse("figure", args=[quote(name)]), partnership=self.slug)

    def shown(self, name: str, text: str = "") -> FigureLink:
        """A figure as a link; one that is not recorded is plain text."""
        figure = self.figures[name]
        is_known = figure.amount is not None or any(letter.isdigit() for letter in figure.text)
        return FigureLink(text or figure.text, self.figure_url(name) if is_known else "")

    def cell(self, name: str, label: str) -> dict[str, Any]:
        """A figure as a cell of a table."""
        shown = self.shown(name)
        return {"label": label, "text": shown.text, "url": shown.url, "numeric": True, "muted": not shown.url}

    def record_url(self, kind: str, key: int | str) -> str:
        """A record's own page at the same moment."""
        try:
            return self.moment.address(reverse(f"{kind}_detail", args=[key]))
        except NoReverseMatch:
            return ""


def words_cell(label: str, text: str, *, url: str = "", tag: bool = False, muted: bool = False) -> dict[str, Any]:
    """Words as a cell of a table."""
    return {"label": label, "text": text, "url": url, "tag": tag, "muted": muted}


def columns(*labels: str, numeric: tuple[str, ...] = ()) -> tuple[dict[str, Any], ...]:
    """The head of a table; ``numeric`` names the columns of figures."""
    return tuple({"label": label, "numeric": label in numeric} for label in labels)
