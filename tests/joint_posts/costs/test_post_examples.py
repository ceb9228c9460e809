"""Worked examples of joint posts, to the penny: `post_examples.json`, worked without the portal's code.

Each is tried on the pure function and on records. Its ``explanation`` says how a finance officer works it by hand.
"""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from joint_posts.costs.apportionment import CostTerms, Employer, Inputs, Member, Period, calculate, post_year
from partnership.financial_years import FinancialYear
from partnership.models import Council
from tests.factories import (
    make_cost_share,
    make_council,
    make_council_share,
    make_employer_change,
    make_partnership,
    make_party,
    make_post,
    make_post_step,
)

EXAMPLES = json.loads((Path(__file__).parent / "post_examples.json").read_text())
EACH = pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
NOT_KNOWN = "not known"


def day(text):
    return date.fromisoformat(text) if text else None


def dates_of(given):
    """Return every day on which a cost, a split or a baseline is entered."""
    entries = (*given["cost"], *given["percents"], *given.get("baselines", ()))
    return sorted({entry["from"] for entry in entries})


def entered_by(entries, on):
    """The last entry up to a day."""
    return next((entry for entry in reversed(entries) if entry["from"] <= on), None)


def by_pure_function(given):
    """The inputs, with each day's cost, split and baselines as they stand then."""
    councils = {name: Council(pk=n, name=name, short_name=name) for n, name in enumerate(given["councils"], 1)}
    terms = []
    for on in dates_of(given):
        cost = entered_by(given["cost"], on)
        split = entered_by(given["percents"], on)
        baselines = entered_by(given.get("baselines", []), on)
        terms.append(
            CostTerms(
                day(on),
                Decimal(cost["annual_cost"]) if cost else None,
                {councils[name].pk: Decimal(share) for name, share in (split["percents"] if split else {}).items()},
                {councils[name].pk: Decimal(sum_) for name, sum_ in (baselines["annual"] if baselines else {}).items()},
            )
        )
    party = given.get("party", {})
    members = [
        Member(council, day(party.get(name, {}).get("from")), day(party.get(name, {}).get("to")))
        for name, council in councils.items()
    ]
    return Inputs(
        "Chief Executive",
        tuple(Employer(day(home["from"]), councils[home["council"]]) for home in given["home"]),
        tuple(members),
        tuple(Period(day(filled["from"]), day(filled["to"])) for filled in given["filled"]),
        tuple(terms),
    )


def kept_as_records(given):
    """The post with its steps and cost shares. Each cost share gives no more than what was entered on its day."""
    councils = {name: make_council(name=name, short_name=name) for name in given["councils"]}
    partnership = make_partnership()
    for position, (name, council) in enumerate(councils.items(), 1):
        days = given.get("party", {}).get(name, {})
        own = {"joined_on": day(days.get("from")), "left_on": day(days.get("to"))}
        make_party(partnership=partnership, council=council, position=position, **own)
    first, *later = given["filled"]
    post = make_post(
        partnership=partnership, from_on=day(first["from"]), home_council=councils[given["home"][0]["council"]]
    )
    step = {"post": post, "title": post.title, "appointment": "permanent"}
    for filled in (first, *later):
        if filled is not first:
            make_post_step(**step, status="in post", from_on=day(filled["from"]))
        if filled["to"]:
            make_post_step(**step, status="vacant", from_on=day(filled["to"]) + timedelta(days=1))
    for on in dates_of(given):
        keep_cost_share(post, given, on, councils)
    move_employer(post, given["home"][1:], councils)
    return post


def entered_on(given, name, on):
    return next((entry for entry in given.get(name, ()) if entry["from"] == on), None)


def keep_cost_share(post, given, on, councils):
    cost = entered_on(given, "cost", on)
    split = entered_on(given, "percents", on)
    baselines = entered_on(given, "baselines", on)
    row = make_cost_share(post=post, from_on=day(on), salary=Decimal(cost["annual_cost"]) if cost else None)
    if split is None and baselines is None:
        return
    percents = entered_by(given["percents"], on)["percents"]
    for name, percent in percents.items():
        annual = (baselines or {"annual": {}})["annual"].get(name)
        baseline = None if annual is None else Decimal(annual)
        make_council_share(cost_share=row, council=councils[name], percent=Decimal(percent), baseline_cost=baseline)


def move_employer(post, moves, councils):
    for move in moves:
        make_employer_change(post=post, council=councils[move["council"]], from_on=day(move["from"]))


def told(worked):
    """A worked year in the words of the examples: what is expected of it, by the same names."""
    first = max(worked.councils, key=lambda part: len(part.segments))
    segments = []
    for place, line in enumerate(first.segments):
        lines = {}
        for part in worked.councils:
            for segment in part.segments:
                if segment.first == line.first:
                    lines[part.council.name] = segment
        assert {segment.last for segment in lines.values()} == {line.last}, place
        told_segment = {
            "from": line.first.isoformat(),
            "to": line.last.isoformat(),
            "days": line.days,
            "cost": str(sum(segment.share for segment in lines.values())),
            "shares": {name: str(segment.share) for name, segment in lines.items()},
        }
        if not any(segment.baseline_part is None for segment in lines.values()):
            told_segment["baselines"] = {name: str(segment.baseline_part) for name, segment in lines.items()}
        segments.append(told_segment)
    return {
        "days_in_year": worked.year.days,
        "segments": segments,
        "cost": amount(worked.cost),
        "shares": {part.council.name: amount(part.share) for part in worked.councils},
        "savings": {part.council.name: amount(part.saving) for part in worked.councils},
        "full_year_effect": {
            part.council.name: str(part.full_year_effect)
            for part in worked.councils
            if part.full_year_effect is not None
        },
        "recharges": [
            {"owing": owed.owing.name, "owed": owed.owed.name, "amount": str(owed.amount)} for owed in worked.recharges
        ],
    }


def amount(pounds):
    return NOT_KNOWN if pounds is None else f"{pounds:.2f}"


def check(expected, worked):
    """Return every figure that the example gives is the worked one, and nothing else is worked."""
    found = told(worked)
    wanted = {name: value for name, value in expected.items() if name != "no_cost_share_recorded"}
    segments = []
    for segment in wanted["segments"]:
        segments.append({name: value for name, value in segment.items() if name != "home"})
    wanted["segments"] = segments
    if "savings" not in wanted:  # the example gives no baselines
        assert set(found.pop("savings").values()) == {NOT_KNOWN}
    if "full_year_effect" not in wanted:
        assert found.pop("full_year_effect") == {}
    assert found == wanted
    assert len(worked.gaps) == len(expected.get("no_cost_share_recorded", ()))


@EACH
def test_work_out_gives_the_worked_example(example):
    inputs = by_pure_function(example["inputs"])
    for year, expected in example["expected"]["years"].items():
        check(expected, calculate(inputs, FinancialYear.read(year)))
    check_all_years(example, [calculate(inputs, FinancialYear.read(year)) for year in example["inputs"]["years"]])


@EACH
@pytest.mark.django_db
def test_post_year_of_records_gives_the_worked_example(example):
    post = kept_as_records(example["inputs"])
    for year, expected in example["expected"]["years"].items():
        check(expected, post_year(post, FinancialYear.read(year)))


def check_all_years(example, years):
    """The sums over the years are sums of the years."""
    expected = example["expected"].get("all_years", {})
    for figure, attribute in (("shares", "share"), ("savings", "saving")):
        for name, total in expected.get(figure, {}).items():
            parts = []
            for year in years:
                parts += [part for part in year.councils if part.council.name == name]
            assert str(sum(getattr(part, attribute) for part in parts)) == total
