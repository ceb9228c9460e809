"""Addresses of reviews and dashboards. The paper and its PDF are found by the review's short name alone."""

import itertools

from django.urls import include, path

from partnership.generic.urls import register_urls
from reviews.dashboards.statements import GovernanceStatement
from reviews.exit_plans.registers import EXIT_PLANS
from reviews.exit_plans.views import ExitPaper, ExitPdf, ExitWord
from reviews.papers.views.covers import CoverPaper, CoverPdf
from reviews.papers.views.drafting import SectionEdit, SectionPreview
from reviews.papers.views.papers import ReviewPaper, ReviewPdf
from reviews.papers.views.proofs import ReviewProof
from reviews.registers import REGISTERS

urlpatterns = [
    path("", include("reviews.dashboards.urls")),
    path("", include("reviews.publishing.urls")),
    # The drafting page stands in the place of the register's own form.
    path("reviews/sections/<int:pk>/edit/", SectionEdit.as_view(), name="section_edit"),
    path("reviews/sections/<int:pk>/preview/", SectionPreview.as_view(), name="section_preview"),
    *itertools.chain.from_iterable(register_urls(register) for register in REGISTERS),
    path("reviews/covers/<int:pk>/report/", CoverPaper.as_view(), name="cover_report"),
    path("reviews/covers/<int:pk>/report.pdf", CoverPdf.as_view(), name="cover_pdf"),
    path("governance-statement/", GovernanceStatement.as_view(), name="governance_statement"),
    path("exit-plans/<int:pk>/paper/", ExitPaper.as_view(register=EXIT_PLANS), name="exit_paper"),
    path("exit-plans/<int:pk>/paper.pdf", ExitPdf.as_view(register=EXIT_PLANS), name="exit_pdf"),
    path("exit-plans/<int:pk>/paper.docx", ExitWord.as_view(register=EXIT_PLANS), name="exit_docx"),
    path("reviews/<slug:slug>/", ReviewPaper.as_view(), name="review_paper"),
    path("reviews/<slug:slug>/proof/", ReviewProof.as_view(), name="review_proof"),
    path("reviews/<slug:slug>.pdf", ReviewPdf.as_view(), name="review_pdf"),
]
