"""From nothing to a working portal: the first steps, new accounts, and commitments pasted as a list."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import DetailView, FormView, TemplateView

from partnership.accounts import confirmations
from partnership.accounts import workflow as accounts_workflow
from partnership.accounts.kept_forms import TakesKeptForm
from partnership.accounts.permissions import today
from partnership.accounts.roles import ROLES
from partnership.generic.forms import shown_on
from partnership.generic.pages import RegisterPage
from partnership.generic.register import Register
from partnership.generic.registry import registers
from partnership.governance import workflow as governance_workflow
from partnership.governance.decision_sheet import as_text, decision_sheet
from partnership.governance.effects import effects_as_read
from partnership.governance.first_steps import STEPS, Step
from partnership.governance.forms.agreements import PastedCommitmentsForm
from partnership.governance.forms.councils import PersonForm
from partnership.governance.registers.decisions import resolutions_of
from partnership.models import User


class FirstSteps(TemplateView):
    """The steps of setting up, done and to do, and who takes each. Each can be left and taken up again."""

    template_name = "governance/first_steps.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        every = registers()
        steps = [self._shown(step, every[step.register]) for step in STEPS]
        known = [step for step in steps if step["is_known"]]
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": [("Home", reverse("home"))],
            "done": sum(step["is_done"] for step in known),
            "total": len(steps),
            "unknown": len(steps) - len(known),
            "page_title": "First steps",
            "steps": steps,
        }

    def _shown(self, step: Step, register: Register) -> dict[str, Any]:
        user: User = self.request.user
        rows = register.rows(user) if register.policy.may_read(user) else None
        count = rows.count() if rows is not None else None
        may = register.policy.may_edit(user)
        address, label = step.other
        return {
            "title": step.title,
            "words": step.words,
            "is_known": count is not None,
            "is_done": rows is not None and step.counted(rows).count() >= step.enough,
            "count": count,
            "count_text": f"{count} {(register.label if count == 1 else register.label_plural).lower()}",
            "done_by": _done_by(register),
            "create_url": register.create_url() if may else "",
            "create_label": register.add_label,
            "list_url": register.url("list") if count is not None else "",
            "other_url": reverse(address) if may and address else "",
            "other_label": label,
        }


def _done_by(register: Register) -> str:
    """Return the roles that take a step which the reader may not take: those that keep the register."""
    names = [role.name.lower() for role in ROLES.values() if register.model.edit_permission in role.permissions]
    return f"Done by: {' or '.join(names)}."


class SetUpFormPage(TakesKeptForm, FormView):
    """Another way of filling a register than its own form, for whoever keeps it."""

    template_name = "generic/form.html"
    register_name = ""

    @property
    def register(self) -> Register:
        return registers()[self.register_name]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.register.policy.may_edit(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            messages.success(self.request, self.write(form.cleaned_data))
        except ValidationError as error:
            form.add_error(None, shown_on(form, error))
            return self.form_invalid(form)
        return redirect(self.register.url("list"))

    def write(self, facts: dict[str, Any]) -> str:
        """Enter what was typed and say what came of it. Raises ``ValidationError``, and then nothing was written."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        links = {"breadcrumbs": self.register.breadcrumbs(), "cancel_url": self.register.url("list")}
        return super().get_context_data(**kwargs) | links


class NewPerson(SetUpFormPage):
    """Makes an account with its first role and shows, once, the password to pass on."""

    register_name = "membership"
    form_class = PersonForm
    extra_context = {
        "intro": "The password is shown once after saving, to be passed on. The person should change it at once.",
        "page_title": "Add a person",
        "submit_label": "Make the account",
    }

    def write(self, facts: dict[str, Any]) -> str:
        password = secrets.token_urlsafe(16)
        person = accounts_workflow.add_person(**facts, password=password, by=self.request.user)
        made = f"The account “{person.username}” is made."
        role = person.memberships.get()
        if role.is_waiting:
            made = f"{made} {confirmations.waits_for(role, today())}"
        return f"{made} Pass on this password, it is not shown again: {password}"


class PasteCommitments(SetUpFormPage):
    """Takes principles or objectives as a numbered list."""

    register_name = "commitment"
    form_class = PastedCommitmentsForm
    extra_context = {
        "intro": "Paste the list as it stands in the adopted paper. Every line becomes one, numbered in order.",
        "page_title": "Paste principles or objectives",
        "submit_label": "Enter them",
    }

    def write(self, facts: dict[str, Any]) -> str:
        entered = governance_workflow.adopt_commitments(**facts, by=self.request.user, reason="First entered")
        return f"{len(entered)} entered. Check the short titles: they are the first words of each."


class DecisionSheet(RegisterPage, DetailView):
    """A decision field by field, and as text to copy."""

    template_page = "sheet"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        register = self.register
        decision = self.object
        fields = decision_sheet(
            decision, resolutions_of(decision), effects_as_read(self.request.user, decision.body.partnership)
        )
        return super().get_context_data(**kwargs) | {
            "breadcrumbs": register.breadcrumbs(decision),
            "caption": register.label,
            "page_title": f"Decision sheet: {register.title_of(decision)}",
            "pages": register.tabs(decision, "sheet"),
            "text": as_text(fields),
        }
