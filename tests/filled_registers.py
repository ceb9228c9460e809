"""Two partnerships with a row in every register, and people who may see the one and not the other.

Alder and Birch share; so do Cedar and Birch. What belongs to the first carries "of Alder", what belongs to the second
"of Cedar": Alder's people know Birch, and must never read "Cedar" anywhere.
"""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import chain
from types import SimpleNamespace

from django.apps import apps
from django.db import connection

from business_cases.models import (
    BusinessCase,
    CaseApproval,
    CaseCommitment,
    CaseCost,
    CaseOption,
    CaseStep,
    ServiceArrangement,
)
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
    SavingsTarget,
)
from partnership.accounts.permissions import today
from partnership.accounts.roles import ROLES
from partnership.models import (
    Action,
    ActionNote,
    Agreement,
    AgreementReview,
    AgreementTerm,
    AnnualReturn,
    AuditAction,
    AuditCoverage,
    Body,
    Commitment,
    Comparator,
    Condition,
    Council,
    Decision,
    FeedbackNote,
    Funding,
    InformationSharing,
    Meeting,
    Membership,
    OutsideBodyAppointment,
    Partner,
    Partnership,
    Party,
    Referral,
    Resolution,
    Risk,
    Seat,
    SignificantPartnership,
    TerminationNotice,
    TrainingSession,
    User,
    WorkingModel,
)
from partnership.records.record import Record, recording
from reviews.models import (
    AgendaItem,
    Answer,
    Assessment,
    CoverReport,
    CoverStyle,
    Evidence,
    ExitArrangement,
    ExitEstimate,
    ExitPayment,
    ExitPlan,
    ExitPost,
    FollowUp,
    Implication,
    Option,
    Outcome,
    Recommendation,
    Review,
    Section,
    SwotItem,
)

DAY = date(2019, 3, 16)
SALARY = Decimal(98765)
BASELINE = Decimal(87654)
PARTNER_BASELINE = Decimal(76455)
# For each partnership the salary of its post, what the first council's own post cost before, and the second's.
PAY = {
    "Alder": (SALARY, BASELINE, PARTNER_BASELINE),
    "Cedar": (Decimal(65431), Decimal(54322), Decimal(43213)),
}


def everything():
    """Return every row with its version and the number of history rows of every model, which a refusal leaves alone."""
    rows, histories = asked_at_once()
    with connection.cursor() as cursor:
        cursor.execute(histories)
        found = {name: ([], number) for name, number in cursor.fetchall()}
        cursor.execute(rows)
        for name, *row in sorted(cursor.fetchall()):
            found[name][0].append(tuple(row))
    return found


@cache
def asked_at_once():
    """All tables in two statements: a suite asks this some thousand times, and by table it took minutes."""
    models = [model for model in apps.get_models() if issubclass(model, Record)]
    rows = (f"SELECT '{model.__name__}', id, version FROM {model._meta.db_table}" for model in models)
    histories = (f"SELECT '{model.__name__}', COUNT(*) FROM {model.history.model._meta.db_table}" for model in models)
    return " UNION ALL ".join(rows), " UNION ALL ".join(histories)


def person(username, *memberships, from_on=date(2018, 1, 1), until_on=None):
    """An account and its roles: pairs of council and role. Call inside recording()."""
    user = User.objects.create(username=username, name=f"{username.capitalize()} of the tests")
    for council, role in memberships:
        Membership(user=user, council=council, role=role, from_on=from_on, until_on=until_on).full_clean_and_save()
    return user


def make_filled():
    """The councils, the two partnerships as dictionaries of rows by register, and the people by role."""
    setter = User.objects.create(username="setter", name="Setter of the tests")
    with recording(by=setter, reason="Set up"):
        names = {"ACC": "Alder County", "BDC": "Birch District", "CDX": "Cedar District"}
        alder, birch, cedar = (
            Council(name=n, short_name=s, tier="district").full_clean_and_save() for s, n in names.items()
        )
        people = {role: person(role, (alder, role)) for role in ROLES}
        people["neighbour"] = person("neighbour", *((birch, role) for role in ROLES))
        people["stranger"] = person("stranger", *((cedar, role) for role in ROLES))
        people["former"] = person("former", (alder, "officer"), until_on=today() - timedelta(days=1))
        people["newcomer"] = person("newcomer", (alder, "officer"), from_on=today() + timedelta(days=1))
        ours = fill("Alder", alder, birch, people["officer"])
        theirs = fill("Cedar", cedar, birch, people["stranger"])
    return SimpleNamespace(alder=alder, birch=birch, cedar=cedar, ours=ours, theirs=theirs, people=people)


def fill(mark, home, other, keeper):
    """One row in every register of a partnership between two councils, by the register's name."""
    partnership = Partnership(
        name=f"Partnership of {mark}", slug=mark.lower(), purpose="To share"
    ).full_clean_and_save()
    rows = {"partnership": partnership, "council": home, "membership": keeper.memberships.first()}
    for position, council in enumerate((home, other), start=1):
        party = Party(partnership=partnership, council=council, position=position).full_clean_and_save()
        rows.setdefault("party", party)  # the own council's place, which its administrator keeps
    for name, row in (*governance(partnership, home, mark), *shared(partnership, home, other, mark)):
        rows[name] = row.full_clean_and_save()
    # One after another, for a row may hang on the one before it.
    for name, row in chain(
        meetings(rows, home, mark),
        wider(partnership, home, mark),
        assurance(rows, home, mark),
        contents(rows, home, mark),
        money(rows, home, other, mark, keeper),
        exits(rows, home, other, mark),
    ):
        rows[name] = row.full_clean_and_save()
    _, baseline, other_baseline = PAY[mark]
    rows["councilshare"] = share(rows["costshare"], home, baseline)
    share(rows["costshare"], other, other_baseline)
    return rows


def governance(partnership, home, mark):
    """The agreement, commitment, body, models and comparators."""
    own = {"partnership": partnership}
    yield "agreement", Agreement(**own, title=f"Agreement of {mark}", covers="Any post")
    yield "commitment", Commitment(
        **own, kind="principle", number=1, short_title=f"Principle of {mark}", statement="Each keeps its own.",
        adopted_on=DAY,
    )  # fmt: skip
    yield "body", Body(**own, name=f"Working group of {mark}", kind="working group", council=home)
    yield (
        "workingmodel",
        WorkingModel(**own, number=1, name=f"Model of {mark}", description="One hosts.", key_features="One employer"),
    )
    yield (
        "comparator",
        Comparator(**own, name=f"Example of {mark}", source="A paper", amount=Decimal(-5000), period="a year"),
    )


def shared(partnership, home, other, mark):
    """The post, case, service and saving."""
    own = {"partnership": partnership}
    yield "jointpost", JointPost(**own, title=f"Post of {mark}", home_council=home)
    yield "businesscase", BusinessCase(**own, title=f"Case of {mark}", estimated_saving=Decimal(76543))
    yield (
        "servicearrangement",
        ServiceArrangement(**own, kind="provision", service=f"Service of {mark}", provider=home, receiver=other),
    )
    yield (
        "saving",
        Saving(
            **own,
            title=f"Saving of {mark}",
            category="services",
            benefit_type="cashable",
            basis="Pay",
            identified_on=DAY,
        ),
    )


def meetings(rows, home, mark):
    """Return what belongs to the body."""
    body = {"body": rows["body"]}
    yield "seat", Seat(**body, municipal_year="2018/19", council=home, holder=f"Member of {mark}", from_on=DAY)
    yield "meeting", Meeting(**body, held_on=DAY, access="public", place_or_link=f"Hall of {mark}")
    other = Body(partnership=rows["partnership"], name=f"Scrutiny of {mark}", kind="scrutiny").full_clean_and_save()
    yield "decision", Decision(**body, title=f"Issue of {mark}", decided_on=DAY)
    yield "resolution", Resolution(decision=rows["decision"], number=1, text=f"That {mark} goes on, text of {mark}")
    yield "condition", Condition(resolution=rows["resolution"], body=other)
    yield "referral", Referral(decision=rows["decision"], to_body=other, asked_for=f"View of {mark}", referred_on=DAY)
    yield (
        "action",
        Action(partnership=rows["partnership"], title=f"Task of {mark}", owner="Manager", decision=rows["decision"]),
    )
    yield "actionnote", ActionNote(action=rows["action"], noted_on=DAY, text=f"Progress of {mark}")


def wider(partnership, home, mark):
    """Return what makes the partnership significant, and its return of a year."""
    own = {"partnership": partnership}
    yield "partner", Partner(**own, name=f"Trust of {mark}", kind="health")
    yield "significantpartnership", SignificantPartnership(**own, council=home, criteria=f"Weight of {mark}")
    yield "risk", Risk(**own, title=f"Loss of {mark}", likelihood="low", impact="high", assessed_on=DAY)
    yield "informationsharing", InformationSharing(**own, title=f"Protocol of {mark}")
    yield (
        "funding",
        Funding(**own, financial_year="2019/20", council=home, amount=Decimal(1357), note=f"Grant of {mark}"),
    )
    yield "annualreturn", AnnualReturn(**own, financial_year="2019/20", achievements=f"Success of {mark}")


def assurance(rows, home, mark):
    """Return what hangs on the agreement and its actions, and whom the council sends elsewhere."""
    agreement = {"agreement": rows["agreement"]}
    yield "agreementreview", AgreementReview(**agreement, held_on=DAY, outcome="stands", findings=f"Clear of {mark}")
    yield "terminationnotice", TerminationNotice(**agreement, given_by=home, given_on=DAY, note=f"Letter of {mark}")
    own = {"partnership": rows["partnership"], "council": home, "financial_year": "2019/20"}
    yield "auditcoverage", AuditCoverage(**own, title=f"Audit of {mark}")
    yield "auditaction", AuditAction(audit=rows["auditcoverage"], action=rows["action"])
    yield (
        "outsidebodyappointment",
        OutsideBodyAppointment(council=home, outside_body=f"Trust of {mark}", member="Councillor", from_on=DAY),
    )
    appointment = {"appointment": rows["outsidebodyappointment"]}
    yield "trainingsession", TrainingSession(**appointment, title=f"Duties of {mark}", held_on=DAY)
    yield "feedbacknote", FeedbackNote(**appointment, reported_on=DAY, reported=f"News of {mark}")


def contents(rows, home, mark):
    """Return what belongs to the agreement, the case and the review."""
    yield (
        "agreementterm",
        AgreementTerm(agreement=rows["agreement"], heading=f"Notice of {mark}", summary="Six months."),
    )
    case = {"case": rows["businesscase"]}
    yield "casestep", CaseStep(**case, stage="proposed", from_on=DAY, note=f"Step of {mark}")
    yield "caseoption", CaseOption(**case, title=f"Option of {mark}")
    yield "casecommitment", CaseCommitment(**case, commitment=rows["commitment"], how=f"Way of {mark}")
    yield (
        "casecost",
        CaseCost(
            **case, council=home, financial_year="2019/20", amount=Decimal(4321), funding_source=f"Reserve of {mark}"
        ),
    )
    executive = Body(partnership=rows["partnership"], name=f"Executive of {mark}", kind="executive", council=home)
    approved = Decision(
        body=executive.full_clean_and_save(), title=f"Approval of {mark}", decided_on=DAY
    ).full_clean_and_save()
    rows["approving"] = Resolution(decision=approved, number=1, text=f"That it be adopted, text of {mark}")
    yield "caseapproval", CaseApproval(**case, resolution=rows["approving"].full_clean_and_save())
    rows["review"] = Review(
        partnership=rows["partnership"], kind="gateway", title=f"Review of {mark}", slug=f"review-{mark.lower()}",
        body=rows["body"], as_at=DAY,
    ).full_clean_and_save()  # fmt: skip
    review = {"review": rows["review"]}
    yield "section", Section(**review, key="summary", position=1, heading=f"Summary of {mark}", narrative="Well.")
    yield (
        "assessment",
        Assessment(**review, commitment=rows["commitment"], rating="met", commentary=f"Reason of {mark}"),
    )
    yield "evidence", Evidence(assessment=rows["assessment"], post=rows["jointpost"], shows=f"Proof of {mark}")
    yield (
        "recommendation",
        Recommendation(**review, position=1, addressee=rows["body"], verb="note", text=f"the work of {mark}"),
    )
    recommended = {"recommendation": rows["recommendation"]}
    yield "answer", Answer(**recommended, resolution=rows["approving"])
    yield "followup", FollowUp(**recommended, action=rows["action"])
    yield "outcome", Outcome(**recommended, noted_on=DAY, standing="done", text=f"Result of {mark}")
    yield "option", Option(**review, title=f"Way forward of {mark}", description="Go on")
    yield "swotitem", SwotItem(**review, kind="strength", text=f"Trust of {mark}")
    yield "coverstyle", CoverStyle.objects.filter(council=home).first() or CoverStyle(council=home)  # has at most one
    cover = CoverReport(**review, body=rows["body"], title=f"Cover of {mark}", report_of="Chief officer")
    rows["coverreport"] = cover.full_clean_and_save()
    yield "agendaitem", AgendaItem(meeting=rows["meeting"], business_case=rows["businesscase"], number=7)
    yield "implication", Implication(cover=rows["coverreport"], kind="legal", text=f"Law of {mark}")


def exits(rows, home, other, mark):
    """The plan for ending the agreement."""
    rows["exitplan"] = ExitPlan(
        partnership=rows["partnership"], title=f"Exit of {mark}", agreement=rows["agreement"]
    ).full_clean_and_save()
    plan = {"plan": rows["exitplan"]}
    yield (
        "exitpost",
        ExitPost(**plan, post=rows["jointpost"], disposition="returns", what_follows=f"Return of {mark}"),
    )
    yield (
        "exitarrangement",
        ExitArrangement(
            **plan, arrangement=rows["servicearrangement"], disposition="ends", what_follows=f"End of {mark}"
        ),
    )
    year = {"council": home, "financial_year": "2019/20"}
    yield "exitestimate", ExitEstimate(**plan, **year, title=f"Recruitment of {mark}")
    yield "exitpayment", ExitPayment(**plan, paid_by=other, paid_to=home, paid_on=DAY, amount=Decimal("34567.89"))


def money(rows, home, other, mark, keeper):
    """Return what the post costs and what sharing it saves."""
    yield (
        "poststep",
        PostStep(
            post=rows["jointpost"], from_on=DAY, title=f"Post of {mark}", status="proposed", appointment="not stated"
        ),
    )
    yield (
        "employerchange",
        EmployerChange(
            post=rows["jointpost"], from_on=DAY, from_council=other, council=home, note=f"Employer of {mark}"
        ),
    )
    yield "costshare", CostShare(post=rows["jointpost"], from_on=DAY, salary=PAY[mark][0], note=f"Cost of {mark}")
    yield "savingstarget", SavingsTarget(
        partnership=rows["partnership"], council=home, financial_year="2019/20", amount=Decimal(6543), set_on=DAY,
        source=f"Budget of {mark}",
    )  # fmt: skip
    saving = {"saving": rows["saving"]}
    yield (
        "savingline",
        SavingLine(
            **saving, council=home, financial_year="2019/20", estimated=Decimal(-1234), figures_changed_by=keeper
        ),
    )
    yield "savingpost", SavingPost(**saving, post=rows["jointpost"])
    yield "savingarrangement", SavingArrangement(**saving, arrangement=rows["servicearrangement"])


def share(cost_share, council, baseline):
    """One council's half of a cost."""
    return CouncilShare(
        cost_share=cost_share, council=council, percent=50, baseline_cost=baseline
    ).full_clean_and_save()
