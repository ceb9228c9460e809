"""Sentences that disagree with the registers are named with what the register holds; true and foreign ones are not.

The example's sentences stand in `tests/data/sentences.json`, those of an invented partnership of three in
`tests/three_councils.py`.
"""

import json
from pathlib import Path

import pytest

from reviews.models import Review
from reviews.papers.checks import proof
from reviews.papers.checks.prose import doubts
from reviews.papers.checks.prose.numbers import counts, shares, sums
from tests.three_councils import HARMLESS, WRONG, make_three_councils
from tests.vale_councils import make_vale_councils

DATA = Path(__file__).resolve().parents[3] / "data"
SENTENCES = json.loads((DATA / "sentences.json").read_text())
# Sentences of somebody who had not seen the checks: of the example, and of the three councils. Some slip through, and
# may; what is held is how many.
UNSEEN = {name: json.loads((DATA / f"sentences_{name}.json").read_text()) for name in ("unseen", "unseen_three")}
WRONG_HERE = [(row["text"], row["shows"]) for row in SENTENCES if "shows" in row]
HARMLESS_HERE = [row["text"] for row in SENTENCES if "shows" not in row]


def rightly_named(wrong, basis):
    """The wrong sentences of which a finding shows what the register holds, and links to a record."""
    named_rightly = []
    for text, shows in wrong:
        if any(shows in doubt.sentence and (doubt.record or "days" in doubt.sentence) for doubt in doubts(text, basis)):
            named_rightly.append(text)
    return named_rightly


def named(texts, basis):
    """The sentences about which anything is found."""
    return [text for text in texts if doubts(text, basis)]


@pytest.mark.django_db
def test_sentences_about_the_example_are_named_or_left_alone(example):
    basis = proof.proof_of(Review.objects.get(slug="gateway-review-2019-03"), None).basis
    right = rightly_named(WRONG_HERE, basis)
    assert (len(WRONG_HERE), len(HARMLESS_HERE)) == (45, 45)
    assert [text for text, _ in WRONG_HERE if text not in right] == []
    assert named(HARMLESS_HERE, basis) == []


@pytest.mark.django_db
def test_sentences_about_three_councils_are_named_or_left_alone():
    basis = proof.proof_of(make_three_councils().review, None).basis
    right = rightly_named(WRONG, basis)
    assert len(WRONG) + len(HARMLESS) >= 110
    assert [text for text, _ in WRONG if text not in right] == []
    assert named(HARMLESS, basis) == []


@pytest.fixture
def basis_of(request):
    """Return what the unseen sentences of a set are held against."""

    def get(name):
        if name == "unseen_three":
            review = make_three_councils().review
        else:
            request.getfixturevalue("example")
            review = Review.objects.get(slug="gateway-review-2019-03")
        return proof.proof_of(review, None).basis

    return get


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "size", "least_right", "most_named"), [("unseen", (45, 45), 42, 2), ("unseen_three", (33, 17), 30, 1)]
)
def test_unseen_sentences_reach_the_bar(name, size, least_right, most_named, basis_of):
    basis = basis_of(name)
    told = [(row["text"], row["shows"]) for row in UNSEEN[name] if "shows" in row]
    true = [row["text"] for row in UNSEEN[name] if "shows" not in row]
    assert (len(told), len(true)) == size
    assert len(rightly_named(told, basis)) >= least_right
    assert len(named(true, basis)) <= most_named
    for text in true:
        assert [doubt for doubt in doubts(text, basis) if doubt.is_blocking] == []


# Sentences written before the checks were changed for them. On first contact the wrong ones named rightly were, in each
# round, of the example and of the vale: 45 of 51 and 41 of 53; 40 of 49 and 43 of 52; 40 of 50 and 48 of 52; 44 of 49
# and 51 of 52; 38 of 45 and 23 of 26 (headings, captions and recommendations). The harmless ones named were 3 and 4,
# 1 and 1, 3 and 1, and none in the fourth and fifth. The sixth, the hardest, of the example alone: 36 of 45, and 2.
ROUNDS = {
    name: json.loads((DATA / f"sentences_{name}.json").read_text())
    for name in ("round_1", "round_2", "round_3", "round_4", "round_5", "round_6")
}
# The facts do not say which councils share a post; a sum of two councils of three, or a difference, is no figure.
MISSED = {
    ("round_1", "example"): [],
    ("round_1", "vale"): ["The Head of Housing is shared by all three councils."],
    ("round_2", "example"): [],
    ("round_2", "vale"): ["Ashmoor and Brinstead together are estimated to save £90,000 in 2024/25."],
    ("round_3", "example"): ["The district saves £10,000 more than the county in 2019/20."],
    ("round_3", "vale"): [],
    ("round_4", "example"): [],
    ("round_4", "vale"): [],
    ("round_5", "example"): [],
    ("round_5", "vale"): [],
    ("round_6", "example"): [
        "One interim and five permanent officers hold the joint posts.",
        "West Oxfordshire and Cherwell share a Chief Executive.",
        "Officers in shared posts lose their own employer and work for a new body.",
        "There were more joint posts when the partnership began than there are now.",
    ],
}
# An interim post is named without saying so; a count is right today, and was typed.
NAMED_THOUGH_HARMLESS = {
    ("round_1", "vale"): ["The Director of Resources is the chief finance officer."],
    ("round_3", "vale"): ["One principle is at risk."],
    ("round_6", "example"): ["Norfolk’s districts were told that sharing had saved a fifth of costs."],
}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "of"), MISSED)
def test_sentences_of_a_round_are_named_or_left_alone(name, of, request):
    if of == "vale":
        review = make_vale_councils().review
    else:
        request.getfixturevalue("example")
        review = Review.objects.get(slug="gateway-review-2019-03")
    basis = proof.proof_of(review, None).basis
    wrong = [(row["text"], row["shows"]) for row in ROUNDS[name][of] if "shows" in row]
    harmless = [row["text"] for row in ROUNDS[name][of] if "shows" not in row]
    right = rightly_named(wrong, basis)
    assert (len(wrong) >= 26, len(harmless) >= 20) == (True, True)
    assert [text for text, _ in wrong if text not in right] == MISSED[name, of]
    assert named(harmless, basis) == NAMED_THOUGH_HARMLESS.get((name, of), [])


@pytest.mark.django_db
def test_only_typed_sums_block():
    basis = proof.proof_of(make_three_councils().review, None).basis
    found = []
    for text, _ in WRONG:
        found += doubts(text, basis)
    assert {doubt.kind for doubt in found if doubt.is_blocking} == {"typed-money"}


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("£1,234.50", "1234.50", "£"),
        ("GBP315000", "315000", "£"),
        ("315.000 euros", "315000", "€"),
        ("£ 315 000", "315000", "£"),
        ("£0.7m", "700000", "£"),
        ("six hundred and ninety-two thousand pounds", "692000", "£"),
        ("half a million pounds", "500000", "£"),
        ("three quarters of a million pounds", "750000", "£"),
        ("one and a half million pounds", "1500000", "£"),
        ("one point two million pounds", "1200000", "£"),
        ("629 thousand pounds", "629000", "£"),
    ],
)
def test_sum_in_figures_or_words_is_read_in_pounds(text, value, currency):
    (found,) = sums(f"It saves {text} in all.")
    assert (f"{found.value.normalize():f}", found.currency) == (
        f"{float(value):g}" if "." in value else value,
        currency,
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a dozen posts", [12]),
        ("nine of the eleven cases", [9, 11]),
        ("no joint posts", [0]),
        ("a one-off, two-tier matter", []),
        ("twenty-one posts", [21]),
    ],
)
def test_count_in_words_is_read_and_a_compound_is_not(text, found):
    assert [one.value for one in counts(text)] == found


@pytest.mark.parametrize(
    ("text", "percent"), [("sixty per cent", 60), ("12%", 12), ("three-quarters", 75), ("half", 50), ("1/5", 20)]
)
def test_share_in_figures_or_words_is_read(text, percent):
    (found,) = shares(f"That is {text} of it")
    assert found.value * 100 == percent
