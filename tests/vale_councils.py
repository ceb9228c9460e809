"""An invented partnership of a county, a district and a borough, with clauses, statutory roles and verified savings."""

from datetime import date
from types import SimpleNamespace

from partnership.models import Meeting
from reviews.models import CoverReport
from tests.factories import (
    keep,
    make_agreement,
    make_agreement_term,
    make_arrangement,
    make_assessment,
    make_body,
    make_case,
    make_commitment,
    make_cost_share,
    make_council,
    make_council_share,
    make_line,
    make_option,
    make_partnership,
    make_post,
    make_recommendation,
    make_review,
    make_saving,
    make_swot_item,
    make_user,
)

STARTED = date(2023, 12, 1)
PRINCIPLES = {
    1: ("Own budgets", "met"),
    2: ("Fair costs", "met"),
    3: ("Plain reporting", "met"),
    4: ("Care for staff", "at risk"),
    5: ("Access for residents", "met"),
    6: ("Shared learning", "not met"),
}
OBJECTIVES = {
    1: ("Stronger services", "met"),
    2: ("Joint procurement", "underway"),
    3: ("Digital access", "too soon to say"),
}
LINES = {"2023/24": (40_000, 24_000, 16_000), "2024/25": (150_000, 90_000, 60_000)}
MEETINGS = [date(2024, 3, 12), date(2024, 9, 10), date(2025, 1, 14)]


def make_vale_councils():
    """Nethershire, Ashmoor and Brinstead on 31 January 2025."""
    nethershire = make_council(
        name="Nethershire County Council", short_name="NSC", tier="county", executive_name="Cabinet"
    )
    ashmoor = make_council(name="Ashmoor District Council", short_name="AMD", executive_name="Executive")
    brinstead = make_council(name="Brinstead Borough Council", short_name="BSB", executive_name="Policy Committee")
    councils = [nethershire, ashmoor, brinstead]
    partnership = make_partnership(
        councils=councils,
        name="Nether Vale partnership",
        agreed_on=date(2023, 9, 1),
        agreed_precision="month",
        started_on=STARTED,
    )
    within = {"partnership": partnership}
    agreement = make_agreement(
        **within,
        made_on=date(2023, 11, 20),
        commenced_on=STARTED,
        expires_on=date(2028, 11, 30),
        notice_months=9,
        review_due_on=date(2026, 6, 1),
    )
    make_agreement_term(
        agreement=agreement, clause="7", heading="Termination", summary="Nine months’ notice in writing by any council."
    )
    make_agreement_term(
        agreement=agreement,
        clause="4",
        heading="Employment",
        summary="An officer who is shared remains an employee of the council that appointed them.",
    )
    chief = make_post(
        **within,
        title="Chief Executive",
        home_council=nethershire,
        from_on=STARTED,
        tier="chief officer",
        statutory_role="head of paid service",
    )
    resources = make_post(
        **within,
        title="Director of Resources",
        home_council=ashmoor,
        appointment="interim",
        from_on=date(2024, 3, 4),
        statutory_role="chief finance officer",
    )
    housing = make_post(**within, title="Head of Housing", home_council=brinstead, from_on=date(2024, 2, 1))
    audit = make_post(**within, title="Head of Internal Audit", from_on=date(2024, 6, 3))
    economy = make_post(
        **within,
        title="Economic Development Manager",
        home_council=ashmoor,
        appointment="interim",
        from_on=date(2024, 9, 2),
    )
    make_post(
        **within,
        title="Head of Communications",
        status="proposed",
        appointment="not stated",
        from_on=date(2024, 11, 1),
    )
    housing_share = make_cost_share(post=housing, from_on=date(2024, 2, 1))
    for council in (ashmoor, brinstead):
        make_council_share(cost_share=housing_share, council=council, percent=50)
    saving = make_saving(**within, title="Joint management", posts=[chief, resources, housing, audit, economy])
    verifier = make_user(name="Pat Verifier")
    for year, sums in LINES.items():
        for council, sum_ in zip(councils, sums, strict=True):
            delivered = {"delivered": sum_, "delivered_to_on": date(2024, 3, 31)} if year == "2023/24" else {}
            line = make_line(saving=saving, council=council, financial_year=year, estimated=sum_, **delivered)
            if delivered and council == ashmoor:
                line.verified_by = verifier
                line.verified_on = date(2024, 6, 10)
                keep(line)
    avoided = make_saving(**within, title="Out-of-hours line", benefit_type="cost avoidance")
    make_line(saving=avoided, council=brinstead, financial_year="2024/25", estimated=25_000, figures_are_about=True)
    make_case(
        **within,
        title="Building Control",
        expected_on=date(2025, 3, 1),
        expected_precision="month",
    )
    make_case(**within, title="Legal Services")
    make_case(**within, title="Procurement", stage="under consultation", estimated_saving=45_000)
    make_arrangement(
        **within,
        kind="provision",
        service="Emergency planning",
        provider=nethershire,
        receiver=ashmoor,
        started_on=date(2024, 4, 1),
    )
    make_arrangement(
        **within,
        kind="provision",
        service="Fleet maintenance",
        provider=brinstead,
        receiver=ashmoor,
        started_on=date(2024, 7, 1),
    )
    body = make_body(**within, name="Joint Working Board", short_name="JWB")
    cabinet = make_body(**within, council=nethershire, name="Cabinet", short_name="Cabinet", kind="executive")
    for held_on in MEETINGS:
        keep(Meeting(body=body, held_on=held_on, access="private"))
    review = make_review(
        **within,
        title="Annual look",
        body=body,
        as_at=date(2025, 1, 31),
        financial_year="2024/25",
        version_label="Final",
        review_due_on=date(2026, 1, 31),
    )
    for kind, given in (("principle", PRINCIPLES), ("objective", OBJECTIVES)):
        for number, (title, rating) in given.items():
            commitment = make_commitment(
                **within,
                kind=kind,
                number=number,
                short_title=title,
                statement=f"{title}.",
                adopted_on=date(2024, 1, 15),
            )
            make_assessment(review=review, commitment=commitment, rating=rating, commentary="As judged.")
    for title in ("Go on", "Widen", "Narrow", "Stop"):
        make_option(review=review, title=title, reasons="As weighed.")
    for _ in range(3):
        make_recommendation(review=review)
    for text in ("Trust", "Skill", "Reach", "Pace"):
        make_swot_item(review=review, kind="strength", text=text)
    for text in ("Distance", "Systems"):
        make_swot_item(review=review, kind="weakness", text=text)
    keep(
        CoverReport(review=review, body=cabinet, title="Cover", report_of="Chief officer", meeting_on=date(2025, 3, 4))
    )
    return SimpleNamespace(**locals())
