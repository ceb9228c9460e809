"""Nothing is withdrawn from under what still stands on it; what was withdrawn breaks no page."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from joint_posts.models import Saving, SavingPost
from partnership.models import Council, Party, Seat
from partnership.records.tenancy import active_dependents, part_of
from partnership.records.workflow import withdraw
from reviews.models import Recommendation, Review, Section
from tests.factories import make_membership
from tests.factories import withdraw as take_away
from tests.filled_registers import DAY
from tests.partnership.generic.test_register import EVERY
from tests.two_partnerships import refused

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
LINKED = "Still linked to it: {}. Change or withdraw what is linked first."

# What keeps a row of each register, by the registers of the rows; every other may go, and its parts with it.
KEPT_BY = {
    "action": {"auditaction", "followup"},
    "agreement": {"exitplan"},
    "body": {"coverreport", "decision", "meeting", "recommendation", "review"},
    "businesscase": {"agendaitem"},
    "commitment": {"assessment", "casecommitment"},
    "council": {
        "auditcoverage", "body", "casecost", "councilshare", "employerchange", "exitestimate", "exitpayment",
        "funding", "jointpost", "party", "savingline", "savingstarget", "seat", "servicearrangement",
        "significantpartnership", "terminationnotice",
    },
    "decision": {"action"},
    "jointpost": {"evidence", "exitpost", "savingpost"},
    "partnership": {
        "action", "agreement", "auditcoverage", "body", "businesscase", "commitment", "comparator", "exitplan",
        "jointpost", "review", "saving", "savingstarget", "servicearrangement", "workingmodel",
    },
    "party": {
        "auditcoverage", "body", "casecost", "councilshare", "employerchange", "exitestimate", "exitpayment",
        "funding", "jointpost", "savingline", "savingstarget", "seat", "servicearrangement", "significantpartnership",
        "terminationnotice",
    },
    "servicearrangement": {"exitarrangement", "savingarrangement"},
}  # fmt: skip


def test_what_keeps_each_row(filled):
    kept = {}
    for name in EVERY:
        kept[name] = {rows.model._meta.model_name for rows in active_dependents(filled.ours[name]) if rows.exists()}
    assert {name: by for name, by in kept.items() if by} == {name: by for name, by in KEPT_BY.items() if by}


def test_parts_go_with_what_they_are_part_of():
    assert [part_of(model) for model in (Section, Recommendation, SavingPost)] == ["review", "review", "saving"]
    assert (part_of(Party), part_of(Seat), part_of(Saving)) == ("partnership", "body", "")


def test_addressee_is_not_withdrawn_while_something_is_asked_of_it(filled):
    officer = filled.people["officer"]
    body = filled.ours["body"]
    found = (
        "meeting “ACC Working group of Alder, 16 March 2019”, decision “Issue of Alder”, "
        "review “Review of Alder” and 2 more"
    )
    with refused("", LINKED.format(found)):
        withdraw(body, on=DAY, by=officer, reason="Entered twice")


def test_sentence_names_nothing_that_the_person_may_not_see(filled):
    """Who only administers Birch reads who is party to what, and not what else stands on the council."""
    administrator = make_membership(council=filled.birch, role="administrator").user
    birch = Council.objects.get(pk=filled.birch.pk)
    with pytest.raises(ValidationError) as caught:
        withdraw(birch, on=DAY, by=administrator, reason="Entered twice")
    found = "party “Birch District in Partnership of Alder”, party “Birch District in Partnership of Cedar” and 8 more"
    assert caught.value.messages == [LINKED.format(found)]


@pytest.mark.parametrize("name", ["review_paper", "review_proof", "review_pdf", "review_docx", "review_publish"])
def test_withdrawn_review_leads_to_its_own_page_which_says_so(client, filled, name):
    review = Review.objects.get(pk=filled.ours["review"].pk)
    take_away(review, date(2019, 4, 1))
    client.force_login(filled.people["clerk"])
    own = EVERY["review"].url("detail", review)
    assert client.get(reverse(name, args=[review.slug])).headers["Location"] == own
    assert "Withdrawn on 1 April 2019" in client.get(own).content.decode()
