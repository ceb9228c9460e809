"""Facts of a partnership as at a date: frozen values that screens and papers show."""

from reviews.facts.partnership import Facts, facts
from reviews.facts.reviewed import ReviewFacts, review_facts

__all__ = ["Facts", "ReviewFacts", "facts", "review_facts"]
