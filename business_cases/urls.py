"""Addresses of business cases and services."""

from business_cases.registers import REGISTERS

urlpatterns = [url for register in REGISTERS for url in register.urls]
