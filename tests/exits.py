"""Two councils that share a chief executive and three services, and what ends it: for the tests of exits.

The post costs £98,765 and 23.5% on-costs, £121,974.775 a year; Alder employs the officer and bears 60%, Birch 40%.
"""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from partnership.models import TerminationNotice
from reviews.exit_plans.facts import exit_facts
from reviews.exit_plans.money import cost_sheet, in_lieu, years_of
from reviews.models import ExitPlan
from tests.factories import (
    keep,
    make_agreement,
    make_arrangement,
    make_cost_share,
    make_council,
    make_council_share,
    make_line,
    make_partnership,
    make_post,
    make_saving,
)

TODAY = date(2020, 6, 1)
NOTICE = date(2019, 3, 31)


def make_shared(**agreement):
    """Alder and Birch with a joint chief executive, what it saves, and three services."""
    alder = make_council(name="Alder", short_name="ACC")
    birch = make_council(name="Birch", short_name="BDC")
    partnership = make_partnership(councils=[alder, birch], name="Alder and Birch")
    own = {"partnership": partnership}
    made = SimpleNamespace(alder=alder, birch=birch, partnership=partnership)
    made.agreement = make_agreement(**own, **{"notice_months": 12} | agreement)
    made.post = make_post(**own, title="Chief Executive", home_council=alder)
    made.cost = make_cost_share(post=made.post, salary=Decimal(98765), on_costs_percent=Decimal("23.5"))
    make_council_share(cost_share=made.cost, council=alder, percent=Decimal(60), baseline_cost=Decimal(100000))
    make_council_share(cost_share=made.cost, council=birch, percent=Decimal(40), baseline_cost=Decimal(76543))
    provision = {"kind": "provision", "provider": alder, "receiver": birch}
    made.planning = make_arrangement(**own, **provision, service="Emergency planning")
    made.rooms = make_arrangement(**own, kind="co-location", service="Training rooms")
    made.housing = make_arrangement(**own, service="Housing")
    made.saving = make_saving(**own, title="Shared chief executive", recurrence="recurring", posts=[made.post])
    make_line(saving=made.saving, council=alder, estimated=Decimal(30000))
    make_line(saving=made.saving, council=birch, estimated=Decimal(20000), forecast=Decimal(22000))
    return made


def make_plan(made, **facts):
    return keep(ExitPlan(**{"partnership": made.partnership, "title": "Exit", "agreement": made.agreement} | facts))


def give_notice(made, council, on=NOTICE):
    return keep(TerminationNotice(agreement=made.agreement, given_by=council, given_on=on))


def read(plan, as_at=TODAY):
    return exit_facts(plan, as_at)


def sheet(facts, short_name):
    """A council's sheet in words: label → year by year."""
    council = next(council for council in facts.councils if council.short_name == short_name)
    sums_by_label = {}
    for line in cost_sheet(facts, council, years_of(facts)):
        sums_by_label[line.label] = [each.to_the_penny for each in line.sums]
    return sums_by_label


def lieu(facts):
    names = {council.id: council.short_name for council in facts.councils}
    found = in_lieu(facts)
    return None if found is None else [(names[row.paid_by], names[row.paid_to], row.amount) for row in found]


def texts(table):
    """A table's rows as texts."""
    rows = []
    for row in table.rows:
        rows.append([cell.text for cell in row.cells])
    return rows
