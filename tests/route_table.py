"""Table of who gets which answer from every address of the portal. Written by hand, apart from roles.py, for auditors.

Two partnerships share nothing: Alder and Birch (ours), Cedar and Dogwood (theirs). Every row asked about is ours, and
Alder's where it is one council's. Everybody holds one role in one council: Alder's people are the row's *own*, Birch's
are *partners*, Cedar's are *unrelated*. What is written below holds for own people; partners get the same unless the
table says otherwise. Everybody else, and an account whose role has ended, is refused:

    who may not open such a page at all                         403
    who may, but is unrelated to the row                        404, as if there were none
    who may open it, but not do this to this row                403
    who is not signed in                                        302, to the sign-in page

A page that is a list gives unrelated people 200 and their own rows. `tests/portal/test_routes_matrix.py` asks every
address as everybody, and fails on an address that has no line here, and on a line that has no address.
"""

from typing import NamedTuple

READERS = "officer pay_officer finance_verifier pwg_member councillor clerk monitoring_officer auditor"
PAPERS = "officer pay_officer finance_verifier pwg_member clerk monitoring_officer auditor"
COSTS = "pay_officer finance_verifier monitoring_officer auditor"
PEOPLE = "monitoring_officer auditor administrator"
SET_UP = f"{READERS} administrator"
GOVERNANCE = "officer monitoring_officer"
WRITERS = "officer clerk"
CLERKS = "clerk monitoring_officer"
ACTIVE = "officer clerk monitoring_officer"
NOT_PARTNERS = ""  # the other council's people of the same role may not


class Page(NamedTuple):
    """A page that registers have."""

    who: str  # readers, keepers, or importers: who keeps the register or one of its parts
    unrelated: int  # 200 for a page without a row of ours: their own rows stand on it, or none
    is_form: bool  # whether it takes a POST
    says: str  # what it says to who may open it, with {row}, {add} and {column} of the register below
    post: int = 0  # what an empty POST is answered, where it is not what GET is


PAGES = {
    "list": Page("readers", 200, False, "{row}"),
    "export": Page("readers", 200, False, "{row}"),
    "export_xlsx": Page("readers", 200, False, "{row}"),
    "template_csv": Page("keepers", 200, False, "{column}"),
    "template_xlsx": Page("keepers", 200, False, "{column}"),
    "import": Page("importers", 200, True, "Import from a spreadsheet"),
    "job": Page("asker", 404, True, "rows.csv", post=302),  # whoever handed the file in: everybody else gets 404
    "create": Page("keepers", 200, True, "{add}"),
    "create_part": Page("keepers", 404, True, "{add}"),
    "detail": Page("readers", 404, False, "{row}"),
    "edit": Page("keepers", 404, True, "Edit"),
    "withdraw": Page("keepers", 404, True, "Why are you withdrawing this?"),
    "history": Page("readers", 404, False, "Set up"),
}

LISTED = "list export export_xlsx template_csv template_xlsx import job create detail edit withdraw history"
PART = "export export_xlsx template_csv template_xlsx create_part detail edit withdraw history"
UNEDITED = LISTED.replace(" edit", "")  # changed by verbs alone
BY_VERBS = "export export_xlsx detail history"  # a part whose rows only verbs make


class Register(NamedTuple):
    """A register or a part of one."""

    pages: str
    readers: str
    keepers: str
    row: str  # how its row is known; {} is Alder for ours, Cedar for theirs
    add: str = ""  # the button that adds a row
    column: str = ""  # a column of its empty template
    record_actions: dict[str, str] = {}  # what else can be done to a row that stands ready for it, and who may
    partners: dict[str, str] = {}  # pages and verbs for which partners differ, and who of them may
    importers: str = ""  # who may hand in a file, where keepers of its parts may too
    by_name: str = ""  # verbs on a row that only its named readers see: the others get 404
    is_kept_by_own: bool = False  # Alder's people keep it: partners of the same roles may read it, and get 403
    is_one_councils: bool = False  # the row is Alder's alone: partners get 404
    but: dict[str, dict[str, int]] = {}  # pages that answer some people otherwise
    says: dict[str, str] = {}  # pages that say something else


REGISTERS = {
    "jointpost": Register(LISTED, READERS, "officer", "Post of {}", "Add a joint post", "Title",
        importers="officer pay_officer", record_actions={
        "agree": "officer", "appoint": "officer", "refill": "officer", "make-permanent": "officer",
        "become-vacant": "officer", "retitle": "officer", "end": "officer", "put-into-ledger": "officer",
        "change-employer": "officer",
    }, partners={"change-employer": NOT_PARTNERS}),
    "employerchange": Register(BY_VERBS, READERS, "officer", "Employer of {}"),
    "poststep": Register(BY_VERBS, READERS, "officer", "Post of {}"),
    "costshare": Register(PART, COSTS, "pay_officer", "Cost of {}", "Add a cost share", "Joint post"),
    "councilshare": Register(BY_VERBS, COSTS, "pay_officer", "{}"),
    "saving": Register(LISTED, READERS, "officer", "Saving of {}", "Add a saving", "Benefit type",
        {"break-down": "officer"}),
    "savingline": Register(PART, READERS, "officer", "2019/20", "Add a line", "Saving", {"verify": "finance_verifier"},
        partners={"verify": NOT_PARTNERS}),
    "savingpost": Register(PART, READERS, "officer", "Post of {}", "Add a joint post behind it", "Saving"),
    "savingarrangement": Register(PART, READERS, "officer", "Service of {}", "Add a service behind it", "Saving"),
    "savingstarget": Register(LISTED, READERS, "officer", "Budget of {}", "Add a savings target", "Target"),
    "businesscase": Register(LISTED, READERS, "officer", "Case of {}", "Add a business case", "Title",
        {"move": "officer"}),
    "caseapproval": Register(PART, READERS, "officer", "Executive of {}", "Add an approval", "Business case"),
    "casestep": Register(BY_VERBS, READERS, "officer", "Step of {}"),
    "caseoption": Register(PART, READERS, "officer", "Option of {}", "Add an option", "Business case"),
    "casecommitment": Register(PART, READERS, "officer", "Way of {}", "Add a principle or objective served",
        "Business case"),
    "casecost": Register(PART, READERS, "officer", "Reserve of {}", "Add a cost", "Business case"),
    "servicearrangement": Register(LISTED, READERS, "officer", "Service of {}", "Add a service arrangement", "Service",
        {"end": "officer"}),
    "workingmodel": Register(LISTED, READERS, "officer", "Model of {}", "Add a model of joint working", "Also called"),
    "comparator": Register(LISTED, READERS, "officer", "Example of {}", "Add an example elsewhere", "Orientation"),
    "review": Register(LISTED, PAPERS, WRITERS, "Review of {}", "Add a review", "Title", importers=ACTIVE,
        record_actions={"take-down": "clerk", "confirm-takedown": "clerk", "refuse-takedown": "clerk"}),
    "section": Register(PART, PAPERS, WRITERS, "Summary of {}", "Add a section", "Review",
        says={"edit": "Write “{row}”"},
        by_name="let-read stop-reading add-file", record_actions={
        "hold-closer": "clerk", "propose-class": "clerk", "confirm-class": "clerk", "refuse-class": "clerk",
        "let-read": "clerk", "stop-reading": "clerk", "move": WRITERS, "add-file": "clerk",
    }),
    "assessment": Register(PART, PAPERS, WRITERS, "Reason of {}", "Add a rating", "Review"),
    "evidence": Register(PART, PAPERS, WRITERS, "Proof of {}", "Add a piece of evidence", "Rating"),
    "recommendation": Register(PART, PAPERS, WRITERS, "the work of {}", "Add a recommendation", "Review"),
    "answer": Register(PART, PAPERS, ACTIVE, "Executive of {}", "Add a resolution on it", "Recommendation"),
    "followup": Register(PART, PAPERS, ACTIVE, "Task of {}", "Add an action on it", "Recommendation"),
    "outcome": Register(PART, PAPERS, ACTIVE, "Result of {}", "Add an outcome", "Recommendation"),
    "option": Register(PART, PAPERS, WRITERS, "Way forward of {}", "Add an option", "Review"),
    "swotitem": Register(PART, PAPERS, WRITERS, "Trust of {}", "Add a strength, weakness, opportunity or threat",
        "Review"),
    "coverreport": Register(PART, PAPERS, WRITERS, "Cover of {}", "Add a cover report", "Review"),
    "implication": Register(PART, PAPERS, WRITERS, "Law of {}", "Add an implication", "Cover",
        {"clear": WRITERS, "record-clearance": WRITERS}),
    "coverstyle": Register(LISTED, PAPERS, WRITERS, "{}", "Add a cover style", "Council", is_one_councils=True),
    "commitment": Register(LISTED, READERS, GOVERNANCE, "Principle of {}", "Add a principle or objective",
        "Short title"),
    "agreement": Register(LISTED, READERS, GOVERNANCE, "Agreement of {}", "Add an agreement", "Title",
        {"end": GOVERNANCE}),
    "agreementterm": Register(PART, READERS, GOVERNANCE, "Notice of {}", "Add a term", "Agreement"),
    "body": Register(LISTED, READERS, GOVERNANCE, "Working group of {}", "Add a body", "Short name",
        {"hand-over": GOVERNANCE}, importers=ACTIVE, partners={"hand-over": NOT_PARTNERS}),
    "seat": Register(PART, READERS, CLERKS, "Member of {}", "Add a place on the body", "Body", is_kept_by_own=True),
    "meeting": Register(LISTED, READERS, CLERKS, "Hall of {}", "Add a meeting", "Public or private",
        {"call-off": CLERKS}, is_kept_by_own=True),
    "agendaitem": Register(LISTED, READERS, CLERKS, "Case of {}", "Add an agenda item", "Meeting", is_kept_by_own=True),
    "decision": Register(LISTED, READERS, CLERKS, "Issue of {}", "Add a decision", "Date of the decision", {
        "publish": CLERKS, "call-in": CLERKS, "resolve-call-in": CLERKS,
    }, is_kept_by_own=True),
    "resolution": Register(PART, READERS, CLERKS, "text of {}", "Add a resolution", "Decision",
        {"refuse": CLERKS, "lapse": CLERKS}, is_kept_by_own=True),
    "condition": Register(PART, READERS, CLERKS, "Scrutiny of {}", "Add a condition", "Resolution",
        is_kept_by_own=True),
    "referral": Register(PART, READERS, CLERKS, "View of {}", "Add a referral", "Decision", is_kept_by_own=True),
    "action": Register(LISTED, READERS, ACTIVE, "Task of {}", "Add an action", "What is to be done",
        {"complete": ACTIVE, "reopen": ACTIVE}),
    "actionnote": Register(PART, READERS, ACTIVE, "Progress of {}", "Add a progress note", "Action"),
    "partnership": Register(LISTED, SET_UP, "administrator", "Partnership of {}", "Add a partnership", "Purpose",
        importers=f"administrator {GOVERNANCE}",
        # Every other council has to leave it first.
        but={"withdraw": {"administrator, own": 403, "administrator, partner": 403}}),
    # The administrators of every council of the partnership may propose another one.
    "party": Register(PART, SET_UP, "administrator", "{}", "Add a party", "Partnership", {"confirm": "administrator"},
        partners={"create": "administrator", "confirm": "administrator"}, is_kept_by_own=True),
    "partner": Register(PART, READERS, GOVERNANCE, "Trust of {}", "partner", "Partnership"),
    "significantpartnership": Register(PART, READERS, GOVERNANCE, "Weight of {}",
        "Add an entry on a council’s register", "Partnership",
        partners={"create": GOVERNANCE}, is_kept_by_own=True),
    "risk": Register(PART, READERS, GOVERNANCE, "Loss of {}", "Add a risk", "Partnership"),
    "informationsharing": Register(PART, READERS, GOVERNANCE, "Protocol of {}",
        "Add an information-sharing arrangement", "Partnership"),
    "funding": Register(PART, READERS, GOVERNANCE, "Grant of {}", "Add a contribution", "Partnership"),
    "annualreturn": Register(PART, PAPERS, GOVERNANCE, "Success of {}", "Add an annual return", "Partnership", {
        "submit": GOVERNANCE, "approve": "monitoring_officer", "send-back": GOVERNANCE,
    }, partners={"approve": NOT_PARTNERS}),  # by the lead officer, here Alder's monitoring officer
    "agreementreview": Register(PART, READERS, GOVERNANCE, "Clear of {}", "Add a review of the agreement", "Agreement"),
    "terminationnotice": Register(PART, READERS, GOVERNANCE, "Letter of {}", "Add a notice to end it", "Agreement"),
    "auditcoverage": Register(LISTED, PAPERS, GOVERNANCE, "Audit of {}", "Add an internal audit", "What is audited",
        is_kept_by_own=True),
    "auditaction": Register(PART, PAPERS, GOVERNANCE, "Task of {}", "Add an action that follows", "Audit",
        is_kept_by_own=True),
    "outsidebodyappointment": Register(LISTED, READERS, CLERKS, "Trust of {}",
        "Add an appointment to an outside body", "Represented by", is_one_councils=True),
    "trainingsession": Register(PART, READERS, CLERKS, "Duties of {}", "Add a training session", "Appointment",
        is_one_councils=True),
    "feedbacknote": Register(PART, PAPERS, CLERKS, "News of {}", "Add a feedback note", "Appointment",
        is_one_councils=True),
    "exitplan": Register(LISTED, PAPERS, GOVERNANCE, "Exit of {}", "Add an exit plan", "Assumed to give notice",
        importers=f"{GOVERNANCE} pay_officer"),
    "exitpost": Register(PART, PAPERS, GOVERNANCE, "Return of {}", "Add a joint post in the plan", "Plan"),
    "exitarrangement": Register(PART, PAPERS, GOVERNANCE, "End of {}", "Add a service in the plan", "Plan"),
    "exitestimate": Register(PART, PAPERS, GOVERNANCE, "Recruitment of {}", "Add a cost or saving of leaving", "Plan"),
    "exitpayment": Register(PART, COSTS, "pay_officer", "{}", "Add an agreed payment in lieu", "Plan"),
    "council": Register(LISTED, SET_UP, "administrator", "{}", "Add a council", "ONS code",
        is_kept_by_own=True,
        # Who administers councils sees that there are others, to let them join.
        but={page: {"administrator, unrelated": answer} for page, answer in (
            ("detail", 200), ("history", 200), ("edit", 403), ("withdraw", 403))}),
    "membership": Register(UNEDITED, PEOPLE, "administrator", "{}", "Add a role", "Person", {
        "end": "administrator", "reset-sign-in": "administrator", "move-account": "administrator",
        "confirm": "administrator monitoring_officer",
    }, is_one_councils=True),
}  # fmt: skip


class Other(NamedTuple):
    """A page that is not one of a register's."""

    at: str  # the row of ours that its address names, or what else fills it in; "" for an address without either
    who: str  # the roles that may; or "signed in" for every account, "everybody" for the public too, or "the public"
    says: str  # what it says to them
    door: str = ""  # who may open such a page at all, where more may than do this to a row
    unrelated: int = 404  # as above; 403 or 200 where the page asks for the role alone
    is_form: bool = False
    answer: int = 200  # what those get who may: 302 where the page leads on
    post: int = 0  # what an empty POST is answered, where it is not what GET is
    head: int = 0  # what HEAD is answered, where it is not what GET is
    refused: int = 403  # what those get who may not open such a page at all
    otherwise: int = 403  # what those get who may, but not do this to this row
    public: int = 302  # what who is not signed in gets
    leads: str = "/sign-in/?next="  # and where that leads
    query: str = ""  # asked along with the address
    partners: str | None = None  # who of the partners may, where it differs
    is_costly: bool = False  # drawn anew for each reader: one own person and one partner stand for those who may


SIGNED_IN = "signed in"
EVERYBODY = "everybody"
THE_PUBLIC = "the public"
OURS = "?partnership=alder"

OTHERS = {
    # Signing in and the frame
    "sign_in": Other("", THE_PUBLIC, "Sign in", is_form=True, refused=302),
    "account_login": Other("", THE_PUBLIC, "Sign in", is_form=True, refused=302),
    "sign_out": Other("", SIGNED_IN, "", is_form=True, answer=405, post=302),
    # Opens between a password and its second step alone.
    "mfa_authenticate": Other("", SIGNED_IN, "", is_form=True, answer=302, leads="/sign-in/"),
    "openid_connect_login": Other("provider", EVERYBODY, "", is_form=True, answer=405, post=404),  # none is set up here
    "openid_connect_callback": Other("provider", EVERYBODY, "", answer=404, head=405),
    "own_account": Other("", SIGNED_IN, "Your sign-in", unrelated=200),
    "new_password": Other("", SIGNED_IN, "Change your password", is_form=True, unrelated=200),
    "account_reauthenticate": Other("", SIGNED_IN, "Confirm that it is you", is_form=True),
    "mfa_reauthenticate": Other("", SIGNED_IN, "", is_form=True, answer=302),  # to the password before it
    "end_other_sessions": Other("", SIGNED_IN, "", is_form=True, answer=405, post=302),
    "mfa_activate_totp": Other("", SIGNED_IN, "", is_form=True, answer=302),  # first confirm that it is you
    "mfa_deactivate_totp": Other("", SIGNED_IN, "", is_form=True, answer=404),  # nobody here has one to remove
    "mfa_add_webauthn": Other("", SIGNED_IN, "", is_form=True, answer=302),
    "mfa_remove_webauthn": Other("passkey", SIGNED_IN, "", is_form=True, answer=302),
    "mfa_view_recovery_codes": Other("", SIGNED_IN, "", answer=404),
    "mfa_generate_recovery_codes": Other("", SIGNED_IN, "", is_form=True, answer=302),
    "kept_forms": Other(
        "", SIGNED_IN, "What you typed before you were signed out", is_form=True, unrelated=200, post=404
    ),
    "stay_signed_in": Other("", SIGNED_IN, "seconds", unrelated=200),
    "registers": Other("", SIGNED_IN, "All registers", unrelated=200),
    "find": Other("", SIGNED_IN, "Find", unrelated=200, query="?words=of"),
    "first_steps": Other("", SIGNED_IN, "First steps", unrelated=200),
    "new_person": Other("", "administrator", "Make the account", is_form=True, unrelated=200),
    "paste_commitments": Other("", GOVERNANCE, "Enter them", is_form=True, unrelated=200),
    # Boards; who reads no register is led to what they may open
    "home": Other("", READERS, "Partnership of Alder", query=OURS, refused=302, leads="/published/"),
    "dashboard_pdf": Other("", READERS, "%PDF", query=OURS, refused=404, is_costly=True),
    "changes": Other("", READERS, "Partnership of Alder", query=OURS, refused=404),
    "figure": Other("figure", READERS, "Post of Alder", query=OURS, refused=404),
    "figure_export": Other("figure", READERS, "Post of Alder", query=OURS, refused=404),
    "figure_export_xlsx": Other("figure", READERS, "Post of Alder", query=OURS, refused=404),
    "calendar": Other("", SIGNED_IN, "calendar", is_form=True, unrelated=200),
    "dates_calendar": Other("secret", EVERYBODY, "BEGIN:VCALENDAR"),  # the secret stands in for signing in
    # Beside registers
    "decision_sheet": Other("decision", READERS, "Issue of Alder"),
    "saving_grid": Other("saving", "officer", "Saving of Alder", is_form=True),
    "confirmations": Other("", "administrator monitoring_officer", "Confirmations", unrelated=200),
    "completeness": Other("", PAPERS, "Completeness", unrelated=200),
    "verification": Other("", "finance_verifier", "Verification", is_form=True, unrelated=200),
    # Drafts
    "review_paper": Other("review", PAPERS, "Review of Alder"),
    "review_proof": Other("review", PAPERS, "Proof"),
    "review_editions": Other("review", PAPERS, "Review of Alder"),
    "review_classes": Other("review", "clerk", "Summary of Alder", door=PAPERS),
    "review_publish": Other("review", "clerk", "Review of Alder", door=PAPERS, is_form=True),
    "review_publishing": Other("publishing", "clerk", "Publishing", door=PAPERS, partners=NOT_PARTNERS, otherwise=404),
    "review_docx": Other("review", PAPERS, "Review of Alder", is_costly=True),
    "review_pdf": Other("review", PAPERS, "%PDF", is_costly=True),
    "review_pack": Other("review", PAPERS, "review-alder", is_costly=True),
    "cover_report": Other("coverreport", PAPERS, "Cover of Alder"),
    "cover_pdf": Other("coverreport", PAPERS, "%PDF", is_costly=True),
    "exit_paper": Other("exitplan", PAPERS, "Exit of Alder"),
    "exit_pdf": Other("exitplan", PAPERS, "%PDF", is_costly=True),
    "exit_docx": Other("exitplan", PAPERS, "Exit of Alder", is_costly=True),
    "governance_statement": Other("", PAPERS, "Governance", unrelated=200),
    "section_preview": Other("section", WRITERS, "", is_form=True, answer=302, post=200),
    "exempt_paper": Other("exempt paper", "clerk", "%PDF", refused=404),  # its named readers
    # What everybody may read
    "published": Other("", EVERYBODY, "Review of Alder"),
    "published_partnership": Other("partnership", EVERYBODY, "Partnership of Alder"),
    "published_paper": Other("edition", EVERYBODY, "Review of Alder"),
    "published_pdf": Other("edition", EVERYBODY, "%PDF"),
    "published_docx": Other("edition", EVERYBODY, "Review of Alder"),
    "published_csv": Other("edition", EVERYBODY, ""),
    "published_html": Other("edition", EVERYBODY, "Review of Alder"),
    "published_json": Other("edition", EVERYBODY, "Review of Alder"),
    "published_number": Other("edition number", EVERYBODY, "Review of Alder"),
    "published_file": Other("edition file", EVERYBODY, "%PDF"),
    "members_edition": Other("members edition", READERS, "Review of Alder", refused=404, public=404),
    "members_file": Other("members file", READERS, "%PDF", refused=404, public=404),
    "open_data": Other("", EVERYBODY, "Open data"),
    "open_data_dictionary": Other("", EVERYBODY, "posts.csv"),
    "open_data_csv": Other("kind", EVERYBODY, "paper"),
    "verify": Other("", EVERYBODY, "Is this document genuine?", is_form=True),
    "accessibility": Other("", EVERYBODY, "Accessibility"),
}

# Figures that stand in a page or file for these alone: salaries for the employer's pay officers, what a council's own
# post cost before for its finance.
PAY = "pay_officer monitoring_officer auditor"
SECRETS = {
    "98765": {"own": PAY},
    "87654": {"own": COSTS},
    "76455": {"partner": COSTS},
    "65431": {"unrelated": PAY},
    "54322": {"unrelated": COSTS},
    "43213": {},
}
