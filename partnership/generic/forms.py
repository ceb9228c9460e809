"""Forms that write records: with the version they were read at, the reason, and only rows the person may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import QuerySet

from partnership.accounts.permissions import today
from partnership.accounts.roles import Permission
from partnership.generic.left_open import OPEN, QUESTIONS, NotStatedMixin, openable
from partnership.generic.renderer import PortalForm
from partnership.generic.submissions import submission_field
from partnership.models import (
    Partnership,
    Party,
    User,
)
from partnership.money import ASKED_ABOUT_ABOVE, MoneyFormField, pounds
from partnership.records import workflow
from partnership.records.record import Record, RecordQuerySet, recording
from partnership.records.tenancy import partnership_of

REASON_HELP = "One sentence that a colleague or an auditor will understand next year. It stays in the history."
WITHDRAWAL = {"withdrawn_on", "withdrawn_reason"}


def reason_field() -> forms.CharField:
    """The question that every change answers."""
    return forms.CharField(
        label="Why are you changing this?",
        help_text=REASON_HELP,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Say why you are changing this"},
    )


LARGE_SUMS = "large_sums_are_right"


class AsksAboutLargeSums:
    """Mixed into a form: a sum above `ASKED_ABOUT_ABOVE` that was typed is taken only once a box says it is right.

    The box is not asked for before. A file has none: such a sum is entered on the record's own page.
    """

    is_from_file = False

    def _clean_form(self) -> None:
        super()._clean_form()
        large = [name for name in self.fields if self._is_large(name)]
        if not large:
            return
        self.fields[LARGE_SUMS] = forms.BooleanField(label="The large sum is right", required=False)
        if self.data.get(self.add_prefix(LARGE_SUMS)):
            return
        for name in large:
            self.add_error(name, self._question_about(pounds(self.cleaned_data[name])))

    def _question_about(self, amount: str) -> str:
        if self.is_from_file:
            limit = pounds(ASKED_ABOUT_ABOVE)
            return f"Is {amount} right? Enter a sum above {limit} on the record’s own page and confirm it there."
        return f"You entered {amount}. Is that right? Correct it, or tick “The large sum is right”."

    def _is_large(self, name: str) -> bool:
        """Return whether a sum was typed that is asked about; one that stood there before was confirmed then."""
        field = self.fields[name]
        amount = self.cleaned_data.get(name)
        if not isinstance(field, MoneyFormField) or amount is None or abs(amount) <= ASKED_ABOUT_ABOVE:
            return False
        return field.has_changed(self.get_initial_for_field(field, name), self[name].data)


class ReasonForm(AsksAboutLargeSums, NotStatedMixin, PortalForm, forms.Form):
    """The form of a verb's page: its questions and the reason. ``save()`` does it through the workflow."""

    may_be_open = ()
    said = ""  # what there is to tell the person once it is done, beside that it is
    submission = submission_field()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)  # of the record, as the page showed it
    seen = forms.CharField(widget=forms.HiddenInput, required=False)  # what the page showed of rows that go along
    reason = reason_field()

    def __init__(self, *args: Any, user: User, record: Record, **kwargs: Any):
        self.user = user
        self.target = record
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = record.version
        scope_choices(self, user, record)
        self.add_not_stated_fields(self.may_be_open, record, user, before={})

    def facts(self) -> dict[str, Any]:
        """Return the values entered, as arguments of the workflow."""
        unasked = {"submission", "version", "seen", *QUESTIONS}
        arguments = {name: value for name, value in self.cleaned_data.items() if name not in unasked}
        if self.asked_open:
            arguments["not_stated"] = self.open_facts()
        return arguments | {"by": self.user}

    def save(self) -> Record:
        """Do it. Raises ``ValidationError`` or ``Stale``, and then nothing was written."""
        raise NotImplementedError


class EndForm(ReasonForm):
    """The base of the verbs that end something after its last day; the reason stays on it as why it ended."""

    ended_on = forms.DateField(label="Last day")
    reason_label = "Why does it end?"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = self.reason_label


class RecordForm(AsksAboutLargeSums, NotStatedMixin, PortalForm, forms.ModelForm):
    """Creates or edits one record. ``record()`` writes it; a form may do so through a workflow verb instead."""

    # Where a sentence is shown whose name in the workflow is no field of the form: its name → the field.
    speaks_for: ClassVar[dict[str, str]] = {}

    # Questions asked of a new row alone: what they set moves on by verbs, or stays.
    only_when_new: ClassVar[tuple[str, ...]] = ()

    reason_when_new = "First entered"
    submission = submission_field()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = reason_field()

    def __init__(self, *args: Any, user: User, restricted: tuple[str, ...] = (), **kwargs: Any):
        self.user = user
        super().__init__(*args, **kwargs)
        for name in restricted:
            self.fields.pop(name, None)
        scope_choices(self, user, self.instance)
        if self.instance.pk:
            self.fields["version"].initial = self.instance.version
            del self.fields["submission"]  # the version already refuses a second sending
            self.fields.pop("partnership", None)
        else:
            del self.fields["version"], self.fields["reason"]
            choose_the_only_partnership(self, type(self.instance))
        for name in (*self.only_when_new, *self.instance.owner_fields) if self.instance.pk else ():
            self.fields.pop(name, None)
        model = type(self.instance)
        names = self.may_be_open
        names = openable(model, self._meta.fields) if names is None else names
        self.add_not_stated_fields(names, self.instance, user, before=self.instance.not_stated)

    @property
    def why(self) -> str:
        """The reason that the history keeps: what was answered, or what goes without saying."""
        return self.cleaned_data.get("reason") or self.reason_when_new

    def save(self) -> Record:
        """Write the record. Raises ``Stale`` or ``ValidationError``, and then nothing was written."""
        with recording(by=self.user, reason=self.why):
            self.instance.save()
        return self.instance

    def ready(self, of_one_file: dict[str, Any]) -> Record | None:
        """The checked row for the bulk door (`bulk_record`), or ``None`` where only ``record()`` can write it.

        ``of_one_file`` is handed from row to row of a file, to keep there what all of them look up.
        """
        return self.instance if self.is_for_bulk else None

    @classmethod
    def answers_of(cls, record: Record, user: User, names: Iterable[str]) -> dict[str, Any]:
        """Return what a stored row answers to these questions, which are no fields of it, for a file.

        A form that is made for each row of a file reads what it needs for each; one that can, reads it off the row.
        """
        form = cls(user=user, instance=record)
        return {name: form.get_initial_for_field(form.fields[name], name) for name in names if name in form.fields}

    def ask_for_all(self, parents: Iterable[Record]) -> None:
        """Add the questions that only rows under some of these parents are asked: a file has a column for each."""

    @property
    def is_for_bulk(self) -> bool:
        """Return whether its rows may be written in bulk: they are plain rows, or the form itself prepares them."""
        return type(self).save is RecordForm.save or type(self).ready is not RecordForm.ready

    def clean_version(self) -> int | None:
        return self.cleaned_data["version"]

    def _clean_form(self) -> None:
        # Before the row's own rules are asked: one that wants a fact is content where its source leaves it open.
        super()._clean_form()
        others = {name: by for name, by in self.instance.not_stated.items() if name not in self.asked_open}
        self.instance.not_stated = others | self.open_facts()

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors:
            try:
                workflow.set_not_stated(self.instance, self.open_facts(), by=self.user)
            except PermissionDenied as refused:
                self.add_error(OPEN if OPEN in self.fields else None, str(refused))

    def _get_validation_exclusions(self) -> set[str]:
        # Django leaves out every rule that mentions a field the form does not show. Here only what people cannot edit
        # and what has already been found wrong is left out, so that a rule over the parent record still speaks.
        # Whether it is withdrawn counts too: rules that hold only among standing rows ask for it.
        hidden = {field.name for field in self.instance._meta.fields if not field.editable} - WITHDRAWAL
        return hidden | set(self._errors)

    def _update_errors(self, errors: ValidationError) -> None:
        # A rule over a field that the form does not show belongs to the form as a whole.
        super()._update_errors(shown_on(self, errors))


def shown_on(form: forms.BaseForm, error: ValidationError) -> ValidationError:
    """The same sentences, each at a field of the form where one can be named, else at its top."""
    if not hasattr(error, "error_dict"):
        return error
    sentences: dict[str, list[ValidationError]] = {}
    for name, errors in error.error_dict.items():
        for one in errors:
            sentences.setdefault(_place_of(form, name, one), []).append(one)
    return ValidationError(sentences)


def _place_of(form: forms.BaseForm, name: str, error: ValidationError) -> str:
    """Return the field that an error is shown at; a rule over several fields leads to the last of them."""
    name = getattr(form, "speaks_for", {}).get(name, name)
    if name in form.fields:
        return name
    model = form._meta.model if isinstance(form, RecordForm) else getattr(form, "model", None)
    constraints = model._meta.constraints if model else ()
    shown = []
    for rule in constraints:
        if rule.violation_error_message == error.message:
            shown += [field for field in _fields_of(rule) if field in form.fields]
    return shown[-1] if shown else NON_FIELD_ERRORS


def _fields_of(rule: Any) -> list[str]:
    """The fields that a constraint is about."""
    return [*_named(rule.condition), *getattr(rule, "fields", ())]


def _named(condition: Any) -> Iterator[str]:
    for child in getattr(condition, "children", ()):
        yield from [child[0].partition("__")[0]] if isinstance(child, tuple) else _named(child)


def choose_the_only_partnership(form: Any, model: type[Record]) -> None:
    """Offer the partnerships whose rows of the model the person keeps; where there is one, it goes without asking."""
    field = form.fields.get("partnership")
    if isinstance(field, forms.ModelChoiceField):
        kept = form.user.authority.partnerships(model.edit_permission)
        field.queryset = field.queryset.filter(pk__in=kept)  # what is only read is not entered into
        sharing = field.queryset.sharing()
        if model.needs_sharing:
            field.queryset = sharing
        only = list(field.queryset[:2])
        if len(only) == 1:
            form.initial["partnership"] = only[0].pk
            field.widget = forms.HiddenInput()
        elif len(usual := list(sharing[:2])) == 1:
            form.initial.setdefault("partnership", usual[0].pk)  # what most of the work is about


def scope_choices(form: forms.BaseForm, user: User, record: Record | None = None) -> None:
    """Leave in every drop-down only the standing rows that the person may see and that may be chosen.

    Where the form is about a record, these are rows of its partnership and the councils party to it; before the record
    has a partnership, and in a filter, those of the person's partnerships.
    """
    within = _partnerships_of(record, user)
    elsewhere = record.cross_partnership_fields if record is not None else ()
    for name, field in form.fields.items():
        rows = getattr(field, "queryset", None)
        if isinstance(rows, RecordQuerySet):
            offered = rows.visible_to(user).active()
            if within is not None and name not in elsewhere:
                offered = _of_partnerships(offered, within)
            field.queryset = _offered(offered)


def _partnerships_of(record: Record | None, user: User) -> frozenset[int] | None:
    """Return the partnerships whose rows a form about the record offers; ``None`` where it does not narrow them.

    What belongs to a council or sets up partnerships is not narrowed: its own form knows what to offer.
    """
    if record is None:
        return user.authority.partnerships()
    if not record.scope or record.belongs_to_council():
        return None
    own = partnership_of(record)
    return frozenset([own]) if own is not None else user.authority.partnerships(record.edit_permission)


def _of_partnerships(rows: RecordQuerySet, partnerships: frozenset[int]) -> RecordQuerySet:
    """Return the rows that belong to one of these partnerships; councils are those that are or were party to one."""
    model = rows.model
    if model._meta.label == "partnership.Council":
        parties = Party.objects.active().filter(partnership__in=partnerships)
        return rows.filter(pk__in=parties.values("council"))
    if not model.scope or model.belongs_to_council():
        return rows
    return rows.filter(**{f"{model.scope}__in": partnerships})


def _offered(rows: QuerySet) -> QuerySet:
    links = [f.name for f in rows.model._meta.fields if f.is_relation and f.related_model is not Partnership]
    related = [*links, *rows.model.name_select_related]
    return rows.select_related(*related) if related else rows


class WorkflowForm(RecordForm):
    """A row that is entered and changed through the verbs, which ask who may."""

    def save(self) -> Record:
        verb = workflow.change if self.instance.pk else workflow.enter
        return verb(self.instance, by=self.user, reason=self.why)


class OwnCouncilForm(RecordForm):
    """Form for a council's own rows: a new one offers the councils whose people may keep it."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            return
        kept: Permission = self.instance.edit_permission
        field = self.fields["council"]
        field.queryset = field.queryset.filter(pk__in=self.user.authority.councils(kept))


class OnDayForm(ReasonForm):
    """The base of the verbs that happen to a decision, a resolution or a return on a day."""

    on = forms.DateField(label="On", help_text="The day on which it happened.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()
