"""The pages of an import: hand in a file, see what it would do, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.generic import DetailView, FormView, View

from partnership.dates import in_words
from partnership.generic.cells import LIST_MARK
from partnership.generic.exports import csv_lines, csv_response, workbook_response
from partnership.generic.files import RegisterFile
from partnership.generic.pages import ROWS_ON_A_PAGE, RegisterPage
from partnership.generic.renderer import PortalForm
from partnership.imports.job import forget_old_files
from partnership.imports.reader import LARGEST_FILE, MEGABYTE, MOST_COLUMNS, MOST_ROWS, Refused, kind_of
from partnership.models import Job
from partnership.money import MoneyFormField

if TYPE_CHECKING:
    from partnership.generic.register import Register

RECENT_JOBS = 5
MOST_CHOICES = 12  # named in one cell
LEFT_OPEN = "Or “Not stated: ” and the source that does not state it."
ROW_COLUMNS = ("Row", "Is", "Which", "What would be written")
PROBLEM_COLUMNS = ("Row", "Column", "What it says", "What is wrong")
KINDS = {"new": "New", "changed": "Changed", "unchanged": "Unchanged"}
TOO_LARGE = f"The file is larger than {LARGEST_FILE // MEGABYTE} MB. Split it into several."


def urls(register: Register) -> list[URLPattern]:
    """Return the URLs of a register's import; a part has a template and is imported through its register."""
    at = f"{register.inner_path}import/"
    name = register.name
    template = [
        path(
            f"{at}template.{ending}",
            Template.as_view(register=register, ending=ending),
            name=f"{name}_template_{ending}",
        )
        for ending in ("csv", "xlsx")
    ]
    pages = [
        path(at, ImportPage.as_view(register=register), name=f"{name}_import"),
        path(f"{at}<int:number>/", JobPage.as_view(register=register), name=f"{name}_job"),
    ]
    addresses = template if register.is_entered else []
    takes_files = register.kinds and not register.above
    return addresses + pages if takes_files else addresses


class ImportForm(PortalForm, forms.Form):
    """Hands in a file."""

    file = forms.FileField(
        label="Your file",
        help_text=f"CSV or Excel (.xlsx), with at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns.",
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
        error_messages={"required": "Choose a file", "empty": "The file is empty."},
    )

    def clean_file(self) -> Any:
        """Ask of the file what can be asked before it is opened."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        self.content = file.read()
        try:
            kind_of(file.name, self.content)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file


class ImportersPage(RegisterPage):
    """A page for those who may enter rows of the register or of one of its parts."""

    def prepare(self) -> None:
        self.kinds = [kind for kind in self.register.kinds if kind.policy.may_edit(self.request.user)]
        if not self.kinds:
            raise PermissionDenied


class ImportPage(ImportersPage, FormView):
    """Hand in a file; what its columns mean, templates and one's latest imports stand beside."""

    form_class = ImportForm
    template_page = "import"

    def form_valid(self, form: ImportForm) -> HttpResponse:
        now = timezone.now()
        forget_old_files(now)
        try:
            with transaction.atomic():
                Job.objects.refuse_too_many(self.request.user)
                job = Job.objects.create(
                    by=self.request.user,
                    register=self.register.name,
                    file_name=form.cleaned_data["file"].name[-200:],
                    file=form.content,
                    created_at=now,
                    heard_at=now,
                )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return redirect(job_url(self.register, job))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register = self.register
        user = self.request.user
        jobs = Job.objects.of(user).filter(register=register.name)[:RECENT_JOBS]
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": register.breadcrumbs(),
            "cancel_url": register.url("list"),
            "caption": register.label_plural,
            "files": [self._file(kind) for kind in self.kinds],
            "job_columns": [{"label": "File"}, {"label": "Handed in"}, {"label": "Where it stands"}],
            "job_rows": [self._job(job) for job in jobs],
            "page_title": "Import from a spreadsheet",
            "submit_label": "Check the file",
        }

    def _file(self, kind: Register) -> dict[str, Any]:
        file = RegisterFile(kind, self.request.user)
        return {
            "label": kind.label_plural,
            "is_ready": file.question_form is not None,
            "needs": file.parents.kind if file.parents else "",
            "columns": [{"label": label} for label in ("Column", "Needed for a new row", "What to write")],
            "rows": [{"cells": cells} for cells in meanings(file)],
            "downloads": [
                *_templates(kind),
                {"label": "Everything recorded so far, for Excel", "url": reverse(f"{kind.name}_export_xlsx")},
            ],
        }

    def _job(self, job: Job) -> dict[str, Any]:
        when = timezone.localtime(job.created_at)
        cells = [job.file_name, f"{in_words(when.date())}, {when:%H:%M}", _state(job)]
        return {"url": job_url(self.register, job), "cells": [{"text": text} for text in cells]}


def _templates(kind: Register) -> list[dict[str, str]]:
    return [
        {"label": "Empty template for Excel", "url": template_url(kind, "xlsx")},
        {"label": "Empty template as CSV", "url": template_url(kind, "csv")},
    ]


def _state(job: Job) -> str:
    if job.state == Job.State.READY and job.result.get("readings"):
        return "Has a question"
    wrong = job.result.get("counts", {}).get("wrong")
    return "Has wrong rows" if job.state == Job.State.READY and wrong else job.get_state_display()


class JobPage(ImportersPage, DetailView):
    """The state of a file: being read, to be confirmed, refused, or imported."""

    template_page = "import_job"

    def get_object(self, queryset: Any = None) -> Job:
        mine = Job.objects.of(self.request.user).filter(register=self.register.name)
        return get_object_or_404(mine, pk=self.kwargs["number"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm. Of two clicks only the first counts."""
        job = self.get_object()
        if job.result.get("readings") and job.state == Job.State.READY:
            return self._read_as(job, request.POST.get("encoding", ""))
        if can_be_confirmed(job):
            ready = Job.State.READY
            confirmed = Job.State.CONFIRMED
            try:
                with transaction.atomic():
                    Job.objects.refuse_too_many(request.user)
                    Job.objects.move(job, ready, to=confirmed, at=timezone.now(), progress=0, losses=0)
            except ValidationError as error:
                messages.error(request, error.messages[0])
        return redirect(job_url(self.register, job))

    def _read_as(self, job: Job, encoding: str) -> HttpResponse:
        """Read the file again in the encoding that the person chose."""
        if encoding in {reading["encoding"] for reading in job.result["readings"]}:
            ready = Job.State.READY
            waiting = Job.State.WAITING
            result = {"encoding": encoding}
            Job.objects.move(job, ready, to=waiting, at=timezone.now(), progress=0, losses=0, result=result)
        return redirect(job_url(self.register, job))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = self.object
        now = timezone.now()
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": [*self.register.breadcrumbs(), ("Import", self.register.url("import"))],
            "can_be_confirmed": can_be_confirmed(job),
            "caption": "Import from a spreadsheet",
            "counts": counts_in_words(job),
            "is_under_way": job.is_under_way,
            "is_unattended": job.is_unattended(now),
            "job": job,
            "page_title": job.file_name,
            "list_url": self.register.url("list"),
            "try_again_url": self.register.url("import"),
            **self._rows(job),
        }

    def _rows(self, job: Job) -> dict[str, Any]:
        shown = self.request.GET.get("show", "")
        rows = [row for row in job.result.get("rows", []) if shown not in KINDS or row["kind"] == shown]
        page = Paginator(rows, ROWS_ON_A_PAGE).get_page(self.request.GET.get("page"))
        problems = job.result.get("problems", [])
        return {
            "columns": [{"label": label} for label in ROW_COLUMNS],
            "page_obj": page,
            "problem_columns": [{"label": label} for label in PROBLEM_COLUMNS],
            "problem_rows": [{"cells": _problem(problem)} for problem in problems[:ROWS_ON_A_PAGE]],
            "problems_not_shown": max(0, len(problems) - ROWS_ON_A_PAGE),
            "rows": [{"cells": _row(row)} for row in page],
            "shown": shown,
            "views": [{"name": "", "label": "All rows"}, *({"name": n, "label": label} for n, label in KINDS.items())],
        }


def _row(row: dict[str, Any]) -> list[dict[str, Any]]:
    texts = (f"Row {row['row']}", KINDS[row["kind"]], row["name"], "\n".join(row["changes"]) or "–")
    return [{"label": label, "text": text} for label, text in zip(ROW_COLUMNS, texts, strict=True)]


def _problem(problem: dict[str, Any]) -> list[dict[str, Any]]:
    column = f"{problem['column']} ({problem['letter']})" if problem["letter"] else problem["column"]
    texts = (f"Row {problem['row']}", column or "The row as a whole", problem["value"] or "–", problem["sentence"])
    return [{"label": label, "text": text} for label, text in zip(PROBLEM_COLUMNS, texts, strict=True)]


def can_be_confirmed(job: Job) -> bool:
    """Return whether there is something to import and nothing wrong."""
    counts = job.result.get("counts", {})
    return job.state == Job.State.READY and not counts.get("wrong") and bool(to_write(job))


def to_write(job: Job) -> int:
    """Return the number of rows that would be written."""
    counts = job.result.get("counts", {})
    return counts.get("new", 0) + counts.get("changed", 0)


def counts_in_words(job: Job) -> list[str]:
    """ "12 new", "1 changed": what the file holds."""
    counts = job.result.get("counts", {})
    return [f"{counts[kind]:,} {kind}" for kind in ("new", "changed", "unchanged", "wrong") if counts.get(kind)]


def job_url(register: Register, job: Job) -> str:
    """Return where a job is followed."""
    return reverse(f"{register.name}_job", args=[job.pk])


def template_url(register: Register, ending: str) -> str:
    """Return where the empty template is downloaded."""
    return reverse(f"{register.name}_template_{ending}")


class Template(RegisterPage, View):
    """An empty file with the right headings."""

    needs_keeping = True
    ending = "csv"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = RegisterFile(self.register, request.user)
        headings = [column.label for column in file.template_columns]
        name = f"{self.register.path}-template"
        if self.ending == "csv":
            return csv_response(name, csv_lines(headings, []))
        return workbook_response(name, self.register.label_plural, headings, [])


# --- The meaning of the columns ---------------------------------------------------------------------------------------


def meanings(file: RegisterFile) -> list[list[dict[str, str]]]:
    """For each column: its heading, whether a new row needs it, what to write."""
    questions = file.questions
    left_open = file.question_form.asked_open if file.question_form else ()
    described = [
        _cells(column.label, *_meaning(file, questions.get(column.name), may_be_open=column.name in left_open))
        for column in file.template_columns
    ]
    return [
        *described,
        _cells("ID", "No", "Leave it empty in a new row. To change rows, download them first: the ID is in the file."),
        _cells(
            file.columns[-1].label,
            "No",
            "Leave it as it was. It shows whether somebody changed the row in the meantime.",
        ),
    ]


def _cells(label: str, needed: str, words: str) -> list[dict[str, str]]:
    return [
        {"label": "Column", "text": label},
        {"label": "Needed for a new row", "text": needed},
        {"label": "What to write", "text": words},
    ]


def _meaning(file: RegisterFile, question: forms.Field | None, *, may_be_open: bool) -> tuple[str, str]:
    if question is None:
        return "Yes", f"The name of the {file.parents.kind} that the row belongs to, as the portal has it."
    needed = question.required and question.initial in (None, "")
    words = f"{_kind(question)} {question.help_text or ''} {LEFT_OPEN if may_be_open else ''}"
    return "Yes" if needed else "No", " ".join(words.split())


def _kind(question: forms.Field) -> str:
    if isinstance(question, forms.ModelMultipleChoiceField):
        return f"Names, with “{LIST_MARK}” between them."
    if isinstance(question, forms.ModelChoiceField):
        kind = str(question.queryset.model._meta.verbose_name)
        return f"The name of {'an' if kind[0] in 'aeiou' else 'a'} {kind}."
    if isinstance(question, forms.ChoiceField):
        labels = [str(label) for value, label in question.choices if value not in (None, "")]
        return f"One of: {'; '.join(labels[:MOST_CHOICES])}{'; …' if len(labels) > MOST_CHOICES else ''}."
    if isinstance(question, forms.BooleanField):
        return "Yes or No."
    if isinstance(question, forms.DateField):
        return "A date, such as 23 April 2019 or 23/04/2019."
    if isinstance(question, MoneyFormField):
        return "Pounds, such as 1,234.50; a negative figure as −500 or (500)."
    if isinstance(question, forms.DecimalField | forms.IntegerField):
        return "A number."
    return ""
