"""A narrative in Markdown, its tokens replaced by what the facts say, as paragraphs and lists of plain runs of text.

No HTML passes through: the result is data, which the templates escape. The little Markdown there is: paragraphs, lists,
emphasis and links to the web or by e-mail.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from partnership.text import NAME, external, label_of_name
from partnership.wording import capitalised
from reviews.facts.councils import CouncilFact
from reviews.facts.figures import Figure

TOKEN = NAME
REFERENCE = "ref:"
# A sentence ends at its full stop, and where the next item of a list begins.
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z{*“\"(])|\n(?=\s*(?:[-*+]|\d+[.)])\s)")
BEFORE_FIRST_WORD = ' \n*+-0123456789.)“"('
MARKS = re.compile(r"([\\`*_\[\]<>&])")
LONGEST_REFERENCE = 30  # letters
LINKS = ("https://", "mailto:")

MARKDOWN = MarkdownIt("zero").enable(["list", "emphasis", "link", "escape", "balance_pairs"])
MARKDOWN.normalizeLink = str  # an address prints and leads as it was typed
ASTERISK_IN_WORD = re.compile(r"(?<=\w)\*+(?=\w)")
LIST_ITEM = re.compile(r"\s*(?:[-*]|1[.)])\s+\S")
NEXT_ITEM = re.compile(r"\s*(?:[-*]|\d+[.)])\s")
parse_list = next(rule.fn for rule in MARKDOWN.block.ruler.__rules__ if rule.name == "list")


def _asterisk_in_word(state: StateInline, silent: bool) -> bool:
    """Print an asterisk inside a word or sum as typed: "5*3*2 hours" is no emphasis."""
    found = ASTERISK_IN_WORD.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Begin a list at "-", "*" or "1." before a word: "2019. That was the year." and "+ 3" print as typed."""
    line = state.src[state.bMarks[start] : state.eMarks[start]]
    # Asked silently, it is about the next point of a list, which may bear any number.
    begins = NEXT_ITEM if silent else LIST_ITEM
    return bool(begins.match(line)) and parse_list(state, start, end, silent)


MARKDOWN.inline.ruler.before("emphasis", "asterisk_in_word", _asterisk_in_word)
MARKDOWN.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})


@dataclass(frozen=True)
class Run:
    """A piece of text that looks the same throughout."""

    text: str
    is_strong: bool = False
    is_emphasis: bool = False
    href: str = ""

    @property
    def markup(self) -> SafeString:
        """The run as HTML, its text escaped."""
        html = format_html("{}", self.text)
        for wanted, tag in ((self.is_emphasis, "em"), (self.is_strong, "strong")):
            html = format_html(f"<{tag}>{{}}</{tag}>", html) if wanted else html
        if not self.href:
            return html
        # "section 5.4" stays on one line; a longer text that leads inside the paper may be broken.
        is_short = self.href.startswith("#") and len(self.text) <= LONGEST_REFERENCE
        if is_short:
            return format_html('<a href="{}" class="paper-reference">{}</a>', self.href, html)
        return format_html('<a href="{}">{}</a>', self.href, html)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``number`` is empty until the document gives it one, and stays so in a lead or a cell."""

    runs: tuple[Run, ...]
    number: str = ""
    kind: str = "paragraph"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def markup(self) -> SafeString:
        """The paragraph's HTML. A template would leave space at its end, for which WeasyPrint breaks lines early."""
        return format_html_join("", "{}", ((run.markup,) for run in self.runs))


# How a council numbers what it resolves → the style of a list.
NUMBERED_AS = {"letters": "bracketed-letters", "numbers": "bracketed-numbers"}


@dataclass(frozen=True)
class ListBlock:
    """A list: bullets, letters a) b) c), or the given numbers. Each item is paragraphs and perhaps lists."""

    items: tuple[tuple[Paragraph | ListBlock, ...], ...]
    style: str = "bullets"
    numbers: tuple[int, ...] = ()
    kind: str = "list"

    @property
    def numbered_items(self) -> list[tuple[int | None, tuple[Paragraph | ListBlock, ...]]]:
        """Return each item with its number; ``None`` for one that goes without."""
        return list(zip(self.numbers or [None] * len(self.items), self.items, strict=True))


@dataclass(frozen=True)
class Unknown:
    """A name in a narrative that nothing answers to."""

    name: str
    section: str


@dataclass
class Narrator:
    """Turns narratives into blocks, with one document's figures and references; collects names it does not know."""

    figures: Mapping[str, Figure]
    councils: tuple[CouncilFact, ...]
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # name: (words, anchor)
    unknown: list[Unknown] = field(default_factory=list)
    is_plain: bool = False  # text for a page or a cell: no links, nothing escaped

    def read(self, markdown: str, section: str) -> list[Paragraph | ListBlock]:
        """The paragraphs and lists of a narrative."""
        tokens = MARKDOWN.parse(self.resolve(markdown, section))
        return list(_blocks(iter(tokens), self._may_lead_to))

    def runs(self, markdown: str, section: str) -> tuple[Run, ...]:
        """Return the runs of a single line of text, such as a recommendation."""
        paragraphs = [block for block in self.read(markdown, section) if isinstance(block, Paragraph)]
        return tuple(itertools.chain.from_iterable(paragraph.runs for paragraph in paragraphs))

    def _may_lead_to(self, href: str) -> bool:
        return href.startswith(LINKS) or any(href == f"#{anchor}" for _, anchor in self.references.values())

    def resolve(self, markdown: str, section: str) -> str:
        """The Markdown with every token replaced, sentence by sentence."""
        paragraphs = re.split(r"(\n\s*\n)", markdown)
        return "".join(self._paragraph(paragraph, section) for paragraph in paragraphs)

    def _paragraph(self, paragraph: str, section: str) -> str:
        place = 0
        done = []
        for end in [*(found.end() for found in SENTENCE_END.finditer(paragraph)), len(paragraph)]:
            done.append(self._sentence(paragraph[place:end], section))
            place = end
        return "".join(done)

    def _sentence(self, sentence: str, section: str) -> str:
        context = Sentence.of(sentence, self.figures, self.councils)

        def replace(found: re.Match) -> str:
            is_first = not sentence[: found.start()].strip(BEFORE_FIRST_WORD)
            return self._text(found[1], context, section, capitalised if is_first else str)

        return TOKEN.sub(replace, sentence)

    def _text(self, name: str, context: Sentence, section: str, cased: Callable[[str], str]) -> str:
        if name.startswith(REFERENCE) and name.removeprefix(REFERENCE) in self.references:
            words, anchor = self.references[name.removeprefix(REFERENCE)]
            return cased(words) if self.is_plain else f"[{cased(words)}](#{anchor})"
        if name in self.figures:
            text = cased(context.with_scope(self.figures[name]))
        elif found := external(name):
            text = cased(str(found))
        else:
            self.unknown.append(Unknown(name, section))
            text = label_of_name(name) if self.is_plain else f"[unknown figure: {name}]"
        return text if self.is_plain else plain(text)


@dataclass(frozen=True)
class Sentence:
    """The scope of a sentence about money: the councils and the scope words in it, and its own tokens."""

    words: str
    councils_named: frozenset[int]
    councils_counted: frozenset[int | None]

    @classmethod
    def of(cls, sentence: str, figures: Mapping[str, Figure], councils: tuple[CouncilFact, ...]) -> Sentence:
        """Read a sentence whose tokens still stand in it."""
        inside = [figures[name] for name in TOKEN.findall(sentence) if name in figures]
        words = TOKEN.sub(lambda found: figures[found[1]].text if found[1] in figures else "", sentence)
        named = frozenset(
            council.id
            for council in councils
            if council.name in words or re.search(rf"\b{re.escape(council.short_name)}\b", words)
        )
        return cls(words, named, frozenset(figure.council_id for figure in inside if figure.scope))

    def with_scope(self, figure: Figure) -> str:
        """The figure's text, with its scope unless the sentence makes it plain."""
        if not figure.scope or figure.amount is None or self.tells_scope_of(figure):
            return figure.text
        return f"{figure.text} ({figure.scope})"

    def tells_scope_of(self, figure: Figure) -> bool:
        """Return whether nobody can mistake whose sum it is.

        A council's sum is plain where the council is named and no other council is named without a sum of its own: in
        "both councils save …" followed by one council's half it is not.
        """
        if figure.council_id is None:
            return figure.scope in self.words
        return figure.council_id in self.councils_named and self.councils_named <= self.councils_counted


def plain(text: str) -> str:
    """Text that Markdown leaves alone."""
    return MARKS.sub(r"\\\1", text)


def _blocks(tokens: Iterator[Token], allowed: Callable[[str], bool]) -> Iterator[Paragraph | ListBlock]:
    """The blocks up to the end of whatever was opened last."""
    for token in tokens:
        if token.type == "inline":
            yield Paragraph(tuple(_runs(token.children or [], allowed)))
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            yield ListBlock(tuple(_items(tokens, allowed)), "letters" if token.tag == "ol" else "bullets")
        elif token.type in {"list_item_close", "bullet_list_close", "ordered_list_close"}:
            return


def _items(tokens: Iterator[Token], allowed: Callable[[str], bool]) -> Iterator[tuple[Paragraph | ListBlock, ...]]:
    for token in tokens:
        if token.type == "list_item_open":
            yield tuple(_blocks(tokens, allowed))
        else:
            return


# What prints for a token of the text: its own content, or this.
TEXTS = {"text": "", "text_special": "", "softbreak": " ", "hardbreak": "\\ "}


def _runs(children: list[Token], allowed: Callable[[str], bool]) -> Iterator[Run]:
    strong = 0
    emphasis = 0
    href = ""
    address = ""
    for token in children:
        if token.type in TEXTS:
            text = TEXTS[token.type] or token.content
            if text:
                yield Run(text, strong > 0, emphasis > 0, href)
        elif token.tag == "strong":
            strong += token.nesting
        elif token.tag == "em":
            emphasis += token.nesting
        elif token.tag == "a":
            if token.nesting == 1:
                address = str(token.attrGet("href") or "")
                href = address if allowed(address) else ""
            if not allowed(address):
                # No link that a paper may have, such as "[2019](14)", so it prints as it was typed.
                yield Run("[" if token.nesting == 1 else f"]({address})", strong > 0, emphasis > 0)
            elif token.nesting == -1:
                href = ""
