"""The register of decisions, their resolutions, conditions and referrals."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse

from partnership.accounts.roles import Permission
from partnership.dates import in_words
from partnership.generic.display import Column
from partnership.generic.listings import RelatedTable
from partnership.generic.policy import RegisterPolicy
from partnership.generic.record_actions import RecordAction
from partnership.generic.register import Register
from partnership.governance import filters
from partnership.governance.effects import effects_as_read
from partnership.governance.forms import decisions
from partnership.models import Condition, Decision, Referral, Resolution, User
from partnership.records.record import Record, RecordQuerySet
from partnership.records.tenancy import partnership_of

STATUS = Column("Status", text=Decision.status_text, raw=Decision.status_text, is_tag=True)
DECISION_VERBS = (
    RecordAction(
        "publish",
        "Publish the decision",
        decisions.PublishDecisionForm,
        intro="The record is complete. Its call-in period begins with the day you enter.",
        refusal=Decision.why_not_publish,
        takes=("resolutions",),
    ),
    RecordAction(
        "call-in",
        "Record a call-in",
        decisions.CallInForm,
        intro="Scrutiny calls the decision in. It may not be implemented until the call-in is resolved.",
        kind="warning",
        refusal=Decision.why_not_call_in,
    ),
    RecordAction(
        "resolve-call-in",
        "Resolve the call-in",
        decisions.ResolveCallInForm,
        intro="The decision stands, or it is sent back and its resolutions lapse.",
        refusal=Decision.why_not_resolve_call_in,
        takes=("resolutions",),
    ),
)
RESOLUTION_VERBS = (
    RecordAction(
        "refuse",
        "Record a refusal",
        decisions.RefuseForm,
        intro="The body refused what was put to it. Whatever is subject to it falls with it.",
        kind="warning",
        refusal=Resolution.why_not_end,
    ),
    RecordAction(
        "lapse",
        "Let it lapse",
        decisions.LapseForm,
        intro="The resolution is rescinded, overtaken or out of time. Whatever is subject to it falls with it.",
        kind="warning",
        refusal=Resolution.why_not_end,
    ),
)


class ConditionPolicy(RegisterPolicy):
    """Answers given in private are for readers of working papers."""

    def may_view_field(self, user: User, name: str, record: Record | None = None) -> bool:
        """An answer that was given in private is for readers of working papers alone."""
        answer = record.answered_by if isinstance(record, Condition) and name in self.register.restricted else None
        if answer is None or not answer.decision.was_in_private():
            return True
        return partnership_of(record) in user.authority.partnerships(Permission.READ_WORKING_PAPERS)


class ConditionRegister(Register):
    """Register of the conditions of a resolution."""

    model = Condition
    policy_class = ConditionPolicy
    path = "conditions"
    parent = "resolution"
    form_class = decisions.ConditionForm
    columns = ("body", "answered_by")
    restricted: ClassVar[dict[str, Permission]] = {"answered_by": Permission.READ_WORKING_PAPERS}
    help = "The resolution takes effect only when these bodies have agreed too."
    empty_text = "It is subject to no other body’s agreement."

    @property
    def label_plural(self) -> str:
        return "Subject to"

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        answer = "answered_by__decision"
        return rows.select_related(
            "body__council", f"{answer}__body__council", f"{answer}__meeting", "resolution__decision__body__council"
        )


class ResolutionRegister(Register):
    """The resolutions of a decision."""

    model = Resolution
    path = "resolutions"
    parent = "decision"
    form_class = decisions.ResolutionForm
    columns = ("text", Column("Numbered", text=lambda row: row.label, raw=lambda row: row.label), "standing")
    record_actions = RESOLUTION_VERBS
    parts = (ConditionRegister,)
    help = "Open one to say what it is subject to, or that it was refused or lapsed."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("decision__body__council")


class ReferralRegister(Register):
    """Referrals of a decision to other bodies."""

    model = Referral
    path = "referrals"
    parent = "decision"
    form_class = decisions.ReferralForm
    columns = ("to_body", "asked_for", "referred_on", "due_on", "answered_on", "answer")
    empty_text = "It was referred to nobody."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("to_body__council", "decision__body__council")


class DecisionRegister(Register):
    """Decisions of the bodies."""

    model = Decision
    path = "decisions"
    form_class = decisions.DecisionForm
    filterset_class = filters.DecisionFilter
    columns = (
        "title",
        "body",
        "decided_on",
        STATUS,
        "key_or_not",
        "published_on",
        Column(
            "May be implemented from",
            text=lambda row: in_words(row.implementable_on(), unknown="Not known yet"),
            raw=lambda row: row.implementable_on() or "",
        ),
    )
    record_actions = DECISION_VERBS
    parts = (ResolutionRegister, ReferralRegister)
    related_tables = (
        RelatedTable(
            "meeting",
            "What it decided",
            ("title", STATUS, "published_on"),
            add_label="Record a decision",
            empty_text="No decision of it is recorded yet.",
        ),
    )
    help = "What each body resolved, when it may be implemented, and what it waits for."
    empty_text = "No decision is recorded yet. Record each council’s own decision, also where they decide alike."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("body__council", "body__partnership", "meeting__body__council")

    def tabs(self, record: Decision, current: str) -> list[dict[str, Any]]:
        details, history = super().tabs(record, current)
        sheet = {"label": "Decision sheet", "url": self.sheet_url(record), "current": current == "sheet"}
        return [details, sheet, history]

    def sheet_url(self, record: Decision) -> str:
        """Return the address of the sheet for the committee system."""
        return reverse("decision_sheet", args=[record.pk])

    def headline_facts(self, record: Decision, user: User) -> list[str]:
        """Return the state of the decision with scrutiny."""
        if record.is_waiting_for_scrutiny:
            return [f"Called in on {in_words(record.called_in_on)}: {record.call_in_reason}"]
        if record.published_on and record.last_day_to_call_in:
            return [f"Call-in period to {in_words(record.last_day_to_call_in)}."]
        return []

    def extra_context(self, record: Decision, request: HttpRequest) -> dict[str, Any]:
        """Add the day on which each resolution takes effect."""
        effects = effects_as_read(request.user, record.body.partnership)
        labels = ("Resolution", "May be implemented from", "Takes effect")
        free = in_words(record.implementable_on(), unknown="Not known yet")
        rows = []
        for row in resolutions_of(record):
            if row.pk in effects:
                texts = (row.label, free, effects[row.pk])
                cells = [{"label": label, "text": text} for label, text in zip(labels, texts, strict=True)]
                rows.append({"cells": cells})
        return {"effect": {"columns": [{"label": label} for label in labels], "rows": rows}}


def resolutions_of(decision: Decision) -> RecordQuerySet:
    """The standing resolutions of a decision, with what their numbers need."""
    return decision.resolutions.active().select_related("decision__body__council")
