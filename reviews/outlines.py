"""What each kind of paper holds, in order, as data. A review starts from an outline; officers write its narrative."""

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

OUTLINES: dict[str, Outline] = {"gateway": GATEWAY}
