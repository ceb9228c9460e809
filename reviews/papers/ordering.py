"""Order a review's sections, so that a move changes as few positions as it can."""

from __future__ import annotations

from itertools import takewhile
from typing import Final

from django.core.exceptions import ValidationError

from reviews.models import Section

GAP = 100  # between the positions of neighbours: a section put between two of them changes neither
END: Final = "end"
Level = Section.Level


def with_subsections(section: Section, rows: list[Section]) -> list[Section]:
    """The section, as it stands among the rows, and the sub-sections that follow it."""
    own, *following = rows[rows.index(section) :]
    if own.level != Level.SECTION:
        return [own]
    return [own, *takewhile(lambda row: row.level == Level.SUB_SECTION, following)]


def placed(others: list[Section], moved: list[Section], after: Section | str | None) -> list[Section]:
    """The rows whose position changes when some are put behind another one, in front (``None``) or at the `END`.

    Raises ``ValidationError`` on ``after`` where they cannot stand.
    """
    place = _place(others, moved[0], after)
    before = others[:place][-1:]
    behind = others[place : place + 1]
    _check_neighbours(before, moved[0], behind)
    low = before[0].position if before else 0
    high = behind[0].position if behind else low + GAP * (len(moved) + 1)
    step = (high - low) // (len(moved) + 1)
    rows = moved
    if not step:  # there is no room between the neighbours, so all of them are spread out anew
        rows = [*others[:place], *moved, *others[place:]]
        low = 0
        step = GAP
    for number, row in enumerate(rows, start=1):
        row.position = low + number * step
    return rows


def _place(others: list[Section], first: Section, after: Section | str | None) -> int:
    """Return the number of rows before them. A main section goes behind the sub-sections of the one before."""
    if after is None:
        return 0
    if after == END:
        later = (Level.COVER,) if first.level == Level.APPENDIX else (Level.COVER, Level.APPENDIX)
        return next((place for place, row in enumerate(others) if row.level in later), len(others))
    if after not in others:
        raise ValidationError({"after": "It goes along itself. Choose a section that stays where it is."})
    last = after if first.level == Level.SUB_SECTION else with_subsections(after, others)[-1]
    return others.index(last) + 1


def _check_neighbours(before: list[Section], moved: Section, behind: list[Section]) -> None:
    earlier = {row.level for row in before}
    later = {row.level for row in behind}
    if Level.COVER in earlier | {moved.level}:
        raise ValidationError({"after": "The draft of the cover reports keeps its place at the end."})
    if moved.level == Level.SUB_SECTION and not earlier & {Level.SECTION, Level.SUB_SECTION}:
        raise ValidationError({"after": "A sub-section stands below a section. Choose where below one it goes."})
    is_after_appendix = moved.level == Level.SECTION and Level.APPENDIX in earlier
    is_before_section = moved.level == Level.APPENDIX and bool(later & {Level.SECTION, Level.SUB_SECTION})
    if is_after_appendix or is_before_section:
        raise ValidationError({"after": "Appendices stand behind all sections. Choose another place."})
