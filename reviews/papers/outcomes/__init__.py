"""Meetings that take reviews and business cases, and the results."""
