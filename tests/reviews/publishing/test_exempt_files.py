"""Exempt appendices that come as files: what is taken, who gets them, and where they never are."""

import hashlib
import io
import zipfile

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from partnership.generic.zipped import Fault
from reviews.models import ExemptPaper, Section
from reviews.publishing import classing, exempt_files
from tests.html_forms import shown
from tests.published import AT, make_person, make_published
from tests.reviews.publishing.test_pack import EXEMPT, OPEN, PACK, names_in
from tests.two_partnerships import denied, refused

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\ncanary-upload\n%%EOF\n"
NAME = "a-review-exempt-appraisal-feedback"


def as_word(*more):
    """A Word file, with parts that do not belong there where asked."""
    made = io.BytesIO()
    docx.Document().save(made)
    with zipfile.ZipFile(made, "a") as opened:
        for name in more:
            opened.writestr(name, "x")
    return made.getvalue()


def as_zip(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return made.getvalue()


@pytest.fixture(scope="module")
def published(module_data):
    """The published review; the clerk and a councillor are named readers of its exempt appendix."""
    made = make_published()
    made.held = Section.objects.get(key="held")
    made.member = make_person("member", made.birch, "pwg_member")
    from tests.factories import keep

    keep(classing.SectionReader(section=made.held, reader=made.clerk))
    keep(classing.SectionReader(section=made.held, reader=made.member))
    return made


def hand_in(client, published, content=PDF, name="scan.pdf", title="Appraisal feedback"):
    """Return what the clerk sends from the page."""
    client.force_login(published.clerk)
    typed = {"title": title, "file": SimpleUploadedFile(name, content), "reason": "For the meeting"}
    at = reverse("section_add-file", args=[published.held.pk])
    return client.post(at, shown(client, at) | typed)


def test_named_readers_get_the_file_byte_for_byte_and_nobody_else_does(published, client):
    assert hand_in(client, published).status_code == 302
    paper = ExemptPaper.objects.get(is_uploaded=True)
    assert (paper.name, paper.sha256) == (f"{NAME}.pdf", hashlib.sha256(PDF).hexdigest())
    assert (paper.kept_by, paper.reason) == (published.clerk, "For the meeting")
    at = reverse("exempt_paper", args=[paper.pk])
    for person in (published.officer, published.councillor, published.stranger):
        client.force_login(person)
        assert client.get(at).status_code == 404
    for person in (published.clerk, published.member):
        client.force_login(person)
        response = client.get(at)
        assert response.content == PDF
        assert [response[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")] == [
            "application/pdf",
            f'attachment; filename="{NAME}.pdf"',
            "nosniff",
        ]
        assert response["Cache-Control"] == "no-store"
    client.logout()
    assert client.get(at).status_code == 302


def test_uploaded_file_stands_beside_the_drawn_paper_in_the_exempt_folder(published, client):
    hand_in(client, published)
    folder = EXEMPT.rpartition("/")[0]
    assert names_in(client.get(PACK)) == [*OPEN, EXEMPT, f"{folder}/{NAME}.pdf"]
    client.force_login(published.officer)
    assert names_in(client.get(PACK)) == OPEN
    stored = []
    for edition in (published.public, published.members):
        stored += [bytes(file.content) for file in edition.files.all()]
    stored += [edition.facts.encode() for edition in (published.public, published.members)]
    for content in stored:
        assert b"canary-upload" not in content
        assert b"appraisal-feedback" not in content


def test_later_file_takes_the_place_of_the_one_before(published, client):
    hand_in(client, published)
    hand_in(client, published, as_word(), "note.docx", "The note")
    papers = exempt_files.papers_for(published.clerk, published.review)
    assert [paper.name for paper in papers] == ["a-review-exempt-appendix-2.pdf", "a-review-exempt-the-note.docx"]
    response = client.get(reverse("exempt_paper", args=[papers[1].pk]))
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_same_file_again_is_not_kept_twice(published, client):
    hand_in(client, published)
    hand_in(client, published)
    assert ExemptPaper.objects.filter(is_uploaded=True).count() == 1


WRONG = "The name of the file ends with .{}, but that is not what it holds. Save it anew."
REFUSED = [
    ("empty.pdf", b"", "The submitted file is empty."),
    ("page.pdf", b"<html><script>alert(1)</script>%PDF-1.7 %%EOF", WRONG.format("pdf")),
    ("paper.pdf.html", PDF, "Choose a PDF or a Word file (.docx)."),
    ("paper.exe", b"MZ", "Choose a PDF or a Word file (.docx)."),
    ("picture.svg", b"<svg onload='alert(1)'/>", "Choose a PDF or a Word file (.docx)."),
    ("half.pdf", b"%PDF-1.7 and no end", "This PDF is damaged: its end is missing. Save it anew."),
    ("both.pdf", PDF + as_zip(x="y") + b"%%EOF", "This PDF holds another file. Print it to PDF anew."),
    ("word.docx", PDF, WRONG.format("docx")),
    ("half.docx", as_word()[:600], "This Word file is damaged. Open it in Word, save it anew."),
    ("macro.docx", as_word("word/vbaProject.bin"), exempt_files.FAULTS[Fault.MACROS]),
    ("sheet.docx", as_zip(**{"xl/workbook.xml": "x"}), "This is not a Word file. Save it as .docx or PDF."),
    (
        "bomb.docx",
        as_zip(**{"word/document.xml": b"0" * 8_000_000}),
        "This Word file unpacks to far more than it should. Save it as PDF.",
    ),
    ("large.pdf", PDF.ljust(10 * 1024 * 1024 + 1), "The file is larger than 10 MB."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "sentence"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_other_files_are_refused_with_a_sentence_and_not_kept(published, client, name, content, sentence):
    page = hand_in(client, published, content, name)
    assert page.context["form"].errors["file"] == [sentence]
    assert not ExemptPaper.objects.filter(is_uploaded=True).exists()


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", 'quo"te.pdf', "CON.pdf", ".pdf"])
def test_name_of_the_file_handed_in_is_used_nowhere(published, client, name):
    hand_in(client, published, name=name)
    assert ExemptPaper.objects.get(is_uploaded=True).name == f"{NAME}.pdf"


def test_name_is_the_papers_own(published, client):
    assert hand_in(client, published, title="…").context["form"].errors["title"] == [
        "Give it a name with letters or figures."
    ]
    taken = hand_in(client, published, title="Appendix 2")
    assert taken.context["form"].errors["title"] == [
        "Another exempt paper of the review has this name. Choose another one."
    ]


def keep_file(published, by, section=None):
    why = {"by": by, "reason": "For the meeting", "at": AT}
    return exempt_files.keep_file(section or published.held, title="x", content=PDF, file_name="x.pdf", **why)


def test_only_a_clerk_who_may_read_the_section_hands_a_file_in(published):
    second = make_person("clerk.birch", published.birch, "clerk")
    with denied("Your roles do not let you publish reviews."):
        keep_file(published, published.member)
    with denied("You may not read this section yourself."):
        keep_file(published, second)
    with refused("", "Only exempt and confidential text has readers by name."):
        keep_file(published, published.clerk, Section.objects.get(key="inside"))


def test_database_still_refuses_to_change_an_exempt_paper(published, client):
    hand_in(client, published)
    for change in (ExemptPaper.objects.filter(is_uploaded=True).delete, lambda: ExemptPaper.objects.update(name="x")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
