"""The pages of a register, from Django's generic views: list, export, detail, create, edit, withdraw, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import CreateView, DetailView, FormView, ListView, UpdateView

from partnership import workflow
from partnership.access import today
from partnership.dates import in_words
from partnership.generic import history
from partnership.generic.display import text_of
from partnership.generic.exports import csv_response
from partnership.generic.forms import ReasonForm, shown_on
from partnership.records import Record, Stale

if TYPE_CHECKING:
    from partnership.generic.register import Register

ROWS_ON_A_PAGE = 50
TWICE_AT_ONCE = "Somebody saved the same a moment ago. Look at the list, then try again if yours is still missing."


class RegisterPage:
    """What every page of a register shares: the rows a person may see, and 403 for who may not open it at all."""

    register: Register = None
    needs_keeping = False  # whether only those who keep the register may open the page
    template_page = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        register, user = self.register, request.user
        if not (register.may_keep(user) if self.needs_keeping else register.may_read(user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet:
        """Every row the person may see, withdrawn ones too: their pages stay."""
        return self.register.with_related(self.register.model.objects.visible_to(self.request.user))

    def get_object(self, queryset: QuerySet | None = None) -> Record:
        key = self.register.key
        record = get_object_or_404(self.get_queryset(), **{key: self.kwargs[key]})
        if self.needs_keeping and not self.register.may_keep(self.request.user, record):
            raise PermissionDenied
        return record

    def get_template_names(self) -> list[str]:
        meta = self.register.model._meta
        return [f"{meta.app_label}/{meta.model_name}_{self.template_page}.html", f"generic/{self.template_page}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"register": self.register}


class FilteredRows(RegisterPage):
    """The rows of the list and of the export: the same ones."""

    def get_queryset(self) -> QuerySet:
        rows = self.register.rows(self.request.user)
        filterset_class = self.register.filterset_class
        self.filter = filterset_class(self.request.GET, rows, request=self.request) if filterset_class else None
        if self.filter is not None:
            # django-filter alone would list every row when a value is wrong.
            rows = self.filter.qs if self.filter.form.is_valid() else rows.none()
        self.columns = self.register.columns_for(self.request.user, rows)
        return self._sorted(rows)

    def _sorted(self, rows: QuerySet) -> QuerySet:
        self.sorting = self.request.GET.get("sort", "")
        column = next((c for c in self.columns if c.name and c.name == self.sorting.lstrip("-")), None)
        if column is None or not column.sort:
            self.sorting = ""
            return rows
        return rows.order_by(f"{'-' if self.sorting.startswith('-') else ''}{column.sort}", "pk")


class RegisterList(FilteredRows, ListView):
    """The register: filtered, sorted, a page at a time."""

    paginate_by = ROWS_ON_A_PAGE
    template_page = "list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        register, user = self.register, self.request.user
        count = context["paginator"].count
        query = self.request.GET.urlencode()
        return context | {
            "breadcrumbs": register.trail()[:-1],
            "columns": [self._heading(column) for column in self.columns],
            "count": count,
            "count_text": f"{count:,} {(register.label if count == 1 else register.label_plural).lower()}",
            "create_label": f"Add a {register.model._meta.verbose_name}",
            "create_url": register.create_url() if register.may_keep(user) else "",
            "empty_text": register.empty_text,
            "exports": [{"label": "Download as CSV", "url": f"{register.url('export')}{'?' if query else ''}{query}"}],
            "filter": self.filter,
            "is_filtered": bool(self._chosen()),
            "page_title": register.label_plural,
            "rows": [register.row(self.columns, record, user) for record in context["object_list"]],
            "selected_filters": self._selected(),
        }

    def _heading(self, column: Any) -> dict[str, Any]:
        direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sorting, "")
        url = ""
        if column.name and column.sort:
            wanted = f"-{column.name}" if direction == "ascending" else column.name
            url = self._url(sort=wanted, page=None)
        return {"label": column.label, "numeric": column.numeric, "sort_url": url, "sorted": direction}

    def _url(self, **changes: str | None) -> str:
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}"

    def _chosen(self) -> dict[str, Any]:
        if self.filter is None:
            return {}
        return {name: self.request.GET.get(name) for name in self.filter.form.fields if self.request.GET.get(name)}

    def _selected(self) -> list[dict[str, str]]:
        if self.filter is None or not self.filter.form.is_valid():
            return []
        form, chosen = self.filter.form, []
        for name, typed in self._chosen().items():
            choices = dict(getattr(form.fields[name], "choices", ()))
            value = form.cleaned_data.get(name)
            words = choices.get(typed) or str(value if value not in (None, "") else typed)
            chosen.append(
                {"label": form[name].label, "value": words, "remove_url": self._url(**{name: None, "page": None})}
            )
        return chosen


class RegisterExport(FilteredRows, ListView):
    """The list as a CSV file: same rows, same filters, same columns."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = self.get_queryset()
        if self.filter is not None and not self.filter.form.is_valid():
            return redirect(f"{self.register.url('list')}?{request.GET.urlencode()}")
        return csv_response(self.register.path, self.columns, rows)


class RegisterDetail(RegisterPage, DetailView):
    """A record, and the tables of its parts."""

    template_page = "detail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register, user, record = self.register, self.request.user, self.object
        return super().get_context_data(**kwargs) | {
            "actions": register.actions(record, user),
            "breadcrumbs": register.trail(record)[:-1],
            "caption": register.label,
            "facts": register.facts_of(record, user),
            "fields": register.detail_fields(record, user),
            "page_title": register.title_of(record),
            "pages": register.pages_of(record, "detail"),
            "parts": [part.part_table(record, user) for part in register.part_registers if part.may_read(user)],
            "withdrawn": _withdrawn(record),
        }


def _withdrawn(record: Record) -> dict[str, str] | None:
    return {"on": in_words(record.withdrawn_on), "reason": record.withdrawn_reason} if record.is_withdrawn else None


class RegisterHistory(RegisterPage, DetailView):
    """Everything that happened to the record and its parts, newest first."""

    template_page = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register, user, record = self.register, self.request.user, self.object
        parts = [
            (part.model, part.parent, frozenset(part.hidden_fields(user, record)) | {part.parent})
            for part in register.part_registers
            if part.may_read(user)
        ]
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": register.trail(record),
            "caption": register.label,
            "empty_text": "Nothing is remembered of this record.",
            "entries": history.entries(record, parts, register.hidden_fields(user, record)),
            "page_title": f"History of {register.title_of(record)}",
            "pages": register.pages_of(record, "history"),
        }


class FormPage(RegisterPage):
    """Create and edit: the form writes, and whatever it refuses is shown with nothing lost."""

    needs_keeping = True
    template_page = "form"

    def get_form_class(self) -> type:
        return self.register.form_class

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        restricted = tuple(self.register.hidden_fields(user, getattr(self, "object", None)))
        return super().get_form_kwargs() | {"user": user, "restricted": restricted}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            with transaction.atomic():
                record = form.record()
                # A record moved by this form to where the person may not be is put back.
                if not self.register.model.objects.visible_to(self.request.user).filter(pk=record.pk).exists():
                    raise PermissionDenied
        except Stale as stale:
            return self.conflict(form, stale.stored)
        except ValidationError as error:
            form.add_error(None, shown_on(form, error))
            return self.form_invalid(form)
        except IntegrityError:
            form.add_error(None, TWICE_AT_ONCE)
            return self.form_invalid(form)
        messages.success(self.request, f"{self.register.label} “{self.register.title_of(record)}” saved.")
        return redirect(self.after(record))

    def after(self, record: Record) -> str:
        """Where a person goes next: a part's parent, else the record."""
        register = self.register
        if register.above:
            return f"{register.above.url('detail', getattr(record, register.parent))}#{register.path}"
        return register.url("detail", record)

    def conflict(self, form: BaseForm, stored: Record) -> HttpResponse:
        """Show both versions; the typed text stays in the form, which now carries the present version."""
        latest = stored.history.latest("history_date", "history_id")
        when = timezone.localtime(latest.recorded_at)
        form.data = form.data.copy()
        form.data["version"] = str(stored.version)
        typed = form.instance
        rows = [
            {"label": form[name].label, "typed": text_of(typed, name), "now": text_of(stored, name)}
            for name in form.Meta.fields
            if name in form.fields and text_of(typed, name) != text_of(stored, name)
        ]
        conflict = {
            "who": latest.person,
            "when": f"{in_words(when.date())}, {when:%H:%M}",
            "reason": latest.history_change_reason,
            "rows": rows,
            "version": stored.version,
        }
        return self.render_to_response(self.get_context_data(form=form, conflict=conflict), status=409)


class RegisterCreate(FormPage, CreateView):
    """Enter a new row."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.parent = None
        if self.register.above:
            above = self.register.above
            rows = above.model.objects.visible_to(request.user)
            self.parent = get_object_or_404(rows, **{above.key: kwargs["parent"]})
            if not self.register.may_keep(request.user, self.parent):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        instance = self.register.model()
        if self.parent is not None:
            setattr(instance, self.register.parent, self.parent)
        return super().get_form_kwargs() | {"instance": instance}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register = self.register
        trail = register.above.trail(self.parent) if self.parent is not None else register.trail()
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": trail,
            "cancel_url": trail[-1][1],
            "caption": register.title_of(self.parent) if self.parent is None else register.above.title_of(self.parent),
            "page_title": f"Add a {register.model._meta.verbose_name}",
            "submit_label": "Save",
        }


class RegisterEdit(FormPage, UpdateView):
    """Change a record, with the reason."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        stored = type(self.object)._base_manager.get(pk=self.object.pk)
        if form.cleaned_data["version"] != stored.version:
            return self.conflict(form, stored)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register, record = self.register, self.get_object()
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": register.trail(record),
            "cancel_url": register.url("detail", record),
            "caption": register.label,
            "page_title": f"Edit {register.title_of(record)}",
            "submit_label": "Save the changes",
        }


class RegisterWithdraw(RegisterPage, FormView):
    """Take a record off the register, with the reason; it stays in the history."""

    needs_keeping = True
    template_page = "confirm"
    form_class = ReasonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        self.object = self.get_object()
        return super().get_form_kwargs() | {"user": self.request.user, "record": self.object}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        register, record = self.register, self.object
        workflow.withdraw(record, on=today(), by=self.request.user, reason=form.cleaned_data["reason"])
        messages.success(self.request, f"{register.label} “{register.title_of(record)}” withdrawn.")
        return redirect(register.url("detail", record))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register, record = self.register, self.object
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": register.trail(record),
            "cancel_url": register.url("detail", record),
            "intro": "It leaves lists, totals and reports from today. Its page and its history stay.",
            "kind": "warning",
            "page_title": f"Withdraw {register.title_of(record)}",
            "submit_label": "Withdraw",
        }
