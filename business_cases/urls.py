"""Addresses of business cases and services."""

from business_cases.registers import REGISTERS

urlpatterns = []
for register in REGISTERS:
    urlpatterns += register.urls
