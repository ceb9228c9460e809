"""The few words templates need beyond Django's own. Loaded everywhere (settings, TEMPLATES, builtins)."""

from html import escape

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from partnership.accounts.kept_forms import STATEMENT, statement_for

register = template.Library()

# Colour goes with a word, never instead of it.
STATUS_COLOURS = {
    "green": (
        "in post",
        "met",
        "done",
        "published",
        "adopted by every council",
        "implemented",
        "verified",
        "formal",
        "saves",
        "pays for itself",
    ),
    "teal": ("permanent", "agreed", "agreed, not yet in post", "cleared", "well advanced", "informal"),
    "yellow": ("interim", "vacant", "at risk", "provisional", "paused", "under consultation", "waits for verification"),
    "red": ("not met", "rejected", "withdrawn", "overdue", "worse off", "does not pay for itself"),
    "blue": ("proposed", "underway", "commissioned", "draft", "in development", "early stage", "feasibility stage"),
}
SHORT = 24  # letters
COLOUR_OF_STATUS = {}
for colour, words in STATUS_COLOURS.items():
    COLOUR_OF_STATUS |= dict.fromkeys(words, colour)


@register.simple_tag
def status_tag(text):
    """A status as a coloured word; "Draft 2.0" has the colour of "draft", a word nobody gave a colour is grey."""
    words = str(text).strip().lower()
    colour = COLOUR_OF_STATUS.get(words) or COLOUR_OF_STATUS.get(words.partition(" ")[0], "grey")
    return _safe(f'<strong class="govuk-tag govuk-tag--{colour}">{_escaped(text)}</strong>')


@register.simple_tag
def value(shown):
    """A value: {"text"}, and perhaps "html" (ready-made), "url" (what it opens), "tag" (a status word) or "muted".

    Not a template: a page shows hundreds, and drawing one for each took half of the page's time.
    """
    text = shown.get("text", "")
    if shown.get("url"):
        return _safe(f'<a class="govuk-link" href="{_escaped(shown["url"])}">{_escaped(text)}</a>')
    if shown.get("html"):
        return conditional_escape(shown["html"])
    if shown.get("tag") and text:
        return status_tag(text)
    if shown.get("muted"):
        return _safe(f'<span class="portal-muted">{_escaped(text)}</span>')
    return linebreaksbr(text) if "\n" in str(text) or "\r" in str(text) else _escaped(text)


@register.simple_tag
def table_row(row):
    """A row of a table: {"cells"}, and perhaps "url" (what its first cell opens), "is_total" or "is_flagged".

    On a phone, where a row becomes a card, a short cell stands beside its label. Not a template either.
    """
    first, *rest = row["cells"]
    total = " portal-table__total" if row.get("is_total") else ""
    flagged = " portal-table__flagged" if row.get("is_flagged") else ""
    name = value(first | {"url": row["url"]}) if row.get("url") else _escaped(first["text"])
    return _safe(
        f'<tr class="govuk-table__row{total}{flagged}" role="row">'
        f'<th scope="row" role="rowheader" class="govuk-table__header portal-table__name">{name}</th>'
        f"{''.join(map(_cell, rest))}</tr>"
    )


@register.simple_tag
def table_cell(cell):
    """Return a cell of a table, for a row with a head of its own."""
    return _safe(_cell(cell))


def _cell(cell):
    numeric = " govuk-table__cell--numeric" if cell.get("numeric") else ""
    short = " portal-table__short" if len(str(cell.get("text", ""))) < SHORT else ""
    classes = f"govuk-table__cell{numeric}{short}"
    label = _escaped(cell.get("label", ""))
    return f'<td role="cell" data-label="{label}" class="{classes}">{value(cell)}</td>'


@register.simple_tag
def attributes(attrs):
    """The attributes of a control, as Django draws them. Not a template: a page of forms has hundreds of controls."""
    return _safe("".join(_attribute(name, said) for name, said in attrs.items() if said is not False))


def _attribute(name, said):
    return f" {_escaped(name)}" if said is True else f' {_escaped(name)}="{_escaped(said)}"'


@register.simple_tag
def drop_down(widget):
    """A drop-down with its options, which may stand in groups."""
    groups = "".join(_options(label, options) for label, options, _ in widget["optgroups"])
    return _safe(f'<select name="{_escaped(widget["name"])}"{attributes(widget["attrs"])}>{groups}\n</select>')


def _options(group, options):
    drawn = "".join(map(_option, options))
    return f'\n  <optgroup label="{_escaped(group)}">{drawn}\n  </optgroup>' if group else drawn


def _option(option):
    label = _escaped(option["label"])
    chosen = attributes(option["attrs"])
    return f'\n  <option value="{_escaped(option["value"])}"{chosen}>{label}</option>'


def _escaped(text):
    """Return the text escaped and marked safe, once; HTML that is marked safe already stays as it is.

    Django's own function takes three times as long.
    """
    return _safe(text.__html__() if hasattr(text, "__html__") else escape(str(text)))


def _safe(drawn):
    """HTML put together above, of which every part from outside went through `_escaped`."""
    # Nothing comes here that was not escaped above.
    return mark_safe(drawn)  # noqa: S308  # nosec B308 B703


@register.simple_tag(takes_context=True)
def form_owner(context):
    """Say in a form whose it is, so that what is typed can be kept when the sign-in ends before it is sent."""
    statement = statement_for(context["request"]) if "request" in context else ""
    return _safe(f'<input type="hidden" name="{STATEMENT}" value="{_escaped(statement)}">') if statement else ""


@register.filter
def page_links(page):
    """The page numbers to offer around `page`, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def has_current(group):
    """Return whether the page being looked at is in this group of the menu."""
    return any(item["current"] for item in group["items"])
