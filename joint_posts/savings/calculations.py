"""From calculation to ledger: the worked saving of a post put into lines, and an aggregate line broken down by post."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from joint_posts.costs.apportionment import CouncilYear, PostYear, post_year
from joint_posts.models import JointPost, Saving, SavingLine
from joint_posts.savings.workflow import record_saving, set_line
from partnership.financial_years import FinancialYear
from partnership.models import Council, User
from partnership.money import pounds
from partnership.records.record import recording
from partnership.records.workflow import withdraw
from partnership.wording import listed

BASIS = "Worked from the cost of the post, the councils' shares of it, and what each council's own post cost before."
Parts = Mapping[JointPost, Mapping[Council, Decimal]]


def put_into_ledger(
    post: JointPost, *, year: FinancialYear, on: date, saving: Saving | None = None, by: User, reason: str
) -> list[SavingLine]:
    """Write the worked saving of a post in a year into the ledger for each council whose saving is known, in pounds.

    A line without an estimate gets the sum as its estimate; one with an estimate keeps it, and the sum is its
    forecast. Councils whose saving is not known are left out (`left_out` names them); a later run adds them. Without
    ``saving`` the lines go to the one opened for the post before, or to a new one identified ``on`` that day. Raises
    ``PermissionDenied``, and ``ValidationError`` when no council's saving is known, when nobody held the post in the
    year and no line of it is to be corrected, or when the post is counted in another saving.
    """
    post.why_not_put_into_ledger(by=by, on=on).check()
    worked = post_year(post, year)
    lines = SavingLine.objects.active().filter(calculated_from=post, financial_year=str(year))
    written_before = set(lines.values_list("council", flat=True))
    known = [part for part in worked.councils if part.saving is not None]
    parts = [part for part in known if part.segments or part.council.pk in written_before]
    missing = left_out(worked)
    if not parts and missing:
        raise ValidationError(missing)
    if not parts:
        raise ValidationError(f"Nobody held the post in {year}, so that it saves nothing then. Choose another year.")
    with recording(by=by, reason=reason):
        saving = saving or _saving_of(post, on, by=by, reason=reason)
        return [_line(saving, part, worked, post, by=by, reason=reason) for part in parts]


def left_out(worked: PostYear) -> list[str]:
    """Return sentences that name each council whose saving in the year is not known, and say what is missing for it.

    Only councils that are party on a day on which the post is filled need a baseline.
    """
    if not worked.councils:
        return list(worked.gaps)
    sentences = []
    without_cost = [str(part.council) for part in worked.councils if not part.is_known]
    if without_cost:
        sentences = [f"Part of the cost of {listed(without_cost)} is not recorded.", *worked.gaps]
    for part in worked.councils:
        if part.is_known and part.lacks_baseline:
            sentences.append(f"The baseline of {part.council} is not recorded.")
    return sentences


def left_out_in_words(post: JointPost, year: FinancialYear) -> str:
    """Return what the page of a post says of the councils that are left out in a year; "" where none is."""
    sentences = left_out(post_year(post, year))
    return f"Left out for {year}: {' '.join(sentences)}" if sentences else ""


def _saving_of(post: JointPost, on: date, *, by: User, reason: str) -> Saving:
    own = Saving.objects.active().filter(posts__post=post, lines__calculated_from=post)
    return own.first() or record_saving(
        post.partnership,
        title=f"Sharing the post of {post.title}",
        category=Saving.Category.SHARED_MANAGEMENT,
        benefit_type=Saving.BenefitType.CASHABLE,
        recurrence=Saving.Recurrence.RECURRING,
        basis=BASIS,
        identified_on=on,
        posts=[post],
        by=by,
        reason=reason,
    )


def _line(saving: Saving, part: CouncilYear, worked: PostYear, post: JointPost, *, by: User, reason: str) -> SavingLine:
    lines = saving.lines.active().filter(council=part.council, financial_year=str(worked.year))
    stored = lines.first()
    figure = "estimated" if stored is None or stored.estimated is None else "forecast"
    return set_line(
        saving,
        part.council,
        str(worked.year),
        **{figure: part.saving},
        calculated_from=post,
        calculation=_arithmetic(part),
        calculation_key=worked.key,
        by=by,
        reason=reason,
    )


def is_out_of_date(line: SavingLine) -> bool:
    """Return whether the line would be worked out otherwise now. The line itself stays as it is."""
    if line.calculated_from_id is None or not line.financial_year:
        return False
    worked = post_year(line.calculated_from, FinancialYear.read(line.financial_year))
    if worked.key == line.calculation_key:
        return False
    part = worked.of(line.council)
    return bool(worked.gaps) or part is None or _arithmetic(part) != line.calculation


def _arithmetic(part: CouncilYear) -> str:
    """Return how a council's saving was worked out, a line for each segment."""
    return "\n".join(segment.saving_in_words for segment in part.segments)


def break_down(saving: Saving, *, financial_year: str, parts: Parts, on: date, by: User, reason: str) -> Decimal:
    """Replace the lines that one saving has for several posts in a year by a saving for each post.

    The aggregate lines are withdrawn on a day and the parts written in one transaction. Gives back, in pounds, by how
    much the parts are more than what they replace. Raises ``PermissionDenied``, and ``ValidationError`` when the saving
    has no line for the year, or a part names a post that is not behind it.
    """
    saving.why_not_break_down(by=by, on=on).check()
    lines = list(saving.lines.active().filter(financial_year=financial_year))
    behind = {link.post for link in saving.posts.active().select_related("post")}
    if not lines:
        raise ValidationError({"financial_year": f"This saving has no line for {financial_year}."})
    if unknown_posts := [str(post) for post in parts if post not in behind]:
        raise ValidationError(f"These posts are not behind the saving: {', '.join(unknown_posts)}.")
    before = sum((line.estimated or Decimal(0) for line in lines), Decimal(0))
    after = sum((sum(amounts.values(), Decimal(0)) for amounts in parts.values()), Decimal(0))
    why = f"{reason.strip()} ({difference_in_words(after - before)})"
    with recording(by=by, reason=why):
        for line in lines:
            withdraw(line, on=on, by=by, reason=why)
        for post, amounts in parts.items():
            _write_part(saving, post, amounts, financial_year, by=by, reason=why)
    return after - before


def difference_in_words(difference: Decimal) -> str:
    """Compare the parts with what they replace, in words."""
    if not difference:
        return "the parts add up to what they replace"
    word = "more" if difference > 0 else "less"
    return f"the parts are {pounds(abs(difference), pence=True)} {word} than what they replace"


def _write_part(
    saving: Saving, post: JointPost, amounts: Mapping[Council, Decimal], year: str, *, by: User, reason: str
) -> None:
    part = record_saving(
        saving.partnership,
        title=f"{saving.title}: {post.title}",
        category=saving.category,
        benefit_type=saving.benefit_type,
        recurrence=saving.recurrence,
        basis=saving.basis,
        caveats=saving.caveats,
        identified_on=saving.identified_on,
        attributed_percent=saving.attributed_percent,
        shared_with_programme=saving.shared_with_programme,
        posts=[post],
        by=by,
        reason=reason,
    )
    for council, amount in amounts.items():
        set_line(part, council, year, estimated=amount, by=by, reason=reason)
