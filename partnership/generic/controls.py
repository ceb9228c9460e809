"""What every field of a form gets before it is drawn or asked: the right kind of box, sentences that name the field."""

from datetime import date

from django import forms

from partnership.dates import validate_day

DJANGOS_BLANKS = ("---------", "Unknown")
DJANGOS_ROWS = "10"


class DateText(forms.DateInput):
    """A date in one text box, shown as the portal writes dates: "1 October 2018", not "01 October 2018"."""

    def format_value(self, value):
        return f"{value.day} {value:%B %Y}" if isinstance(value, date) else super().format_value(value)


def prepare(field, *, label, blank):
    """Put right what Django's own controls do to people. `blank` is what an empty choice says."""
    if isinstance(field, forms.DateField):
        field.validators.append(validate_day)
    _choose_the_box(field)
    _name_the_blank(field, blank)
    _name_the_field_in_errors(field, label)


def _choose_the_box(field):
    widget = field.widget
    widget.attrs.pop("autofocus", None)  # the page decides where a reader begins: at its top, or at what is wrong
    if isinstance(widget, forms.NumberInput):  # it loses what was mistyped; a text box keeps it to be mended
        kept = {name: value for name, value in widget.attrs.items() if name not in ("min", "max", "step")}
        mode = "numeric" if type(field) is forms.IntegerField else "decimal"
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
