"""Decisions: the statutory parts, publication and call-in, and resolutions that depend on one another."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.governance import workflow as governance_workflow
from partnership.governance.effects import effects_in
from partnership.models import Body, Council, Decision, Meeting, Partnership, Referral, User
from partnership.records import workflow as records_workflow
from partnership.records.record import recording
from tests.html_forms import untouched
from tests.two_partnerships import denied, refused

pytestmark = pytest.mark.django_db
FIRST = date(2019, 4, 1)
SECOND = date(2019, 4, 23)
PARTS = dict.fromkeys(("reasons", "alternatives", "conflicts", "dispensations"), "None")


def why(world, council="alder"):
    """The clerk of Alder; of Birch, whose officers are the only people the world has, a clerk made here."""
    if council == "alder":
        return {"by": world.people["clerk.alder"], "reason": "Minutes"}
    if "clerk.birch" not in world.people:
        from tests.two_partnerships import make_person

        world.people["clerk.birch"] = make_person("clerk.birch", (world.birch, "clerk"))
    return {"by": world.people["clerk.birch"], "reason": "Minutes"}


def executive(world, council, days):
    """The executive of a council with its call-in period."""
    with recording(by=world.people["clerk.alder"], reason="Set up"):
        council = Council.objects.get(pk=council.pk)
        council.call_in_days = days
        council.full_clean_and_save()
        return Body(
            partnership=world.ours.partnership, name="Executive", kind="executive", council=council
        ).full_clean_and_save()


@pytest.fixture
def bodies(world):
    """Alder's executive (call-in 3 days) and Birch's (5)."""
    return executive(world, world.alder, 3), executive(world, world.birch, 5)


def decided(world, body, on=FIRST, resolutions=("To note", "To agree the team"), **facts):
    decision = Decision(body=body, decided_on=on, **{"title": "Review"} | PARTS | facts)
    return governance_workflow.record_decision(decision, resolutions=resolutions, **why(world, of(world, body)))


def of(world, body):
    return "birch" if body.council_id == world.birch.pk else "alder"


def publish(world, decision, on):
    return governance_workflow.publish_decision(decision, on=on, **why(world, of(world, decision.body)))


def second(decision):
    return decision.resolutions.get(number=2)


def subject(world, resolution, to, answered_by=None):
    who = why(world, of(world, resolution.decision.body))
    return governance_workflow.make_subject(resolution, to=to, answered_by=answered_by, **who)


def mutual(world, bodies):
    """Alder decides on 1 April, Birch on 23 April, the team subject to each other; both published the next day."""
    alder, birch = bodies
    one = decided(world, alder)
    two = decided(world, birch, SECOND)
    subject(world, second(one), birch, second(two))
    subject(world, second(two), alder, second(one))
    publish(world, one, date(2019, 4, 2))
    publish(world, two, date(2019, 4, 24))
    return one, two


def words(world, *resolutions):
    found = effects_in(world.ours.partnership)
    return [found[resolution.pk].words for resolution in resolutions]


# --- On record ---


def test_mutual_conditions_take_effect_when_the_later_may_be_implemented(world, bodies):
    one, two = mutual(world, bodies)
    assert one.implementable_on() == date(2019, 4, 6)
    assert two.implementable_on() == date(2019, 5, 2)
    assert words(world, second(one), second(two)) == ["2 May 2019", "2 May 2019"]
    unconditional = one.resolutions.get(number=1)
    assert words(world, unconditional) == ["6 April 2019"]


def test_condition_waits_until_the_other_body_has_decided(world, bodies):
    alder, birch = bodies
    one = decided(world, alder)
    publish(world, one, date(2019, 4, 2))
    condition = subject(world, second(one), birch)
    assert words(world, second(one)) == ["Waits for agreement by BDC Executive"]
    two = decided(world, birch, SECOND)
    assert subject(world, second(one), birch, second(two)).pk == condition.pk
    assert words(world, second(one)) == ["Waits for publication or call-in at BDC Executive"]
    publish(world, two, date(2019, 4, 24))
    assert words(world, second(one)) == ["2 May 2019"]


def test_call_in_of_one_holds_up_both_and_the_decision_may_stand(world, bodies):
    one, two = mutual(world, bodies)
    who = why(world, "birch")
    governance_workflow.call_in(two, on=date(2019, 4, 30), **who)
    assert two.status_text() == "Called in"
    assert words(world, second(one), second(two)) == ["Waits for publication or call-in at BDC Executive"] * 2
    assert governance_workflow.resolve_call_in(two, outcome="stands", on=date(2019, 5, 9), **who) == two
    assert (two.call_in_outcome, two.call_in_resolved_on) == ("stands", date(2019, 5, 9))
    assert words(world, second(one), second(two)) == ["9 May 2019"] * 2


def test_call_in_resolved_within_its_period_shortens_nothing(world, bodies):
    _, two = mutual(world, bodies)
    who = why(world, "birch")
    governance_workflow.call_in(two, on=date(2019, 4, 25), **who)
    governance_workflow.resolve_call_in(two, outcome="stands", on=date(2019, 4, 26), **who)
    assert two.implementable_on() == date(2019, 5, 2)


def test_decision_sent_back_falls_with_what_is_subject_to_it(world, bodies):
    one, two = mutual(world, bodies)
    who = why(world, "birch")
    governance_workflow.call_in(two, on=date(2019, 4, 30), **who)
    governance_workflow.resolve_call_in(two, outcome="sent back", on=date(2019, 5, 9), **who)
    assert two.implementable_on() is None
    assert words(world, second(one), second(two)) == ["Falls: lapsed at BDC Executive"] * 2
    assert words(world, one.resolutions.get(number=1)) == ["6 April 2019"]


def test_refusal_of_one_is_shown_at_the_other(world, bodies):
    one, two = mutual(world, bodies)
    governance_workflow.refuse_resolution(second(two), on=SECOND, **why(world, "birch"))
    assert words(world, second(one)) == ["Falls: refused at BDC Executive"]
    with refused("", "This resolution is refused already."):
        governance_workflow.lapse_resolution(second(two), on=SECOND, **why(world, "birch"))


def test_withdrawn_answer_is_none(world, bodies):
    one, two = mutual(world, bodies)
    records_workflow.withdraw(two, on=SECOND, **why(world, "birch"))
    assert words(world, second(one)) == ["Waits for agreement by BDC Executive"]


def test_decision_not_subject_to_call_in_may_be_implemented_at_once(world, bodies):
    urgent = decided(world, bodies[0], is_subject_to_call_in=False)
    assert urgent.implementable_on() == FIRST
    noted = governance_workflow.record_decision(
        Decision(body=world.ours.body, title="Note", decided_on=FIRST), resolutions=["To note"], **why(world)
    )
    assert (noted.can_be_called_in, noted.implementable_on()) == (False, FIRST)


def test_call_in_period_is_that_of_the_day_of_publication(world, bodies):
    one = decided(world, bodies[0])
    publish(world, one, date(2019, 4, 2))
    with recording(by=world.people["clerk.alder"], reason="New constitution"):
        council = Council.objects.get(pk=world.alder.pk)
        council.call_in_days = 10
        council.full_clean_and_save()
    assert Decision.objects.get(pk=one.pk).implementable_on() == date(2019, 4, 6)


def test_joint_committee_is_called_in_for_the_longest_period(world, bodies):
    with recording(by=world.people["clerk.alder"], reason="Set up"):
        body = Body(partnership=world.ours.partnership, name="Joint", kind="joint committee").full_clean_and_save()
    assert publish(world, decided(world, body), date(2019, 4, 2)).call_in_days == 5


# --- What is refused ---


@pytest.mark.parametrize("part", PARTS)
def test_executives_decision_is_not_published_without_a_statutory_part(world, bodies, part):
    decision = decided(world, bodies[0], **{part: ""})
    label = Decision._meta.get_field(part).verbose_name
    with refused(part, f"Enter the {label} (2012 Regulations, regulation 12)."):
        publish(world, decision, FIRST)


def test_statutory_parts_bind_executives_alone(world):
    decision = Decision(body=world.ours.body, title="Review", decided_on=FIRST)
    governance_workflow.record_decision(decision, resolutions=["To note"], **why(world))
    assert publish(world, decision, FIRST).published_on == FIRST


def test_published_decision_keeps_its_parts(world, bodies):
    decision = publish(world, decided(world, bodies[0]), FIRST)
    sentence = "Enter the reasons (2012 Regulations, regulation 12). It is published."
    with refused("reasons", sentence):
        records_workflow.change(decision, reasons="", **why(world))


def test_open_part_is_named_by_who_records_from_the_public_record(world, bodies):
    decision = Decision(body=bodies[0], title="Review", decided_on=FIRST, **PARTS | {"reasons": ""})
    with denied("Your roles do not let you record facts from the public record that the sources leave open."):
        governance_workflow.record_decision(
            decision, resolutions=["To note"], not_stated={"reasons": "Minutes"}, **why(world)
        )


def test_decision_refused_for_what_it_says(world, bodies):
    with refused("resolutions", "Enter at least one resolution."):
        decided(world, bodies[0], resolutions=[" "])
    with refused("__all__", "Say why the decision is key."):
        decided(world, bodies[0], key_or_not="key")
    meeting = records_workflow.enter(Meeting(body=bodies[0], held_on=FIRST, access="public"), **why(world))
    with refused("decided_on", "That meeting was on 1 April 2019."):
        decided(world, bodies[0], SECOND, meeting=meeting)
    with refused("meeting", "Choose a meeting of the body that decided."):
        governance_workflow.record_decision(
            Decision(body=world.ours.body, meeting=meeting, title="A", decided_on=FIRST),
            resolutions=["B"],
            **why(world),
        )


def test_publication_refused(world, bodies):
    decision = decided(world, bodies[0], SECOND)
    with refused("on", "Enter a day that is not before the decision."):
        publish(world, decision, FIRST)
    publish(world, decision, SECOND)
    with refused("", "This decision is published."):
        publish(world, decision, SECOND)


def test_publication_needs_the_call_in_period(world, bodies):
    with recording(by=world.people["clerk.alder"], reason="Unknown"):
        council = Council.objects.get(pk=world.alder.pk)
        council.call_in_days = None
        council.full_clean_and_save()
    decision = decided(world, Body.objects.get(pk=bodies[0].pk))
    with refused("", "Record the call-in period of Alder County first."):
        publish(world, decision, SECOND)


@pytest.mark.parametrize("day", [date(2019, 4, 1), date(2019, 4, 6)])
def test_call_in_is_within_its_period(world, bodies, day):
    decision = publish(world, decided(world, bodies[0]), date(2019, 4, 2))
    with refused("on", "The call-in period was from 2 April 2019 to 5 April 2019."):
        governance_workflow.call_in(decision, on=day, **why(world))


def test_call_in_refused(world, bodies):
    decision = decided(world, bodies[0])
    with refused("", "Only a published decision that is subject to call-in can be called in."):
        governance_workflow.call_in(decision, on=FIRST, **why(world))
    with refused("", "No call-in of this decision is open."):
        governance_workflow.resolve_call_in(decision, outcome="stands", on=FIRST, **why(world))
    publish(world, decision, date(2019, 4, 2))
    governance_workflow.call_in(decision, on=date(2019, 4, 3), **why(world))
    with refused("", "This decision was called in before."):
        governance_workflow.call_in(decision, on=date(2019, 4, 4), **why(world))
    with refused("on", "Enter a day that is not before the call-in."):
        governance_workflow.resolve_call_in(decision, outcome="stands", on=date(2019, 4, 2), **why(world))


def test_condition_refused(world, bodies):
    alder, birch = bodies
    one = decided(world, alder)
    two = decided(world, birch, SECOND)
    with refused("body", "Choose another body of the same partnership."):
        subject(world, second(one), alder)
    with refused("answered_by", "Choose a resolution of the body that must agree."):
        subject(world, second(one), world.ours.body, second(two))


def test_council_records_its_own_decisions_alone(world, bodies):
    decision = Decision(body=bodies[1], title="Review", decided_on=FIRST)
    with denied(f"Your roles do not let you {Decision.edit_permission.value}."):
        governance_workflow.record_decision(decision, resolutions=["To note"], **why(world))


def test_referral_is_answered_once_with_what_came_of_it(world, bodies):
    decision = decided(world, bodies[0])
    referral = Referral(decision=decision, to_body=world.ours.body, asked_for="Evaluate it", referred_on=FIRST)
    governance_workflow.refer_decision(referral, **why(world))
    with refused("__all__", "Enter both the day of the answer and what came of it, or neither."):
        records_workflow.change(referral, answered_on=SECOND, **why(world))
    early = Referral(decision=decision, to_body=world.ours.body, asked_for="A", referred_on=date(2019, 3, 31))
    with refused("referred_on", "Enter a day that is not before the decision."):
        governance_workflow.refer_decision(early, **why(world))


def test_numbers_are_in_the_councils_style():
    letters = Council(numbering="letters")
    numbers = Council(numbering="numbers")
    assert [letters.numbered(n) for n in (1, 2, 26, 27, 53)] == ["(a)", "(b)", "(z)", "(aa)", "(aaa)"]
    assert [numbers.numbered(n) for n in (1, 27)] == ["(1)", "(27)"]


# --- Pages ---


def test_clerk_records_publishes_and_sees_what_is_open(client, world, bodies):
    client.force_login(world.people["clerk.alder"])
    data = {"body": bodies[0].pk, "decided_on": "1 April 2019", "title": "Review", "key_or_not": "not key"} | PARTS
    data |= {"resolved": "(1) To note the review\n2. To agree the team\n", "is_subject_to_call_in": "on"}
    page = client.get(reverse("decision_create"))
    data["submission"] = page.context["form"]["submission"].value()
    client.post(reverse("decision_create"), data)
    decision = Decision.objects.get()
    assert [row.text for row in decision.resolutions.all()] == ["To note the review", "To agree the team"]
    shown = client.get(reverse("decision_detail", args=[decision.pk]))
    assert [action["label"] for action in shown.context["actions"]] == ["Edit", "Publish the decision", "Withdraw"]
    page = client.get(reverse("decision_publish", args=[decision.pk]))
    answer = untouched(page.content.decode()) | {"on": "2 April 2019", "reason": "Minutes signed"}
    client.post(reverse("decision_publish", args=[decision.pk]), answer)
    shown = client.get(reverse("decision_detail", args=[decision.pk]))
    assert [action["label"] for action in shown.context["actions"]] == ["Edit", "Record a call-in", "Withdraw"]
    assert shown.context["facts"] == ["Call-in period to 5 April 2019."]
    rows = []
    for row in shown.context["effect"]["rows"]:
        rows.append([cell["text"] for cell in row["cells"]])
    assert rows == [["(1)", "6 April 2019", "6 April 2019"], ["(2)", "6 April 2019", "6 April 2019"]]


def test_sheet_has_the_fields_in_their_order(client, world, bodies):
    one, _ = mutual(world, bodies)
    client.force_login(world.people["councillor.alder"])
    text = client.get(reverse("decision_sheet", args=[one.pk])).context["text"]
    fields = dict(block.split("\n", 1) for block in text.split("\n\n"))
    assert list(fields)[:6] == [
        "Issue title", "Decision maker", "Decision status", "Is key decision?", "Reason key", "Is subject to call-in?"
    ]  # fmt: skip
    assert fields["Decision"] == "(1) To note\n(2) To agree the team"
    assert fields["Takes effect"] == "(1) 6 April 2019\n(2) 2 May 2019"
    assert fields["May be implemented from"] == "6 April 2019"
    assert fields["Publication date"] == "2 April 2019"
    assert fields["Reasons"] == "None"


@pytest.mark.parametrize("private", ["meeting", "body", "reason"])
def test_what_was_decided_in_private_is_for_readers_of_working_papers(client, world, bodies, private):
    body = bodies[0]
    facts = {}
    if private == "meeting":
        meeting = Meeting(body=body, held_on=FIRST, access="private")
        facts["meeting"] = records_workflow.enter(meeting, **why(world))
    elif private == "reason":
        facts["no_public_access_reason"] = "Paragraph 3: terms of a contract"
    else:
        with recording(by=world.people["clerk.alder"], reason="Set up"):
            body = Body(
                partnership=world.ours.partnership, name="Group", kind="working group", meets_in_public=False
            ).full_clean_and_save()
    decision = decided(world, body, **facts)
    open_one = decided(world, bodies[0], title="Open") if private != "reason" else None
    seen = {
        role: set(Decision.objects.visible_to(world.people[f"{role}.alder"])) for role in ("pwg_member", "councillor")
    }
    expected = {open_one} - {None}
    assert seen == {"pwg_member": {decision, *expected}, "councillor": expected}
    client.force_login(world.people["councillor.alder"])
    for page in ("decision_detail", "decision_sheet", "decision_history"):
        assert client.get(reverse(page, args=[decision.pk])).status_code == 404
    assert client.get(reverse("resolution_detail", args=[second(decision).pk])).status_code == 404


def test_example_holds_both_decisions_of_2019_each_subject_to_the_other(example):
    partnership = Partnership.objects.get(slug="oxfordshire-cherwell")
    executive, cabinet = Decision.objects.filter(body__partnership=partnership).order_by("decided_on")
    assert (executive.decided_on, executive.published_on, executive.key_or_not) == (FIRST, date(2019, 4, 2), "key")
    assert (executive.call_in_days, executive.implementable_on()) == (3, date(2019, 4, 6))
    assert (cabinet.decided_on, cabinet.not_stated["published_on"]) == (SECOND, "Report to the Cabinet, 23 April 2019")
    assert [row.label for row in cabinet.resolutions.all()] == ["(a)", "(b)"]
    mutual_ones = [second(executive).pk, second(cabinet).pk]
    found = effects_in(partnership)
    # No source says when the Cabinet's decision was published, so nobody can say when the two take effect.
    assert {found[pk].words for pk in mutual_ones} == {"Waits for publication or call-in at OCC Cabinet"}
    recorder = User.objects.get(pk=cabinet.history.latest().history_user_id)
    governance_workflow.publish_decision(
        cabinet, on=date(2019, 4, 24), by=recorder, reason="As if published the day after"
    )
    found = effects_in(partnership)
    assert {found[pk].words for pk in mutual_ones} == {"2 May 2019"}
