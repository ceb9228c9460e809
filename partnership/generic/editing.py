"""The pages of a register that write: create, edit, and the page of each verb."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import CreateView, FormView, UpdateView

from partnership import text
from partnership.accounts.kept_forms import TakesKeptForm
from partnership.dates import in_words
from partnership.generic import seen, submissions
from partnership.generic.display import display_value
from partnership.generic.forms import ReasonForm, shown_on
from partnership.generic.pages import RegisterPage
from partnership.generic.record_actions import RecordAction
from partnership.models import User
from partnership.records.record import Record, Stale
from partnership.records.refusals import Refusal
from partnership.records.tenancy import partnership_of

TWICE_AT_ONCE = "Somebody saved the same a moment ago. Look at the list, then try again if yours is still missing."


class WritingPage(TakesKeptForm, RegisterPage):
    """A page whose form is taken once: sent again, it leads to what it made, even where it could not be sent anew."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return submissions.earlier(request) or super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        # What is refused as a double may be this very form, sent twice at once.
        return submissions.earlier(self.request) or super().form_invalid(form)


class FormPage(WritingPage):
    """Create and edit: the form writes, and whatever it refuses is shown with nothing lost."""

    needs_keeping = True
    template_page = "form"

    def get_form_class(self) -> type:
        return self.register.form_class

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        restricted = tuple(self.register.policy.hidden_fields(user, getattr(self, "object", None)))
        return super().get_form_kwargs() | {"user": user, "restricted": restricted}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            return submissions.once(self.request, lambda: self.write(form))
        except Stale as stale:
            return self.conflict(form, stale.stored)
        except ValidationError as error:
            form.add_error(None, shown_on(form, error))
        except IntegrityError:
            form.add_error(None, TWICE_AT_ONCE)
        return self.form_invalid(form)

    def write(self, form: BaseForm) -> str:
        """Write the record and say where the person goes next. Raises what the form does, and ``PermissionDenied``."""
        record = form.save()
        # A record moved by this form to where the person may not be is put back. What they may is read anew: a new
        # partnership is visible only since its parties were entered with it.
        writer = User.objects.get(pk=self.request.user.pk)
        seen = self.register.model.objects.visible_to(writer).filter(pk=record.pk).exists()
        if not seen or not self.register.policy.may_edit(writer, record):
            raise PermissionDenied
        saved = f"{self.register.label} “{self.register.title_of(record)}” saved. {form.said_of_tidying}"
        messages.success(self.request, saved.rstrip())
        return self.after(record)

    def after(self, record: Record) -> str:
        """Return the page that follows: a part's parent, else the record."""
        register = self.register
        if register.above:
            return f"{register.above.url('detail', getattr(record, register.parent))}#{register.path}"
        return register.url("detail", record)

    def conflict(self, form: BaseForm, stored: Record) -> HttpResponse:
        """Show both versions. The form offers what the person typed, and the present value of every other field."""
        latest = stored.history.latest("history_date", "history_id")
        when = timezone.localtime(latest.recorded_at)
        typed = form.instance
        changed = self.fields_typed(form, stored)
        rows = [
            {"label": form[name].label, "typed": display_value(typed, name), "now": display_value(stored, name)}
            for name in changed
            if display_value(typed, name) != display_value(stored, name)
        ]
        kept = {name: form[name].data for name in [*changed, *(set(form.fields) - set(form.Meta.fields))]}
        kept["version"] = str(stored.version)
        unbound = {name: given for name, given in self.get_form_kwargs().items() if name not in ("data", "files")}
        form = self.get_form_class()(**unbound | {"instance": stored, "initial": kept})
        conflict = {
            "who": latest.person,
            "when": f"{in_words(when.date())}, {when:%H:%M}",
            "reason": text.in_words(latest.history_change_reason or ""),
            "rows": rows,
            "version": stored.version,
        }
        return self.render_to_response(self.get_context_data(form=form, conflict=conflict), status=409)

    def fields_typed(self, form: BaseForm, stored: Record) -> list[str]:
        """Return the fields whose value differs from the version that the person opened."""
        shown = [name for name in form.Meta.fields if name in form.fields]
        opened = stored.history.filter(version=form.cleaned_data.get("version")).first()
        if opened is None:
            return shown
        return [name for name in shown if display_value(form.instance, name) != display_value(opened.instance, name)]


class RegisterCreate(FormPage, CreateView):
    """Enter a new row."""

    parent: Record | None = None

    def prepare(self) -> None:
        above = self.register.above
        user = self.request.user
        if above:
            rows = above.model.objects.visible_to(user)
            self.parent = get_object_or_404(rows, **{above.key: self.kwargs["parent"]})
            if not self.register.policy.may_edit(user, self.parent):
                raise PermissionDenied

    def get_form_kwargs(self) -> dict[str, Any]:
        instance = self.register.model()
        if self.parent is not None:
            setattr(instance, self.register.parent, self.parent)
        return super().get_form_kwargs() | {"instance": instance}

    def get_initial(self) -> dict[str, Any]:
        """Return the record that the page before was about (`RelatedTable`), and the partnership that it belongs to."""
        initial = super().get_initial()
        for listing in self.register.related_tables:
            number = self.request.GET.get(listing.link, "")
            linked = listing.record(self.register.model, number, self.request.user) if number else None
            if linked is not None:
                initial |= {listing.link: linked.pk, "partnership": partnership_of(linked)}
        return initial

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register = self.register
        breadcrumbs = register.above.breadcrumbs(self.parent) if self.parent is not None else register.breadcrumbs()
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": breadcrumbs,
            "cancel_url": breadcrumbs[-1][1],
            "caption": register.above.title_of(self.parent) if self.parent is not None else "",
            "page_title": register.add_label,
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
        register = self.register
        record = self.get_object()
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": register.breadcrumbs(record),
            "cancel_url": register.url("detail", record),
            "caption": register.label,
            "page_title": f"Edit {register.title_of(record)}",
            "submit_label": "Save the changes",
        }


class RecordActionPage(WritingPage, FormView):
    """The page of a verb: its questions, the reason, and what it will do."""

    verb: RecordAction = None
    template_page = "confirm"

    refusal = Refusal()

    def prepare(self) -> None:
        self.record = self.get_object()
        if self.verb.may(self.request.user, self.record):
            return
        self.refusal = self.verb.why_not(self.request.user, self.record)
        if self.refusal.is_about_person or not self.is_overtaken():
            raise PermissionDenied(self.refusal)

    def is_overtaken(self) -> bool:
        """Return whether the form that was sent shows something that has changed since."""
        sent = self.request.POST
        if "version" not in sent:
            return False
        paths = self.verb.takes_along(self.register)
        is_as_shown = seen.is_as_shown(self.record, paths, sent.get("seen", ""))
        return sent["version"] != str(self.record.version) or not is_as_shown

    def get_form_class(self) -> type[ReasonForm]:
        return self.verb.form_class

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user, "record": self.record}

    def get_initial(self) -> dict[str, Any]:
        mark = seen.mark(self.record, self.verb.takes_along(self.register), timezone.now())
        return super().get_initial() | {"seen": mark}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_overtaken():
            return self.overtaken(self.get_form())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        try:
            return submissions.once(self.request, lambda: self.write(form))
        except ValidationError as error:
            form.add_error(None, shown_on(form, error))
        except Stale:
            self.record = self.get_object()
            self.refusal = self.verb.why_not(self.request.user, self.record)
            return self.overtaken(form)
        return self.form_invalid(form)

    def overtaken(self, form: ReasonForm) -> HttpResponse:
        """Refuse the act because something changed since the page was opened: both versions, and the form anew."""
        typed = form.data
        version = typed.get("version", "")
        change = seen.what_changed(
            self.register,
            self.record,
            self.request.user,
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
            seen=typed.get("seen", ""),
        )
        form.data = typed.copy()
        form.data["version"] = str(self.record.version)
        form.data["seen"] = self.get_initial()["seen"]
        context = self.get_context_data(form=form, overtaken=change, refusal=self.refusal)
        return self.render_to_response(context, status=409)

    def write(self, form: ReasonForm) -> str:
        """Do what the verb says, and say where the person goes next. Raises ``Stale`` when something changed."""
        stored = type(self.record)._base_manager.select_for_update().get(pk=self.record.pk)
        is_as_shown = seen.is_as_shown(stored, self.verb.takes_along(self.register), form.cleaned_data["seen"])
        if form.cleaned_data["version"] != stored.version or not is_as_shown:
            raise Stale(self.record, stored)
        form.save()
        register = self.register
        record = self.record
        done = f"{register.label} “{register.title_of(record)}”: {self.verb.label.lower()} – done. {form.said}".rstrip()
        messages.success(self.request, f"{done} {form.said_of_tidying}".rstrip())
        return register.url_after(record, User.objects.get(pk=self.request.user.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register = self.register
        record = self.record
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": register.breadcrumbs(record),
            "cancel_url": register.url("detail", record),
            "caption": register.title_of(record),
            "fields": register.field_cells(record, self.request.user, self.verb.shows),
            "intro": self.verb.intro_for(record),
            "kind": self.verb.kind,
            "page_title": self.verb.label,
            "submit_label": self.verb.label,
        }
