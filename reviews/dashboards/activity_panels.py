"""Panels of a board on activity: joint posts and services, business cases, and both over time."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from joint_posts.models import Appointment, Status
from partnership.dates import Precision, add_months, in_words, months_between
from partnership.wording import counted
from reviews.dashboards.board import DashboardBuilder, Grid, columns, words_cell
from reviews.facts.posts import PostFact
from reviews.facts.services import CaseFact, ServiceFact
from reviews.papers.pictures import HATCHED, OUTLINE, SOLID, Matrix, Span, Timeline, Track

TRACKS_SHOWN = 24  # more is no picture any longer; the registers list them all
CASES_SHOWN = 20


def posts_grid(draw: DashboardBuilder) -> Grid:
    """Return the number of posts at each status and appointment."""
    labels = [appointment.label for appointment in Appointment]
    head = columns("Status", *labels, "All", numeric=(*labels, "All"))
    rows = tuple(
        _status_row(draw, status, labels)
        for status in Status
        if draw.figure(f"posts.at.{status.value.replace(' ', '-')}.count").rows
    )
    return Grid("Joint posts by status and appointment", head, rows, "No joint post is recorded yet.")


def _status_row(draw: DashboardBuilder, status: Status, labels: list[str]) -> dict[str, Any]:
    key = status.value.replace(" ", "-")
    cells = [
        draw.cell(f"posts.{key}.{appointment.value.replace(' ', '-')}.count", label)
        for appointment, label in zip(Appointment, labels, strict=True)
    ]
    return {"cells": [words_cell("", status.label), *cells, draw.cell(f"posts.at.{key}.count", "All")]}


def posts_ending_grid(draw: DashboardBuilder) -> Grid:
    """The posts that end within six months."""
    rows = tuple(
        {
            "url": draw.record_url("jointpost", post.id),
            "cells": [
                words_cell("", post.title),
                words_cell("Last day", in_words(post.last_day)),
                words_cell("Appointment", post.appointment_words.capitalize(), tag=True),
            ],
        }
        for post in draw.steering.posts_ending
    )
    head = columns("Joint post", "Last day", "Appointment")
    return Grid("Ending within six months", head, rows, "No joint post has an end recorded within six months.")


def cases_grid(draw: DashboardBuilder) -> Grid:
    """The open business cases by stage, and for how long they have stood there."""
    cases = sorted((case for case in draw.facts.cases if case.is_open), key=lambda case: (case.since_on, case.id))
    head = columns("Business case", "Stage", "Since", "Time at this stage", "Pipeline", numeric=("Pipeline",))
    rows = tuple(_case_row(draw, case) for case in cases[:CASES_SHOWN])
    notes = ["An estimate is pipeline: it is in no savings total."] if rows else []
    if len(cases) > CASES_SHOWN:
        notes.append("The cases longest at their stage are shown; the figures above open them all.")
    return Grid("Open business cases", head, rows, "No open business case is recorded.", tuple(notes))


def _case_row(draw: DashboardBuilder, case: CaseFact) -> dict[str, Any]:
    url = draw.record_url("businesscase", case.id)
    amount = words_cell("Pipeline", "Not recorded", muted=True)
    if case.is_pipeline:
        amount = draw.cell(f"cases.{case.id}.pipeline", "Pipeline")
    cells = [
        words_cell("", case.title),
        words_cell("Stage", case.stage_words, tag=True),
        words_cell("Since", case.since),
        words_cell("Time at this stage", time_since(case.since_on, draw.steering.as_at), url=url),
        amount | {"numeric": True},
    ]
    return {"url": url, "cells": cells}


def time_since(start: date, as_at: date) -> str:
    """Return the time since a day in whole months and years: "8 months", "1 year and 3 months"."""
    months = months_between(start, as_at)[0]
    if months < 1:
        return "less than a month"
    years, rest = divmod(months, 12)
    words = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in ((years, "year"), (rest, "month"))]
    return " and ".join(word for word, number in zip(words, (years, rest), strict=True) if number)


def stages_grid(draw: DashboardBuilder) -> Grid:
    """Return the number of business cases at each stage."""
    stages = {case.stage: case.stage_words for case in draw.facts.cases}
    rows = []
    for stage, stage_words in stages.items():
        count = draw.cell(f"cases.{stage.replace(' ', '-')}.count", "Cases")
        rows.append({"cells": [words_cell("", stage_words), count]})
    head = columns("Stage", "Cases", numeric=("Cases",))
    return Grid("Business cases by stage", head, tuple(rows), "No business case is recorded yet.")


def timeline(draw: DashboardBuilder) -> Timeline | None:
    """Return the timeline: posts first, then services, by the day from which they are known to run."""
    as_at = draw.steering.as_at
    posts = [_post_track(post, as_at) for post in draw.facts.posts]
    services = [_service_track(service, as_at) for service in draw.facts.services if service.started_on]
    tracks = [track for track in (*posts, *services) if track.spans][:TRACKS_SHOWN]
    if not tracks:
        return None
    spans = list(itertools.chain.from_iterable(track.spans for track in tracks))
    start = min(span.start for span in spans).replace(day=1)
    title = f"Timeline of joint posts and services up to {in_words(as_at)}. The table below says the same in words."
    end = max(as_at, add_months(start, 6), *(span.end for span in spans))
    return Timeline(title, start, end, tuple(tracks))


def _post_track(post: PostFact, as_at: date) -> Track:
    spans = []
    for number, step in enumerate(post.steps):
        following = post.steps[number + 1].from_on if number + 1 < len(post.steps) else as_at
        end = min(following, max(as_at, step.from_on))
        if step.status == Status.ENDED or step.from_on > as_at:
            continue
        is_open = step.precision == Precision.BY and not spans
        spans.append(Span(step.from_on, end, _look(step.status, step.appointment), is_open))
    return Track(post.title, post.started, tuple(spans))


def _look(status: str, appointment: str) -> str:
    if status != Status.IN_POST:
        return OUTLINE
    return HATCHED if appointment == Appointment.INTERIM else SOLID


def _service_track(service: ServiceFact, as_at: date) -> Track:
    span = Span(service.started_on, as_at, SOLID, service.started_precision == Precision.BY)
    return Track(f"{service.service} ({service.kind})", service.started, (span,))


def timeline_grid(draw: DashboardBuilder) -> Grid:
    """The timeline in words."""
    posts = [
        {
            "url": draw.record_url("jointpost", post.id),
            "cells": [
                words_cell("", post.title),
                words_cell("What", "Joint post"),
                words_cell("Since", post.started),
                words_cell("Now", _now(post)),
            ],
        }
        for post in draw.facts.posts[:TRACKS_SHOWN]
    ]
    services = [
        {
            "url": draw.record_url("servicearrangement", service.id),
            "cells": [
                words_cell("", service.service),
                words_cell("What", service.kind.capitalize()),
                words_cell("Since", service.started),
                words_cell("Now", "Running"),
            ],
        }
        for service in draw.facts.services[: max(TRACKS_SHOWN - len(posts), 0)]
    ]
    rows = (*posts, *services)
    total = len(draw.facts.posts) + len(draw.facts.services)
    notes = () if total <= len(rows) else ("The first ones are shown; the registers list them all.",)
    return Grid("Who joined when, in words", columns("Name", "What", "Since", "Now"), rows, "", notes)


def _now(post: PostFact) -> str:
    return f"{post.status_words}, {post.appointment_words}" if post.is_in_post else post.status_words


def matrix(draw: DashboardBuilder) -> Matrix | None:
    """The open business cases against the objectives in force."""
    cases, objectives = _matrix_parts(draw)
    if not (cases and objectives):
        return None
    rows = []
    for case in cases:
        marks = [row.id in case.commitment_ids for row in objectives]
        rows.append((case.title, tuple(marks)))
    title = f"Which of {counted(len(objectives), 'objective', 'objectives')} each business case serves"
    numbers = tuple(str(row.number) for row in objectives)
    return Matrix(f"{title}. The table below says the same in words.", numbers, tuple(rows))


def matrix_grid(draw: DashboardBuilder) -> Grid:
    """The matrix in words; a case that names no objective is flagged, for it must serve one."""
    cases, objectives = _matrix_parts(draw)
    rows = []
    for case in cases:
        served = [f"{row.number}. {row.short_title}" for row in objectives if row.id in case.commitment_ids]
        words = "; ".join(served) or "None recorded; a case must serve at least one"
        cells = [words_cell("", case.title), words_cell("Objectives served", words, muted=not served)]
        rows.append({"url": draw.record_url("businesscase", case.id), "cells": cells, "is_flagged": not served})
    head = columns("Business case", "Objectives served")
    return Grid("Objectives served, in words", head, tuple(rows), "No business case is open.")


def _matrix_parts(draw: DashboardBuilder) -> tuple[list[CaseFact], list[Any]]:
    cases = [case for case in draw.facts.cases if case.is_open][:CASES_SHOWN]
    return cases, [row for row in draw.facts.commitments if row.kind == "objective"]
