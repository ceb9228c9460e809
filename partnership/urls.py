"""All addresses of the portal. The other apps are named here and imported by Django alone."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from partnership import views
from partnership.registers import DECISIONS, REGISTERS

urlpatterns = [
    path("registers/", views.Home.as_view(), name="registers"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("", include("partnership.door.urls")),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("sign-in/kept/", views.KeptForms.as_view(), name="kept_forms"),
    path("sign-in/stay/", views.stay_signed_in, name="stay_signed_in"),
    path("find/", views.Find.as_view(), name="find"),
    path("first-steps/", views.FirstSteps.as_view(), name="first_steps"),
    path("roles/new-person/", views.NewPerson.as_view(), name="new_person"),
    path("roles/confirmations/", views.Confirmations.as_view(), name="confirmations"),
    path("commitments/paste/", views.PasteCommitments.as_view(), name="paste_commitments"),
    path("partnerships/completeness/", views.Completeness.as_view(), name="completeness"),
    path("decisions/<int:pk>/sheet/", views.DecisionSheet.as_view(register=DECISIONS), name="decision_sheet"),
    *(url for register in REGISTERS for url in register.urls),
    path("", include("business_cases.urls")),
    path("", include("joint_posts.urls")),
    path("", include("reviews.urls")),
]

handler400 = "partnership.views.errors.bad_request"
handler403 = "partnership.views.errors.permission_denied"
handler404 = "partnership.views.errors.page_not_found"
handler500 = "partnership.views.errors.server_error"
