"""The figures to reach, in one place, as ratios. What has no goal stands beside for comparison."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """The goal of a ratio: a maximum or a minimum; neither where it only stands beside the others."""

    row: int
    what: str
    at_most: float | None = None
    at_least: float | None = None

    def is_reached(self, found):
        """Return whether the ratio is good enough, as the table rounds it."""
        found = round(found, 2)
        return (self.at_most is None or found <= self.at_most) and (self.at_least is None or found >= self.at_least)

    @property
    def words(self):
        """The goal as the table says it."""
        if self.at_most is None and self.at_least is None:
            return "–"
        if self.at_most == self.at_least:
            return f"{self.at_most:g}"
        return f"at most {self.at_most:g}" if self.at_least is None else f"at least {self.at_least:g}"


_GOALS = (
    Goal(1, "report: facts to tagged PDF, to the bare untagged one", at_most=1.25),
    Goal(1, "report: facts to tagged PDF, to the bare tagged one", at_most=1.15),
    Goal(2, "report: the shipped sheet to a lean one, by page", at_most=1.1),
    Goal(3, "annex: a row of 5,000 to a row of 1,000", at_most=1.3),
    Goal(3, "annex: gigabytes at 5,000 rows", at_most=1),
    Goal(4, "edition: drawn again, byte for byte the same", at_most=1, at_least=1),
    Goal(4, "published file: to the same bytes in a bare response", at_most=2),
    Goal(5, "board: unchanged, 100,000 lines to 1,000", at_most=1.2),
    Goal(5, "board: first look after a change, 100,000 lines to 1,000"),
    Goal(5, "board: conditional GET to a bare response", at_most=1.3),
    Goal(7, "queries: list, 10,000 rows to 10", at_most=1, at_least=1),
    Goal(7, "queries: last page of the list, 10,000 rows to 10", at_most=1, at_least=1),
    Goal(7, "queries: a record, 10,000 rows to 10", at_most=1, at_least=1),
    Goal(7, "queries: history of a record, 10,000 rows to 10", at_most=1, at_least=1),
    Goal(7, "queries: file of the register, 10,000 rows to 10", at_most=1, at_least=1),
    Goal(7, "queries: list of a past day, 10,000 rows to 10", at_most=1, at_least=1),
    Goal(7, "queries: savings with their lines, 10,000 rows to 10", at_most=1, at_least=1),
    Goal(7, "queries: board, first look, 100,000 lines to 1,000", at_most=1, at_least=1),
    Goal(9, "import: speed of the bulk door to a save for each row", at_least=4),
    Goal(9, "import: speed of a whole file to its rows typed in one by one", at_least=4),
    Goal(10, "as at: a record, 100,000 rows of history to 1,000", at_most=1.5),
    Goal(10, "as at: a list of fifty, 100,000 rows of history to 1,000", at_most=1.5),
    Goal(10, "as at: a record, 1,000,000 rows of history to 1,000", at_most=1.5),
    Goal(10, "as at: a list of fifty, 1,000,000 rows of history to 1,000", at_most=1.5),
    Goal(10, "as at: first page of a register of 10,000 to that of one of 1,000"),
)
GOALS = {goal.what: goal for goal in _GOALS}
