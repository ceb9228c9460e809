"""The life of a joint post, step by step. Each verb writes the post as it now stands and the step that keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from joint_posts.models import Appointment, EmployerChange, JointPost, PostStep, Status
from partnership.accounts.permissions import require
from partnership.accounts.roles import Permission
from partnership.dates import Precision, in_words, last_day_of
from partnership.models import Agreement, Body, Council, Decision, Partnership, Party, User
from partnership.records.record import current_recording, recording
from partnership.records.workflow import set_not_stated


def enter_post(
    partnership: Partnership,
    *,
    title: str,
    status: str = Status.PROPOSED,
    appointment: str = Appointment.NOT_STATED,
    from_on: date,
    precision: str = Precision.DAY,
    note: str = "",
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
    **facts: Any,
) -> JointPost:
    """Enter a post as it stood on a day: for a post shared before the portal knew of it.

    A post already filled needs what ``appoint`` needs. Raises ``PermissionDenied``, and ``ValidationError`` on the
    field.
    """
    post = JointPost(partnership=partnership, appointment=appointment, **facts)
    require(by, Permission.KEEP_POSTS, post)
    set_not_stated(post, not_stated, by=by)
    if status == Status.IN_POST:
        _check_filling(post, from_on, precision)
        post.started_on = from_on
        post.started_precision = precision
    with recording(by=by, reason=reason):
        return _step(post, from_on, precision, note, title=title, status=status, appointment=appointment)


def agree_post(
    post: JointPost, *, from_on: date, precision: str = Precision.DAY, note: str = "", by: User, reason: str
) -> JointPost:
    """Agree a proposed post, not yet filled. Raises ``PermissionDenied`` and ``ValidationError``."""
    post.why_not_agree(by=by, on=from_on).check()
    with recording(by=by, reason=reason):
        return _step(post, from_on, precision, note, status=Status.AGREED)


def appoint(
    post: JointPost,
    *,
    appointment: str,
    from_on: date,
    precision: str = Precision.DAY,
    officer_consulted_on: date | None = None,
    agreement: Agreement | None = None,
    home_council: Council | None = None,
    appointed_by: Decision | None = None,
    note: str = "",
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
) -> JointPost:
    """Fill an agreed post: permanently, for the interim, or on terms that are not stated.

    The Local Government Act 1972, section 113(1), wants an agreement in force and the officer consulted before it. An
    agreement or home council on record counts when none is given; each holder is consulted anew, and a permanent chief
    officer is appointed by the body that the partnership's rules name. Raises ``PermissionDenied``, and
    ``ValidationError`` on ``officer_consulted_on``, ``agreement``, ``home_council``, ``appointed_by`` or ``from_on``.
    """
    post.why_not_appoint(by=by, on=from_on).check()
    return _fill(
        post,
        appointment=appointment,
        from_on=from_on,
        precision=precision,
        officer_consulted_on=officer_consulted_on,
        agreement=agreement,
        home_council=home_council,
        appointed_by=appointed_by,
        note=note,
        by=by,
        reason=reason,
        not_stated=not_stated,
    )


def refill(post: JointPost, *, by: User, **facts: Any) -> JointPost:
    """Fill a vacant post again: everything ``appoint`` asks for, and that the post be vacant."""
    post.why_not_refill(by=by).check()
    return _fill(post, by=by, **facts)


def _fill(
    post: JointPost,
    *,
    appointment: str,
    from_on: date,
    precision: str = Precision.DAY,
    officer_consulted_on: date | None = None,
    agreement: Agreement | None = None,
    home_council: Council | None = None,
    appointed_by: Decision | None = None,
    note: str = "",
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
) -> JointPost:
    """Write what ``appoint`` and ``refill`` share."""
    moves = home_council is not None and home_council.pk != post.employer_id_on(from_on)
    if moves:
        post.why_not_change_employer(by=by, on=from_on, council=home_council).check()
    post.officer_consulted_on = officer_consulted_on
    post.agreement = agreement or post.agreement
    is_first_employer = post.home_council_id is None and post.status == Status.AGREED
    if moves:
        post.home_council = home_council
    post.appointment = appointment
    post.appointed_by = appointed_by
    of_each_holder = ("officer_consulted_on", "appointed_by")
    post.not_stated = {name: source for name, source in post.not_stated.items() if name not in of_each_holder}
    set_not_stated(post, not_stated, by=by)
    _check_filling(post, from_on, precision)
    with recording(by=by, reason=reason):
        if moves and not is_first_employer:
            _move_employer(post, home_council, from_on, note)
        post.started_on = from_on
        post.started_precision = precision
        return _step(post, from_on, precision, note, status=Status.IN_POST, appointment=appointment)


def make_permanent(
    post: JointPost,
    *,
    from_on: date,
    precision: str = Precision.DAY,
    appointed_by: Decision | None = None,
    note: str = "",
    by: User,
    reason: str,
) -> JointPost:
    """Make the appointment to a filled post permanent.

    A chief officer's takes a decision of the body that the partnership's rules name. Raises ``PermissionDenied``, and
    ``ValidationError``; on ``appointed_by`` without that decision.
    """
    post.why_not_make_permanent(by=by, on=from_on).check()
    post.appointment = Appointment.PERMANENT
    post.appointed_by = appointed_by
    if wrong := _wrong_with_appointing_decision(post, last_day_of(from_on, precision)):
        raise ValidationError({"appointed_by": wrong})
    with recording(by=by, reason=reason):
        return _step(post, from_on, precision, note, appointment=Appointment.PERMANENT)


def become_vacant(
    post: JointPost, *, from_on: date, precision: str = Precision.DAY, note: str = "", by: User, reason: str
) -> JointPost:
    """Record that a filled post is vacant from a day. Raises ``PermissionDenied`` and ``ValidationError``."""
    post.why_not_become_vacant(by=by, on=from_on).check()
    with recording(by=by, reason=reason):
        post.started_on = None
        post.started_precision = Precision.DAY
        vacant = {"status": Status.VACANT, "appointment": Appointment.NOT_STATED}
        return _step(post, from_on, precision, note, **vacant)


def retitle(
    post: JointPost,
    *,
    title: str,
    from_on: date,
    precision: str = Precision.DAY,
    note: str = "",
    by: User,
    reason: str,
) -> JointPost:
    """Give a post a new title from a day; the earlier one stays in its steps.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``title`` or ``from_on``.
    """
    post.why_not_retitle(by=by, on=from_on).check()
    if title.strip() == post.title:
        raise ValidationError({"title": "That is the title already."})
    with recording(by=by, reason=reason):
        return _step(post, from_on, precision, note, title=title.strip())


def change_employer(
    post: JointPost, *, council: Council, from_on: date, note: str = "", by: User, reason: str
) -> JointPost:
    """Record that another council employs the officer from a day on. The days before stay as they are.

    Changes that were recorded for later days are withdrawn. ``by`` keeps posts in every council that loses days.
    Raises ``PermissionDenied``, and ``ValidationError`` on ``council`` when it is not party on the day, or when it
    employs the officer from that day on already.
    """
    post.why_not_change_employer(by=by, on=from_on, council=council).check()
    if post.employer_ids_between(from_on, None) == {council.pk}:
        raise ValidationError({"council": f"{council} employs the officer on that day already."})
    if not Party.objects.party_on(from_on).filter(partnership=post.partnership_id, council=council).exists():
        raise ValidationError({"council": "Choose a council that is party to the partnership on that day."})
    with recording(by=by, reason=reason):
        _move_employer(post, council, from_on, note)
        post.home_council = council
        post.not_stated = {name: source for name, source in post.not_stated.items() if name != "home_council"}
        return post.full_clean_and_save()


def _move_employer(post: JointPost, council: Council, from_on: date, note: str) -> None:
    """Keep over time that the council employs the officer from a day on, whatever was recorded for later days."""
    stored = JointPost.objects.get(pk=post.pk)
    before = stored.employer_id_on(from_on - timedelta(days=1))
    for change in stored.standing_employer_changes():
        if change.from_on >= from_on:
            change.withdrawn_on = from_on
            change.withdrawn_reason = current_recording().reason
            change.full_clean_and_save()
    if before != council.pk:
        change = EmployerChange(post=post, from_on=from_on, from_council_id=before, council=council, note=note)
        change.full_clean_and_save()


def end_post(post: JointPost, *, ended_on: date, note: str = "", by: User, reason: str) -> JointPost:
    """End a post after its last day, with the reason; it is ended from the day after.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``ended_on``.
    """
    post.why_not_end(by=by, on=ended_on).check()
    if post.started_on and ended_on < post.started_on:
        start = in_words(post.started_on, post.started_precision)
        raise ValidationError({"ended_on": f"Enter an end that is not before the start of the post, {start}."})
    after = ended_on + timedelta(days=1)
    _check_order(post, after, field="ended_on")
    with recording(by=by, reason=reason):
        post.ended_on = ended_on
        post.end_reason = reason.strip()
        return _step(post, after, Precision.DAY, note, status=Status.ENDED)


def _step(post: JointPost, from_on: date, precision: str, note: str, **present: str) -> JointPost:
    """Save the post as it now stands together with the step that keeps it over time."""
    _check_order(post, from_on)
    for name, fact in present.items():
        setattr(post, name, fact)
    post.full_clean_and_save()
    PostStep(
        post=post,
        from_on=from_on,
        from_precision=precision,
        title=post.title,
        status=post.status,
        appointment=post.appointment,
        note=note,
    ).full_clean_and_save()
    return post


def _check_order(post: JointPost, from_on: date, *, field: str = "from_on") -> None:
    """The steps of a post follow each other in time."""
    last = post.steps.active().last() if post.pk else None
    if last and from_on < last.from_on:
        since = in_words(last.from_on, Precision.DAY)
        raise ValidationError({field: f"Enter a day that is not before {since}, when the last step was recorded."})


def _check_filling(post: JointPost, from_on: date, precision: str) -> None:
    """Check what section 113(1) and the agreement require before an officer works for more than one council."""
    wrong = {
        "officer_consulted_on": _wrong_with_consultation(post, last_day_of(from_on, precision)),
        "home_council": _wrong_with_home(post, from_on),
        "agreement": _wrong_with_agreement(post, from_on),
        "appointed_by": _wrong_with_appointing_decision(post, last_day_of(from_on, precision)),
    }
    if any(wrong.values()):
        raise ValidationError({field: sentence for field, sentence in wrong.items() if sentence})


def _wrong_with_consultation(post: JointPost, latest: date) -> str:
    if post.officer_consulted_on is None:
        is_open = "officer_consulted_on" in post.not_stated
        return "" if is_open else "Enter when the officer was consulted; section 113(1) requires it."
    if post.officer_consulted_on > latest:
        return "The officer must have been consulted before the appointment begins."
    return ""


def _wrong_with_home(post: JointPost, on: date) -> str:
    if post.home_council_id is None:
        return "" if "home_council" in post.not_stated else "Choose the council that employs the officer."
    parties = Party.objects.party_on(on).filter(partnership=post.partnership_id)
    if not parties.filter(council=post.home_council_id).exists():
        return "Choose a council that is party to the partnership on that day."
    return ""


def _wrong_with_agreement(post: JointPost, on: date) -> str:
    if post.agreement is None:
        return "Choose the agreement under which the officer works for the other councils."
    if post.agreement.is_withdrawn or not post.agreement.is_in_force(on):
        return f"This agreement is not in force on {in_words(on)}."
    return ""


def _wrong_with_appointing_decision(post: JointPost, latest: date) -> str:
    """Check a permanent chief officer's appointment against the partnership's own rule.

    Interim cover needs no decision.
    """
    is_chief = post.tier == JointPost.Tier.CHIEF_OFFICER and post.appointment == Appointment.PERMANENT
    if not is_chief or "appointed_by" in post.not_stated:
        return ""
    rule = post.partnership.appointing_body
    decision = post.appointed_by
    if decision is None:
        return NO_APPOINTING_DECISION.get(rule, "")
    if rule == Partnership.DecidedBy.JOINT_COMMITTEE and not _was_taken_at(decision, is_joint=True):
        return "Choose a decision that the joint committee took at a meeting."
    if rule == Partnership.DecidedBy.EACH_COUNCIL and not _was_taken_at(decision, is_joint=False):
        return "Choose a decision that a council’s own body took at a meeting."
    if decision.decided_on > latest:
        return f"{decision.body} must have decided before the appointment begins."
    return ""


NO_APPOINTING_DECISION = {
    Partnership.DecidedBy.JOINT_COMMITTEE: (
        "In this partnership a joint committee appoints permanent chief officers. Choose its decision."
    ),
    Partnership.DecidedBy.EACH_COUNCIL: (
        "In this partnership each council’s own body appoints permanent chief officers. Choose its decision."
    ),
}


def _was_taken_at(decision: Decision, *, is_joint: bool) -> bool:
    """Return whether a meeting of a joint committee, or else of a council's own body, took the decision."""
    body = decision.body
    is_right = body.kind == Body.Kind.JOINT_COMMITTEE if is_joint else body.council_id is not None
    return is_right and decision.meeting_id is not None
