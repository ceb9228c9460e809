"""Addresses of reviews and dashboards. The paper and its PDF are found by the review's short name alone."""

from django.urls import path

from reviews import views
from reviews.dashboards import pages
from reviews.registers import REGISTERS

urlpatterns = [
    path("", pages.Dashboard.as_view(), name="home"),
    path("dashboard.pdf", pages.Dashboard.as_view(), name="dashboard_pdf"),
    path("changes/", pages.ChangesPage.as_view(), name="changes"),
    path("figures/<str:name>/", pages.FigurePage.as_view(), name="figure"),
    path("figures/<str:name>/export.csv", pages.FigureExport.as_view(), name="figure_export"),
    path("figures/<str:name>/export.xlsx", pages.FigureExport.as_view(as_workbook=True), name="figure_export_xlsx"),
    *(url for register in REGISTERS for url in register.urls),
    path("reviews/<slug:slug>/", views.ReviewPaper.as_view(), name="review_paper"),
    path("reviews/<slug:slug>.pdf", views.ReviewPdf.as_view(), name="review_pdf"),
]
