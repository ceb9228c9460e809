"""The savings ledger: what saves, what each council saves by it in each year, and who verified that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from business_cases.models import ServiceArrangement
from joint_posts.models import JointPost, Saving, SavingArrangement, SavingLine, SavingPost, SavingsTarget, figures
from partnership.accounts.permissions import require
from partnership.accounts.roles import Permission
from partnership.financial_years import FinancialYear
from partnership.models import Council, Partnership, Party, User
from partnership.records.record import recording
from partnership.records.workflow import set_not_stated

FIGURES = (*figures.FIELDS, figures.ABOUT)
COUNTED_ELSEWHERE = "counted elsewhere"
# What a verification confirms: whoever changes one of these has changed the figure, and it has to be verified again.
VERIFIED = ("council_id", "financial_year", "delivered", "delivered_to_on", "figures_are_about")
# What the figures of a saving's lines mean: to change it is to restate them.
MEANING = ("basis", "benefit_type", "attributed_percent", "shared_with_programme")
CALCULATION = ("calculated_from", "calculation", "calculation_key")
IN_BUDGET = ("is_in_budget", "budget_reference")


def record_saving(
    partnership: Partnership,
    *,
    title: str,
    category: str,
    benefit_type: str,
    basis: str,
    identified_on: date,
    posts: Iterable[JointPost] = (),
    arrangements: Iterable[ServiceArrangement] = (),
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
    **facts: Any,
) -> Saving:
    """Put a saving in the ledger with the joint posts and service arrangements it comes from; `set_line` says how much.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``post`` or ``arrangement`` of another partnership.
    """
    saving = Saving(partnership=partnership, title=title, category=category, benefit_type=benefit_type)
    saving.basis = basis
    saving.identified_on = identified_on
    for name, fact in facts.items():
        setattr(saving, name, fact)
    require(by, Permission.KEEP_SAVINGS, saving)
    set_not_stated(saving, not_stated, by=by)
    with recording(by=by, reason=reason):
        saving.full_clean_and_save()
        for post in posts:
            SavingPost(saving=saving, post=post).full_clean_and_save()
        for arrangement in arrangements:
            SavingArrangement(saving=saving, arrangement=arrangement).full_clean_and_save()
    return saving


def change_saving(saving: Saving, *, by: User, reason: str) -> Saving:
    """Save a changed saving. When what its figures mean changed, its lines are restated: by whom stands on them.

    The verification of restated lines is cleared, and whoever restated them does not verify them.

    Raises ``Stale``, ``PermissionDenied``, and ``ValidationError`` when a post behind it would count twice.
    """
    require(by, Permission.KEEP_SAVINGS, saving)
    stored = Saving.objects.get(pk=saving.pk)
    means_otherwise = any(getattr(saving, name) != getattr(stored, name) for name in MEANING)
    with recording(by=by, reason=reason):
        saving.full_clean_and_save()
        for line in saving.lines.active().select_related("council") if means_otherwise else ():
            _check_counted_once(saving, line.council, line.financial_year)
            _restate(line, by=by)
            line.full_clean_and_save()
    return saving


def link_post(link: SavingPost, *, by: User, reason: str) -> SavingPost:
    """Link a joint post to a saving, or change which one.

    Raises ``Stale``, ``PermissionDenied``, and ``ValidationError`` on ``post`` when it already counts elsewhere for a
    council and year of this saving.
    """
    require(by, Permission.KEEP_SAVINGS, link.saving)
    with recording(by=by, reason=reason):
        link.full_clean_and_save()
        for line in link.saving.lines.active().select_related("council"):
            _check_counted_once(link.saving, line.council, line.financial_year, field="post")
    return link


def set_line(
    saving: Saving,
    council: Council,
    financial_year: str = "",
    *,
    line: SavingLine | None = None,
    on: date | None = None,
    by: User,
    reason: str,
    not_stated: Mapping[str, str] | None = None,
    **facts: Any,
) -> SavingLine:
    """Enter or change what one council saves in one financial year, in pounds; facts not named stay as they are.

    ``facts`` are those of `FIGURES`, `IN_BUDGET` and `CALCULATION`. ``line`` names the row when its council or year
    changes too. A change of what is delivered, of what it covers, or of the council or year clears the verification;
    a change of the estimate, forecast or cost alone does not. Raises ``Stale`` when the line was changed
    meanwhile, ``PermissionDenied``; ``ValidationError`` on ``council`` for a stranger, on ``financial_year`` when a
    post behind the saving is already counted elsewhere, or on the figure; ``TypeError`` for a fact that a line lacks.
    """
    line = ready_line(saving, council, financial_year, line=line, on=on, by=by, not_stated=not_stated, **facts)
    with recording(by=by, reason=reason):
        return line.full_clean_and_save()


def ready_line(
    saving: Saving,
    council: Council,
    financial_year: str = "",
    *,
    line: SavingLine | None = None,
    on: date | None = None,
    by: User,
    not_stated: Mapping[str, str] | None = None,
    counted: Counted | None = None,
    **facts: Any,
) -> SavingLine:
    """The line as ``set_line`` writes it, not yet written: for many at once through ``bulk_record``.

    ``counted`` is one for all of them: it spares each line the look-ups of the one before.
    """
    counted = counted or Counted()
    require(by, Permission.KEEP_SAVINGS, saving)
    if line is not None and line.saving_id != saving.pk:
        raise ValidationError("This line belongs to another saving.")
    unknown = set(facts) - {*FIGURES, *IN_BUDGET, *CALCULATION}
    if unknown:
        raise TypeError(f"A line has no {', '.join(sorted(unknown))}.")
    if line is not None and line.pk and line.council_id != council.pk:
        line.why_not_hand_over(by=by, to=SavingLine(saving=saving, council=council)).check()
    _check_counted_once(saving, council, financial_year, counted=counted)
    is_moved = line is None or (line.council_id, line.financial_year) != (council.pk, financial_year)
    if is_moved and (sentence := _wrong_with_year(council, financial_year, counted.parties(saving))):
        raise ValidationError({"financial_year": sentence})
    own = saving.lines.active().filter(council=council, financial_year=financial_year)
    line = line or own.first() or SavingLine(saving=saving)
    for name, fact in {"council": council, "financial_year": financial_year, **facts}.items():
        setattr(line, name, fact)
    if "delivered_to_on" in facts:
        try:
            line._meta.get_field("financial_year").clean(financial_year, line)
        except ValidationError as error:
            raise ValidationError({"financial_year": error}) from error
        if sentence := line.wrong_with_delivery(on):
            raise ValidationError({"delivered_to_on": sentence})
    set_not_stated(line, not_stated, by=by)
    stored = None if line._state.adding else SavingLine.objects.filter(pk=line.pk).first()
    is_changed = _differs(line, stored, ("council_id", "financial_year", *FIGURES))
    if _differs(line, stored, VERIFIED):
        _restate(line, by=by)
    elif is_changed and line.verified_by_id is None:
        line.figures_changed_by = by
    if is_changed and "calculation" not in facts:
        # A figure changed by hand no longer comes from the calculation.
        line.calculated_from = None
        line.calculation = ""
        line.calculation_key = ""
    counted.note(saving, council, financial_year)
    return line


def _wrong_with_year(council: Council, financial_year: str, parties: Sequence[Party]) -> str:
    """Return why a council has no line in a year: it is not party on any day of it; "" where it may have one.

    A council that was never party is refused by the rule of tenancy, and a text that is no year by its field.
    """
    own = [party for party in parties if party.council_id == council.pk]
    try:
        year = FinancialYear.read(financial_year)
    except ValueError:
        return ""
    if not own or any(party.is_party_in(year) for party in own):
        return ""
    return f"{council} is not party to the partnership in {year}. Enter a year in which it is."


def verify_line(line: SavingLine, *, on: date, note: str = "", by: User) -> SavingLine:
    """Verify a delivered figure for the council that it belongs to.

    Raises ``PermissionDenied`` for another council's verifier and for whoever entered or restated the figures, and
    ``ValidationError`` when nothing is delivered yet or somebody has verified it.
    """
    line.why_not_verify(by=by, on=on).check()
    with recording(by=by, reason=note or "Delivered figure verified"):
        line.verified_by = by
        line.verified_on = on
        line.verification_note = note
        return line.full_clean_and_save()


def verify_lines(lines: Iterable[SavingLine], *, on: date, note: str, by: User) -> list[SavingLine]:
    """Verify several delivered figures with one note: all of them or none.

    Raises what `verify_line` raises for any of them, and ``Stale`` when one was changed since it was read.
    """
    with transaction.atomic():
        return [verify_line(line, on=on, note=note, by=by) for line in lines]


def _differs(line: SavingLine, stored: SavingLine | None, names: Iterable[str]) -> bool:
    """Return whether the line is new, or one of these fields differs from the stored row."""
    return stored is None or any(getattr(line, name) != getattr(stored, name) for name in names)


def _restate(line: SavingLine, *, by: User) -> None:
    """Note on the unsaved line who changed its figures; nobody has verified them since."""
    line.figures_changed_by = by
    line.verified_by = None
    line.verified_on = None
    line.verification_note = ""


def _check_counted_once(
    saving: Saving,
    council: Council,
    financial_year: str,
    *,
    field: str = "financial_year",
    counted: Counted | None = None,
) -> None:
    """A post stands in one counted saving for each council, year and kind of benefit, or it would count twice."""
    if not financial_year:
        return
    found = (counted or Counted()).elsewhere(saving, council, financial_year)
    if found:
        post, rival = found
        sentence = f"{post} already counts for {council} in {financial_year}, in the saving “{rival}”."
        # A form's error summary links to the record; the sentence passes through % formatting on its way there.
        params = {"record": rival}
        counted = ValidationError(sentence.replace("%", "%%"), code=COUNTED_ELSEWHERE, params=params)
        raise ValidationError({field: counted})


Place = tuple[int, str]  # a council and a financial year


class Counted:
    """Looks up where posts are counted. Kept while many lines are made ready, it reads once a saving.

    What a kept one has read does not change; `note` adds the lines made ready since.
    """

    def __init__(self) -> None:
        self._posts: dict[int, set[int]] = {}
        self._rivals: dict[int, dict[Place, SavingPost]] = {}
        self._noted: dict[tuple[int, str, Place], Saving] = {}
        self._parties: dict[int, list[Party]] = {}

    def parties(self, saving: Saving) -> list[Party]:
        """Return the parties of the saving's partnership."""
        if saving.partnership_id not in self._parties:
            found = Party.objects.active().filter(partnership=saving.partnership_id)
            self._parties[saving.partnership_id] = list(found)
        return self._parties[saving.partnership_id]

    def elsewhere(self, saving: Saving, council: Council, year: str) -> tuple[JointPost, Saving] | None:
        """A post behind the saving that counts in another one for the council, year and benefit type, and that one."""
        if saving.pk not in self._rivals:
            self._posts[saving.pk] = set(saving.posts.active().values_list("post", flat=True))
            self._rivals[saving.pk] = self._read_rivals(saving) if self._posts[saving.pk] else {}
        stored = self._rivals[saving.pk].get((council.pk, year))
        return (stored.post, stored.saving) if stored else self._noted_elsewhere(saving, (council.pk, year))

    def note(self, saving: Saving, council: Council, year: str) -> None:
        """Remember a line that is ready and will be written with the next ones."""
        for post in self._posts.get(saving.pk, ()):
            self._noted.setdefault((post, saving.benefit_type, (council.pk, year)), saving)

    def _read_rivals(self, saving: Saving) -> dict[Place, SavingPost]:
        others = Saving.objects.active().filter(benefit_type=saving.benefit_type).exclude(pk=saving.pk)
        links = SavingPost.objects.active().filter(post__in=self._posts[saving.pk], saving__in=others)
        by_saving = {link.saving_id: link for link in links.select_related("post", "saving").order_by("-pk")}
        lines = SavingLine.objects.active().filter(saving__in=by_saving).exclude(financial_year="").order_by("-pk")
        return {
            (council, year): by_saving[other]
            for other, council, year in lines.values_list("saving", "council", "financial_year")
        }

    def _noted_elsewhere(self, saving: Saving, place: Place) -> tuple[JointPost, Saving] | None:
        for post in self._posts[saving.pk]:
            other = self._noted.get((post, saving.benefit_type, place))
            if other is not None and other.pk != saving.pk:
                return JointPost.objects.get(pk=post), other
        return None


def set_target(target: SavingsTarget, *, by: User, reason: str) -> SavingsTarget:
    """Set or change what a council means to save in a year.

    Raises ``PermissionDenied``, and ``ValidationError`` on ``council`` for a council that is no party.
    """
    require(by, Permission.KEEP_SAVINGS, target)
    with recording(by=by, reason=reason):
        return target.full_clean_and_save()
