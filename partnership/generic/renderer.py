"""Draw every form of the portal: labels, hints, errors and widgets in the design system's markup."""

import itertools
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import pretty_name

from partnership.dates import DayFormField, Precision, month_sentence
from partnership.generic import controls
from partnership.text import visibly_different, why_too_long

CONTROL_CLASSES = (
    # The first match counts: Django makes a group of checkboxes a kind of radio group. The second class shows an error.
    (forms.CheckboxSelectMultiple, ("govuk-checkboxes__input",)),
    (forms.CheckboxInput, ("govuk-checkboxes__input",)),
    (forms.RadioSelect, ("govuk-radios__input",)),
    (forms.Select, ("govuk-select", "govuk-select--error")),
    (forms.Textarea, ("govuk-textarea", "govuk-textarea--error")),
    (forms.FileInput, ("govuk-file-upload", "govuk-file-upload--error")),
    (forms.Widget, ("govuk-input", "govuk-input--error")),
)
SHORT_ANSWERS = ("decimal", "numeric")  # the input modes of a figure
A_WORD = 12  # letters; what may be no longer gets a short box


class PortalBoundField(BoundField):
    """A field that knows the classes of its control and where an error link has to lead."""

    @property
    def data(self):
        """Return the data that was sent, without hidden fields."""
        return controls.tidied(self.field, super().data)

    @property
    def is_tidied(self):
        """Return whether a reader could see what was taken from the text that was sent."""
        typed = super().data
        return isinstance(typed, str) and self.data != typed and visibly_different(typed, self.data)

    @property
    def kind(self):
        """Return the shape of the field on the page: "checkboxes", "checkbox", "radios" or "control"."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        return "radios" if isinstance(widget, forms.RadioSelect) else "control"

    @property
    def error_target(self):
        """The id an error summary links to: the control, or the first choice of a group."""
        return f"{self.auto_id}_0" if self.kind in ("checkboxes", "radios") else self.id_for_label

    @property
    def is_marked_optional(self):
        """Return whether the label says "(optional)"; a single tick box never does."""
        return not self.field.required and self.kind != "checkbox" and getattr(self.form, "marks_optional", True)

    @property
    def prefix(self):
        """Return the text before the box, such as £."""
        return self.field.widget.attrs.get("data-prefix", "")

    @property
    def suffix(self):
        """Return the text after the box, such as %."""
        return self.field.widget.attrs.get("data-suffix", "")

    def build_widget_attrs(self, attrs, widget=None):
        """Add the design system's classes; radios may not carry aria-invalid."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if not widget.is_hidden:
            attrs["class"] = " ".join(filter(None, [widget.attrs.get("class"), *self._control_classes(widget)]))
        if self.kind == "radios":
            attrs.pop("aria-invalid", None)
        return attrs

    def _control_classes(self, widget):
        classes = next(classes for kind, classes in CONTROL_CLASSES if isinstance(widget, kind))
        yield from classes if self.errors else classes[:1]
        figure = widget.attrs.get("inputmode") in SHORT_ANSWERS
        few_letters = 0 < (getattr(self.field, "max_length", None) or 0) <= A_WORD
        if classes[0] == "govuk-input" and (figure or few_letters or isinstance(self.field, forms.DateField)):
            yield "govuk-input--width-10"


class PortalRenderer(TemplatesSetting):
    """The form renderer of the portal; its templates are in templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = PortalBoundField


@dataclass(frozen=True)
class FieldGroup:
    """Fields that stand together under one legend."""

    legend: str
    hint: str
    rows: tuple  # of tuples of fields; those of one row stand side by side
    is_folded: bool = False  # whether it is shown only when somebody opens it

    @property
    def fields(self):
        """Return the fields of the group, in reading order."""
        return tuple(itertools.chain.from_iterable(self.rows))

    @property
    def is_open(self):
        """Return whether a folded group has something in it to see."""
        return any(field.errors or field.value() for field in self.fields)


@dataclass(frozen=True)
class ErrorLink:
    """One line of an error summary; `target` is the id it leads to, or empty. `record` is another one it is about."""

    message: str
    target: str
    record: object = None


def error_link(error, target, label=""):
    """The line for a validation error; one whose parameters name another record, in `record`, leads there too."""
    message = f"{label}: {error.messages[0]}" if label else error.messages[0]
    return ErrorLink(message, target, error.params.get("record") if error.params else None)


class PortalForm:
    """Mixed into every form: field groups, an error summary and sentences that name their field.

    `fieldsets` holds (legend, hint, field names) in reading order; other fields follow, and `reason` is always last.
    Names in a tuple of their own stand side by side: ("title", ("agreed_on", "agreed_precision")). `folded_fieldsets`
    are like them, stand below all others and are closed until somebody opens them.
    """

    fieldsets = ()
    folded_fieldsets = ()
    marks_optional = True
    blank = "Choose one"  # what an empty choice says
    use_required_attribute = False  # the server says what is missing, in a sentence

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def __getitem__(self, name):
        """The bound field. Its control is put right the first time, so also that of fields added after the start."""
        field = self.fields.get(name)
        if field and name not in self._bound_fields_cache:
            field = self.fields[name] = controls.replaced(field)
            controls.prepare(field, label=str(field.label or pretty_name(name)), blank=self.blank)
        return super().__getitem__(name)

    def _clean_fields(self):
        super()._clean_fields()
        for name, field in self.fields.items():
            if isinstance(field, DayFormField) and self.cleaned_data.get(name):
                self._take_month(name, field)
            value = self.cleaned_data.get(name)
            if isinstance(value, str) and (sentence := why_too_long(value)):
                self.add_error(name, sentence)

    def _take_month(self, name, field):
        """Read a month without a day as known to the month; refuse it where the day is needed or said to be known.

        A date and how exact it is are two fields: `agreed_on` with `agreed_precision`, or with `precision` in a verb.
        """
        typed = self[name].data
        read = field.read(typed)
        if read is None or not read.is_month:
            return
        stem = name.removesuffix("_on")
        companion = next((each for each in (f"{stem}_precision", "precision") if each in self.fields), None)
        if companion is None:
            self.add_error(name, month_sentence(typed, has_precision=False))
        elif self[companion].data in (None, ""):
            self.cleaned_data[companion] = Precision.MONTH
            self.errors.pop(companion, None)
        elif self.cleaned_data.get(companion) != Precision.MONTH:
            self.add_error(name, month_sentence(typed, has_precision=True))

    @property
    def said_of_tidying(self):
        """A sentence on what a reader could see was taken from typed texts; empty when nothing was."""
        labels = [f"“{self[name].label}”" for name in self.fields if self[name].is_tidied]
        return f"Line breaks or hidden characters were removed from {' and '.join(labels)}." if labels else ""

    @cached_property
    def groups(self):
        """Return the visible fields in reading order, as FieldGroups, without the reason."""
        named = [FieldGroup(legend, hint, self._rows(names)) for legend, hint, names in self.fieldsets]
        folded = [
            FieldGroup(legend, hint, self._rows(names), is_folded=True) for legend, hint, names in self.folded_fieldsets
        ]
        placed = {"reason"}
        for group in (*named, *folded):
            placed |= {field.name for field in group.fields}
        others = FieldGroup("", "", self._rows(name for name in self.fields if name not in placed))
        return [group for group in (*named, others, *folded) if group.rows]

    @property
    def reason_field(self):
        """The question every change answers, or None."""
        return next(iter(self._visible(["reason"])), None)

    @property
    def error_summary(self):
        """Return ErrorLinks for the top of the page, in the order of the page; empty when nothing is wrong."""
        if not self.errors:
            return []
        links = self._links(forms.forms.NON_FIELD_ERRORS, "")
        for field in self.hidden_fields():
            links += self._links(field.name, "")
        visible = list(itertools.chain.from_iterable(group.fields for group in self.groups))
        if self.reason_field:
            visible.append(self.reason_field)
        for field in visible:
            links += self._links(field.name, field.error_target)
        return links

    def _links(self, name, target):
        return [error_link(error, target) for error in self.errors[name].as_data()] if name in self.errors else []

    def _rows(self, names):
        rows = (self._visible([name] if isinstance(name, str) else name) for name in names)
        return tuple(row for row in rows if row)

    def _visible(self, names):
        return tuple(self[name] for name in names if name in self.fields and not self[name].is_hidden)


class FilterForm(PortalForm, forms.Form):
    """The base of every filter: nothing in it is required, so nothing says so."""

    marks_optional = False
    blank = "Any"
