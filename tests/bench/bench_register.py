"""Row 6: a page of a register, beside the same rows written by hand and beside the Django admin's list of them.

All are answered behind the same door to the same person: signing in, headers and the menu's questions cost each alike.
"""

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.template import Context, Template
from django.test import modify_settings, override_settings
from django.urls import include, path
from django.utils.html import escape
from django.utils.safestring import mark_safe

from joint_posts.models import JointPost
from joint_posts.registers import JOINT_POSTS
from partnership.generic.display import display_value
from partnership.generic.pages import ROWS_ON_A_PAGE, ROWS_TURNED_OVER
from partnership.navigation import portal
from tests.bench.measuring import in_turn, ratio, said
from tests.bench.posts import Posts

FEW, MANY, ROUNDS = 1_000, 100_000, 15
LIST = "/joint-posts/"
FRAME = Template('{% extends "base.html" %}{% block main %}{{ table }}{% endblock %}')


def rows_by_hand(request):
    """The first page's rows as a table, the shortest way there is."""
    rows = JointPost.objects.visible_to(request.user).active().select_related("home_council")[:ROWS_ON_A_PAGE]
    first, *rest = JOINT_POSTS.columns
    return "".join(
        f'<tr><th><a href="{LIST}{row.pk}/">{escape(display_value(row, first))}</a></th>'
        f"{''.join(f'<td>{escape(display_value(row, name))}</td>' for name in rest)}</tr>"
        for row in rows
    )


def framed(request):
    """The table in the frame that every page of the portal has."""
    table = mark_safe(f"<table>{rows_by_hand(request)}</table>")  # noqa: S308 -- escaped cell by cell
    return HttpResponse(
        FRAME.render(Context({"table": table, "request": request, "page_title": "Posts"} | portal(request)))
    )


class PostAdmin(admin.ModelAdmin):
    """The list a developer would declare in the Django admin: same columns, filters, words and length."""

    list_display = JOINT_POSTS.columns
    list_filter = ("status", "appointment", "home_council", "tier")
    search_fields = ("title", "purpose", "areas_led")
    list_per_page = ROWS_ON_A_PAGE
    list_select_related = ("home_council",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(pk__in=JointPost.objects.visible_to(request.user).active())

    def has_view_permission(self, request, obj=None):
        return True

    has_module_permission = has_view_permission


class Admin(admin.AdminSite):
    """An admin whose door is the portal's."""

    def has_permission(self, request):
        return True


ADMIN = Admin(name="admin")
ADMIN.register(JointPost, PostAdmin)
CHANGELIST = "/admin/joint_posts/jointpost/"
urlpatterns = [
    path("", include("partnership.urls")),
    path("framed/", framed),
    path("admin/", ADMIN.urls),
]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=__name__)
@modify_settings(INSTALLED_APPS={"append": "django.contrib.admin.apps.SimpleAdminConfig"})
def test_register(reached, tell):
    small, large = Posts(FEW), Posts(MANY)
    last = {small: FEW // ROWS_ON_A_PAGE, large: ROWS_TURNED_OVER // ROWS_ON_A_PAGE}
    pages = {
        "page": lambda posts: LIST,
        "last": lambda posts: f"{LIST}?page={last[posts]}",
        "filtered": lambda posts: f"{LIST}?status=vacant&tier=head+of+service",
        "sorted": lambda posts: f"{LIST}?sort=-started_on",
        "framed": lambda posts: "/framed/",
        "admin": lambda posts: CHANGELIST,
    }
    works = {
        f"{size} {name}": lambda posts=posts, at=at: posts.get(at(posts))
        for name, at in pages.items()
        for size, posts in (("small", small), ("large", large))
    }
    times = in_turn(works, ROUNDS)
    tell(said(times))
    reached(
        {
            "register: page to its rows by f-string in the same frame": ratio(times, "small page", "small framed"),
            "register: page to the admin's changelist, the same 100,000 rows": ratio(
                times, "large page", "large admin"
            ),
            "register: page to the admin's changelist, the same 1,000 rows": ratio(times, "small page", "small admin"),
            "register: f-string in the same frame to the admin's changelist, 100,000": ratio(
                times, "large framed", "large admin"
            ),
            "register: first page, 100,000 rows to 1,000": ratio(times, "large page", "small page"),
            "register: last page to be reached, 100,000 rows to 1,000": ratio(times, "large last", "small last"),
            "register: filtered page, 100,000 rows to 1,000": ratio(times, "large filtered", "small filtered"),
            "register: in an order no index keeps, 100,000 rows to 1,000": ratio(times, "large sorted", "small sorted"),
            "admin: changelist, 100,000 rows to 1,000": ratio(times, "large admin", "small admin"),
        }
    )
