"""No form offers rows of another partnership than the one of the record that it is about."""

import pytest
from django import forms

from partnership.models import Council, Membership, Party
from partnership.records.record import Record, recording
from partnership.records.tenancy import partnership_of
from tests.filled_registers import DAY
from tests.partnership.generic.test_predicates import PEOPLE, VERBS, every_register, make_world
from tests.two_partnerships import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(module_data):
    """Two partnerships, and one person with every role of the register's keepers in both."""
    made = make_world()
    roles = ("officer", "clerk", "monitoring_officer", "pay_officer", "finance_verifier")
    both = []
    for council in (made.alder, made.theirs["council"]):
        both += [(council, role) for role in roles]
    made.both = make_person("both", *both)
    return made


def strangers_in(form, partnership):
    """The choices of a form that belong to another partnership, each with its field."""
    parties = set(Party.objects.filter(partnership=partnership).values_list("council", flat=True))
    found = []
    for name, field in form.fields.items():
        if not isinstance(field, forms.ModelChoiceField) or not issubclass(field.queryset.model, Record):
            continue
        for row in field.queryset:
            if isinstance(row, Council):
                is_strange = row.pk not in parties
            else:
                is_strange = partnership_of(row) not in (None, partnership.pk)
            if is_strange and name not in ("partnership", *form_record(form).cross_partnership_fields):
                found.append((name, str(row)))
    return found


def test_strangers_in_names_rows_of_another_partnership(world):
    """Were none found in a form that offers every row, the tests below could not fail."""
    register = every_register()["saving"]
    form = register.form_class(user=world.both, instance=world.ours["saving"])
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = field.queryset.model.objects.all()
    assert ("business_case", str(world.theirs["businesscase"])) in strangers_in(form, world.ours["partnership"])


def form_record(form):
    return form.instance if hasattr(form, "instance") else form.target


OF_PARTNERSHIP = [
    name
    for name, register in every_register().items()
    if register.form_class and register.model.scope and not register.model.belongs_to_council()
]


@pytest.mark.parametrize("name", OF_PARTNERSHIP)
def test_edit_form_offers_rows_of_the_records_partnership_alone(world, name):
    register = every_register()[name]
    record = register.model.objects.get(pk=world.ours[name].pk)
    form = register.form_class(user=world.both, instance=record)
    assert strangers_in(form, world.ours["partnership"]) == []


@pytest.mark.parametrize("name", [name for name in OF_PARTNERSHIP if every_register()[name].parent])
def test_form_of_a_new_part_offers_rows_of_its_parents_partnership_alone(world, name):
    register = every_register()[name]
    parent = getattr(world.ours[name], register.parent)
    form = register.form_class(user=world.both, instance=register.model(**{register.parent: parent}))
    assert strangers_in(form, world.ours["partnership"]) == []


@pytest.mark.parametrize("name", [name for name in VERBS if name.partition("_")[0] in OF_PARTNERSHIP])
def test_form_of_an_act_offers_rows_of_the_records_partnership_alone(world, name):
    register, verb = VERBS[name]
    record = register.model.objects.get(pk=world.ours[register.name].pk)
    form = verb.form_class(user=world.both, record=record)
    assert strangers_in(form, world.ours["partnership"]) == []


@pytest.mark.parametrize("name", [name for name, register in every_register().items() if register.filterset_class])
def test_filter_offers_rows_and_councils_of_the_persons_partnerships_alone(world, rf, name):
    """Also to somebody who administers councils too, and so sees all of them."""
    register = every_register()[name]
    officer = world.users[PEOPLE[0]]
    with recording(by=world.setter, reason="Set up"):
        Membership(user=officer, council=world.alder, role="administrator", from_on=DAY).full_clean_and_save()
    for cached in ("authority", "roles_today"):
        officer.__dict__.pop(cached, None)
    request = rf.get("/")
    request.user = officer
    form = register.filterset_class(request.GET, register.rows(officer), request=request).form
    ours = {None, world.ours["partnership"].pk}
    strange = []
    for field in form.fields.values():
        rows = getattr(field, "queryset", ())
        for row in rows:
            if isinstance(row, Council):
                is_strange = row not in (world.alder, world.birch)
            else:
                is_strange = bool(row.scope) and partnership_of(row) not in ours
            if is_strange:
                strange.append(row)
    assert strange == []
    officer.__dict__.pop("authority", None)


# --- Whose a record is ------------------------------------------------------------------------------------------------

OWNED = [name for name, register in every_register().items() if register.form_class and register.model.owner_fields]


@pytest.mark.parametrize("name", OWNED)
def test_edit_form_does_not_ask_whose_the_record_is(world, name):
    register = every_register()[name]
    record = register.model.objects.get(pk=world.ours[name].pk)
    form = register.form_class(user=world.both, instance=record)
    assert set(form.fields) & set(record.owner_fields) == set()
    new = register.form_class(user=world.both, instance=_new(register, record))
    assert set(record.owner_fields) <= set(new.fields)


def _new(register, record):
    parent = {register.parent: getattr(record, register.parent)} if register.parent else {}
    return register.model(**parent)
