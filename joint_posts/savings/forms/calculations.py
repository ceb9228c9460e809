"""Forms that carry a calculation into the ledger, and that break an aggregate line down by post."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from django import forms

from joint_posts.models import JointPost, Saving
from joint_posts.savings import calculations
from partnership.accounts.permissions import today
from partnership.financial_years import FinancialYear, FinancialYearFormField
from partnership.generic.forms import ReasonForm
from partnership.models import Council, Party
from partnership.money import MoneyFormField
from partnership.records.record import Record


class PutIntoLedgerForm(ReasonForm):
    """Writes the worked saving of a post into the ledger."""

    year = FinancialYearFormField(label="Financial year", help_text="Like 2019/20.")
    saving = forms.ModelChoiceField(
        Saving.objects.all(),
        required=False,
        empty_label="A saving of its own",
        help_text="The saving whose lines are written: one of its own, or an existing one that stands for this post.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        year = FinancialYear.containing(today())
        self.fields["year"].initial = str(year)
        about_year = (self.fields["year"].help_text, calculations.left_out_in_words(self.target, year))
        self.fields["year"].help_text = " ".join(filter(None, about_year))
        savings = self.fields["saving"].queryset
        self.fields["saving"].queryset = savings.filter(posts__post=self.target, posts__withdrawn_on__isnull=True)

    def save(self) -> Record:
        year = FinancialYear.read(self.cleaned_data["year"])
        calculations.put_into_ledger(
            self.target,
            year=year,
            saving=self.cleaned_data["saving"],
            on=today(),
            by=self.user,
            reason=self.cleaned_data["reason"],
        )
        self.said = calculations.left_out_in_words(self.target, year)
        return self.target


class BreakDownForm(ReasonForm):
    """Asks for each post and council how much of an aggregate line is theirs."""

    financial_year = FinancialYearFormField(help_text="The year whose lines are broken down.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        years = self.target.lines.active().exclude(financial_year="").values_list("financial_year", flat=True)
        self.fields["financial_year"].initial = max(years, default="")
        links = self.target.posts.active().select_related("post")
        self.posts: list[JointPost] = [link.post for link in links]
        parties = Party.objects.active().filter(partnership=self.target.partnership_id).select_related("council")
        lines = self.target.lines.active().select_related("council")
        councils = [*(party.council for party in parties), *(line.council for line in lines)]
        self.councils: list[Council] = list(dict.fromkeys(councils))
        for name, _, council in self._cells():
            self.fields[name] = MoneyFormField(label=f"{council.short_name}", required=False)

    @property
    def fieldsets(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Return the year, then one group of councils for each post."""
        fieldsets = [("", "", ("financial_year",))]
        for post in self.posts:
            names = [self._cell_name(post, council) for council in self.councils]
            fieldsets.append((str(post), "", tuple(names)))
        return tuple(fieldsets)

    @staticmethod
    def _cell_name(post: JointPost, council: Council) -> str:
        return f"part_{post.pk}_{council.key}"

    def _cells(self) -> list[tuple[str, JointPost, Council]]:
        pairs = itertools.product(self.posts, self.councils)
        return [(self._cell_name(post, council), post, council) for post, council in pairs]

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.parts():
            raise forms.ValidationError("Enter an amount for at least one post.")
        return self.cleaned_data

    def parts(self) -> dict[JointPost, dict[Council, Decimal]]:
        """Return the amounts entered, by post and council."""
        parts: dict[JointPost, dict[Council, Decimal]] = {}
        for name, post, council in self._cells():
            if self.cleaned_data.get(name) is not None:
                parts.setdefault(post, {})[council] = self.cleaned_data[name]
        return parts

    def save(self) -> Record:
        calculations.break_down(
            self.target,
            financial_year=self.cleaned_data["financial_year"],
            parts=self.parts(),
            on=today(),
            by=self.user,
            reason=self.cleaned_data["reason"],
        )
        return self.target
