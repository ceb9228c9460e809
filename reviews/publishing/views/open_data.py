"""Open data on the public pages."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import View

from reviews.models.editions import checksum
from reviews.publishing import open_data
from reviews.publishing.editions import CSV
from reviews.publishing.views.public import PublicPage, stored


class OpenData(PublicPage):
    """The kinds of open data, and the meaning of each column."""

    template_name = "reviews/publishing/public/open_data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row_counts = open_data.row_counts()
        return super().get_context_data(**kwargs) | {
            "kinds": [
                {
                    "title": title,
                    "url": reverse("open_data_csv", args=[kind]),
                    "rows": row_counts[kind],
                    "fields": (*open_data.PAPER, *fields),
                }
                for kind, (title, fields) in open_data.KINDS.items()
            ],
            "page_title": "Open data",
        }


@method_decorator(login_not_required, name="dispatch")
class OpenDataFile(View):
    """A kind as CSV."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in open_data.KINDS:
            raise Http404
        content = open_data.as_csv(kind).encode()
        return stored(request, content, media_type=CSV, name=f"{kind}.csv", sha256=checksum(content))


@method_decorator(login_not_required, name="dispatch")
class DataDictionary(View):
    """The meaning of every column, for machines."""

    def get(self, request: HttpRequest) -> HttpResponse:
        content = json.dumps(open_data.dictionary(), ensure_ascii=False, indent=2).encode()
        facts = {"media_type": "application/json", "name": "datapackage.json", "sha256": checksum(content)}
        return stored(request, content, **facts)
