"""The register of savings targets."""

from __future__ import annotations

from joint_posts import forms
from joint_posts.filters import SavingsTargetFilter
from joint_posts.models import SavingsTarget
from partnership.generic.register import Register


class SavingsTargetRegister(Register):
    """What the councils set out to save."""

    model = SavingsTarget
    path = "savings/targets"
    form_class = forms.SavingsTargetForm
    filterset_class = SavingsTargetFilter
    columns = ("council", "financial_year", "amount", "set_on", "source")
    help = "What each council means to save in a year. Dashboards show it beside what is estimated and delivered."
    empty_text = "No target is recorded yet. Without one the dashboard says so, and shows the savings alone."

    def title_of(self, record: SavingsTarget) -> str:
        return f"{record.council}, {record.financial_year}"
