"""The register of reviews, declared."""

from __future__ import annotations

from partnership.generic.register import Register
from reviews.exit_plans.registers import EXIT_PLANS
from reviews.papers.covers.registers import CoverStyleRegister
from reviews.papers.outcomes.registers import (
    AGENDA_ITEMS,
)
from reviews.papers.registers import REVIEWS

REGISTERS: tuple[Register, ...] = (REVIEWS, CoverStyleRegister(), AGENDA_ITEMS, EXIT_PLANS)
