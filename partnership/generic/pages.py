"""The pages of a register that are read: list, export, detail, history. Stock generic views, given the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import DetailView, ListView

from partnership import text as names_in_text
from partnership.dates import in_words
from partnership.generic import history
from partnership.generic.as_at import moment_of, parts_then, plain_columns, rows_then, table_row
from partnership.generic.exports import csv_lines, csv_response, workbook_response
from partnership.generic.files import RegisterFile
from partnership.generic.listings import listings_on
from partnership.records.record import Record

if TYPE_CHECKING:
    from partnership.generic.register import Register

ROWS_ON_A_PAGE = 50


class RegisterPage:
    """The common part of a register's pages: the rows a person may see, and 403 for those who may not open it."""

    register: Register = None
    needs_keeping = False  # whether only those who keep the register may open the page
    template_page = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        register = self.register
        user = request.user
        if not (register.policy.may_edit(user) if self.needs_keeping else register.policy.may_read(user)):
            raise PermissionDenied
        self.prepare()
        return super().dispatch(request, *args, **kwargs)

    def prepare(self) -> None:
        """Look up what the page is about, once the person may open it at all: who may not is told 403, never 404."""

    def get_queryset(self) -> QuerySet:
        """Return every row the person may see, withdrawn ones too: their pages stay."""
        return self.register.with_related(self.register.model.objects.visible_to(self.request.user))

    def get_object(self, queryset: QuerySet | None = None) -> Record:
        key = self.register.key
        record = get_object_or_404(self.get_queryset(), **{key: self.kwargs[key]})
        if self.needs_keeping and not self.register.policy.may_edit(self.request.user, record):
            raise PermissionDenied
        return record

    def get_template_names(self) -> list[str]:
        meta = self.register.model._meta
        return [f"{meta.app_label}/{meta.model_name}_{self.template_page}.html", f"generic/{self.template_page}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"register": self.register}


class FilteredRows(RegisterPage):
    """The rows of the list and of the export: the same ones."""

    def prepare(self) -> None:
        self.moment = moment_of(self.request.GET)

    def get_queryset(self) -> QuerySet | list[Record]:
        rows = self.register.rows(self.request.user)
        filterset_class = self.register.filterset_class
        self.filter = filterset_class(self.request.GET, rows, request=self.request) if filterset_class else None
        if self.filter is not None:
            # django-filter alone would list every row when a value is wrong.
            rows = self.filter.qs if self.filter.form.is_valid() else rows.none()
        self.columns = self.register.columns_for(self.request.user, rows)
        order = self.order()
        return rows.order_by(*order) if order else rows

    def order(self) -> tuple[str, ...]:
        """The order asked for, as lookups; none when none is, or when it makes no sense.

        Nor by a field that is restricted: between those the person sees, the order would tell of the others.
        """
        self.sorting = self.request.GET.get("sort", "")
        wanted = self.sorting.lstrip("-")
        offered = (column for column in self.columns if column.name and column.name not in self.register.restricted)
        column = next((column for column in offered if column.name == wanted), None)
        if column is None or not column.sort:
            self.sorting = ""
            return ()
        return (f"{'-' if self.sorting.startswith('-') else ''}{column.sort}", "pk")


class RegisterList(FilteredRows, ListView):
    """The register a page at a time: filtered and sorted as it is today, or plainly as it was on another day."""

    paginate_by = ROWS_ON_A_PAGE
    template_page = "list"

    def get_queryset(self) -> QuerySet | list[Record]:
        if self.moment.is_today:
            return super().get_queryset()
        self.filter = None
        self.sorting = ""
        self.columns = plain_columns(self.register, self.request.user)
        return rows_then(self.register, self.request.user, self.moment)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        register = self.register
        user = self.request.user
        is_today = self.moment.is_today
        return context | {
            "breadcrumbs": register.breadcrumbs()[:-1],
            "columns": [self._heading(column) for column in self.columns],
            "count_text": self._count_text(context["paginator"].count),
            "create_label": register.add_label,
            "clear_url": self.request.path,
            "create_url": register.create_url() if is_today and register.policy.may_edit(user) else "",
            "empty_text": register.empty_text if is_today else "Nothing was recorded here by then.",
            "exports": self._exports() if is_today else [],
            "import_url": register.url("import") if is_today and self._may_import() else "",
            "filter": self.filter,
            "is_filtered": bool(self._chosen()),
            "moment": self.moment,
            "page_title": register.label_plural,
            "rows": [table_row(register, self.columns, row, user, self.moment) for row in context["object_list"]],
            "selected_filters": self._selected(),
        }

    def _count_text(self, count: int) -> str:
        noun = self.register.label if count == 1 else self.register.label_plural
        return f"{count:,} {noun.lower()}"

    def _exports(self) -> list[dict[str, str]]:
        query = self.request.GET.urlencode()
        return [
            {"label": label, "url": f"{self.register.url(page)}{'?' if query else ''}{query}"}
            for page, label in (("export", "Download as CSV"), ("export_xlsx", "Download as Excel"))
        ]

    def _may_import(self) -> bool:
        return any(kind.policy.may_edit(self.request.user) for kind in self.register.kinds)

    def _heading(self, column: Any) -> dict[str, Any]:
        direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sorting, "")
        url = ""
        can_be_sorted = column.name and column.sort and column.name not in self.register.restricted
        if can_be_sorted and self.moment.is_today:
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
        form = self.filter.form
        chosen = []
        for name, typed in self._chosen().items():
            choices = dict(getattr(form.fields[name], "choices", ()))
            value = form.cleaned_data.get(name)
            words = choices.get(typed) or str(value if value not in (None, "") else typed)
            chosen.append(
                {"label": form[name].label, "value": words, "remove_url": self._url(**{name: None, "page": None})}
            )
        return chosen


class RegisterExport(FilteredRows, ListView):
    """The list of today as a file: same rows, same filters, its columns and what else an import needs."""

    as_workbook = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.moment.is_today:
            raise Http404("A file holds the rows of today.")
        rows = self.get_queryset()
        if self.filter is not None and not self.filter.form.is_valid():
            return redirect(f"{self.register.url('list')}?{request.GET.urlencode()}")
        file = RegisterFile(self.register, request.user, rows)
        if self.as_workbook:
            return workbook_response(self.register.path, self.register.label_plural, file.headings, file.lines())
        return csv_response(self.register.path, csv_lines(file.headings, file.lines()))


class RegisterDetail(RegisterPage, DetailView):
    """A record, and the tables of its parts."""

    template_page = "detail"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.moment = moment_of(request.GET)
        if not self.moment.is_today:
            return self.past_page(self.get_object())
        return super().get(request, *args, **kwargs)

    def past_page(self, today: Record) -> HttpResponse:
        """Show the record as it was, with its parts; 404 when nobody had recorded it by then."""
        register = self.register
        user = self.request.user
        found = rows_then(register, user, self.moment, pk=today.pk)
        if not found:
            raise Http404
        record = found[0]
        context = {
            "breadcrumbs": register.breadcrumbs(today)[:-1],
            "caption": register.label,
            "fields": register.detail_fields(record, user),
            "moment": self.moment,
            "page_title": register.title_of(record),
            "parts": parts_then(register, record, user, self.moment),
            "register": register,
        }
        return render(self.request, "generic/detail.html", context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register = self.register
        user = self.request.user
        record = self.object
        return super().get_context_data(**kwargs) | {
            "actions": register.actions(record, user),
            "breadcrumbs": register.breadcrumbs(record)[:-1],
            "caption": register.label,
            "facts": register.headline_facts(record, user),
            "fields": register.detail_fields(record, user),
            "moment": self.moment,
            "page_title": register.title_of(record),
            "pages": register.tabs(record, "detail"),
            "listings": listings_on(record, user),
            "parts": [part.part_table(record, user) for part in register.part_registers if part.policy.may_read(user)],
            "withdrawn": _withdrawn(record),
            **register.extra_context(record, self.request),
        }


def _withdrawn(record: Record) -> dict[str, str] | None:
    return (
        {"on": in_words(record.withdrawn_on), "reason": names_in_text.in_words(record.withdrawn_reason)}
        if record.is_withdrawn
        else None
    )


class RegisterHistory(RegisterPage, DetailView):
    """Everything that happened to the record and its parts, newest first."""

    template_page = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register = self.register
        user = self.request.user
        record = self.object
        parts = [
            (part.visible_children(record, user), part.policy.hidden_by_row(part.visible_children(record, user), user))
            for part in register.part_registers
            if part.policy.may_read(user)
        ]
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": register.breadcrumbs(record),
            "caption": register.label,
            "empty_text": "Nothing is remembered of this record.",
            "entries": history.entries(record, parts, register.policy.hidden_fields(user, record), user),
            "page_title": f"History of {register.title_of(record)}",
            "pages": register.tabs(record, "history"),
        }
