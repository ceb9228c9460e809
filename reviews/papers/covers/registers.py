"""The registers of cover reports, declared."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from partnership.generic.register import Register
from partnership.records.record import Record
from reviews.models import CoverReport, CoverStyle, Implication
from reviews.papers import filters
from reviews.papers.covers import forms
from reviews.papers.names_read import ReadAsPrinted


class ImplicationRegister(ReadAsPrinted, Register):
    """Register of the implications of a report for money, law, people and more."""

    model = Implication
    path = "implications"
    parent = "cover"
    form_class = forms.ImplicationForm
    columns = ("kind", "text", "cleared_by", "cleared_on", "clearance_recorded_by", "clearance_evidence")
    record_actions = (forms.CLEAR, forms.RECORD_CLEARANCE)
    help = (
        "The officer who answers for it clears it with their own account, or somebody records the clearance on"
        " evidence. Changed text is cleared again."
    )

    def title_of(self, record: Implication) -> str:
        return record.get_kind_display()


class CoverReportRegister(Register):
    """The cover reports of a review, one for each council's body."""

    model = CoverReport
    path = "covers"
    parent = "review"
    form_class = forms.CoverReportForm
    columns = ("body", "meeting_on", "title")
    parts = (ImplicationRegister,)
    help = "One draft in each council’s words, order and numbering. Its sections stand last in the list above."
    empty_text = "No cover report yet. Add one for each body that the review goes to."

    def tabs(self, record: Record, current: str) -> list[dict[str, Any]]:
        report = {"label": "Report", "url": reverse("cover_report", args=[record.pk]), "current": current == "report"}
        return [report, *super().tabs(record, current)]


class CoverStyleRegister(Register):
    """Register of the layouts of councils' cover reports."""

    model = CoverStyle
    path = "cover-styles"
    form_class = forms.CoverStyleForm
    filterset_class = filters.CoverStyleFilter
    columns = ("council", "asks", "paragraphs")
    help = "A council that is not listed has the usual order and words."
    empty_text = "No council has a style of its own yet."
