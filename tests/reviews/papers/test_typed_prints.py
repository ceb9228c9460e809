"""Test what is typed prints, unless it is markup that the author sees as such; HTML codes never show."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.papers.narrative import ListBlock, Narrator


def printed(text):
    """The words of a narrative as it prints."""
    blocks = Narrator({}, ()).read(text, "1")
    return " ".join(" ".join(words_of(block) for block in blocks).split())


def words_of(block):
    if isinstance(block, ListBlock):
        return " ".join(map(words_of, itertools.chain.from_iterable(block.items)))
    return block.text


@pytest.mark.parametrize(
    "text",
    [
        "5*3*2 hours",
        "2019. That was the year.",
        "+ 3 posts",
        "# 4",
        "> quoted",
        "~~x~~",
        "a < b & c",
        "7) first",
        "name_of_file and other_name_too",
        "12.5 per cent",
        "1.",
        "-",
        "C:\\new\\table",
        "A path ends in \\",
        "[2019](14) and [1]",
        "see [the page](http://example.org/a b)",
        "www.example.org",
        "<script>alert(1)</script>",
        "AT&amp;T",
        "2 * 3 * 4",
        "---",
        "-5 degrees",
        "3.5.2019",
        "(*) note",
    ],
)
def test_sign_that_is_no_markup_prints_as_typed(text):
    assert printed(text) == text


@pytest.mark.parametrize(
    ("text", "prints"),
    [
        ("**Bold** and *leaning*", "Bold and leaning"),
        ("[The page](https://example.org)", "The page"),
        ("- one\n- two", "one two"),
        ("1. one\n2. two", "one two"),
        ("* one\n* two", "one two"),
        ("A line\nthat goes on", "A line that goes on"),
        ("A line \\\nthat goes on", "A line \\ that goes on"),
    ],
)
def test_markup_prints_its_words(text, prints):
    assert printed(text) == prints


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"]), min_size=1, max_size=12
)
PLAIN = WORDS.filter(lambda word: not set(word) & set("*_\\[]{}`") and word[0] not in "-+*" and not word[0].isdigit())


@settings(max_examples=300, deadline=None)
@given(st.lists(PLAIN, min_size=1, max_size=12))
def test_words_without_markup_all_print_in_order(words):
    text = " ".join(words)
    assert printed(text).split() == text.split()
