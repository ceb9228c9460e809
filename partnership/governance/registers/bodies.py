"""The registers of bodies, the places on them, and their meetings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from partnership.accounts.permissions import today
from partnership.generic.display import Column
from partnership.generic.record_actions import RecordAction
from partnership.generic.register import Register
from partnership.governance import filters
from partnership.governance.forms.agreements import BodyForm, HandOverBodyForm
from partnership.governance.forms.meetings import CallOffForm, MeetingForm, SeatForm
from partnership.governance.seats import chair_not_alternating, imbalance
from partnership.governance.timetable import timetable
from partnership.models import Body, Council, Meeting, Partnership, Party, Seat, User
from partnership.records.record import RecordQuerySet


class SeatRegister(Register):
    """The places on a body."""

    model = Seat
    path = "places"
    parent = "body"
    form_class = SeatForm
    columns = ("holder", "council", "office", "is_substitute", "municipal_year", "from_on", "until_on")
    help = "Who sits on the body, by municipal year. Substitutes are not counted."
    empty_text = "No place is recorded yet."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("body__council", "council")


class BodyRegister(Register):
    """Working groups, committees and executives."""

    model = Body
    path = "bodies"
    form_class = BodyForm
    filterset_class = filters.BodyFilter
    columns = ("name", "kind", "council", "meets_in_public")
    parts = (SeatRegister,)
    record_actions = (
        RecordAction(
            "hand-over",
            "Change whose body it is",
            HandOverBodyForm,
            intro="Its meetings, decisions and places are kept by its own council from then on. Only somebody of each"
            " council that would lose it may do this.",
            shows=("name", "council"),
            refusal=Body.why_not_hand_over,
        ),
    )
    help = "The bodies of councillors that oversee the partnership and decide about it."
    empty_text = "No body is recorded yet. Add the working group and each council's executive."

    def headline_facts(self, record: Body, user: User) -> list[str]:
        """Return notes on a joint body: unequal numbers, and a chair that did not alternate."""
        if not record.is_joint:
            return []
        seats = list(record.seats.active().select_related("council"))
        said = (imbalance(seats, councils_of(record.partnership), today()), chair_not_alternating(seats))
        return [sentence for sentence in said if sentence]


class MeetingRegister(Register):
    """Meetings of the bodies."""

    model = Meeting
    path = "meetings"
    form_class = MeetingForm
    filterset_class = filters.MeetingFilter
    columns = (
        "held_on",
        "body",
        Column("Status", text=lambda row: row.status(today()), raw=lambda row: row.status(today()), is_tag=True),
        "access",
        "place_or_link",
    )
    record_actions = (
        RecordAction(
            "call-off",
            "Call off",
            CallOffForm,
            intro="The meeting does not take place. Its page stays, with the reason.",
            kind="warning",
            refusal=Meeting.why_not_call_off,
        ),
    )
    help = "When the bodies meet, and by when papers and notices of each meeting are due."
    empty_text = "No meeting is recorded yet. Add one to see by when its papers and notices are due."

    def with_related(self, rows: RecordQuerySet) -> RecordQuerySet:
        return rows.select_related("body__council", "body__partnership")

    def extra_context(self, record: Meeting, request: HttpRequest) -> dict[str, Any]:
        """Add the days by which papers and notices are due."""
        body = record.body
        councils = councils_of(body.partnership) if body.is_joint else [body.council]
        labels = ("What", "Last day", "Rule")
        rows = []
        for due in timetable(record, councils):
            texts = (due.what, due.words, due.rule)
            rows.append({"cells": list(map(cell, labels, texts))})
        return {"due": {"columns": [{"label": label} for label in labels], "rows": rows}}


def councils_of(partnership: Partnership) -> list[Council]:
    """The councils that are party to a partnership today, in the order of their columns."""
    parties = Party.objects.party_on(today()).filter(partnership=partnership)
    return [party.council for party in parties.select_related("council")]


def cell(label: str, text: str) -> dict[str, Any]:
    """A cell as the table component takes it."""
    return {"label": label, "text": text}
