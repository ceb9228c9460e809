"""The blocks that a narrative places by name: tables, lists and charts drawn from the facts.

``{table:savings}`` on a line of its own places one. `document.BLOCKS` names them all and gives them their numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from partnership.financial_years import FinancialYear
from partnership.text import in_words
from partnership.wording import capitalised, listed
from reviews.facts.councils import BodyFact
from reviews.facts.review_figures import PLURALS, lower_first
from reviews.facts.reviewed import NOT_RATED, RatingFact, ReviewFacts
from reviews.facts.services import ServiceFact, WorkingModelFact
from reviews.papers.charts import Chart
from reviews.papers.narrative import ListBlock, Narrator, Paragraph, Run

NONE_ON_THIS_DATE = "None on this date."

# Widths of columns, in letters of the text of a table on an A4 page.
LETTERS_IN_A_LINE = 96
LONGEST_WORD = 18  # a longer one is broken
SHORT_TEXT = 20  # not broken where there is room
LONGEST_WISH = 120  # more text than this makes a column no wider
ROOM_FOR_MARK = 2
ROOM_BETWEEN = 4


@dataclass(frozen=True)
class Cell:
    """A cell: paragraphs and lists. ``rating`` is the rating it shows, with its mark."""

    blocks: tuple[Paragraph | ListBlock, ...]
    is_header: bool = False
    is_number: bool = False
    rating: str = ""

    @property
    def text(self) -> str:
        """Return the text of its paragraphs."""
        return " ".join(block.text for block in self.blocks if isinstance(block, Paragraph))

    @property
    def markup(self) -> SafeString:
        """Return its content as HTML. A single paragraph has no element of its own, which halves a long table."""
        if len(self.blocks) == 1 and isinstance(self.blocks[0], Paragraph) and not self.rating:
            return self.blocks[0].markup
        return render_to_string("reviews/papers/document_cell.html", {"cell": self})

    @property
    def least_letters(self) -> int:
        """Return how many letters wide its column has to be for a word, a number or a rating to stay whole."""
        if self.rating:
            longest = len(self.whole_text) + ROOM_FOR_MARK
        elif self.is_number and not self.is_header:
            longest = len(self.whole_text)
        else:
            longest = max((len(word) for word in self.whole_text.split()), default=0)
        return min(longest, LONGEST_WORD) + ROOM_BETWEEN

    @property
    def whole_text(self) -> str:
        """Return the cell's text, with the items of its lists, in one line."""
        return "; ".join(itertools.chain.from_iterable(map(plain_texts, self.blocks)))


def plain_texts(block: Paragraph | ListBlock) -> list[str]:
    """Return the paragraphs of a block as plain text."""
    if isinstance(block, Paragraph):
        return [block.text]
    texts = []
    for item in block.items:
        for inner in item:
            texts += plain_texts(inner)
    return texts


@dataclass(frozen=True)
class Row:
    """A row; ``kind`` sets totals, and what stands outside them, apart."""

    cells: tuple[Cell, ...]
    kind: str = ""


@dataclass(frozen=True)
class Table:
    """A table with its caption; ``number`` is given by the document. ``nothing`` is what an empty one says."""

    key: str
    caption: str
    head: tuple[Cell, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    nothing: str = NONE_ON_THIS_DATE
    number: int = 0
    kind: str = "table"

    @property
    def is_wide(self) -> bool:
        """Return whether a phone has no room for its columns side by side."""
        return len(self.head) > 2

    @property
    def labelled_rows(self) -> list[tuple[Row, list[tuple[Cell, str]]]]:
        """Return each row with its cells, and each cell with the words that head its column."""
        labels = [cell.text for cell in self.head]
        return [(row, list(zip(row.cells, labels, strict=True))) for row in self.rows]

    @property
    def shares(self) -> list[int]:
        """Return the share of the table's width that each column has, in even percents that add up to 100.

        Each column gets room for its longest word, number or rating, and for the whole of short texts where all columns
        have that room. What is left goes to the columns with more text. The page, the PDF and the Word file have the
        same shares.
        """
        needs = []
        wishes = []
        for column in zip(self.head, *(row.cells for row in self.rows), strict=True):
            needs.append(max(cell.least_letters for cell in column))
            longest = max(len(cell.whole_text) for cell in column)
            wishes.append(min(longest, LONGEST_WISH))
        whole = [
            max(need, wish + ROOM_BETWEEN) if wish <= SHORT_TEXT else need
            for need, wish in zip(needs, wishes, strict=True)
        ]
        if sum(whole) <= LETTERS_IN_A_LINE:
            needs = whole
        wanted = [max(0, wish - need) for need, wish in zip(needs, wishes, strict=True)]
        left = max(0, LETTERS_IN_A_LINE - sum(needs))
        widths = [need + left * want / max(1, sum(wanted)) for need, want in zip(needs, wanted, strict=True)]
        exact = [100 * width / sum(widths) for width in widths]
        shares = [max(2, 2 * round(share / 2)) for share in exact]
        shares[exact.index(max(exact))] += 100 - sum(shares)
        return shares

    @property
    def columns(self) -> list[tuple[Cell, int]]:
        """Return the head of each column with its share of the width."""
        return list(zip(self.head, self.shares, strict=True))

    @property
    def anchor(self) -> str:
        return f"table-{self.key}"

    @property
    def label(self) -> str:
        return f"Table {self.number}"


@dataclass(frozen=True)
class ChartBlock:
    """A chart with its caption and the table of its figures."""

    key: str
    caption: str
    chart: Chart
    table: Table
    number: int = 0
    kind: str = "chart"

    @property
    def anchor(self) -> str:
        return f"chart-{self.key}"

    @property
    def label(self) -> str:
        return f"Chart {self.number}"


Block = Paragraph | ListBlock | Table | ChartBlock


@dataclass(frozen=True)
class Source:
    """The facts and words that a block is made from."""

    review: ReviewFacts
    narrator: Narrator
    asked: BodyFact | None = None  # whose own report it is, if it is one body's

    @property
    def year(self) -> str:
        """The financial year whose savings the review reports: the one stated, else that of its date."""
        return self.review.financial_year or str(FinancialYear.containing(self.review.as_at))

    def prose(self, markdown: str, section: str) -> tuple[Paragraph | ListBlock, ...]:
        """Text that officers wrote, such as a commentary."""
        return tuple(self.narrator.read(markdown, section))


def words(text: str) -> Paragraph:
    """A paragraph of plain text; a name in braces, which nothing replaces here, as its label."""
    return Paragraph((Run(in_words(text)),))


def cell(text: str, **kinds: bool) -> Cell:
    """A cell of one line."""
    return Cell((words(text),) if text else (), **kinds)


def head(*titles: str, numbers: int = 0) -> tuple[Cell, ...]:
    """Column headers, the last ``numbers`` of them over columns of sums."""
    first = len(titles) - numbers
    return tuple(cell(title, is_header=True, is_number=place >= first) for place, title in enumerate(titles))


def bullets(texts: Iterable[str]) -> tuple[Paragraph | ListBlock, ...]:
    """A bullet list, or a word to say that there is nothing to list."""
    items = tuple((words(text),) for text in texts)
    return (ListBlock(items),) if items else (words(NONE_ON_THIS_DATE),)


def rows(*records: tuple[str, ...], numbers: int = 0) -> tuple[Row, ...]:
    """Return rows of plain text, each headed by its first cell; the last ``numbers`` cells are sums."""
    made = []
    for record in records:
        first_number = len(record) - numbers
        cells = [cell(text, is_header=i == 0, is_number=i >= first_number) for i, text in enumerate(record)]
        made.append(Row(tuple(cells)))
    return tuple(made)


def working_models(source: Source) -> Table:
    """Table: the models of joint working."""
    models = source.review.facts.working_models
    return Table(
        "working-models",
        "Models of joint working",
        head("Model", "How it works", "Key features"),
        tuple(map(working_model_row, models)),
        sources(model.source for model in models),
    )


def working_model_row(model: WorkingModelFact) -> Row:
    """Return the row of one model: its names, how it works and its features."""
    names = [words(f"{model.number}. {model.name}")]
    if model.also_called:
        names.append(words(model.also_called))
    return Row((Cell(tuple(names), is_header=True), cell(model.description), Cell(bullets(model.features))))


def sources(names: Iterable[str]) -> tuple[str, ...]:
    """A note of where the rows are from, each source once."""
    found = list(dict.fromkeys(name for name in names if name))
    return (f"Source: {'; '.join(found)}.",) if found else ()


def comparators(source: Source) -> Table:
    """Table: what other councils did."""
    made = (
        (
            row.name,
            row.description,
            capitalised(row.orientation),
            benefits(row.amount_words, row.period, row.benefits),
            row.source,
        )
        for row in source.review.facts.comparators
    )
    columns = head("Councils", "What they share", "Horizontal or vertical", "Benefits reported", "Source")
    return Table("comparators", "Examples of joint working elsewhere", columns, rows(*made))


def benefits(amount: str, period: str, others: str) -> str:
    """A yardstick's money with the period it covers, then what else it brought."""
    saved = f"{capitalised(amount)} {period}".strip() if amount else ""
    return ". ".join(part.rstrip(".") for part in (saved, capitalised(others)) if part) or "Not stated"


def deliverables(source: Source) -> Table:
    """Table: what joint working has brought about, by kind."""
    facts = source.review.facts
    groups = [
        ("Joint senior appointments", [f"{post.title} – {appointed(post)}" for post in facts.posts if post.is_in_post]),
        (
            "Business cases for shared services",
            [f"{case.title} – {case.stage_words.lower()}" for case in facts.cases if case.is_open],
        ),
        ("Services provided by one council for another", [provided(row) for row in facts.services_of("provision")]),
        ("Collaboration and service alignment", [provided(row) for row in facts.services_of("collaboration")]),
        ("Co-location", [housed(row) for row in facts.services_of("co-location")]),
    ]
    procured = [provided(row) for row in facts.services_of("procurement")]
    if procured:
        groups.append(("Joint procurement", procured))
    made = tuple(Row((cell(kind, is_header=True), Cell(bullets(items)))) for kind, items in groups)
    return Table("deliverables", "What joint working has delivered", head("Kind", "Delivered or under way"), made)


def appointed(post: object) -> str:
    """On what basis a post is filled: "interim", "appointment not stated"."""
    basis = post.appointment_words
    basis = f"appointment {basis}" if basis == "not stated" else basis
    return f"{basis}, contribution provisional" if post.is_provisional else basis


def provided(row: ServiceFact) -> str:
    """A service with who provides it to whom, and how formally: "Emergency Planning (OCC to CDC)"."""
    between = " to ".join(council for council in (row.provider, row.receiver) if council)
    notes = [note for note in (between, row.formality) if note]
    return f"{row.service} ({', '.join(notes)})" if notes else row.service


def housed(row: ServiceFact) -> str:
    """A shared place with whose staff use it."""
    at = f" at {row.site}" if row.site and row.site not in row.service else ""
    user = f" (used by {row.receiver})" if row.receiver else ""
    return f"{row.service}{at}{user}"


def swot(source: Source) -> Table:
    """Table: strengths, weaknesses, opportunities and threats."""
    made = tuple(
        Row(
            (
                cell(plural.capitalize(), is_header=True),
                Cell(swot_items(source, kind)),
            )
        )
        for kind, plural in PLURALS.items()
    )
    return Table("swot", "Strengths, weaknesses, opportunities and threats", head("Kind", "Items"), made)


def swot_items(source: Source, kind: str) -> tuple[Paragraph | ListBlock, ...]:
    """Return the items of a kind as a list."""
    found = [item for item in source.review.swot if item.kind == kind]
    items = tuple(source.prose(item.text, f"analysis, {kind}") for item in found)
    return (ListBlock(items),) if items else (words(NONE_ON_THIS_DATE),)


def posts(source: Source) -> Table:
    """Table: the joint posts in post."""
    made = (
        (post.title, capitalised(post.appointment_words), post.started, post.home_council)
        for post in source.review.facts.posts
        if post.is_in_post
    )
    columns = head("Joint post", "Appointment", "In post since", "Home council")
    return Table("posts", "Joint posts", columns, rows(*made))


def cases(source: Source) -> Table:
    """Table: the business cases with their stage."""
    made = ((case.title, case.stage_words, case.expected or "Not stated") for case in source.review.facts.cases)
    columns = head("Business case", "Stage", "Expected at the working group")
    return Table("cases", "Business cases", columns, rows(*made))


def recommendations(source: Source) -> list[Block]:
    """List: the recommendations, numbered through, under who is asked; in a body's own report those addressed to it."""
    if source.asked is not None:
        return asked_of(source, source.asked)
    made: list[Block] = []
    numbered = enumerate(source.review.recommendations, start=1)
    for addressee, group in groupby(numbered, key=lambda pair: pair[1].addressee.name):
        pairs = list(group)
        made.append(words(f"{addressee} is recommended to:"))
        items = tuple(source.prose(f"{row.verb} {row.text}", f"recommendation {number}") for number, row in pairs)
        made.append(ListBlock(items, "numbers", tuple(number for number, _ in pairs)))
    return made or [words("There are no recommendations.")]


def asked_of(source: Source, body: BodyFact) -> list[Block]:
    """Return the request to one body, without the words that ask, which its own report has already."""
    own = [row for row in source.review.recommendations if row.addressee.id == body.id]
    items = tuple(source.prose(f"{row.verb.lower()} {row.text}", f"recommendation to the {body.name}") for row in own)
    return [ListBlock(items)] if items else [words(f"No recommendation is addressed to the {body.name}.")]


def options(source: Source) -> list[Block]:
    """List: the options, with which is preferred and why."""
    items = []
    for number, option in enumerate(source.review.options, start=1):
        title = [Run(option.title, is_strong=True)]
        if option.is_preferred:
            title.append(Run(" (preferred)"))
        text = source.prose(f"{option.description}\n\n{option.reasons}", f"option {number}")
        items.append((Paragraph(tuple(title)), *text))
    if not items:
        return [words(NONE_ON_THIS_DATE)]
    return [ListBlock(tuple(items), "numbers", tuple(range(1, len(items) + 1)))]


def commitments(kind: str) -> Callable[[Source], list[Block]]:
    """List: the principles, or the objectives, as adopted."""

    def build(source: Source) -> list[Block]:
        commitments = [row for row in source.review.facts.commitments if row.kind == kind]
        if not commitments:
            return [words(NONE_ON_THIS_DATE)]
        items = []
        for row in commitments:
            runs = [Run(row.statement)]
            if row.is_paraphrased:
                runs.append(Run(" (paraphrased)", is_emphasis=True))
            items.append((Paragraph(tuple(runs)),))
        numbers = tuple(row.number for row in commitments)
        return [words(f"The {kind}s are:"), ListBlock(tuple(items), "numbers", numbers)]

    return build


def commitments_not_met(source: Source) -> list[Block]:
    """List: the principles and objectives rated other than met, with why; then those that are not rated yet."""
    ratings = source.review.ratings
    if not ratings:
        return [words("No principle or objective is recorded.")]
    unrated = [row for row in ratings if row.rating == NOT_RATED]
    if len(unrated) == len(ratings):
        return [words("No principle or objective is rated yet.")]
    items = [
        (
            Paragraph((Run(named(row)), Run(f" – {row.words.lower()}."))),
            *source.prose(row.commentary, f"{row.commitment.kind} {row.commitment.number}"),
        )
        for row in ratings
        if row.rating not in ("met", NOT_RATED)
    ]
    made: list[Block] = [ListBlock(tuple(items))] if items else []
    if not items:
        every = "Every principle and objective that is rated is met." if unrated else ALL_MET
        made.append(words(every))
    if unrated:
        made.append(words(f"Not yet rated: {listed(lower_first(named(row)) for row in unrated)}."))
    return made


ALL_MET = "Every principle and objective is met."


def named(row: RatingFact) -> str:
    """A principle or objective as a list names it: "Principle 4, Staffing"."""
    return f"{row.commitment.kind.capitalize()} {row.commitment.number}, {row.commitment.short_title}"


def post_list(source: Source) -> list[Block]:
    """List: the joint posts in post, with the appointment."""
    filled = (post for post in source.review.facts.posts if post.is_in_post)
    return list(bullets(f"{post.title} – {appointed(post)}" for post in filled))


def case_list(source: Source) -> list[Block]:
    """List: the open business cases."""
    return list(bullets(case.title for case in source.review.facts.cases if case.is_open))
