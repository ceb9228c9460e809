"""Outlines: the sections of each kind of paper, in order, as data. A review starts from one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OutlineSection:
    """One section of an outline: its key, level (1 section, 2 sub-section, 9 appendix), heading and first text."""

    key: str
    level: int
    heading: str
    narrative: str = ""


@dataclass(frozen=True)
class Outline:
    """A kind of paper."""

    name: str
    sections: tuple[OutlineSection, ...]
    # Of which year's returns of the significant partnerships it speaks: its own (0), the one before (1), or of none.
    years_back: int | None = None


S = OutlineSection

GATEWAY = Outline(
    "Gateway review",
    (
        S("summary", 1, "Executive summary"),
        S("recommendations", 1, "Recommendations", "{list:recommendations}"),
        S("background", 1, "Background", "{table:working-models}\n\n{table:comparators}"),
        S("progress", 1, "Partnership progress"),
        S("delivery", 2, "Delivery of joint working opportunities", "{table:deliverables}"),
        S("money", 2, "Financial benefits", "{table:savings}\n\n{chart:savings}"),
        S("commitments", 2, "Principles and objectives", "{table:principles}\n\n{table:objectives}"),
        S("benefits", 2, "Summary of benefits achieved"),
        S("proposals", 1, "Proposals for partnership development and next steps"),
        S("governance", 2, "Governance"),
        S("performance", 2, "Performance and review"),
        S("operations", 2, "Operational and project delivery"),
        S("options", 2, "Options for the future and next steps", "{list:options}"),
        S("adopted", 9, "Joint working principles and objectives", "{list:principles}\n\n{list:objectives}"),
        S("swot", 9, "Strengths, weaknesses, opportunities and threats", "{table:swot}"),
    ),
)

ANNUAL = Outline(
    "Annual performance report",
    (
        S("summary", 1, "The year in brief", "{principles.summary}; {objectives.summary}."),
        S("recommendations", 1, "Recommendations", "{list:recommendations}"),
        S("outcomes", 1, "Outcomes", "What residents and services gained."),
        S("achievements", 1, "Achievements", "{posts.summary}.\n\n{table:deliverables}"),
        S("money", 1, "Savings", "{table:savings}\n\n{chart:savings}\n\n{list:caveats}"),
        S("commitments", 1, "Principles and objectives", "{table:trends}"),
        S("not-met", 2, "Not yet met", "{list:commitments-not-met}"),
        S("prospectus", 1, "Prospectus of opportunities", "{table:pipeline}\n\n{table:cases}"),
        S("earlier", 1, "What came of earlier recommendations", "{table:earlier-recommendations}"),
        S("governance", 1, "Governance and assurance"),
        S("adopted", 9, "Principles and objectives", "{list:principles}\n\n{list:objectives}"),
    ),
)

UPDATE = Outline(
    "Partnership update",
    (
        S("summary", 1, "In brief"),
        S("posts", 1, "Joint posts", "{posts.summary}.\n\n{table:posts}"),
        S("money", 1, "What it saves", "{table:savings}\n\n{list:caveats}"),
        S("pipeline", 1, "What is being worked on", "{table:cases}\n\n{table:pipeline}"),
        S("next", 1, "What comes next"),
    ),
)

PARTNERSHIPS = Outline(
    "Annual partnerships report",
    (
        S(
            "summary",
            1,
            "Summary",
            "On {review.as-at} the register holds {significant.phrase}. Annual returns for {significant.year} that are "
            "in and approved: {significant.reported.count} of {significant.count}.",
        ),
        S("recommendations", 1, "Recommendations", "{list:recommendations}"),
        S("partnerships", 1, "The significant partnerships", "{table:significant-partnerships}"),
        S("achievements", 1, "Achievements of the year", "{list:achievements}"),
        S("governance", 1, "Governance", "How the partnerships are run, what may go wrong, and what is to be mended."),
        S("progress", 2, "Progress in the year", "{list:governance-progress}"),
        S("arrangements", 2, "Arrangements", "{table:partnership-governance}\n\n{table:partnership-funding}"),
        S("risks", 2, "Risks", "{table:partnership-risks}"),
        S("completeness", 2, "What is not on record", "{table:completeness}"),
        S("actions", 1, "Actions for next year", "{list:next-actions}"),
        S("common", 1, "Partnerships common to the councils of the county", "{list:common-partnerships}"),
        S("proposals", 1, "Proposals to improve partnership working"),
        S("outcome", 1, "What was decided", "{list:resolutions}\n\n{table:referrals}"),
    ),
    years_back=0,
)

QUARTERLY = Outline(
    "Quarterly partnerships extract",
    (
        S("summary", 1, "In brief", "On {review.as-at} the register holds {significant.phrase}."),
        S("actions", 1, "What the partnerships set out to do this year", "{list:next-actions}"),
        S("risks", 1, "Risks", "{table:partnership-risks}"),
        S("partnerships", 1, "The significant partnerships", "{table:significant-partnerships}"),
        S("completeness", 1, "What is not on record", "{table:completeness}"),
    ),
    years_back=1,
)

OUTLINES: dict[str, Outline] = {
    "gateway": GATEWAY,
    "annual": ANNUAL,
    "update": UPDATE,
    "partnerships": PARTNERSHIPS,
    "quarterly": QUARTERLY,
}

# The sections of a cover report, in the usual order: key and heading. A council may have its own (`CoverStyle`).
COVER: dict[str, str] = {
    "purpose": "Purpose of report",
    "recommendations": "Recommendations",
    "introduction": "Introduction",
    "details": "Report details",
    "conclusion": "Conclusion and reasons for recommendations",
    "consultation": "Consultation",
    "alternatives": "Alternative options and reasons for rejection",
    "implications": "Implications",
    "sign-off": "Report of",
    "appendices": "Appendices",
    "background": "Background papers",
    "contact": "Contact",
}
COVER_ORDER = "\n".join(f"{key}: {heading}" for key, heading in COVER.items())
# These the system writes itself; the others are the draft that all covers share, begun with this text.
COVER_DRAWN = ("implications", "sign-off", "appendices", "contact")
COVER_DRAFT: dict[str, str] = {
    "purpose": "To lay the {review.title} before the {this-council.executive}.",
    "recommendations": "1. note the report at {ref:annex}.\n2. agree the recommendations in it.",
    "introduction": "{ref:annex} is the {review.report}.",
    "details": "",
    "conclusion": "",
    "consultation": "",
    "alternatives": "These options were weighed and rejected:\n\n{list:alternatives}",
    "background": "",
}
