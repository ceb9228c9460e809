"""Addresses of reviews and dashboards. The paper and its PDF are found by the review's short name alone."""

from django.urls import include, path

from reviews import views
from reviews.registers import EXIT_PLANS, REGISTERS

urlpatterns = [
    path("", include("reviews.dashboards.urls")),
    path("", include("reviews.publication.urls")),
    # The drafting page stands in the place of the register's own form.
    path("reviews/sections/<int:pk>/edit/", views.SectionEdit.as_view(), name="section_edit"),
    path("reviews/sections/<int:pk>/preview/", views.SectionPreview.as_view(), name="section_preview"),
    *(url for register in REGISTERS for url in register.urls),
    path("reviews/covers/<int:pk>/report/", views.CoverPaper.as_view(), name="cover_report"),
    path("reviews/covers/<int:pk>/report.pdf", views.CoverPdf.as_view(), name="cover_pdf"),
    path("governance-statement/", views.GovernanceStatement.as_view(), name="governance_statement"),
    path("exit-plans/<int:pk>/paper/", views.ExitPaper.as_view(register=EXIT_PLANS), name="exit_paper"),
    path("exit-plans/<int:pk>/paper.pdf", views.ExitPdf.as_view(register=EXIT_PLANS), name="exit_pdf"),
    path("exit-plans/<int:pk>/paper.docx", views.ExitWord.as_view(register=EXIT_PLANS), name="exit_docx"),
    path("reviews/<slug:slug>/", views.ReviewPaper.as_view(), name="review_paper"),
    path("reviews/<slug:slug>/proof/", views.ReviewProof.as_view(), name="review_proof"),
    path("reviews/<slug:slug>.pdf", views.ReviewPdf.as_view(), name="review_pdf"),
]
