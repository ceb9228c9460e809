"""F9: people enter posts, costs, savings and verifications in any order, also a senseless one; the rules still hold.

Hypothesis draws what they do; with THOROUGH=1, as `make faults` runs it, 500 runs of 50 steps.
"""

import copy
import os
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from joint_posts.costs.apportionment import post_year
from joint_posts.costs.workflow import set_share
from joint_posts.models import CostShare, JointPost, Saving, SavingLine
from joint_posts.posts.workflow import agree_post, appoint, become_vacant, end_post, enter_post
from joint_posts.savings.workflow import record_saving, set_line, verify_line
from partnership.financial_years import FinancialYear
from tests.two_partnerships import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
RUNS, STEPS = (500, 50) if "THOROUGH" in os.environ else (6, 20)
PENNY = Decimal("0.01")
YEARS = [FinancialYear(start) for start in (2018, 2019, 2020)]
REASON = {"reason": "Drawn by chance"}

days = st.dates(date(2018, 3, 30), date(2021, 4, 2))
sums = st.decimals(Decimal(-50), Decimal(150_000), places=2)
percents = st.sampled_from([Decimal(text) for text in ("0", "33.333", "50", "66.667", "100", "100.5")])
numbers = st.integers(0, 50)
PEOPLE = ("officer.alder", "officer.birch", "finance_verifier.birch", "all of alder", "all of alder", "stranger")
names = st.sampled_from(PEOPLE)


class Ledger(RuleBasedStateMachine):
    """Two councils that work on their ledger. An action that is refused has to leave everything as it was."""

    founded = None  # the two partnerships, made once for the test
    outcomes = Counter()  # of every run: how many verbs were done, how many refused

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.world = copy.deepcopy(self.founded)
        self.done = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def do(self, verb, *arguments, **facts):
        """Do it, or be refused."""
        try:
            with transaction.atomic():
                verb(*arguments, **facts)
            self.done += 1
            self.outcomes["done"] += 1
        except (ValidationError, PermissionDenied):
            self.outcomes["refused"] += 1

    def one(self, model, number):
        """A row of ours, by chance; none while there is none."""
        rows = list(model.objects.visible_to(self.world.people["officer.alder"]).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    @rule(by=names, day=days, is_filled=st.booleans())
    def enter(self, by, day, is_filled):
        facts = {"officer_consulted_on": day, "home_council": self.world.alder, "agreement": self.world.ours.agreement}
        status = "in post" if is_filled else "proposed"
        people = self.world.people
        self.do(
            enter_post, self.world.ours.partnership, title=f"Post {self.done}", status=status, from_on=day,
            appointment="interim" if is_filled else "not stated", by=people[by], **REASON, **facts if is_filled else {},
        )  # fmt: skip

    @rule(by=names, day=days, number=numbers, verb=st.sampled_from([agree_post, become_vacant]))
    def move(self, by, day, number, verb):
        self.do(verb, self.one(JointPost, number), from_on=day, by=self.world.people[by], **REASON)

    @rule(by=names, day=days, number=numbers)
    def fill(self, by, day, number):
        facts = {"officer_consulted_on": day, "home_council": self.world.birch, "agreement": self.world.ours.agreement}
        post = self.one(JointPost, number)
        self.do(appoint, post, appointment="interim", from_on=day, by=self.world.people[by], **facts, **REASON)

    @rule(by=names, day=days, number=numbers)
    def end(self, by, day, number):
        self.do(end_post, self.one(JointPost, number), ended_on=day, by=self.world.people[by], **REASON)

    @rule(day=days, number=numbers, salary=sums, percent=percents, other=percents)
    def share(self, day, number, salary, percent, other):
        world = self.world
        shares = {world.alder: (percent, salary), world.birch: (100 - percent if other else other, None)}
        by = world.people["all of alder"]
        self.do(set_share, self.one(JointPost, number), from_on=day, salary=salary, shares=shares, by=by, **REASON)

    @rule(by=names, number=numbers, day=days)
    def save(self, by, number, day):
        facts = {"category": "shared management", "benefit_type": "cashable", "basis": "Pay", "identified_on": day}
        posts = [self.one(JointPost, number)]
        by = self.world.people[by]
        title = f"Saving {self.done}"
        self.do(record_saving, self.world.ours.partnership, title=title, posts=posts, by=by, **facts, **REASON)

    @rule(by=names, number=numbers, year=st.sampled_from(YEARS), figure=sums, is_delivered=st.booleans())
    def figure(self, by, number, year, figure, is_delivered):
        facts = {"delivered": figure, "delivered_to_on": year.last_day} if is_delivered else {"estimated": figure}
        council = (self.world.alder, self.world.birch)[number % 2]
        saving = self.one(Saving, number)
        self.do(set_line, saving, council, str(year), by=self.world.people[by], **facts, **REASON)

    @rule(by=names, number=numbers, day=days)
    def verify(self, by, number, day):
        if line := self.one(SavingLine, number):
            self.do(verify_line, line, on=day, by=self.world.people[by])

    @invariant()
    def shares_total_100(self):
        for cost in CostShare.objects.active():
            shares = [share.percent for share in cost.council_shares.active()]
            assert not shares or sum(shares) == 100

    @invariant()
    def parts_add_up_to_the_cost_to_the_penny(self):
        for post in JointPost.objects.filter(partnership=self.world.ours.partnership):
            for year in YEARS:
                worked = post_year(post, year)
                pieces = worked.councils[0].segments if worked.councils else ()
                # The last segment takes what rounding left over, so the year is rounded as a whole.
                exact = sum((piece.annual_cost * piece.days for piece in pieces), Decimal(0)) / year.days
                cost = exact.quantize(PENNY, rounding=ROUND_HALF_UP)
                if worked.gaps:
                    assert worked.cost is None
                    continue
                assert worked.cost == cost
                if post.home_council and worked.councils:
                    owed = sum(part.amount for part in worked.recharges)
                    assert worked.of(post.home_council).share + owed == cost

    @invariant()
    def nobody_verifies_what_they_entered(self):
        for line in SavingLine.objects.filter(verified_by__isnull=False):
            assert line.verified_by_id != line.figures_changed_by_id
            assert (line.delivered is None, line.verified_on is None) == (False, False)

    @invariant()
    def every_change_is_in_the_history(self):
        for model in (JointPost, CostShare, Saving, SavingLine):
            for row in model.objects.all():
                assert model.history.filter(id=row.pk).count() == row.version


def test_rules_of_the_ledger_hold_whatever_people_do(founded, record_property):
    everything = [(founded.alder, role) for role in ("officer", "pay_officer", "finance_verifier")]
    founded.people["all of alder"] = make_person("all.alder", *everything)
    Ledger.founded = founded
    Ledger.outcomes = Counter()
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert min(Ledger.outcomes["done"], Ledger.outcomes["refused"]) >= RUNS, Ledger.outcomes
    record_property("runs", RUNS)
    record_property("steps", STEPS)
