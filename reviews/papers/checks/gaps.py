"""Find what a review lacks: ratings, dates, reasons, classes, and facts that the sources leave open."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from django.urls import reverse

from partnership.dates import NOT_STATED
from partnership.financial_years import FinancialYear
from partnership.models import Partnership
from partnership.wording import listed
from reviews.facts.reviewed import NOT_RATED, ReviewFacts
from reviews.models import PublicationClass, SwotItem
from reviews.models.classes import BY_NAME
from reviews.models.outlines import ANNUAL
from reviews.papers.checks.findings import Finding
from reviews.papers.document import has_subsections, numbered
from reviews.papers.narrative import TOKEN

CONTROL = "Document control"


def gaps(review: ReviewFacts, not_stated: frozenset[str]) -> Iterator[Finding]:
    """Everything missing. ``not_stated`` are the facts of the review that its source leaves open."""
    yield from _ratings(review)
    yield from _control(review, not_stated)
    yield from _sections(review)
    yield from _options(review)
    yield from _analysis(review)
    yield from _left_open(review)
    yield from _counted_twice(review)
    yield from _annual_report(review)


PRINTS_RATINGS = frozenset({"table:trends", "list:commitments-not-met"})
PRINTS_OPTIONS = frozenset({"list:options", "list:alternatives"})


def named_in_text(review: ReviewFacts) -> frozenset[str]:
    """Return the names of all figures, tables and lists that the paper's text or its covers' draft asks for."""
    texts = [section.narrative for section in (*review.sections, *review.cover_sections)]
    return frozenset(itertools.chain.from_iterable(map(TOKEN.findall, texts)))


def prints_ratings_of(review: ReviewFacts, kind: str) -> bool:
    """Return whether the paper prints how far its principles, or its objectives, are met."""
    names = named_in_text(review)
    adopted = {f"{kind}s.adopted", f"{kind}s.count", f"{kind}s.phrase"}
    figures = {name for name in names if name.startswith(f"{kind}s.")} - adopted
    return bool(figures or names & (PRINTS_RATINGS | {f"table:{kind}s"}))


def _ratings(review: ReviewFacts) -> Iterator[Finding]:
    """Name the ratings that the paper prints and that nobody has given yet."""
    add = reverse("assessment_create", args=[review.slug])
    for rating in review.ratings:
        if rating.rating == NOT_RATED and prints_ratings_of(review, rating.commitment.kind):
            commitment = rating.commitment
            place = f"{commitment.kind.capitalize()} {commitment.number}"
            sentence = f"“{commitment.short_title}” is not rated. Rate it; the summary counts the ratings."
            yield Finding("rating-missing", place, sentence, True, add)


def _control(review: ReviewFacts, not_stated: frozenset[str]) -> Iterator[Finding]:
    edit = reverse("review_edit", args=[review.slug])
    if not review.version_label.strip():
        yield Finding("version", CONTROL, "The paper has no version. Give it one.", True, edit)
    elif re.search(r"\bdraft\b", review.version_label, re.IGNORECASE):
        sentence = "The version still says draft. Name the version that is published."
        yield Finding("version", CONTROL, sentence, False, edit, review.version_label)
    if review.review_due_on is None:
        is_open = "review_due_on" in not_stated
        sentence = (
            "The source states no review date; the paper says so."
            if is_open
            else "The paper has no review date. Say when it is to be looked at again; “NA” is not a date."
        )
        yield Finding("review-date", CONTROL, sentence, not is_open, edit)
    for label, value in (("report author", review.author_title), ("publication route", review.publication_route)):
        if not value:
            yield Finding("control", CONTROL, f"The {label} is not stated.", False, edit)


def _sections(review: ReviewFacts) -> Iterator[Finding]:
    shown = [*numbered(review.sections)]
    for section, label in shown:
        place = label if " " in label else f"Section {label}"
        edit = reverse("section_edit", args=[section.id])
        is_empty = not section.narrative.strip() and section.publication_class not in BY_NAME
        if is_empty and not has_subsections(section, shown):
            sentence = f"“{section.heading}” is empty. Write it, or take the section out."
            yield Finding("empty-section", place, sentence, False, edit, section_id=section.id)
        if section.is_from_last_time:
            sentence = "This text is last time’s, unchanged. Read it through and save it."
            yield Finding("from-last-time", place, sentence, False, edit, section_id=section.id)
        if section.publication_class == PublicationClass.PARTNERSHIP:
            sentence = "Only members will read this: the public edition leaves it out. Set its class if it is public."
            yield Finding("class", place, sentence, False, edit, section_id=section.id)


def _options(review: ReviewFacts) -> Iterator[Finding]:
    if not named_in_text(review) & PRINTS_OPTIONS:
        return
    for number, option in enumerate(review.options, start=1):
        if not option.reasons.strip():
            verb = "preferred" if option.is_preferred else "rejected"
            edit = reverse("option_edit", args=[option.id])
            sentence = f"“{option.title}” does not say why it is {verb}. Give the reason."
            yield Finding("option-reason", f"Option {number}", sentence, not option.is_preferred, edit)
    if len(review.options) == 1:
        add = reverse("option_create", args=[review.slug])
        sentence = "Only one option is weighed. Say what else was considered, doing nothing among it."
        yield Finding("one-option", "Options", sentence, False, add)


def _analysis(review: ReviewFacts) -> Iterator[Finding]:
    present = {item.kind for item in review.swot}
    missing = [kind.label.lower() for kind in SwotItem.Kind if kind not in present]
    if "table:swot" in named_in_text(review) and present and missing:
        add = reverse("swotitem_create", args=[review.slug])
        yield Finding("analysis", "Analysis", f"The analysis names no {listed(missing)}.", False, add)


def _left_open(review: ReviewFacts) -> Iterator[Finding]:
    for post in review.facts.posts:
        if post.appointment == NOT_STATED and post.is_in_post:
            link = reverse("jointpost_detail", args=[post.id])
            sentence = f"{post.title}: appointment not stated; the paper says so."
            yield Finding("not-stated", "Joint posts", sentence, False, link)
    year = review.financial_year or str(FinancialYear.containing(review.as_at))
    for saving in review.facts.savings.in_year(year):
        if any(line.cost_to_achieve is None for line in saving.lines_of(year)):
            link = reverse("saving_detail", args=[saving.id])
            sentence = f"{saving.title}: the cost of achieving it is not recorded, so the net saving is not known."
            yield Finding("cost-not-recorded", f"Savings {year}", sentence, False, link)
        if len(saving.post_ids) > 1:
            sentence = f"{saving.title}: one sum for {len(saving.post_ids)} posts, which nobody can check post by post."
            yield Finding(
                "not-broken-down", f"Savings {year}", sentence, False, reverse("saving_detail", args=[saving.id])
            )


def _counted_twice(review: ReviewFacts) -> Iterator[Finding]:
    cashable = [row for row in review.facts.savings.savings if row.is_cashable]
    for row in review.facts.savings.savings:
        behind = {*row.arrangement_ids} | {-number for number in row.post_ids}
        for other in cashable:
            if not row.is_cashable and behind & ({*other.arrangement_ids} | {-number for number in other.post_ids}):
                sentence = (
                    f"“{row.title}” and “{other.title}” have a post or arrangement in common. Is a pound in both?"
                )
                yield Finding("overlap", "Savings", sentence, False, reverse("saving_detail", args=[row.id]))


def _annual_report(review: ReviewFacts) -> Iterator[Finding]:
    """Check that the annual report goes where the partnership's rules send it; advise where they say nothing."""
    if review.kind != ANNUAL.name:
        return
    link = f"{reverse('agendaitem_create')}?review={review.id}"
    if review.annual_report_body == Partnership.DecidedBy.JOINT_COMMITTEE:
        if not any(meeting.is_public_joint_committee for meeting in review.meetings):
            sentence = "No public meeting of the joint committee takes this annual report yet. Take it to one."
            yield Finding("annual-report", "Meetings", sentence, True, link)
    elif review.annual_report_body == Partnership.DecidedBy.EACH_COUNCIL:
        taking = {meeting.council_id for meeting in review.meetings if meeting.is_public}
        missing = [council.short_name for council in review.facts.councils if council.id not in taking]
        if missing:
            sentence = f"No public meeting of {listed(missing)} takes this annual report yet. Take it to one of each."
            yield Finding("annual-report", "Meetings", sentence, True, link)
    elif not review.meetings:
        sentence = (
            "No meeting takes this annual report yet, and the partnership has not said who considers it. Enter the"
            " meeting, or say on the partnership’s page which body it is."
        )
        yield Finding("annual-report", "Meetings", sentence, False, link)
