"""Addresses of business cases and services."""

from business_cases.registers import REGISTERS
from partnership.generic.urls import register_urls

urlpatterns = []
for register in REGISTERS:
    urlpatterns += register_urls(register)
