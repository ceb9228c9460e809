"""The sheet of a decision for the committee system."""

from __future__ import annotations

from typing import Any

from django.views.generic import DetailView

from partnership.decision_sheet import as_text, decision_sheet
from partnership.effects import effects_as_read
from partnership.generic.pages import RegisterPage
from partnership.registers.decisions import resolutions_of


class DecisionSheet(RegisterPage, DetailView):
    """A decision field by field, and as text to copy."""

    template_page = "sheet"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register, decision = self.register, self.object
        fields = decision_sheet(
            decision, resolutions_of(decision), effects_as_read(self.request.user, decision.body.partnership)
        )
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": register.trail(decision),
            "caption": register.label,
            "page_title": f"Decision sheet: {register.title_of(decision)}",
            "pages": register.pages_of(decision, "sheet"),
            "text": as_text(fields),
        }
