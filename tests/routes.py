"""The pages of the portal as its URLconf has them, each with an address that leads to a row."""

from dataclasses import dataclass
from html.parser import HTMLParser

from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from partnership.models import Job, Partnership
from reviews.models import Review

# What is not a page: files, and what only takes a form.
FILES = ("_export", "_export_xlsx", "_template_csv", "_template_xlsx", "_pdf", "_csv", "_calendar")
FILES += ("_docx", "_html", "_json", "_file", "_dictionary", "_pack")
NOT_OPENED = {"sign_out", "end_other_sessions", "exempt_paper", "openid_connect_login", "openid_connect_callback"}
EDITIONS = {"published_number", "members_edition"}  # pages of the first edition
FIGURE = "savings.2019-20.joint.estimated"


@dataclass(frozen=True)
class Route:
    """One pattern of the URLconf: its name, what fills its address, and the register it belongs to, if any."""

    name: str
    keys: tuple[str, ...]
    register: object = None
    verb: object = None

    @property
    def group(self):
        """The register on the menu under which it stands."""
        top = self.register
        while top is not None and top.above is not None:
            top = top.above
        return top.name if top is not None else "other pages"

    def address(self, user):
        """Return the address of a page for a row of the example; a job is the person's own. None without such a row."""
        values = {key: self.value(key, user) for key in self.keys}
        return reverse(self.name, kwargs=values) if None not in values.values() else None

    def value(self, key, user):
        if key == "number" and self.name in EDITIONS:
            return 1
        if key == "number":
            return job_of(user, self.register.name if self.register else "edition").pk
        if self.name == "published_partnership":
            return Partnership.objects.order_by("pk").first().slug
        if key == "name":
            return FIGURE
        model = self.register.model if self.register else Review
        if key == "parent":
            model = self.register.above.model
            key = self.register.above.key
        rows = list(model.objects.active().order_by("pk"))
        ready = [row for row in rows if self.verb and self.verb.may(user, row)]
        return getattr((ready or rows)[0], key) if rows else None


def job_of(user, register):
    """A file that the person handed in for the register, and that was refused."""
    now = timezone.now()
    name = Review.objects.order_by("pk").first().slug if register == "edition" else "rows.csv"
    facts = {"file_name": name, "state": "refused", "created_at": now, "heard_at": now}
    return Job.objects.get_or_create(by=user, register=register, defaults=facts)[0]


def pages():
    """Return every route that shows a page."""
    return [route for route in routes(get_resolver().url_patterns) if is_page(route)]


def is_page(route):
    return not route.name.endswith(FILES) and route.name not in NOT_OPENED


def routes(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            given = getattr(pattern.callback, "view_initkwargs", {})
            keys = tuple(pattern.pattern.converters)
            yield Route(pattern.name, keys, given.get("register"), given.get("verb"))
        else:
            yield from routes(pattern.url_patterns)


class Skeleton(HTMLParser):
    """The nesting of elements on a page, with their classes and roles, whatever their text and number."""

    VOID = {"input", "img", "br", "hr", "meta", "link", "path", "rect", "line", "circle"}

    def __init__(self, html):
        super().__init__()
        self.inside = [""]
        self.bones = set()
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        bone = " ".join([tag, *(found.get(name) or "" for name in ("class", "role", "type", "aria-invalid"))])
        self.bones.add((self.inside[-1], bone))
        if tag not in self.VOID:
            self.inside.append(bone)

    def handle_endtag(self, tag):
        if any(bone.split(" ")[0] == tag for bone in self.inside):
            while self.inside.pop().split(" ")[0] != tag:
                pass


def skeleton(html):
    return frozenset(Skeleton(html).bones)
