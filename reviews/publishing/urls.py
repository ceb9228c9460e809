"""Addresses of publishing, and of the pages that need no sign-in."""

from django.urls import path

from reviews.models import Audience
from reviews.papers.views import papers
from reviews.publishing.views import open_data, public, publishing

MEMBERS = {"audience": Audience.MEMBERS}

urlpatterns = [
    path("published/", public.PublishedList.as_view(), name="published"),
    path("published/partnerships/<slug:slug>/", public.PublishedPartnership.as_view(), name="published_partnership"),
    path("published/<slug:slug>/", public.PublishedPaper.as_view(), name="published_paper"),
    *(
        path(f"published/<slug:slug>.{ending}", public.PublishedFile.as_view(ending=ending), name=f"published_{ending}")
        for ending in ("pdf", "docx", "csv", "html", "json")
    ),
    path("published/<slug:slug>/<int:number>/", public.PublishedPaper.as_view(), name="published_number"),
    path("published/<slug:slug>/<int:number>/<str:name>", public.PublishedFile.as_view(), name="published_file"),
    path(
        "published/<slug:slug>/members/<int:number>/",
        public.PublishedPaper.as_view(**MEMBERS),
        name="members_edition",
    ),
    path(
        "published/<slug:slug>/members/<int:number>/<str:name>",
        public.PublishedFile.as_view(**MEMBERS),
        name="members_file",
    ),
    path("open-data/", open_data.OpenData.as_view(), name="open_data"),
    path("open-data/datapackage.json", open_data.DataDictionary.as_view(), name="open_data_dictionary"),
    path("open-data/<slug:kind>.csv", open_data.OpenDataFile.as_view(), name="open_data_csv"),
    path("verify/", public.Verify.as_view(), name="verify"),
    path("accessibility/", public.Accessibility.as_view(), name="accessibility"),
    path("reviews/<slug:slug>.docx", papers.ReviewWord.as_view(), name="review_docx"),
    path("reviews/<slug:slug>/editions/", publishing.ReviewEditions.as_view(), name="review_editions"),
    path("reviews/<slug:slug>/classes/", publishing.ReviewClasses.as_view(), name="review_classes"),
    path("reviews/<slug:slug>/publish/", publishing.PublishReview.as_view(), name="review_publish"),
    path("reviews/<slug:slug>/publishing/<int:number>/", publishing.PublishingJob.as_view(), name="review_publishing"),
    path("reviews/<slug:slug>/pack.zip", publishing.ReviewPack.as_view(), name="review_pack"),
    path("reviews/exempt-papers/<int:pk>/", publishing.ExemptPaperFile.as_view(), name="exempt_paper"),
]
