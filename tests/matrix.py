"""The matrix: everybody asks every address, and `route_table` says what each is answered."""

import hashlib
import itertools
from copy import copy
from typing import NamedTuple

from django.apps import apps
from django.db import connection
from django.urls import URLPattern, get_resolver, reverse

from partnership.accounts.kept_forms import STATEMENT
from partnership.models import Attempt, SignIn
from tests.canaries import CANARY, everything_in, text_of_pdf
from tests.html_forms import FormReader
from tests.matrix_world import PARTNER, PEOPLE, PUBLIC, UNRELATED, Person, asker
from tests.route_table import EVERYBODY, OTHERS, PAGES, REGISTERS, SECRETS, SIGNED_IN, THE_PUBLIC
from tests.two_partnerships import taken_back

# --- What the table says ----------------------------------------------------------------------------------------------


class Rule(NamedTuple):
    """A line of the table, whichever part of it: who gets past the door, who may go on, what the others get."""

    route: str
    may: frozenset
    door: frozenset
    says: str
    partners: frozenset | None = None
    unrelated: int = 404
    is_form: bool = False
    answer: int = 200
    post: int = 0
    head: int = 0
    refused: int = 403
    otherwise: int = 403  # for who is past the door and may not
    public: int = 302
    leads: str = "/sign-in/?next="
    query: str = ""
    at: str = ""
    is_costly: bool = False
    but: dict = {}
    is_one_councils: bool = False
    is_shared: bool = False  # a page that all registers have, whose policy test_policies.py asks as everybody

    def lets_in(self, who):
        """Return whether the person may."""
        if who is PUBLIC or self.may & {EVERYBODY, SIGNED_IN}:
            return EVERYBODY in self.may or (THE_PUBLIC if who is PUBLIC else SIGNED_IN) in self.may
        may = self.partners if who.place == PARTNER and self.partners is not None else self.may
        return who.role in may and self.is_there_for(who)

    def opens_for(self, who):
        """Return whether the person's role opens such a page at all."""
        return bool(who.role in self.door or self.may & {EVERYBODY, SIGNED_IN})

    def is_there_for(self, who):
        """Return whether there is such a row for the person."""
        elsewhere = who.place == UNRELATED or (who.place == PARTNER and self.is_one_councils)
        return self.unrelated == 200 or not elsewhere

    def expected(self, who):
        """Return the status that the person is answered with."""
        if str(who) in self.but:
            return self.but[str(who)]
        if self.lets_in(who):
            return self.answer
        if who is PUBLIC:
            return self.public
        if who.role not in self.door:
            return self.refused
        if self.is_there_for(who):
            return self.otherwise
        return self.unrelated if who.place == UNRELATED else 404


def roles(words):
    return frozenset([words] if words in (EVERYBODY, SIGNED_IN, THE_PUBLIC) else words.split())


def rules():
    """Return every line of the table."""
    for name in REGISTERS:
        yield from rules_of(name)
    yield from map(other_rule, OTHERS)


def rules_of(name):
    """The lines of a register."""
    register = REGISTERS[name]
    for page in register.pages.split():
        yield page_rule(name, register, page)
    for verb, may in register.record_actions.items():
        yield verb_rule(name, register, verb, may)


def page_rule(name, register, page):
    """The line of one of the pages that registers have."""
    line = PAGES[page]
    short = page.removesuffix("_part")
    readers = roles(register.readers) | roles(register.keepers)
    keepers = roles(register.keepers)
    importers = roles(register.importers) or keepers
    may = {"readers": readers, "keepers": keepers, "importers": importers, "asker": roles(asker(register))}[line.who]
    says = register.says.get(short, line.says).format(row=register.row, add=register.add, column=register.column)
    facts = {
        "unrelated": line.unrelated,
        "is_form": line.is_form,
        "post": line.post,
        "but": register.but.get(short, {}),
        "is_one_councils": register.is_one_councils,
        "is_shared": True,
    }
    if line.who == "asker":
        facts |= {"partners": frozenset(), "otherwise": 404}
    elif short in register.partners:
        facts["partners"] = roles(register.partners[short])
    elif register.is_kept_by_own and line.unrelated == 404 and line.who == "keepers":
        facts["partners"] = frozenset()
    door = {"asker": importers, "keepers": readers if short == "withdraw" else keepers}.get(line.who, may)
    return Rule(f"{name}_{short}", may, door, says, **facts)


def verb_rule(name, register, verb, may):
    """The line of something that can be done to a row."""
    partners = frozenset() if register.is_kept_by_own else None
    if verb in register.partners:
        partners = roles(register.partners[verb])
    door = roles(register.readers) | roles(register.keepers)
    otherwise = 404 if verb in register.by_name else 403
    facts = {"is_form": True, "otherwise": otherwise, "is_one_councils": register.is_one_councils, "is_shared": True}
    return Rule(f"{name}_{verb}", roles(may), door, "", partners, **facts)


def other_rule(route):
    """The line of a page that is not a register's."""
    facts = OTHERS[route]._asdict()
    may, door, partners = (facts.pop(name) for name in ("who", "door", "partners"))
    facts["partners"] = None if partners is None else roles(partners)
    return Rule(route, roles(may), roles(door or may), **facts)


# --- What is asked ----------------------------------------------------------------------------------------------------


def route_names(patterns=None):
    """The name of every route of the URLconf; one without a name gives its pattern, which no line has."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or str(pattern.pattern)
        else:
            yield from route_names(pattern.url_patterns)


def address(world, rule):
    """Return where the route leads for a row of ours."""
    if rule.at:
        return reverse(rule.route, kwargs=world.others[rule.at]) + rule.query
    name, _, page = rule.route.partition("_")
    register = world.registers.get(name)
    if register is None or page in LISTS:
        return reverse(rule.route) + rule.query
    if page == "job":
        return reverse(rule.route, args=[world.jobs[name].pk])
    if page == "create":
        above = register.above
        return reverse(rule.route, args=[getattr(world.ours[above.name], above.key)] if above else [])
    return reverse(rule.route, args=[getattr(world.ready.get(rule.route, world.ours[name]), register.key)])


LISTS = {"list", "export", "export_xlsx", "template_csv", "template_xlsx", "import"}


class Cell(NamedTuple):
    """An answer that is not the one of the table."""

    method: str
    at: str
    who: Person
    expected: str
    found: str

    def __str__(self):
        return f"{self.method} {self.at} as {self.who}: expected {self.expected}, found {self.found}"


def wrong_cells(world, rule, *, people=PEOPLE, is_whole=False):
    """Ask for a route as everybody, in every way, and yield each answer that is not the one of the table.

    Unless ``is_whole``, people who are alike are asked for once:

    * a page that all registers have, and a page that is costly to draw, by one person of each council who may; where
      some fields are restricted, by everybody who may;
    * a page that all registers have by one person for each refusal, and any other page that a role does not open by one
      partner and one unrelated person;
    * a form that is refused, sent by one person of each council;
    * HEAD, and POST where the page has no form, by one person who may and one who may not;
    * a method that no page takes, by one person.
    """
    at = address(world, rule)
    asked = set()
    sent = typed(world, rule, at) if rule.is_form else {}
    for who in people:
        expected = rule.expected(who)
        lets_in = rule.lets_in(who)
        alike = those_alike(world, rule, who, expected)
        if alike in asked and not is_whole:
            continue
        response = world.clients[who].get(at)
        yield from wrong_status("GET", rule, who, expected, response)
        content = content_of(response)
        yield from wrong_words(rule, who, response, content)
        yield from leaks(world, who, at, response, content)
        is_refused_alike = not lets_in and (expected, who.place) in asked
        if rule.is_form and (is_whole or not is_refused_alike):
            posted = rule.post if rule.post and lets_in else expected
            yield from wrong_status("POST", rule, who, posted, post(world, rule, who, at, sent))
        if is_whole or ("HEAD", lets_in) not in asked:
            yield from wrong_head_and_post(world, rule, who, at, expected)
        if is_whole or not asked:
            yield from wrong_methods(world, rule, who, at)
        asked |= {alike, (expected, who.place), ("HEAD", lets_in)}


def those_alike(world, rule, who, expected):
    """Return what a person has in common with all for whom one of them asks: the answer, and perhaps the council."""
    if expected == 200:
        register = world.registers.get(rule.route.partition("_")[0])
        is_alike = rule.is_costly or (rule.is_shared and not register.restricted)
        return (200, who.place) if is_alike else who
    if rule.is_shared:
        return expected
    is_turned_away = who.place in (PARTNER, UNRELATED) and not rule.opens_for(who)
    return (expected, who.place) if is_turned_away else who


def wrong_head_and_post(world, rule, who, at, expected):
    """HEAD is answered like GET, and a page without a form takes no POST."""
    client = world.clients[who]
    yield from wrong_status("HEAD", rule, who, rule.head or expected, client.head(at))
    if not rule.is_form:
        found = client.post(at).status_code
        if found not in {405, expected} - {200}:
            yield Cell("POST", rule.route, who, f"405 or {expected}", str(found))


def wrong_methods(world, rule, who, at):
    """No page takes another method (`partnership.middleware`)."""
    client = world.clients[who]
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        yield from wrong_status(method, rule, who, 405, client.generic(method, at))


def wrong_status(method, rule, who, expected, response):
    if response.status_code != expected:
        yield Cell(method, rule.route, who, str(expected), str(response.status_code))


def typed(world, rule, at):
    """Return what a browser would send of the form as the first who may opens it, with the reason: it is refused.

    Without whose form it is, for which it would be kept (tests/partnership/accounts/test_kept_forms.py).
    """
    who = next((who for who in PEOPLE if rule.expected(who) == 200 and who is not PUBLIC), None)
    if who is None:
        return {}
    reader = FormReader()
    reader.feed(content_of(world.clients[who].get(at)).decode())
    forms = [form for form in reader.forms if len(form) > 1]
    fields = {name: values for name, values in (forms[-1] if forms else {}).items() if name != STATEMENT}
    return fields | {"reason": "Tried by somebody who may not"}


def post(world, rule, who, at, sent):
    """Send the form: filled in by who may not, empty by who may, whose writing is taken back."""
    client = world.clients[who]
    if not rule.lets_in(who):
        return client.post(at, sent)
    cookies = copy(client.cookies)
    with taken_back():
        response = client.post(at)
    client.cookies = cookies
    return response


def wrong_words(rule, who, response, content):
    """Return where an answer leads, and what a page that opens must say and must not."""
    location = response.headers.get("Location", "")
    if who is PUBLIC and not location.startswith(rule.leads if response.status_code == 302 else ""):
        yield Cell("GET", rule.route, who, f"led to {rule.leads}", f"led to {location}")
    if response.status_code != 200 or str(who) in rule.but:
        return
    text = words_in(content)
    mark, other = ("Cedar", "Alder") if who.place == UNRELATED else ("Alder", "Cedar")
    says = rule.says.format(mark)
    if says not in text and not (rule.is_one_councils and who.place == PARTNER):
        yield Cell("GET", rule.route, who, f"“{says}”", "a page without it")
    # Who administers councils lets them join, and so sees the names of all.
    marks = [f"of {other}"] if who.role == "administrator" else [other]
    for leak in marks if EVERYBODY not in rule.may else ():
        if leak in text:
            yield Cell("GET", rule.route, who, f"nothing of {leak}", text[max(0, text.index(leak) - 60) :][:90])


def leaks(world, who, at, response, content):
    """Canaries and pay in any byte or header of an answer, whatever it is, that are not for the person."""
    sent = [repr(response.headers).encode(), *everything_in(content)]
    words = itertools.chain.from_iterable(map(CANARY.findall, sent))
    for word in sorted(set(words)):
        if who not in world.canaries.get(word, ()):
            yield Cell("GET", at, who, "no canary of others", f"that of {world.planted_in.get(word, word)}")
    # The tables inside a PDF are full of figures; what it says is in its text.
    said = words_in(content).replace(",", "") if not content.startswith(b"%PDF") else text_of_pdf(content)
    for figure, seen_by in SECRETS.items():
        if figure in said and who.role not in seen_by.get(who.place, "").split():
            yield Cell("GET", at, who, f"no {figure}", said[max(0, said.index(figure) - 60) :][:90])


def content_of(response):
    """The bytes of an answer."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def words_in(content):
    """The words of a page or file; those packed inside it too."""
    return " ".join(piece.decode(errors="replace") for piece in everything_in(content))


def with_digest(world):
    """Note what every table holds, which each test finds again: what a test writes is undone after it."""
    world.digest = digest()
    return world


def digest():
    """Return of every row of each table but sessions and what is counted: what a refusal must leave as it is."""
    passing = {SignIn._meta.db_table, Attempt._meta.db_table}
    with connection.cursor() as cursor:
        digests = {}
        for table in sorted({model._meta.db_table for model in apps.get_models()} - passing):
            digests[table] = rows_digest(cursor, table)
        return digests


def rows_digest(cursor, table):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    rows = []
    for row in cursor.fetchall():
        rows.append([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row])
    return hashlib.sha256("".join(sorted(map(repr, rows))).encode()).hexdigest()  # PostgreSQL promises no order
