"""Addresses of joint posts and savings."""

from django.urls import path

from joint_posts.registers import REGISTERS, SAVINGS
from joint_posts.savings import views
from partnership.generic.urls import register_urls

urlpatterns = [
    path("savings/<int:pk>/grid/", views.SavingGrid.as_view(register=SAVINGS), name="saving_grid"),
    path("verification/", views.VerificationQueue.as_view(), name="verification"),
]
for register in REGISTERS:
    urlpatterns += register_urls(register)
