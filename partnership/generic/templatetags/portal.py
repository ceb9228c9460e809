"""The few words templates need beyond Django's own. Loaded everywhere (settings, TEMPLATES, builtins)."""

from django import template

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
COLOUR_OF_STATUS = {word: colour for colour, words in STATUS_COLOURS.items() for word in words}


@register.inclusion_tag("components/status_tag.html")
def status_tag(text):
    """A status as a coloured word; "Draft 2.0" has the colour of "draft", a word nobody gave a colour is grey."""
    words = str(text).strip().lower()
    first = words.partition(" ")[0]
    return {"text": text, "colour": COLOUR_OF_STATUS.get(words) or COLOUR_OF_STATUS.get(first, "grey")}


@register.filter
def page_links(page):
    """The page numbers to offer around `page`, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def has_current(group):
    """Whether the page being looked at is in this group of the menu."""
    return any(item["current"] for item in group["items"])
