"""Addresses of the boards and of the lines behind their figures."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from reviews.dashboards import calendar, pages

urlpatterns = [
    # Who is not signed in is led to what is published.
    path("", login_required(pages.Dashboard.as_view(), None, "published"), name="home"),
    path("dashboard.pdf", pages.DashboardPdf.as_view(), name="dashboard_pdf"),
    path("changes/", pages.ChangesPage.as_view(), name="changes"),
    path("calendar/", calendar.CalendarPage.as_view(), name="calendar"),
    path("calendar/<str:secret>.ics", calendar.CalendarFeedPage.as_view(), name="dates_calendar"),
    path("figures/<str:name>/", pages.FigurePage.as_view(), name="figure"),
    path("figures/<str:name>/export.csv", pages.FigureExport.as_view(), name="figure_export"),
    path("figures/<str:name>/export.xlsx", pages.FigureExport.as_view(as_workbook=True), name="figure_export_xlsx"),
]
