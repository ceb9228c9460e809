"""Every address × everybody × every method, against a table written by hand (tests/route_table.py).

And that the table would notice: with a guard taken out of the portal, the same questions find wrong answers. Of a page
that all registers have, one person of each council asks for each answer (``--whole``: everybody); test_policies.py asks
the policy behind it as everybody.
"""

import pytest
from django.contrib.auth.middleware import LoginRequiredMiddleware

from partnership import middleware
from partnership.accounts import permissions
from partnership.generic import record_actions
from partnership.generic.policy import RegisterPolicy
from partnership.models import User
from partnership.models.jobs import JobQuerySet
from reviews.models import ExemptPaper
from reviews.publishing.views import public, publishing
from tests.matrix import digest, other_rule, route_names, rules, rules_of, with_digest, wrong_cells
from tests.matrix_world import OWN, PARTNER, PUBLIC, Person, make_papers, make_world
from tests.route_table import OTHERS, REGISTERS
from tests.sign_in import by_two_steps

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def world(module_data):
    return with_digest(make_world())


@pytest.fixture(scope="module")
def papers(world):
    """The same, with our review published."""
    return with_digest(make_papers(world))


def test_table_has_every_route_and_nothing_else():
    assert sorted(set(route_names())) == sorted(rule.route for rule in rules())


def all_wrong(world, asked, pytestconfig):
    """Yield what is wrong with the answers to everybody."""
    for rule in asked:
        yield from wrong_cells(world, rule, is_whole=pytestconfig.option.whole)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("name", REGISTERS)
def test_register_answers_everybody_as_the_table_says(world, name, pytestconfig):
    assert [str(cell) for cell in all_wrong(world, rules_of(name), pytestconfig)] == []
    assert digest() == world.digest


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("route", OTHERS)
def test_page_answers_everybody_as_the_table_says(papers, route, pytestconfig):
    if route == "new_password":  # asked of people who signed in within the last five minutes
        for who, client in papers.clients.items():
            if papers.users[who] is not None:
                by_two_steps(client, papers.users[who])
    assert [str(cell) for cell in all_wrong(papers, [other_rule(route)], pytestconfig)] == []
    assert digest() == papers.digest


# --- That the matrix would notice -------------------------------------------------------------------------------------


def noticed(world, name, who, *pages):
    """Return what the matrix finds wrong when somebody asks for pages of a register."""
    wanted = {f"{name}_{page}" for page in pages}
    asked = [rule for rule in rules_of(name) if rule.route in wanted]
    notices = []
    for rule in asked:
        notices += [str(cell) for cell in wrong_cells(world, rule, people=[who])]
    return notices


GUARDS = {
    "who may open a register": (RegisterPolicy, "may_read", "administrator", "jointpost", "history"),
    "who may keep it": (RegisterPolicy, "may_edit", "councillor", "jointpost", "edit"),
    "who may do something to a row": (record_actions.RecordAction, "may", "councillor", "jointpost", "agree"),
    "what a role allows": (permissions, "allows", "pwg_member", "section", "propose-class"),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_matrix_notices_a_guard_that_is_gone(world, guard, monkeypatch):
    where, check, role, name, page = GUARDS[guard]
    assert noticed(world, name, Person(role, PARTNER), page) == []
    monkeypatch.setattr(where, check, lambda *args, **kwargs: True)
    assert len(noticed(world, name, Person(role, PARTNER), page)) >= 2  # GET and HEAD at least


def yes(*args, **kwargs):
    return True


def every_job(jobs, user):
    return jobs


def every_paper(user):
    return ExemptPaper.objects.all()


PAGE_GUARDS = {
    "that one signs in": (LoginRequiredMiddleware, "handle_no_permission", lambda *args: None, PUBLIC, "registers"),
    "whose publication it is": (
        JobQuerySet,
        "of",
        lambda jobs, user: jobs,
        Person("clerk", PARTNER),
        "review_publishing",
    ),
    "who publishes": (User, "has_perm", yes, Person("pwg_member", OWN), "review_publish"),
    "who reads an exempt paper": (publishing, "readable_by", every_paper, Person("officer", OWN), "exempt_paper"),
    "who reads the members' edition": (public, "may_read", yes, PUBLIC, "members_edition"),
}


@pytest.mark.parametrize("guard", PAGE_GUARDS)
def test_matrix_notices_a_page_without_its_guard(papers, guard, monkeypatch):
    where, check, instead, who, route = PAGE_GUARDS[guard]
    rule = other_rule(route)

    def found():
        return [str(cell) for cell in wrong_cells(papers, rule, people=[who])]

    assert found() == []
    monkeypatch.setattr(where, check, instead)
    assert found()[0] == f"GET {route} as {who}: expected {rule.expected(who)}, found 200"


def test_matrix_notices_a_portal_that_takes_every_method(papers, monkeypatch):
    officer = Person("officer", OWN)
    rule = other_rule("find")
    monkeypatch.setattr(middleware, "METHODS", ("GET", "HEAD", "POST", "OPTIONS"))
    found = [str(cell) for cell in wrong_cells(papers, rule, people=[officer])]
    assert found == [f"OPTIONS find as {officer}: expected 405, found 200"]
