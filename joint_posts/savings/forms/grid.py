"""The grid in which a saving's figures are entered: a row for each council and financial year, saved all or nothing."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from joint_posts.models import Saving, SavingLine
from joint_posts.savings.forms.grid_row import LABELS, LineRow
from joint_posts.savings.forms.pasted import COLUMNS, Pasted, WrongCell, read_pasted
from partnership.dates import in_words
from partnership.financial_years import FinancialYear, FinancialYearFormField
from partnership.generic.forms import reason_field
from partnership.generic.renderer import ErrorLink, PortalForm
from partnership.models import Council, Party, User
from partnership.records.record import recording

MOST_ROWS = 120  # what one form may send (Django takes 1,000 fields) and one person can look over


class NothingSaved(Exception):
    """A row was refused, so no row was saved; the sentences stand on the rows."""


class GridQuestions(PortalForm, forms.Form):
    """The questions of the page beside the figures."""

    reason = reason_field()
    pasted = forms.CharField(
        label="Paste rows from a spreadsheet",
        required=False,
        strip=False,
        max_length=100_000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "wrap": "off"}),
        help_text=f"Copy the cells and paste them here: {', '.join(COLUMNS.values())}. A header row may stand first."
        " An empty cell leaves the grid as it is.",
    )
    another_year = FinancialYearFormField(label="Another financial year", required=False, help_text="Like 2019/20.")
    marks_optional = False


class Grid:
    """Every figure of a saving to be typed over: its rows, the questions beside them, and what was pasted."""

    def __init__(self, saving: Saving, *, user: User, on: date, data: QueryDict | None = None):
        self.saving = saving
        self.user = user
        self.on = on
        self.data = data.copy() if data is not None else None
        self.said: list[ErrorLink] = []  # what is wrong beside the cells
        self.parties = list(Party.objects.active().filter(partnership=saving.partnership_id).select_related("council"))
        lines = list(saving.lines.active().select_related("council"))
        councils = [*(party.council for party in self.parties), *(line.council for line in lines)]
        self.councils: list[Council] = list(dict.fromkeys(councils))
        self.pasted_into: set[tuple[int, FinancialYear]] = set()
        self.lines = {(line.council_id, line.financial_year): line for line in lines if line.financial_year}
        self.has_undated = len(lines) > len(self.lines)  # those are changed on their own pages
        self.years = self._years()
        self._build()
        self._show_what_stands([row for row in self.rows if row.has_moved_on and not row.touched])

    @property
    def most_years(self) -> int:
        """Return the number of years that the grid shows at once."""
        return MOST_ROWS // max(len(self.councils), 1)

    def _years(self) -> list[FinancialYear]:
        now = FinancialYear.containing(self.on)
        asked = self.data.getlist("years") if self.data is not None else []
        years = {FinancialYear.read(year) for _, year in self.lines} | {now, now.next()}
        for text in asked[: self.most_years]:
            try:
                years.add(FinancialYear.read(text))
            except ValueError:
                continue  # nobody types these: they are the years the page had
        return sorted(years)

    def _build(self) -> None:
        self.rows = []
        for year, council in itertools.product(self.years, self.councils):
            if self._has_row(council, year):
                line = self.lines.get((council.pk, str(year)))
                self.rows.append(LineRow(self.data, council=council, year=year, line=line))
        self.questions = GridQuestions(initial=self.data.dict() if self.data is not None else None)

    def _has_row(self, council: Council, year: FinancialYear) -> bool:
        """Return whether a council has a row in a year: it is a party then, or has figures for it."""
        if (council.pk, str(year)) in self.lines or (council.pk, year) in self.pasted_into:
            return True
        if self.data is not None and any(name.startswith(f"{council.pk}-{year.key}-") for name in self.data):
            return True
        return any(party.council == council and party.is_party_in(year) for party in self.parties)

    def _show_what_stands(self, rows: list[LineRow]) -> None:
        """Show what somebody else saved meanwhile in every cell that the user did not edit."""
        if rows:
            for row in rows:
                for name, value in row.as_it_stands().items():
                    self.data[name] = value
            self._build()

    # --- Filling it, without saving -----------------------------------------------------------------------------------

    def fill(self) -> int:
        """Put the pasted rows into the cells and say how many cells that filled; `errors` names what is wrong."""
        found = read_pasted(self.data.get("pasted", ""), self.councils)
        self._show({row.year for row in found.rows}, found)
        filled = sum(self._fill_row(row.number, row.council, row.year, row.figures, found) for row in found.rows)
        self.said += [ErrorLink(str(wrong), self.questions["pasted"].error_target) for wrong in found.wrong]
        if not found.wrong:
            self.data["pasted"] = ""
        self._build()
        return filled

    def _show(self, years: set[FinancialYear], found: Pasted) -> None:
        wanted = sorted({*self.years, *years})
        if len(wanted) > self.most_years:
            found.wrong.append(WrongCell(1, "year", "", f"The grid shows at most {self.most_years} years."))
            found.rows.clear()
            return
        self.years = wanted
        self.pasted_into = {(row.council.pk, row.year) for row in found.rows}
        self._build()

    def _fill_row(self, number: int, council: Council, year: FinancialYear, figures: dict, found: Pasted) -> int:
        row = self._row(council, year)
        filled = 0
        for name, text in figures.items():
            try:
                row[name].field.clean(text)
            except ValidationError as error:
                found.wrong.append(WrongCell(number, LABELS[name], text, error.messages[0]))
                continue
            self.data[row.add_prefix(name)] = text
            filled += 1
        return filled

    def _row(self, council: Council, year: FinancialYear) -> LineRow | None:
        return next((row for row in self.rows if (row.council, row.year) == (council, year)), None)

    @property
    def last_planned(self) -> FinancialYear | None:
        """The latest year with an estimate, typed or stored: what can be copied forward."""
        return max((row.year for row in self.rows if row["estimated"].value()), default=None)

    def copy_forward(self) -> int:
        """Put that year's estimates into the empty cells of the next one and say how many cells that filled."""
        last = self.last_planned
        filled = 0
        if last is None:
            return 0
        estimates = {row.council: row for row in self.rows if row.year == last and row["estimated"].value()}
        self.years = sorted({*self.years, last.next()})
        self._build()
        for council, source in estimates.items():
            row = self._row(council, last.next())
            if row is not None and not row["estimated"].value():
                self.data[row.add_prefix("estimated")] = str(source["estimated"].value())
                if source["figures_are_about"].value():
                    self.data[row.add_prefix("figures_are_about")] = "on"
                filled += 1
        self._build()
        return filled

    @property
    def is_another_year_typed(self) -> bool:
        """Return whether a year was typed that the grid does not show yet, or that cannot be read."""
        typed = self.data.get("another_year", "").strip()
        try:
            return bool(typed) and FinancialYear.read(typed) not in self.years
        except ValueError:
            return True

    def show_another_year(self) -> int:
        """Add the rows of the year asked for and return how many; `errors` says why a year cannot be shown."""
        before = len(self.rows)
        typed = self.data.get("another_year", "").strip()
        sentence = self._wrong_with_year(typed)
        if sentence:
            self.said.append(ErrorLink(sentence, self.questions["another_year"].error_target))
            return 0
        self.years = sorted({*self.years, FinancialYear.read(typed)})
        self.data["another_year"] = ""
        self._build()
        return len(self.rows) - before

    def _wrong_with_year(self, typed: str) -> str:
        """Return why the year that was typed cannot be shown; "" when it can."""
        try:
            year = FinancialYear.read(typed)
        except ValueError as error:
            return str(error) if typed else "Write the year to add like 2019/20"
        if len({*self.years, year}) > self.most_years:
            return f"The grid shows at most {self.most_years} years"
        if not any(self._has_row(council, year) for council in self.councils):
            return f"No council is party to the partnership in {year}"
        return ""

    # --- Saving it ----------------------------------------------------------------------------------------------------

    @property
    def changed_rows(self) -> list[LineRow]:
        """The rows that saving would write."""
        return [row for row in self.rows if row.is_to_save]

    def is_valid(self) -> bool:
        """Return whether every changed row and the reason can be taken."""
        self.questions = GridQuestions(self.data)
        return all([self.questions.is_valid(), *(row.is_valid() for row in self.changed_rows)])

    def save(self) -> list[SavingLine]:
        """Write every changed row in one transaction. Raises ``NothingSaved``, or ``Stale`` from a row."""
        rows = self.changed_rows
        saved = []
        reason = self.questions.cleaned_data["reason"]
        with recording(by=self.user, reason=reason):
            for row in rows:
                try:
                    saved.append(row.save(self.saving, on=self.on, by=self.user, reason=reason))
                except ValidationError as error:
                    row.refuse(error)
            if any(row.errors for row in rows):
                raise NothingSaved
        return saved

    @property
    def errors(self) -> list[ErrorLink]:
        """Return the errors in the order of the page, for the base template's summary."""
        errors = []
        for row in self.changed_rows:
            errors += row.error_links
        return [*errors, *self.questions.error_summary, *self.said]

    @property
    def stale_rows(self) -> list[LineRow]:
        """The changed rows that somebody else changed meanwhile."""
        return [row for row in self.rows if row.is_stale]

    def conflict(self) -> dict[str, Any]:
        """Return both versions of the stale rows. Cells that were not edited then show the stored values."""
        stale = self.stale_rows
        changes = list(filter(None, map(self._last_change, stale)))
        latest = max((timezone.localtime(change.recorded_at) for change in changes), default=None)
        differences = []
        for row in stale:
            differences += row.differences
        context = {
            "who": " and ".join(dict.fromkeys(change.person for change in changes)) or "Somebody",
            "when": f"{in_words(latest.date())}, {latest:%H:%M}" if latest else "",
            "reason": changes[0].history_change_reason if len(changes) == 1 else "",
            "rows": differences,
        }
        self._show_what_stands(stale)
        return context

    def _last_change(self, row: LineRow) -> Any:
        versions = SavingLine.history.filter(saving=self.saving, council=row.council, financial_year=str(row.year))
        return versions.order_by("history_id").last()
