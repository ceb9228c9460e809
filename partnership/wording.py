"""Small words that papers are made of: numbers in words, lists in a sentence, plurals, sums in millions."""

from collections.abc import Iterable
from decimal import Decimal

from partnership.money import ABOUT, NOT_RECORDED, pounds

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
MILLION = Decimal(1_000_000)
CURRENCIES = {"GBP": "£", "EUR": "€", "USD": "US$"}


def in_number_words(number: int) -> str:
    """A count as prose has it: words up to nine, figures from 10; nought is "no"."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else f"{number:,}"


def ordinal(number: int) -> str:
    """ "sixth", "12th"."""
    if 1 <= number <= len(ORDINALS):
        return ORDINALS[number - 1]
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def counted(number: int, one: str, many: str) -> str:
    """ "one joint post", "six joint posts", "no joint posts"."""
    return f"{in_number_words(number)} {one if number == 1 else many}"


def listed(words: Iterable[str], *, nothing: str = "none") -> str:
    """Words as a sentence lists them: "a, b and c"; semicolons where an item has a comma of its own."""
    items = list(words)
    if len(items) < 2:
        return items[0] if items else nothing
    comma = "; " if any(", " in item for item in items) else ", "
    return f"{comma.join(items[:-1])}{';' if comma == '; ' else ''} and {items[-1]}"


def large_sum(amount: Decimal | None, *, about: bool = False, currency: str = "GBP") -> str:
    """A yardstick's amount, whole tenths of a million in words: "about £20 million", "£805,000"; "" for none."""
    if amount is None:
        return ""
    sign = CURRENCIES.get(currency, f"{currency} ")
    if amount >= MILLION and amount % (MILLION / 10) == 0:
        return f"{ABOUT if about else ''}{sign}{(amount / MILLION).normalize():f} million"
    return pounds(amount, about=about, unknown=NOT_RECORDED).replace("£", sign)


def capitalised(text: str) -> str:
    """The text with a capital at its start, and nothing else changed."""
    return text[:1].upper() + text[1:]
