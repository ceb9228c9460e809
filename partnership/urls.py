"""All addresses of the portal. The other apps are named here and imported by Django alone."""

import itertools

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from partnership.accounts.sign_in.views import SignInView
from partnership.accounts.views.confirmations import Confirmations
from partnership.accounts.views.kept_forms import KeptForms, stay_signed_in
from partnership.generic.search import Find
from partnership.generic.urls import register_urls
from partnership.governance.views import DecisionSheet, FirstSteps, NewPerson, PasteCommitments
from partnership.home import Home
from partnership.registers import DECISIONS, REGISTERS
from partnership.significant.views import Completeness

urlpatterns = [
    path("registers/", Home.as_view(), name="registers"),
    path("sign-in/", SignInView.as_view(), name="sign_in"),
    path("", include("partnership.accounts.sign_in.urls")),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("sign-in/kept/", KeptForms.as_view(), name="kept_forms"),
    path("sign-in/stay/", stay_signed_in, name="stay_signed_in"),
    path("find/", Find.as_view(), name="find"),
    path("first-steps/", FirstSteps.as_view(), name="first_steps"),
    path("roles/new-person/", NewPerson.as_view(), name="new_person"),
    path("roles/confirmations/", Confirmations.as_view(), name="confirmations"),
    path("commitments/paste/", PasteCommitments.as_view(), name="paste_commitments"),
    path("partnerships/completeness/", Completeness.as_view(), name="completeness"),
    path("decisions/<int:pk>/sheet/", DecisionSheet.as_view(register=DECISIONS), name="decision_sheet"),
    *itertools.chain.from_iterable(map(register_urls, REGISTERS)),
    path("", include("business_cases.urls")),
    path("", include("joint_posts.urls")),
    path("", include("reviews.urls")),
]

handler400 = "partnership.errors.bad_request"
handler403 = "partnership.errors.permission_denied"
handler404 = "partnership.errors.page_not_found"
handler500 = "partnership.errors.server_error"
