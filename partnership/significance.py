"""Which councils had a partnership on their registers on any day."""

from __future__ import annotations

from collections import defaultdict

from partnership.models import Council, SignificantPartnership
from partnership.moments import Moment, rows_known


def entries_on(moment: Moment, partnerships: list[int]) -> dict[int, list[SignificantPartnership]]:
    """The entries that stood on the councils' registers at a moment, by the partnership's number."""
    rows = rows_known(SignificantPartnership, moment.known_at, partnership_id__in=partnerships)
    standing = [row for row in rows if row.is_on_register(moment.as_at)]
    councils = {
        row.pk: row for row in rows_known(Council, moment.known_at, id__in=sorted({row.council_id for row in standing}))
    }
    found = defaultdict(list)
    for row in standing:
        if row.council_id in councils:
            row.council = councils[row.council_id]
            found[row.partnership_id].append(row)
    return found
