"""An invented partnership of a county, a borough and a city, and sentences about it: right ones and wrong ones."""

from datetime import date
from types import SimpleNamespace

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
    make_council,
    make_line,
    make_option,
    make_partnership,
    make_post,
    make_post_step,
    make_recommendation,
    make_review,
    make_saving,
    make_swot_item,
)

STARTED = date(2022, 5, 1)
PRINCIPLES = {
    1: ("Local decisions", "met"),
    2: ("Fair shares of cost", "met"),
    3: ("Open books", "met"),
    4: ("Wellbeing of staff", "at risk"),
    5: ("Clear notice", "not met"),
}
OBJECTIVES = {
    1: ("One front door", "met"),
    2: ("Shared depots", "underway"),
    3: ("Common training", "underway"),
    4: ("Digital by choice", "too soon to say"),
}
LINES = {"2022/23": (60_000, 42_000, 28_000), "2023/24": (120_000, 84_000, 56_000)}


def make_three_councils():
    """Wenshire, Lowmarsh and Tarnbridge on 30 September 2023."""
    wenshire = make_council(name="Wenshire County Council", short_name="WCC", tier="county", executive_name="Cabinet")
    lowmarsh = make_council(name="Lowmarsh Borough Council", short_name="LBC", executive_name="Executive")
    tarnbridge = make_council(name="Tarnbridge City Council", short_name="TCC", executive_name="Board")
    councils = [wenshire, lowmarsh, tarnbridge]
    partnership = make_partnership(
        councils=councils,
        name="Wen Valley partnership",
        agreed_on=date(2022, 2, 1),
        agreed_precision="month",
        started_on=STARTED,
    )
    within = {"partnership": partnership}
    agreement = make_agreement(**within, made_on=date(2022, 4, 1), commenced_on=STARTED)
    make_agreement_term(
        agreement=agreement,
        heading="Staff",
        summary="Whoever is shared stays employed by the council that appointed them.",
    )
    chief = make_post(**within, title="Chief Executive", home_council=wenshire, from_on=STARTED, tier="chief officer")
    place = make_post(**within, title="Director of Place", appointment="interim", from_on=date(2023, 1, 9))
    legal = make_post(**within, title="Head of Legal Services", home_council=tarnbridge, from_on=date(2022, 9, 1))
    digital = make_post(**within, title="Head of Digital", home_council=lowmarsh, from_on=date(2023, 4, 3))
    make_post_step(
        post=digital, from_on=date(2024, 1, 8), title="Chief Digital Officer", status="in post", appointment="permanent"
    )
    make_post(**within, title="Head of Revenues", status="proposed", appointment="not stated", from_on=date(2023, 6, 1))
    saving = make_saving(**within, title="Shared senior posts", posts=[chief, place, legal, digital])
    for year, sums in LINES.items():
        for council, sum_ in zip(councils, sums, strict=True):
            make_line(saving=saving, council=council, financial_year=year, estimated=sum_)
    avoided = make_saving(**within, title="Depot not built", benefit_type="cost avoidance")
    make_line(saving=avoided, council=lowmarsh, financial_year="2023/24", estimated=15_000, figures_are_about=True)
    make_case(
        **within,
        title="Waste collection",
        service_area="Waste",
        expected_on=date(2023, 11, 1),
        expected_precision="month",
    )
    make_case(**within, title="Revenues and Benefits", stage="under consultation", estimated_saving=75_000)
    make_case(**within, title="ICT")
    make_arrangement(
        **within,
        kind="provision",
        service="Payroll",
        provider=wenshire,
        receiver=lowmarsh,
        started_on=date(2022, 10, 3),
    )
    body = make_body(**within, name="Joint Steering Group", short_name="JSG")
    cabinet = make_body(**within, council=wenshire, name="Cabinet", short_name="Cabinet", kind="executive")
    review = make_review(
        **within,
        title="Autumn review",
        body=body,
        as_at=date(2023, 9, 30),
        financial_year="2023/24",
        version_label="Final",
        review_due_on=date(2024, 3, 31),
    )
    for kind, given in (("principle", PRINCIPLES), ("objective", OBJECTIVES)):
        for number, (title, rating) in given.items():
            commitment = make_commitment(
                **within,
                kind=kind,
                number=number,
                short_title=title,
                statement=f"{title}.",
                adopted_on=date(2022, 3, 14),
            )
            make_assessment(review=review, commitment=commitment, rating=rating, commentary="As judged.")
    for title in ("Go on", "Grow", "Stop"):
        make_option(review=review, title=title, reasons="As weighed.")
    make_recommendation(review=review)
    make_recommendation(review=review)
    for text in ("Trust", "Pace"):
        make_swot_item(review=review, kind="strength", text=text)
    for text in ("Distance", "Old systems", "Turnover"):
        make_swot_item(review=review, kind="weakness", text=text)
    keep(
        CoverReport(
            review=review, body=cabinet, title="Cover", report_of="Chief officer", meeting_on=date(2023, 10, 17)
        )
    )
    return SimpleNamespace(**locals())


# A wrong sentence, and what its finding must show of the register.
WRONG = [
    ("All three councils together save £84,000 in 2023/24.", "£260,000"),
    ("The shared posts will bring in savings of two hundred and ninety thousand pounds this year.", "£260,000"),
    ("The joint posts are thought to save over a third of a million pounds in 2023/24.", "£260,000"),
    ("Wenshire alone is estimated to save £102,000 in 2023/24.", "£120,000"),
    ("The borough’s estimated saving for 2023/24 is GBP 48,000.", "£84,000"),
    ("The city expects savings of 65k in 2023-24.", "£56,000"),
    ("Estimated savings come to 260.000 euros in 2023/24.", "£260,000"),
    ("The joint posts should save £260 million in 2023/24.", "£260,000"),
    ("Lowmarsh avoids costs of roughly forty thousand pounds.", "about £15,000"),
    ("Savings in 2022/23 were estimated at nearly a quarter of a million.", "£130,000"),
    ("Revenues and Benefits is estimated to save £57,000.", "£75,000"),
    ("The posts are estimated to save £260,000 in 2023/24.", "£260,000"),
    ("In 2022/23 the posts are estimated to save {savings.2023-24.joint.estimated}.", "£130,000"),
    ("Over the next five years the saving is {savings.2023-24.joint.estimated}.", "2023/24"),
    ("The {savings.2023-24.lbc.estimated} is what Tarnbridge City Council saves.", "£56,000"),
    ("The partnership as a whole saves {savings.2023-24.tcc.estimated}.", "£260,000"),
    ("The county saves {savings.2023-24.joint.estimated} in {review.year}.", "£120,000"),
    ("The councils have eight joint posts.", "four joint posts"),
    ("Half a dozen senior roles are shared across the partnership.", "four joint posts"),
    ("Only three joint posts exist.", "four joint posts"),
    ("There are no joint posts.", "four joint posts"),
    ("Two joint posts are interim.", "one joint post interim"),
    ("Three business cases are under consultation.", "one business case under consultation"),
    ("Our seven principles", "five principles"),
    ("The review looked at two options.", "three options"),
    ("Four councils take part in the partnership.", "three councils"),
    ("The analysis lists five weaknesses.", "three weaknesses"),
    ("All the principles have been met.", "3 of 5 principles met"),
    ("Each of the objectives is met.", "1 of 4 objectives met"),
    ("Four of the five principles are met.", "3 of 5 principles met"),
    ("None of the objectives has been met.", "1 of 4 objectives met"),
    ("Most of the objectives have been met.", "1 of 4 objectives met"),
    ("Principle 4 has been fulfilled.", "At risk"),
    ("Objective 2 on shared depots has been achieved.", "Underway"),
    ("The principle on open books is not met.", "Met"),
    ("The Director of Environment is one of the joint posts.", "Director of Place"),
    ("The councils share a Head of Law.", "Head of Legal Services"),
    ("The Chief Digital Officer leads the work.", "Head of Digital"),
    ("Lowmarsh District Council and the county share a Chief Executive.", "Lowmarsh Borough Council"),
    ("Northmere City Council shares its Chief Executive with Wenshire County Council.", "Tarnbridge City Council"),
    ("The partnership began on 1 June 2022.", "1 May 2022"),
    ("The principles were adopted on 14 April 2022.", "14 March 2022"),
    ("The three councils agreed to work together in March 2021.", "February 2022"),
    ("The agreement was signed on 31 April 2022.", "April 2022 has 30 days"),
    ("The Cabinet will consider this on 24 October 2023.", "17 October 2023"),
    ("The Director of Place has been in post since January 2022.", "9 January 2023"),
    ("The business case for waste collection is due in December 2023.", "November 2023"),
    ("Payroll has been provided since October 2021.", "3 October 2022"),
    ("The Head of Legal Services is employed by Lowmarsh Borough Council.", "Tarnbridge City Council"),
    ("People in joint posts transfer to the employment of the county.", "stays employed by the council"),
    ("Half of the estimated saving in 2023/24 falls to the city.", "£56,000 of £260,000"),
    ("70 per cent of the savings go to Wenshire.", "£120,000 of £260,000"),
    ("A quarter of the joint posts are permanent.", "3 of 4 joint posts"),
    ("More joint posts are interim than permanent.", "one joint post interim"),
    ("The number of joint posts has fallen since May 2022.", "one joint post"),
    ("Estimated savings have trebled since 2022/23.", "£130,000"),
    ("The borough saves more than the county.", "£84,000 for LBC"),
    ("There are more strengths than weaknesses.", "three weaknesses"),
    ("The joint waste collection service is up and running.", "Waste collection"),
    ("A single information and communications technology team has served all three since April.", "ICT"),
    ("The Head of Revenues is in operation across all three councils.", "proposed"),
    ("The {savings.2023-24.joint.estimated} saved in {review.year} is in the bank.", "not recorded"),
    ("Auditors have verified the {savings.2023-24.wcc.estimated} of {review.year}.", "not recorded"),
    ("Three of the five principles are met.", "3 of 5 principles met"),
    ("The partnership has four joint posts.", "four joint posts"),
]

HARMLESS = [
    "The joint posts are estimated to save {savings.2023-24.joint.estimated} in 2023/24.",
    "Of this, {savings.2023-24.wcc.estimated} is for the county and {savings.2023-24.lbc.estimated} for the borough.",
    "The county expects {savings.2023-24.wcc.estimated} in {review.year}.",
    "In 2022/23 the posts were estimated to save {savings.2022-23.joint.estimated}.",
    "Elsewhere, Ashdale and Brockmere saved {external: £1.2 million | their annual report, 2021 | since 2017}.",
    "Ashdale and Brockmere reported 14 joint posts (their joint committee, March 2021).",
    "Section 101 of the Local Government Act 1972 lets a council arrange for another to act.",
    "Under section 113(1A) staff may be placed at the disposal of another council.",
    "Paragraph 3 of Schedule 12A concerns financial affairs.",
    "The county’s constitution, in its part 5, deals with this.",
    "A two-stage process was used.",
    "It was a one-off event.",
    "Call 01999 496000 to ask for help.",
    "About 92,000 people live in the borough.",
    "The staff survey of May 2023 had 310 replies, and 71 per cent were pleased.",
    "A third of callers at the front desk ask about bins, a count in June 2023 found.",
    "“We save more than half a million pounds a year,” another council’s leader told a paper.",
    "Members asked whether “every objective is met” can ever be said.",
    "If all the principles were met, the review would end.",
    "Not every principle has been met.",
    "Most of the principles have been met.",
    "Whether the objectives will be met depends on money.",
    "How far each objective is met",
    "Both sites will close on Good Friday.",
    "None of this changes the budget.",
    "All members are welcome.",
    "Each council names one officer.",
    "The seminar had six sessions.",
    "The Cabinet will consider this on 17 October 2023.",
    "Elections are on 2 May 2024.",
    "The deadline for comments is 20 October 2023.",
    "The Head of Planning at the city will write to residents.",
    "A former Director of Finance of another council advised us.",
    "The partnership began in May 2022.",
    "The principles were adopted on 14 March 2022.",
    "The Chief Executive is employed by Wenshire County Council.",
    "People in joint posts stay with the council that employed them.",
    "More joint posts are permanent than interim.",
    "The number of joint posts has grown since May 2022.",
    "The county saves more than the city.",
    "If waste collection were shared, one depot would do.",
    "The business case for waste collection is being developed.",
    "Joint buying could save money.",
    "Savings from buying together have not been counted.",
    "Council tax rose by 4.99 per cent in England in 2023/24 (Department for Levelling Up).",
    "Objective 2 is under way.",
    "Principle 4 is at risk.",
    "The plan is drawing 2023/114.",
    "Three steps follow: notice, handover and closure.",
    "Payroll has been provided since October 2022.",
    "The district nurse team works from two rooms.",
    "Wenshire County Council provides payroll to Lowmarsh Borough Council.",
    "Tarnbridge City Council and Wenshire County Council share a Head of Legal Services.",
]
