"""Ask every register's policy who may do what with its rows, for each person of the matrix.

The table (tests/route_table.py) says which status each page answers; here the policy has to agree with it for every
register, page and person without a page being made. That pages ask their policy is in test_routes_matrix.py.
"""

import pytest

from partnership.accounts import permissions
from partnership.generic.policy import RegisterPolicy
from partnership.generic.record_actions import RecordAction
from tests.matrix import LISTS, rules_of
from tests.matrix_world import OWN, PARTNER, PEOPLE, PUBLIC, UNRELATED, Person, make_world
from tests.route_table import REGISTERS

pytestmark = pytest.mark.django_db
ACCOUNTS = [who for who in PEOPLE if who is not PUBLIC]
READ = ("detail", "history")
WRITTEN = ("create", "edit", "withdraw")


@pytest.fixture(scope="module")
def world(module_data):
    return make_world()


def answer_of(world, name, page, who):
    """Return the status that the register's policy gives a person for one of its pages."""
    register = world.registers[name]
    user = world.users[who]
    row = row_of(world, register, page)
    if not may_open(register, page, user):
        return 403
    if row is None:
        return 200
    if not type(row).objects.visible_to(user).filter(pk=row.pk).exists():
        return 404
    return 200 if may_with_row(register, page, user, row) else 403


def row_of(world, register, page):
    """Return the row that a page's address names: the parent, where a part is entered."""
    if page == "create":
        return world.ours[register.above.name] if register.above else None
    if page in LISTS:
        return None
    return world.ready.get(f"{register.name}_{page}", world.ours[register.name])


def may_open(register, page, user):
    """Return whether the policy opens such a page to the person at all."""
    if page == "import":
        return any(kind.policy.may_edit(user) for kind in register.kinds)
    if page in ("create", "edit", "template_csv", "template_xlsx"):
        return register.policy.may_edit(user)
    return register.policy.may_read(user)


def may_with_row(register, page, user, row):
    """Return whether the policy, or the action's predicate, lets the person do it to the row."""
    if page in READ:
        return True
    if page in ("create", "edit"):
        return register.policy.may_edit(user, row)
    (action,) = [action for action in register.all_actions if action.name == page]
    return action.may(user, row)


def disagreements(world, name, people=ACCOUNTS):
    """Yield each page and person for whom the policy says something else than the table."""
    for rule in rules_of(name):
        page = rule.route.partition("_")[2]
        if page == "job":  # a file is its sender's alone, which no policy says
            continue
        for who in people:
            expected = rule.expected(who)
            found = answer_of(world, name, page, who)
            if found != expected and not (rule.otherwise == expected == 404 and found == 403):
                yield f"{rule.route} as {who}: expected {expected}, found {found}"


@pytest.mark.parametrize("name", REGISTERS)
def test_policy_answers_everybody_as_the_table_says(world, name):
    assert list(disagreements(world, name)) == []


@pytest.mark.parametrize("name", REGISTERS)
def test_register_without_its_scope_is_noticed(world, name, monkeypatch):
    kept = permissions.visible
    model = world.registers[name].model
    monkeypatch.setattr(permissions, "visible", lambda rows, user: rows if rows.model is model else kept(rows, user))
    reader = Person(REGISTERS[name].readers.split()[0], UNRELATED)
    assert f"{name}_detail as {reader}: expected 404, found 200" in disagreements(world, name, [reader])


@pytest.mark.parametrize("name", REGISTERS)
def test_register_without_its_permissions_is_noticed(world, name, monkeypatch):
    monkeypatch.setattr(permissions, "allows", lambda user, perm, record=None: True)
    reads = set(REGISTERS[name].readers.split()) | set(REGISTERS[name].keepers.split())
    outsider = Person(min({"administrator", "councillor"} - reads, default="officer"), OWN)
    page = "detail" if outsider.role not in reads else "edit"
    assert f"{name}_{page} as {outsider}: expected 403" in " ".join(disagreements(world, name, [outsider]))


GUARDS = {
    "who may open a register": (RegisterPolicy, "may_read", "administrator", "jointpost", "history"),
    "who may keep it": (RegisterPolicy, "may_edit", "councillor", "jointpost", "edit"),
    "who may act on a row": (RecordAction, "may", "councillor", "jointpost", "agree"),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_policy_without_a_guard_is_noticed(world, guard, monkeypatch):
    owner, check, role, name, page = GUARDS[guard]
    who = Person(role, PARTNER)
    assert list(disagreements(world, name, [who])) == []
    monkeypatch.setattr(owner, check, lambda *args, **kwargs: True)
    assert f"{name}_{page} as {who}: expected 403" in " ".join(disagreements(world, name, [who]))
