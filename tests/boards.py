"""Read the figures off the pages of a dashboard."""

import csv
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser

# What may stand on a board without being a link: dates, years, and the numbers of principles and objectives.
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
PLAIN = re.compile(rf"\d{{1,2}} {MONTH} \d{{4}}|{MONTH} \d{{4}}|[A-Z][a-z]{{2}} \d{{4}}|\b(?:19|20)\d\d(?:/\d\d)?\b")
FIGURE = re.compile(r"(?:about )?−?£[\d,]+|\b\d[\d,]*\b")


CHILDLESS = {"input", "link", "br", "circle", "rect", "line", "path", "img", "meta"}


@dataclass
class Page(HTMLParser):
    """The main part of a page: its links with their words, and the text that is no link."""

    links: list = field(default_factory=list)
    bare: list = field(default_factory=list)
    titles: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "main" or self.open:
            if tag not in CHILDLESS:
                self.open.append((tag, given))
            if tag == "a":
                self.links.append([given.get("href", ""), ""])
        self.titles += [given[name] for name in ("title", "aria-label") if given.get(name)]

    def handle_endtag(self, tag):
        while tag not in CHILDLESS and self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = [tag for tag, _ in self.open]
        if not tags or "script" in tags:
            return
        if "a" in tags:
            self.links[-1][1] += data
        elif "title" in tags:
            self.titles.append(data)
        else:
            number = "matrix" if tags[-1] == "text" and data.strip().isdigit() else ""
            self.bare += [found for found in FIGURE.findall(PLAIN.sub("", data)) if not number]

    @property
    def figures(self):
        """The links that open a figure: name and query, with the words of the link."""
        return {(href, words.strip()) for href, words in self.links if href.startswith("/figures/")}


def read(html):
    """A page taken apart."""
    page = Page()
    page.feed(html)
    return page


def amount(words):
    """The sum or count that a link says."""
    found = re.search(r"(−?)£?([\d,]+)", words)
    return Decimal(found[2].replace(",", "")) * (-1 if found[1] else 1)


def rows_of(client, href):
    """The rows of the file behind a figure's page."""
    path, _, query = href.partition("?")
    response = client.get(f"{path}export.csv?{query}")
    assert response.status_code == 200, path
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def made_of(rows, words):
    """Return what the rows of a figure come to: the sum of their amounts, what share of it is verified, or how many."""
    if "%" in words:
        sums = {"Yes": Decimal(0), "No": Decimal(0)}
        for row in rows:
            sums[row["Verified"]] += Decimal(row["Amount in pounds"] or 0)
        return sums["Yes"] * 100 // sum(sums.values())
    if "£" in words:
        return sum(Decimal(row["Amount in pounds"]) for row in rows if row["Amount in pounds"])
    return Decimal(len(rows))
