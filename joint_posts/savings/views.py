"""The pages that are not a register's: the grid of a saving's figures, and the verification queue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from joint_posts.models import SavingLine
from joint_posts.savings import verification, workflow
from joint_posts.savings.forms.grid import Grid, NothingSaved
from joint_posts.savings.forms.grid_row import CELLS, LABELS
from joint_posts.savings.forms.verification import CHANGED, VerifySeveralForm, choice_of
from partnership.accounts.kept_forms import TakesKeptForm, typed_for
from partnership.accounts.permissions import today
from partnership.amounts import Amount
from partnership.dates import in_words
from partnership.generic import submissions
from partnership.generic.display import display_value
from partnership.generic.pages import RegisterPage
from partnership.records.record import Stale

NOTHING_CHANGED = "Nothing was changed, so nothing was saved."


class SavingGrid(TakesKeptForm, RegisterPage, TemplateView):
    """Every figure of a saving, entered at once and saved together."""

    needs_keeping = True
    template_page = "grid"

    def prepare(self) -> None:
        self.saving = self.get_object()
        if self.saving.is_withdrawn:
            raise PermissionDenied

    def grid(self) -> Grid:
        """The grid as it stands in the request."""
        data = self.request.POST if self.request.method == "POST" else typed_for(self.request)
        return Grid(self.saving, user=self.request.user, on=today(), data=data)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.grid())

    def post(self, request: HttpRequest, *args: Any, again: bool = False, **kwargs: Any) -> HttpResponse:
        grid = self.grid()
        asked = request.POST.get("do", "save")
        unsaved = self.prepare_figures(grid, asked)
        if unsaved or grid.said:
            return self.show(grid, unsaved)
        try:
            return self.write(grid)
        except (Stale, IntegrityError):
            if again:
                raise
            return self.post(request, again=True)  # somebody was faster by a moment: look at it as it stands now

    def prepare_figures(self, grid: Grid, asked: str) -> str:
        """Do what a button asks for besides saving, and return what the page says of it; "" where all can be saved.

        A year that was typed is shown and pasted rows are filled in, whichever button was pressed: nothing is dropped.
        """
        done = []
        if asked == "year" or grid.is_another_year_typed:
            added = grid.show_another_year()
            if not grid.said:
                done.append(counted(added, "row", "added"))
        if asked == "copy":
            done.append(counted(grid.copy_forward(), "cell", "filled"))
        is_pasted = bool(self.request.POST.get("pasted", "").strip())
        if asked == "fill" or (is_pasted and asked not in ("year", "copy")):
            filled = counted(grid.fill() if is_pasted else 0, "cell", "filled")
            if asked != "fill and save" or done or grid.said:
                done.append(filled)
        return f"{' and '.join(done)}. Nothing is saved until you press “Save the figures”." if done else ""

    def write(self, grid: Grid) -> HttpResponse:
        """Save all of it, or show why none of it was saved."""
        if grid.stale_rows:
            return self.show(grid, conflict=grid.conflict())
        if not grid.is_valid():
            return self.show(grid)
        plan = [row.label for row in grid.changed_rows if row.changes_the_plan]
        try:
            saved = grid.save()
        except NothingSaved:
            return self.show(grid)
        messages.success(self.request, said_of(len(saved), plan))
        return redirect(f"{self.register.url('detail', self.saving)}#lines")

    def show(self, grid: Grid, note: str = "", conflict: dict[str, Any] | None = None) -> HttpResponse:
        """The page with the grid as it stands."""
        register = self.register
        context = self.get_context_data(
            breadcrumbs=register.breadcrumbs(self.saving),
            cancel_url=register.url("detail", self.saving),
            caption=register.title_of(self.saving),
            columns=[LABELS[name].capitalize() for name in CELLS],
            conflict=conflict,
            form=grid,
            note=note,
            page_title="Enter figures",
        )
        return self.render_to_response(context, status=409 if conflict else 200)


def counted(count: int, noun: str, done: str) -> str:
    """Return what was done to how many: "1 row added"."""
    return f"{count} {noun}{'' if count == 1 else 's'} {done}"


def said_of(count: int, plan: list[str]) -> str:
    """Return the message shown after saving."""
    if not count:
        return NOTHING_CHANGED
    said = f"{count} {'line' if count == 1 else 'lines'} saved."
    return f"{said} The plan changed for {', '.join(plan)}." if plan else said


class VerificationQueue(TakesKeptForm, FormView):
    """The lines that wait for a finance verifier, who verifies one on its page or several here with one note."""

    template_name = "joint_posts/verification.html"
    form_class = VerifySeveralForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not verification.may_open(request.user):
            raise PermissionDenied
        self.waiting, self.own = verification.waiting_for(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"waiting": self.waiting}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return submissions.earlier(request) or super().post(request, *args, **kwargs)

    def form_valid(self, form: VerifySeveralForm) -> HttpResponse:
        try:
            return submissions.once(self.request, lambda: self.write(form))
        except (PermissionDenied, Stale, ValidationError):
            # Somebody changed or verified one a moment ago.
            self.waiting, self.own = verification.waiting_for(self.request.user)
            form.add_error("lines", CHANGED)
        return self.form_invalid(form)

    def write(self, form: VerifySeveralForm) -> str:
        """Verify what was chosen and return the page that follows."""
        note = form.cleaned_data["note"]
        verified = workflow.verify_lines(form.chosen, on=today(), note=note, by=self.request.user)
        messages.success(self.request, f"{counted(len(verified), 'figure', 'verified')}.")
        return reverse("verification")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        done = verification.verified_lately(self.request.user)
        reasons = verification.reasons_of([*self.waiting, *self.own])
        context = super().get_context_data(**kwargs)
        chosen = context["form"]["lines"].value() or []
        waiting = []
        for line in self.waiting:
            row = waiting_row(line, reasons, "verify")
            waiting.append(row | {"choice": choice_of(line), "is_chosen": choice_of(line) in chosen})
        return context | {
            "breadcrumbs": [("Home", reverse("home"))],
            "done": {"columns": columns_of(DONE), "rows": [done_row(line) for line in done]},
            "own": {"columns": columns_of(WAITING), "rows": [waiting_row(line, reasons) for line in self.own]},
            "own_entry": verification.OWN_ENTRY,
            "page_title": "Verification",
            "waiting": {"columns": columns_of(WAITING), "rows": waiting},
        }


WAITING = (
    "Saving, council and year",
    "Estimated",
    "Delivered",
    "Difference to the estimate",
    "Up to",
    "Cost to achieve",
    "Entered by",
    "Reason given",
)
DONE = ("Saving, council and year", "Delivered", "Verified by", "Verified on", "What was checked")
MONEY = ("Estimated", "Delivered", "Difference to the estimate", "Cost to achieve")


def columns_of(labels: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the headings of a table."""
    return [{"label": label, "numeric": label in MONEY} for label in labels]


def waiting_row(line: SavingLine, reasons: dict[int, str], page: str = "detail") -> dict[str, Any]:
    """Return a figure that waits; the row leads to the page where it is verified, or to the line."""
    delivered = Amount(line.delivered, line.figures_are_about)
    difference = delivered.less(Amount(line.estimated, line.figures_are_about))
    texts = (
        f"{line.saving}: {line}",
        display_value(line, "estimated"),
        display_value(line, "delivered"),
        difference.to_the_penny,
        in_words(line.delivered_to_on),
        display_value(line, "cost_to_achieve"),
        str(line.figures_changed_by),
        reasons.get(line.pk, ""),
    )
    return row_of(WAITING, texts, reverse(f"savingline_{page}", args=[line.pk]))


def done_row(line: SavingLine) -> dict[str, Any]:
    """A verified figure."""
    texts = (
        f"{line.saving}: {line}",
        display_value(line, "delivered"),
        str(line.verified_by),
        in_words(line.verified_on),
        line.verification_note or "Not recorded",
    )
    return row_of(DONE, texts, reverse("savingline_detail", args=[line.pk]))


def row_of(labels: tuple[str, ...], texts: tuple[str, ...], url: str) -> dict[str, Any]:
    """A row as the table component takes it."""
    cells = [
        {"label": label, "text": text, "numeric": label in MONEY} for label, text in zip(labels, texts, strict=True)
    ]
    return {"url": url, "cells": cells}
