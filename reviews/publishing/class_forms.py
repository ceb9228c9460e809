"""Forms that say who may read a section."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from partnership.accounts.permissions import today
from partnership.generic.forms import ReasonForm
from partnership.generic.record_actions import RecordAction
from partnership.models import Council, Membership, User
from partnership.records.record import Record
from reviews.models import PublicationClass, Section
from reviews.publishing import classing, exempt_files

CLASS = PublicationClass


class ClassForm(ReasonForm):
    """Asks for a class and, for text of one council, which."""

    publication_class = forms.ChoiceField(label="Who may read it", widget=forms.RadioSelect)
    council = forms.ModelChoiceField(
        Council.objects.all(), required=False, help_text="Only for the text of one council: which one it is."
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = [(choice.value, choice.label) for choice in CLASS if self.offers(choice)]
        self.fields["publication_class"].choices = offered
        parties = self.target.review.partnership.parties.active().values("council")
        self.fields["council"].queryset = self.fields["council"].queryset.filter(pk__in=parties)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if answers.get("publication_class") == CLASS.COUNCIL and not answers.get("council"):
            self.add_error("council", "Choose the council whose text it is.")
        if answers.get("publication_class") != CLASS.COUNCIL:
            answers["council"] = None
        return answers


class HoldCloserForm(ClassForm):
    """Holds a section more closely, at once."""

    public_title = forms.CharField(
        max_length=200, required=False, help_text="For exempt text: what the public edition calls it."
    )
    exempt_paragraph = forms.TypedChoiceField(
        label="Schedule 12A paragraph",
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", "Not exempt"), *((number, f"Paragraph {number}") for number in range(1, 8))],
        help_text="For exempt text: the paragraph of Part 1 that describes it.",
    )
    public_interest_reason = forms.CharField(
        label="Why the public interest is in withholding it",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="For exempt text: why that outweighs the public interest in publishing it.",
    )
    class_decided_by = forms.CharField(
        label="Who decided that it is exempt",
        max_length=160,
        required=False,
        help_text="For exempt text: the post, such as the monitoring officer.",
    )
    class_decided_on = forms.DateField(label="Decided on", required=False)
    class_review_on = forms.DateField(
        label="To be looked at again on",
        required=False,
        help_text="For exempt text: when to ask whether it must still be withheld.",
    )

    def offers(self, choice: PublicationClass) -> bool:
        """The closer classes, and the other one of those that are read by name."""
        return choice.rank > self.target.held.rank or (choice.rank == 3 and self.target.is_read_by_name)

    def save(self) -> Record:
        return classing.restrict(self.target, **self.facts())


class ProposeClassForm(ClassForm):
    """Proposes that more people may read a section."""

    def offers(self, choice: PublicationClass) -> bool:
        """The wider classes."""
        return choice.rank < self.target.held.rank

    def save(self) -> Record:
        classing.propose_class(self.target, **self.facts())
        return self.target


class ConfirmClassForm(ReasonForm):
    """Confirms the proposal that waits for a section."""

    def save(self) -> Record:
        return classing.confirm_class(self.target.open_proposal(), **self.facts())


class RefuseClassForm(ReasonForm):
    """Refuses the proposal that waits for a section."""

    def save(self) -> Record:
        return classing.refuse_class(self.target.open_proposal(), **self.facts()).section


class LetReadForm(ReasonForm):
    """Lets one more person read an exempt or confidential section."""

    reader = forms.ModelChoiceField(User.objects.none(), help_text="Only who needs it for their own duties.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        parties = self.target.review.partnership.parties.active().values("council")
        held = Membership.objects.holding(today()).filter(council__in=parties).values("user")
        readers = self.target.readers.active().values("reader")
        self.fields["reader"].queryset = User.objects.filter(pk__in=held, is_active=True).exclude(pk__in=readers)

    def save(self) -> Record:
        return classing.grant_access(self.target, **self.facts()).section


class StopReadingForm(ReasonForm):
    """Ends a person's leave to read it."""

    grant = forms.ModelChoiceField(None, label="Reader")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["grant"].queryset = self.target.readers.active()

    def save(self) -> Record:
        return classing.revoke_access(on=today(), **self.facts()).section


class AddFileForm(ReasonForm):
    """Takes an exempt appendix that comes as a file."""

    title = forms.CharField(
        label="What it is called",
        max_length=60,
        help_text="The name of the file is made of it, for example “Appraisal feedback”. Named readers see it.",
    )
    file = forms.FileField(help_text="A PDF or a Word file (.docx) of up to 10 MB. It is kept byte for byte.")

    def save(self) -> Record:
        facts = self.facts()
        file = self.cleaned_data["file"]
        del facts["file"]
        if file.size > exempt_files.LARGEST_FILE:
            raise forms.ValidationError({"file": "The file is larger than 10 MB."})
        exempt_files.keep_file(self.target, content=file.read(), file_name=file.name, at=timezone.now(), **facts)
        return self.target


CLASS_VERBS = (
    RecordAction(
        "hold-closer",
        "Hold closer",
        HoldCloserForm,
        intro="Fewer people may read it, from now on.",
        refusal=Section.why_not_hold_closer,
    ),
    RecordAction(
        "propose-class",
        "Propose that more may read it",
        ProposeClassForm,
        intro="Nothing changes until a second person confirms it.",
        refusal=Section.why_not_propose_class,
    ),
    RecordAction(
        "confirm-class",
        "Confirm what is proposed",
        ConfirmClassForm,
        intro="Once you confirm it, more people may read the text as it now stands.",
        intro_of=Section.what_is_proposed,
        refusal=Section.why_not_confirm_class,
        takes=("class_proposals",),
    ),
    RecordAction(
        "refuse-class",
        "Refuse what is proposed",
        RefuseClassForm,
        intro="Once you refuse it, the text stays as closely held as it is.",
        intro_of=Section.what_is_proposed,
        refusal=Section.why_not_refuse_class,
        takes=("class_proposals",),
    ),
    RecordAction(
        "let-read",
        "Let somebody read it",
        LetReadForm,
        refusal=Section.why_not_let_read,
    ),
    RecordAction(
        "add-file",
        "Add a file for its readers",
        AddFileForm,
        intro="The file stands beside the text, for the same named readers and for nobody else. It is in no edition; in"
        " the pack it is in the exempt folder. A later file takes its place.",
        refusal=Section.why_not_let_read,
    ),
    RecordAction(
        "stop-reading",
        "End somebody’s leave to read it",
        StopReadingForm,
        refusal=Section.why_not_stop_reading,
        takes=("readers",),
    ),
)
