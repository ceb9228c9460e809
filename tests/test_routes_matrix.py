"""Every address × everybody × every method, against a table written by hand (tests/route_table.py).

And that the table would notice: with a guard taken out of the portal, the same questions find wrong answers.
"""

import pytest

from partnership import access
from partnership.generic import editing
from partnership.generic.register import Register
from partnership.models import User
from tests.matrix import digest, other_rule, route_names, rules, rules_of, wrong_cells
from tests.matrix_world import OWN, PARTNER, UNRELATED, Person, make_papers, make_world
from tests.route_table import OTHERS, REGISTERS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(module_data):
    return make_world()


@pytest.fixture(scope="module")
def papers(world):
    """The same, with our review published."""
    return make_papers(world)


def test_table_has_every_route_and_nothing_else():
    assert sorted(set(route_names())) == sorted(rule.route for rule in rules())


@pytest.mark.parametrize("name", REGISTERS)
def test_register_answers_everybody_as_the_table_says(world, name, pytestconfig):
    before, is_whole = digest(), pytestconfig.option.whole
    assert [str(cell) for rule in rules_of(name) for cell in wrong_cells(world, rule, is_whole=is_whole)] == []
    assert digest() == before


@pytest.mark.parametrize("route", OTHERS)
def test_page_answers_everybody_as_the_table_says(papers, route, pytestconfig):
    before = digest()
    assert [str(cell) for cell in wrong_cells(papers, other_rule(route), is_whole=pytestconfig.option.whole)] == []
    assert digest() == before


# --- That the matrix would notice -------------------------------------------------------------------------------------


def noticed(world, name, who, *pages):
    """What the matrix finds wrong when somebody asks for pages of a register."""
    wanted = {f"{name}_{page}" for page in pages}
    asked = [rule for rule in rules_of(name) if rule.route in wanted]
    return [str(cell) for rule in asked for cell in wrong_cells(world, rule, people=[who])]


@pytest.mark.parametrize("name", REGISTERS)
def test_matrix_notices_a_register_without_its_scope(world, name, monkeypatch):
    """One register's rows are everybody's: somebody of another partnership opens ours, and has it in their file."""
    kept, model = access.visible, world.registers[name].model
    monkeypatch.setattr(access, "visible", lambda rows, user: rows if rows.model is model else kept(rows, user))
    stranger = Person(REGISTERS[name].readers.split()[0], UNRELATED)
    assert f"GET {name}_detail as {stranger}: expected 404, found 200" in noticed(world, name, stranger, "detail")


@pytest.mark.parametrize("name", REGISTERS)
def test_matrix_notices_a_register_without_its_permissions(world, name, monkeypatch):
    """Every role may everything: who may not read it gets past the door (to rows out of sight), or changes it."""
    monkeypatch.setattr(access, "allows", lambda user, perm, record=None: True)
    reads = set(REGISTERS[name].readers.split()) | set(REGISTERS[name].keepers.split())
    outsider = Person(min({"administrator", "councillor"} - reads, default="officer"), OWN)
    page = "detail" if outsider.role not in reads else "edit"
    assert f"GET {name}_{page} as {outsider}: expected 403" in " ".join(noticed(world, name, outsider, page))


GUARDS = {
    "who may open a register": (Register, "may_read", "administrator", "jointpost", "history"),
    "who may keep it": (Register, "may_keep", "councillor", "jointpost", "edit"),
    "who may do something to a row": (editing.Verb, "may", "councillor", "jointpost", "agree"),
    "what a role allows": (User, "has_perm", "pwg_member", "section", "propose-class"),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_matrix_notices_a_guard_that_is_gone(world, guard, monkeypatch):
    where, check, role, name, page = GUARDS[guard]
    assert noticed(world, name, Person(role, PARTNER), page) == []
    monkeypatch.setattr(where, check, lambda *args, **kwargs: True)
    assert len(noticed(world, name, Person(role, PARTNER), page)) >= 2  # GET and HEAD at least
