"""Records for tests: ``make_x(**kwargs)`` keeps one valid record and returns it.

What is not given is filled in plainly; what a record hangs on is made too. ``at`` dates the history. Nothing here goes
through the verbs: a test of facts states what stands in the registers, not how it came there.
"""

from datetime import date
from decimal import Decimal
from itertools import count

from django.utils.text import slugify

from business_cases.models import BusinessCase, CaseCommitment, CaseStep, ServiceArrangement, Stage
from joint_posts.models import (
    CostShare,
    CouncilShare,
    EmployerChange,
    JointPost,
    PostStep,
    Saving,
    SavingArrangement,
    SavingLine,
    SavingPost,
)
from partnership.models import (
    Agreement,
    AgreementTerm,
    Body,
    Commitment,
    Comparator,
    Council,
    Membership,
    Partnership,
    Party,
    User,
    WorkingModel,
)
from partnership.records.record import recording
from reviews.models import Assessment, Option, Recommendation, Review, Section, SwotItem

START = date(2018, 10, 1)
numbers = count(1)


def keep(record, at=None):
    """Put a record on the record, as the tests' own recorder."""
    recorder, _ = User.objects.get_or_create(username="recorder", defaults={"name": "Recorder of the tests"})
    with recording(by=recorder, reason="Set up by a test", at=at):
        return record.full_clean_and_save()


def change(record, at=None, **fields):
    """Change fields of a record."""
    for name, value in fields.items():
        setattr(record, name, value)
    return keep(record, at)


def withdraw(record, on, at=None):
    """Withdraw a record as entered in error."""
    return change(record, at, withdrawn_on=on, withdrawn_reason="Entered in error")


def make_user(**kwargs):
    """An account without a role."""
    number = next(numbers)
    return User.objects.create(**{"username": f"person{number}", "name": f"Person {number}"} | kwargs)


def make_council(at=None, **kwargs):
    """A district; pass ``short_name`` to name it in figures."""
    number = next(numbers)
    return keep(Council(**{"name": f"Council {number}", "short_name": f"C{number}", "tier": "district"} | kwargs), at)


def make_membership(at=None, **kwargs):
    """A role that a person holds."""
    given = {"user": kwargs.get("user") or make_user(), "role": "officer", "from_on": START}
    return keep(Membership(**given | kwargs), at)


def make_partnership(at=None, councils=(), **kwargs):
    """A partnership of these councils, in this order."""
    name = kwargs.pop("name", f"Partnership {next(numbers)}")
    partnership = keep(Partnership(**{"name": name, "slug": slugify(name), "started_on": START} | kwargs), at)
    for position, council in enumerate(councils, start=1):
        make_party(at, partnership=partnership, council=council, position=position)
    return partnership


def make_party(at=None, **kwargs):
    """A council's place in a partnership."""
    return keep(Party(**kwargs), at)


def make_agreement(at=None, **kwargs):
    """A section 113 agreement."""
    return keep(Agreement(**{"title": "Section 113 agreement", "covers": "Any post"} | kwargs), at)


def make_agreement_term(at=None, **kwargs):
    """A clause."""
    return keep(AgreementTerm(**{"heading": "Termination", "summary": "Six months' notice."} | kwargs), at)


def make_body(at=None, **kwargs):
    """A working group."""
    return keep(Body(**{"name": "Working Group", "short_name": "WG", "kind": "working group"} | kwargs), at)


def make_commitment(at=None, **kwargs):
    """A principle, or an objective."""
    given = {"kind": "principle", "number": next(numbers), "adopted_on": START} | kwargs
    given = {"short_title": f"Title {given['number']}", "statement": f"Statement {given['number']}."} | given
    return keep(Commitment(**given), at)


def make_working_model(at=None, **kwargs):
    """A model of joint working."""
    given = {"number": next(numbers), "name": "Host authority", "description": "One serves another."}
    return keep(WorkingModel(**given | {"key_features": "One employer\nOne policy"} | kwargs), at)


def make_comparator(at=None, **kwargs):
    """An example elsewhere."""
    return keep(Comparator(**{"name": f"Councils {next(numbers)}", "source": "A report, 2019"} | kwargs), at)


def make_case(at=None, stage=Stage.IN_DEVELOPMENT, from_on=START, **kwargs):
    """A business case that has stood at a stage from a day."""
    case = keep(BusinessCase(**{"title": f"Case {next(numbers)}", "stage": stage} | kwargs), at)
    make_case_step(at, case=case, stage=stage, from_on=from_on)
    return case


def make_case_step(at=None, **kwargs):
    """A later stage of a case."""
    return keep(CaseStep(**kwargs), at)


def make_case_commitment(at=None, **kwargs):
    """Return what a case does for a commitment."""
    return keep(CaseCommitment(**{"how": "It serves it."} | kwargs), at)


def make_arrangement(at=None, **kwargs):
    """A collaboration; a provision needs provider and receiver."""
    given = {"kind": "collaboration", "service": f"Service {next(numbers)}", "started_on": START}
    return keep(ServiceArrangement(**given | kwargs), at)


def make_post(at=None, status="in post", appointment="permanent", from_on=START, **kwargs):
    """A joint post that has stood so from a day."""
    title = kwargs.setdefault("title", f"Post {next(numbers)}")
    post = keep(JointPost(status=status, appointment=appointment, **kwargs), at)
    make_post_step(at, post=post, from_on=from_on, title=title, status=status, appointment=appointment)
    return post


def make_employer_change(at=None, **kwargs):
    """Another employer of the officer from a day on; the post's own home council is the last one."""
    made = keep(EmployerChange(**{"from_council": kwargs["post"].home_council} | kwargs), at)
    change(made.post, at, home_council=made.council)
    return made


def make_post_step(at=None, **kwargs):
    """Return how a post stands from a day."""
    return keep(PostStep(**kwargs), at)


def make_cost_share(at=None, **kwargs):
    """A provisional contribution."""
    return keep(CostShare(**{"from_on": START} | kwargs), at)


def make_council_share(at=None, **kwargs):
    """A council's part of it."""
    return keep(CouncilShare(**{"percent": Decimal(50)} | kwargs), at)


def make_saving(at=None, posts=(), arrangements=(), **kwargs):
    """A cashable saving with what is behind it; its worth is in its lines."""
    given = {
        "title": f"Saving {next(numbers)}",
        "category": "shared management",
        "benefit_type": "cashable",
        "basis": "Worked by hand.",
        "identified_on": START,
    }
    saving = keep(Saving(**given | kwargs), at)
    for post in posts:
        keep(SavingPost(saving=saving, post=post), at)
    for arrangement in arrangements:
        keep(SavingArrangement(saving=saving, arrangement=arrangement), at)
    return saving


def make_line(at=None, **kwargs):
    """One council's line of a saving in 2019/20."""
    given = {"financial_year": "2019/20", "figures_changed_by": kwargs.get("figures_changed_by") or make_user()}
    return keep(SavingLine(**given | kwargs), at)


def make_review(at=None, **kwargs):
    """A gateway review without sections."""
    title = kwargs.setdefault("title", f"Review {next(numbers)}")
    if "body" not in kwargs:
        kwargs["body"] = make_body(at, partnership=kwargs["partnership"])
    given = {"kind": "gateway", "slug": slugify(title), "as_at": date(2019, 3, 16), "financial_year": "2019/20"}
    return keep(Review(**given | kwargs), at)


def make_section(at=None, **kwargs):
    """A public section with a narrative."""
    number = next(numbers)
    given = {"key": f"section-{number}", "position": number, "heading": f"Heading {number}"}
    if kwargs.get("publication_class") == "exempt":
        given |= {"public_interest_reason": "Personal.", "class_decided_by": "Officer", "class_decided_on": START}
    return keep(Section(**given | {"publication_class": "public"} | kwargs), at)


def make_assessment(at=None, **kwargs):
    """A rating."""
    return keep(Assessment(**{"rating": "met", "commentary": "It is so."} | kwargs), at)


def make_recommendation(at=None, **kwargs):
    """A recommendation to the body of the review."""
    kwargs.setdefault("addressee", kwargs["review"].body)
    return keep(Recommendation(**{"position": next(numbers), "verb": "note", "text": "the progress."} | kwargs), at)


def make_swot_item(at=None, **kwargs):
    """A strength."""
    return keep(SwotItem(**{"kind": "strength", "text": "Trust"} | kwargs), at)


def make_option(at=None, **kwargs):
    """A way forward."""
    return keep(Option(**{"title": "Go on", "description": "As before."} | kwargs), at)
