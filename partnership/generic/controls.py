"""Prepare every field of a form before it is drawn or read: the right kind of box, and errors that name the field."""

from django import forms
from django.core.validators import MaxLengthValidator

from partnership.dates import DateText, DayFormField, validate_day
from partnership.money import NotRead, read_number
from partnership.text import one_line, without_controls

DJANGOS_BLANKS = ("---------", "Unknown")
DJANGOS_ROWS = "10"
TOO_LONG = "“{label}”: at most {most:,} characters; you entered %(show_value)d"


class WholeNumberField(forms.IntegerField):
    """A whole number as people type it: commas stand only between thousands."""

    def to_python(self, value):
        if isinstance(value, str) and value.strip():
            try:
                number = read_number(value)
            except NotRead as refused:
                raise forms.ValidationError(str(refused) or self.error_messages["invalid"], code="invalid") from refused
            if number != number.to_integral_value():
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            return int(number)
        return super().to_python(value)


def tidied(field, typed):
    """Return the typed text as the field takes it (`typed_text`); anything but a text is returned as it is."""
    if not isinstance(typed, str) or not isinstance(field, forms.CharField):
        return typed
    if isinstance(field.widget, forms.Textarea):
        return without_controls(typed)
    is_line = isinstance(field.widget, forms.TextInput) and not field.widget.is_hidden
    return one_line(typed) if is_line and field.strip else typed


def replaced(field):
    """Return the portal's own kind of field in place of Django's, or the field itself."""
    kinds = {forms.DateField: DayFormField, forms.IntegerField: WholeNumberField}
    kind = kinds.get(type(field))
    if kind is None or field.widget.is_hidden:
        return field
    limits = {name: getattr(field, name) for name in ("min_value", "max_value", "step_size") if hasattr(field, name)}
    made = kind(
        required=field.required,
        widget=field.widget,
        label=field.label,
        initial=field.initial,
        help_text=field.help_text,
        error_messages=field.error_messages,
        disabled=field.disabled,
        **limits,
    )
    made.validators = list(field.validators)
    return made


def prepare(field, *, label, blank):
    """Put right what Django's own controls do to people. `blank` is what an empty choice says."""
    if isinstance(field, forms.DateField):
        field.validators.append(validate_day)
    _cut_nothing(field, label)
    _choose_the_box(field)
    _name_the_blank(field, blank)
    _name_the_field_in_errors(field, label)


def _cut_nothing(field, label):
    """Let the server say that a text is too long: a browser would cut what is pasted, without a word."""
    field.widget.attrs.pop("maxlength", None)
    sentence = TOO_LONG.format(label=label.replace("%", "%%"), most=getattr(field, "max_length", None) or 0)
    field.validators = [
        MaxLengthValidator(limit.limit_value, sentence) if type(limit) is MaxLengthValidator else limit
        for limit in field.validators
    ]


def _choose_the_box(field):
    widget = field.widget
    widget.attrs.pop("autofocus", None)  # the page decides where a reader begins: at its top, or at what is wrong
    if isinstance(widget, forms.NumberInput):  # it loses what was mistyped; a text box keeps it to be mended
        kept = {name: value for name, value in widget.attrs.items() if name not in ("min", "max", "step")}
        mode = "numeric" if type(field) in (forms.IntegerField, WholeNumberField) else "decimal"
        field.widget = forms.TextInput({"inputmode": mode, "autocomplete": "off", **kept})
    elif type(widget) is forms.DateInput:
        field.widget = DateText({"autocomplete": "off", **widget.attrs})
    elif isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == DJANGOS_ROWS:
        widget.attrs["rows"] = "4"


def _name_the_blank(field, blank):
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = blank if field.empty_label in DJANGOS_BLANKS else field.empty_label
    elif isinstance(field.widget, forms.Select):
        choices = list(field.widget.choices)
        if choices and choices[0][1] in DJANGOS_BLANKS:
            field.widget.choices = [(choices[0][0], blank), *choices[1:]]


def _name_the_field_in_errors(field, label):
    # Django's own sentences do not say what they are about; sentences that somebody wrote for this field stay.
    escaped = label.replace("%", "%%")  # messages with a value in them go through % formatting
    verb = "Choose an answer for" if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) else "Fill in"
    sentences = {"required": f"{verb} “{label}”", "invalid_choice": f"“%(value)s” is not a choice for “{escaped}”"}
    if isinstance(field, forms.IntegerField):
        sentences["invalid"] = f"“{label}” must be a number"
    elif isinstance(field, forms.DateField):
        sentences["invalid"] = f"“{label}” must be a date, such as 23 April 2019"
    for code, sentence in sentences.items():
        if code in field.error_messages and field.error_messages[code] == _djangos_sentence(field, code):
            field.error_messages[code] = sentence


def _djangos_sentence(field, code):
    for kind in type(field).__mro__:
        if kind.__module__.startswith(("django.", "django_filters.")):
            sentence = getattr(kind, "default_error_messages", {}).get(code)
            if sentence is not None:
                return sentence
    return None
