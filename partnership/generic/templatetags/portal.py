"""The few words templates need beyond Django's own. Loaded everywhere (settings, TEMPLATES, builtins)."""

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import conditional_escape, format_html, format_html_join

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
COLOUR_OF_STATUS = {word: colour for colour, words in STATUS_COLOURS.items() for word in words}


@register.simple_tag
def status_tag(text):
    """A status as a coloured word; "Draft 2.0" has the colour of "draft", a word nobody gave a colour is grey."""
    words = str(text).strip().lower()
    colour = COLOUR_OF_STATUS.get(words) or COLOUR_OF_STATUS.get(words.partition(" ")[0], "grey")
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, text)


@register.simple_tag
def value(shown):
    """A value: {"text"}, and perhaps "html" (ready-made), "url" (what it opens), "tag" (a status word) or "muted".

    Not a template: a page shows hundreds, and drawing one for each took half of the page's time.
    """
    text = shown.get("text", "")
    if shown.get("url"):
        return format_html('<a class="govuk-link" href="{}">{}</a>', shown["url"], text)
    if shown.get("html"):
        return conditional_escape(shown["html"])
    if shown.get("tag") and text:
        return status_tag(text)
    if shown.get("muted"):
        return format_html('<span class="portal-muted">{}</span>', text)
    return linebreaksbr(text)


@register.simple_tag
def table_row(row):
    """A row of a table: {"cells"}, and perhaps "url" (what its first cell opens), "is_total" or "is_flagged".

    On a phone, where a row becomes a card, a short cell stands beside its label. Not a template either.
    """
    first, *rest = row["cells"]
    total = " portal-table__total" if row.get("is_total") else ""
    flagged = " portal-table__flagged" if row.get("is_flagged") else ""
    return format_html(
        '<tr class="govuk-table__row{}{}" role="row">'
        '<th scope="row" role="rowheader" class="govuk-table__header portal-table__name">{}</th>{}</tr>',
        total,
        flagged,
        value(first | {"url": row["url"]}) if row.get("url") else first["text"],
        format_html_join("", CELL, (_in_cell(cell) for cell in rest)),
    )


CELL = '<td role="cell" data-label="{}" class="govuk-table__cell{}{}">{}</td>'


def _in_cell(cell):
    numeric = " govuk-table__cell--numeric" if cell.get("numeric") else ""
    short = " portal-table__short" if len(str(cell.get("text", ""))) < SHORT else ""
    return cell.get("label", ""), numeric, short, value(cell)


@register.filter
def page_links(page):
    """The page numbers to offer around `page`, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def has_current(group):
    """Whether the page being looked at is in this group of the menu."""
    return any(item["current"] for item in group["items"])
