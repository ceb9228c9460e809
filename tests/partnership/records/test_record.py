"""Test what every record keeps: who, why, when and which version; and what the history knows of an earlier day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from partnership.accounts.roles import Permission
from partnership.models import Body, Council, DataVersion, Partnership, User
from partnership.records.record import NotRecording, Record, Stale, bulk_record, current_recording, known, recording

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
MODELS = [model for model in apps.get_models() if issubclass(model, Record)]
DAY = datetime(2019, 3, 16, 12, tzinfo=UTC)
WITHDRAWN = {"withdrawn_on": date(2019, 3, 16), "withdrawn_reason": "Entered twice"}


@pytest.fixture
def ann(db):
    return User.objects.create(username="ann", name="Ann Example")


@pytest.fixture
def alder(ann):
    """A partnership, recorded before the story begins."""
    with recording(by=ann, reason="Set up", at=DAY - timedelta(days=100)):
        return Partnership(name="Alder", slug="alder").full_clean_and_save()


@pytest.fixture
def body(ann, alder):
    """Its working group, recorded on 16 March 2019."""
    with recording(by=ann, reason="First entered", at=DAY):
        return Body(partnership=alder, name="Working group", kind="working group").full_clean_and_save()


def stored(record):
    return type(record).objects.get(pk=record.pk)


def save_and_fail(record):
    record.save()
    raise ZeroDivisionError


def history_of(record):
    return list(record.history.order_by("history_id").values_list("name", "history_change_reason", "history_date"))


def test_record_is_written_only_inside_recording(alder):
    with pytest.raises(NotRecording):
        Body(partnership=alder, name="Working group", kind="working group").save()
    alder.name = "Other"
    with pytest.raises(NotRecording):
        alder.save()
    assert stored(alder).name == "Alder"
    with pytest.raises(NotRecording):
        current_recording()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_recording_wants_a_reason(ann, alder, reason):
    with pytest.raises(ValueError, match="Say why"), recording(by=ann, reason=reason):
        raise AssertionError("never reached")
    with pytest.raises(NotRecording):
        current_recording()


def test_history_says_who_why_when_and_when_it_was_typed(ann, body):
    row = body.history.get()
    assert (row.person, row.history_user_id, row.history_change_reason) == ("Ann Example", ann.pk, "First entered")
    assert (row.history_date, row.history_type, row.version) == (DAY, "+", 1)
    assert timezone.now() - row.recorded_at < timedelta(minutes=5)


def test_history_keeps_the_name_a_person_had(ann, body):
    ann.name = "Ann Other"
    ann.save()
    assert body.history.get().person == "Ann Example"


def test_later_change_is_not_dated_like_the_earlier_one(ann, body):
    """The same instance is changed again: simple-history would keep the first date on it."""
    body.name = "Group"
    with recording(by=ann, reason="Renamed"):
        body.save()
    body.name = "The group"
    later = DAY + timedelta(days=30)
    with recording(by=ann, reason="Renamed in April", at=later):
        body.save()
    dates = [on for *_, on in history_of(body)]
    assert dates[0] == DAY
    assert timezone.now() - dates[1] < timedelta(minutes=5)
    assert dates[2] == later


def test_saving_an_unchanged_record_writes_nothing(ann, body):
    versions = DataVersion.of(body.partnership_id)
    again = stored(body)
    with recording(by=ann, reason="Nothing new"):
        again.save()
    assert stored(body).version == 1
    assert len(history_of(body)) == 1
    assert DataVersion.of(body.partnership_id) == versions


def test_value_of_another_type_is_no_change(ann, alder):
    alder.started_on = date(2018, 10, 1)
    with recording(by=ann, reason="Begun"):
        alder.save()
    again = stored(alder)
    again.started_on = "2018-10-01"
    with recording(by=ann, reason="Nothing new"):
        again.save()
    assert stored(alder).version == 2


def test_stale_record_is_refused_and_changes_nothing(ann, body):
    first = stored(body)
    second = stored(body)
    first.name = "First"
    second.name = "Second"
    with recording(by=ann, reason="First"):
        first.save()
    with pytest.raises(Stale) as caught, recording(by=ann, reason="Second"):
        second.save()
    assert (caught.value.typed.name, caught.value.stored.name) == ("Second", "First")
    assert (stored(body).name, stored(body).version) == ("First", 2)
    assert [reason for _, reason, _ in history_of(body)] == ["First entered", "First"]


def test_stale_record_among_many_is_refused_with_all_of_them(ann, alder, body):
    first = stored(body)
    second = stored(body)
    first.name = "First"
    second.name = "Second"
    with recording(by=ann, reason="First"):
        first.save()
    new = Body(partnership=alder, name="Executive", kind="executive")
    with pytest.raises(Stale) as caught, recording(by=ann, reason="Second"):
        bulk_record([new, second])
    assert (caught.value.typed.name, caught.value.stored.name) == ("Second", "First")
    assert [(row.name, row.version) for row in Body.objects.all()] == [("First", 2)]
    assert [reason for _, reason, _ in history_of(body)] == ["First entered", "First"]


def test_bulk_record_writes_history_and_leaves_unchanged_rows_alone(ann, alder, body):
    with recording(by=ann, reason="Set up", at=DAY):
        other = Body(partnership=alder, name="Board", kind="working group").full_clean_and_save()
    new = Body(partnership=alder, name="Executive", kind="executive")
    changed = stored(body)
    changed.name = "Officers’ group"
    with recording(by=ann, reason="In one go", at=DAY + timedelta(days=1)):
        assert bulk_record([new, changed, stored(other)]) == 2
    made = Body.objects.get(name="Executive")
    assert [stored(row).version for row in (made, body, other)] == [1, 2, 1]
    written = ("In one go", DAY + timedelta(days=1))
    assert history_of(made) == [("Executive", *written)]
    assert history_of(body) == [("Working group", "First entered", DAY), ("Officers’ group", *written)]
    assert history_of(other) == [("Board", "Set up", DAY)]


def test_refused_save_can_be_mended_and_saved_again(ann, alder, body):
    """The version is put back when the database refuses."""
    with recording(by=ann, reason="Set up"):
        twin = Partnership(name="Twin", slug="twin").full_clean_and_save()
    twin.slug = "alder"
    with pytest.raises(Exception, match=r"(?i)unique"), recording(by=ann, reason="Clash"):
        twin.save()
    twin.slug = "other"
    with recording(by=ann, reason="Mended"):
        twin.save()
    assert (stored(twin).slug, stored(twin).version) == ("other", 2)


@pytest.mark.parametrize(
    "write",
    [
        lambda rows, row: rows.update(name="Other"),
        lambda rows, row: rows.bulk_create([Body(name="Other")]),
        lambda rows, row: rows.bulk_update([row], ["name"]),
        lambda rows, row: rows.delete(),
        lambda rows, row: rows.filter(pk=row.pk).delete(),
        lambda rows, row: row.delete(),
    ],
)
def test_nothing_is_written_past_the_history(ann, body, write):
    with pytest.raises(NotRecording), recording(by=ann, reason="A short cut"):
        write(Body.objects.all(), body)
    assert stored(body).name == "Working group"
    assert len(history_of(body)) == 1


def test_data_version_moves_once_for_each_transaction_and_partnership(ann, alder, body):
    with recording(by=ann, reason="Set up"):
        other = Partnership(name="Other", slug="other").full_clean_and_save()
    ours = DataVersion.of(alder.pk)
    theirs = DataVersion.of(other.pk)
    with recording(by=ann, reason="Two changes"):
        body.name = "Group"
        body.save()
        with recording(by=ann, reason="One of them inside"):
            Body(partnership=alder, name="Executive", kind="executive").full_clean_and_save()
    assert DataVersion.of(alder.pk) == (ours[0] + 1, ours[1])
    assert DataVersion.of(other.pk) == theirs


def test_change_to_a_council_moves_every_partnerships_version(ann, alder):
    before = DataVersion.of(alder.pk)
    with recording(by=ann, reason="New council"):
        Council(name="Alder County", short_name="ACC", tier="county").full_clean_and_save()
    assert DataVersion.of(alder.pk) == (before[0], before[1] + 1)


def test_data_version_stays_when_the_change_is_rolled_back(ann, alder, body):
    before = DataVersion.of(alder.pk)
    body.name = "Group"
    with pytest.raises(ZeroDivisionError), recording(by=ann, reason="Half done"):
        save_and_fail(body)
    assert DataVersion.of(alder.pk) == before
    assert (stored(body).name, len(history_of(body))) == ("Working group", 1)


def test_inner_recording_has_its_own_author_and_reason_and_the_outer_day(ann, body):
    bob = User.objects.create(username="bob", name="Bob Example")
    outer_day = DAY + timedelta(days=1)
    with recording(by=ann, reason="Outer", at=outer_day):
        body.name = "Inner name"
        with recording(by=bob, reason="Inner"):
            body.save()
        assert current_recording().reason == "Outer"
        body.name = "Outer name"
        body.save()
    rows = list(body.history.order_by("history_id").values_list("person", "history_change_reason", "history_date"))[1:]
    assert rows == [("Bob Example", "Inner", outer_day), ("Ann Example", "Outer", outer_day)]


def test_inner_recording_that_fails_takes_only_its_own_work_with_it(ann, body):
    with recording(by=ann, reason="Outer"):
        body.name = "Kept"
        body.save()
        lost = Body(partnership_id=body.partnership_id, name="Lost", kind="executive")
        with pytest.raises(ZeroDivisionError), recording(by=ann, reason="Inner"):
            save_and_fail(lost)
    assert list(Body.objects.values_list("name", flat=True)) == ["Kept"]


# --- What was known on a day -----------------------------------------------------------------------------------------


def test_known_gives_each_record_once_though_two_changes_bear_one_date(ann, alder, body):
    for name in ("Second", "Third"):
        body.name = name
        with recording(by=ann, reason=name, at=DAY):
            body.save()
    (found,) = known(Body, DAY, partnership_id=alder.pk)
    assert (found.pk, found.name, found.version) == (body.pk, "Third", 3)


def test_known_sees_what_stood_on_the_day_and_no_later_change(ann, alder, body):
    body.name = "Later"
    with recording(by=ann, reason="April", at=DAY + timedelta(days=30)):
        body.save()
    names = {}
    for days in (-1, 0, 29, 30):
        rows = known(Body, DAY + timedelta(days=days), partnership_id=alder.pk)
        names[days] = [row.name for row in rows]
    assert names == {
        -1: [],
        0: ["Working group"],
        29: ["Working group"],
        30: ["Later"],
    }


def test_known_takes_the_story_as_dated_whatever_the_order_of_typing(ann, alder, body):
    """A correction dated before the last change does not hide it."""
    for name, day in (("June", 90), ("May", 60)):
        row = stored(body)
        row.name = name
        with recording(by=ann, reason=name, at=DAY + timedelta(days=day)):
            row.save()
    assert [row.name for row in known(Body, DAY + timedelta(days=61), partnership_id=alder.pk)] == ["May"]
    assert [row.name for row in known(Body, DAY + timedelta(days=91), partnership_id=alder.pk)] == ["June"]


def test_known_leaves_out_what_was_withdrawn_and_knows_it_before(ann, alder, body):
    body.withdrawn_on, body.withdrawn_reason = WITHDRAWN.values()
    with recording(by=ann, reason="Entered twice", at=DAY + timedelta(days=1)):
        body.full_clean_and_save()
    assert known(Body, DAY + timedelta(days=1), partnership_id=alder.pk) == []
    assert [row.pk for row in known(Body, DAY, partnership_id=alder.pk)] == [body.pk]


def test_known_looks_only_within(ann, alder, body):
    with recording(by=ann, reason="Set up", at=DAY):
        other = Partnership(name="Other", slug="other").full_clean_and_save()
        Body(partnership=other, name="Stranger", kind="executive").full_clean_and_save()
        again = Body(partnership=alder, name="Executive", kind="executive").full_clean_and_save()
    assert [row.pk for row in known(Body, DAY, partnership_id=alder.pk)] == [body.pk, again.pk]
    assert [row.pk for row in known(Body, DAY, partnership_id=alder.pk, id__in=[again.pk])] == [again.pk]


# --- What every model promises ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_model_says_what_it_is_and_keeps_the_common_rules(model):
    meta = model._meta
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")  # Django's own, where nobody wrote one
    assert meta.ordering
    assert meta.ordering[-1] == "pk"
    assert isinstance(model.edit_permission, Permission)
    assert isinstance(model.view_permission, Permission)
    names = {constraint.name for constraint in meta.constraints}
    assert f"{meta.app_label}_{meta.model_name}_withdrawn_with_reason" in names
    speechless = [c.name for c in meta.constraints if c.violation_error_message == c.default_violation_error_message]
    assert speechless == []
    assert hasattr(model.objects, "visible_to")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_scope_leads_to_a_partnership_or_a_council(model):
    place = model
    for step in model.scope.split("__") if model.scope else ():
        place = place._meta.get_field(step).related_model
    assert place in (Partnership, Council)
    assert model.belongs_to_council() == (place is Council)
    with pytest.raises(FieldDoesNotExist):
        model._meta.get_field("scope")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_links_of_a_record_are_protected(model):
    links = [field for field in model._meta.fields if field.is_relation]
    assert {link.remote_field.on_delete.__name__ for link in links} <= {"PROTECT"}
    assert model._meta.local_many_to_many == []


@pytest.mark.parametrize(
    ("on", "reason", "stands"),
    [(None, "", True), (date(2019, 3, 16), "Twice", True), (None, "Twice", False), (date(2019, 3, 16), "", False)],
)
def test_withdrawn_goes_with_a_reason_even_past_the_forms(body, on, reason, stands):
    """The database itself refuses half of it, and so does a form."""
    body.withdrawn_on = on
    body.withdrawn_reason = reason
    table = Body._meta.db_table
    sql = "UPDATE {} SET withdrawn_on = %s, withdrawn_reason = %s WHERE id = %s"
    write = [on, reason, body.pk]
    if stands:
        body.full_clean()
        with connection.cursor() as cursor:
            cursor.execute(sql.format(table), write)
        return
    with pytest.raises(ValidationError, match="Say why the record is withdrawn"):
        body.full_clean()
    with pytest.raises(Exception, match="withdrawn_with_reason"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table), write)
