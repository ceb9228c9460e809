"""Test what is published stays as it was, byte for byte, and can be drawn again from its frozen facts."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from partnership.audit import log
from partnership.audit.triggers import triggers_disabled
from partnership.records.data_versions import DataVersion
from reviews.models import Edition, EditionData, EditionFile, ExemptPaper
from reviews.publishing import editions, publish, publishing_job
from reviews.publishing.frozen import freeze, values_from_json
from tests.factories import change
from tests.html_forms import shown, untouched
from tests.published import AT, make_published

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def published(module_data):
    """A review of two councils, published for the public and for members."""
    return make_published()


def test_public_and_members_each_get_their_files(published):
    named = set()
    for one in Edition.objects.all():
        named |= {(one.audience, file.name) for file in one.files.all()}
    assert named == {
        ("public", "a-review.html"),
        ("public", "a-review.pdf"),
        ("public", "a-review.docx"),
        ("public", "a-review.csv"),
        ("public", "a-review-appendix-1.pdf"),
        ("members", "a-review-members.html"),
        ("members", "a-review-members.pdf"),
        ("members", "a-review-members.docx"),
        ("members", "a-review-members.csv"),
    }
    for one in Edition.objects.all():
        assert one.facts_sha256 == hashlib.sha256(one.facts.encode()).hexdigest()
        for file in one.files.all():
            assert file.sha256 == hashlib.sha256(bytes(file.content)).hexdigest()


def test_each_audience_reads_its_own_classes(published):
    public, members = (Edition.objects.get(audience=audience) for audience in ("public", "members"))
    words = ("Open text", "Partnership text")
    assert [text in public.facts for text in words] == [True, False]
    assert [text in members.facts for text in words] == [True, True]
    for one in (public, members):
        assert "A public title" in one.facts
        assert "Exempt text" not in one.facts


def test_the_paper_prints_the_checksum_of_its_facts(published):
    editions = list(Edition.objects.all())
    assert len(editions) == 2
    for one in editions:
        assert f"<td>{one.facts_sha256}</td>" in bytes(one.files.get(name__endswith=".html").content).decode()


def test_an_exempt_appendix_is_a_file_of_its_own(published):
    paper = ExemptPaper.objects.get()
    assert (paper.name, paper.sha256) == (
        "a-review-exempt-appendix-2.pdf",
        hashlib.sha256(bytes(paper.content)).hexdigest(),
    )


CHANGES = ("UPDATE TABLE SET id = id", "DELETE FROM TABLE")
CHANGES_OF = {
    "postgresql": ("TRUNCATE TABLE CASCADE",),
    "sqlite": ("INSERT OR REPLACE INTO TABLE SELECT * FROM TABLE",),
}


@pytest.mark.parametrize("model", [Edition, EditionFile, ExemptPaper])
def test_database_refuses_to_change_or_delete(published, model):
    for statement in (*CHANGES, *CHANGES_OF[connection.vendor]):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.replace("TABLE", model._meta.db_table))
    assert model.objects.count() > 0


def test_without_the_triggers_it_could_be_changed(published):
    with triggers_disabled(), transaction.atomic():
        Edition.objects.update(title="Forged")
        assert Edition.objects.filter(title="Forged").count() == 2
        transaction.set_rollback(True)
    assert Edition.objects.filter(title="Forged").count() == 0


def first_edition():
    return Edition.objects.order_by("pk").first()


def replace_pdf():
    EditionFile.objects.filter(name__endswith=".pdf").update(content=b"%PDF-forged")


def replace_pdf_and_its_checksum():
    content = b"%PDF-forged"
    EditionFile.objects.filter(name__endswith=".pdf").update(
        content=content, sha256=hashlib.sha256(content).hexdigest()
    )


def replace_facts():
    Edition.objects.update(facts="{}")


def replace_facts_and_their_checksum():
    Edition.objects.update(facts="{}", facts_sha256=hashlib.sha256(b"{}").hexdigest())


def replace_title():
    Edition.objects.update(title="Forged")


def replace_exempt_paper():
    ExemptPaper.objects.update(content=b"%PDF-forged")


def replace_open_data():
    EditionData.objects.update(lines="Forged")


def delete_file():
    EditionFile.objects.filter(name__endswith=".docx")._raw_delete("default")


def delete_editions():
    EditionData.objects.all()._raw_delete("default")
    EditionFile.objects.all()._raw_delete("default")
    Edition.objects.all()._raw_delete("default")


def slip_in_file():
    EditionFile.objects.create(
        edition=first_edition(), name="x.pdf", label="PDF", media_type="application/pdf", content=b"", sha256=EMPTY_SHA
    )


EMPTY_SHA = hashlib.sha256(b"").hexdigest()
FORGERIES = {
    replace_pdf: "of reviews.editionfile: its content is not what its checksum says.",
    replace_pdf_and_its_checksum: "of reviews.editionfile is not what was recorded.",
    replace_facts: "of reviews.edition: its facts is not what its checksum says.",
    replace_facts_and_their_checksum: "of reviews.edition is not what was recorded.",
    replace_title: "of reviews.edition is not what was recorded.",
    replace_exempt_paper: "of reviews.exemptpaper: its content is not what its checksum says.",
    replace_open_data: "of reviews.editiondata is not what was recorded.",
    delete_file: "of reviews.editionfile is gone.",
    delete_editions: "of reviews.edition is gone.",
    slip_in_file: "of reviews.editionfile is in no chain.",
}


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_verify_audit_forged_edition_is_named(published, forge):
    assert list(log.integrity_errors()) == []
    with transaction.atomic():
        with triggers_disabled(), connection.constraint_checks_disabled():
            forge()
        assert FORGERIES[forge] in "\n".join(log.integrity_errors())
        transaction.set_rollback(True)


def test_verify_audit_rewritten_chain_differs_from_the_seal_of_the_edition(published):
    """The chain is made anew from its beginning, with other seals that fit together."""
    edition = first_edition()
    with transaction.atomic():
        scope = edition.review.partnership_id
        with triggers_disabled():
            head = log.BEGINNING
            links = list(log.AuditEntry.objects.filter(partnership_id=scope).order_by("number"))
            for link in links:
                link.digest = link.digest if head.length else "0" * 64
                link.previous = head.seal
                link.seal = link.sealed()
                link.save()
                head = log.Head(link.number, link.seal)
            DataVersion.objects.filter(partnership_id=scope).update(chain_seal=head.seal)
        assert (
            f"The chain of partnership {scope}, link {edition.chain_length}: edition 1 of a-review was published under"
            f" another seal, {edition.chain_seal}."
        ) in list(log.integrity_errors())
        transaction.set_rollback(True)


def test_migrate_seals_what_was_published_before_editions_were_sealed(published):
    registers = [model._meta.label_lower for model in log.sealed_models()]
    with transaction.atomic():
        with triggers_disabled():
            links = log.AuditEntry.objects.filter(register__in=registers)
            first = links.order_by("number").first()
            scope = first.partnership_id
            log.AuditEntry.objects.filter(partnership_id=scope, number__gte=first.number).delete()
        head = log.Head(first.number - 1, first.previous)
        DataVersion.objects.filter(partnership_id=scope).update(chain_length=head.length, chain_seal=head.seal)
        DataVersion.begin_chains()
        assert list(log.integrity_errors()) == []
        assert links.count() == sum(model._base_manager.count() for model in log.sealed_models())
        length = log.heads()[scope].length
        DataVersion.begin_chains()
        assert log.heads()[scope].length == length
        transaction.set_rollback(True)


def drawn_elsewhere(facts, **environment):
    """The checksums of an edition's files, drawn from its facts by another process."""
    script = (
        "import sys, hashlib, django; django.setup(); from reviews.publishing import editions\n"
        "for file in editions.draw(sys.stdin.buffer.read().decode()):\n"
        "    print(file.name, hashlib.sha256(file.content).hexdigest())"
    )
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "DEBUG", "DATABASE_URL") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=facts.encode(),
        capture_output=True,
        cwd=ROOT,
        env=keep | {"DJANGO_SETTINGS_MODULE": "partnership.settings"} | environment,
        check=True,
    )
    return dict(line.split() for line in done.stdout.decode().splitlines())


@pytest.mark.parametrize("audience", ["public", "members"])
def test_the_frozen_facts_give_the_same_bytes_again(published, audience):
    one = Edition.objects.get(audience=audience)
    kept = {file.name: file.sha256 for file in one.files.all()}
    again = drawn_elsewhere(one.facts, PYTHONHASHSEED="7", TZ="Pacific/Auckland", LANG="de_DE.UTF-8", LC_ALL="C")
    assert again == kept


def test_frozen_values_come_back_as_they_were(published):
    kept = editions.read(Edition.objects.get(audience="public").facts)
    assert values_from_json(freeze(kept)) == kept
    assert values_from_json(freeze((Decimal("1.50"), AT.date(), None, True))) == (
        Decimal("1.50"),
        AT.date(),
        None,
        True,
    )


def test_only_what_a_paper_prints_is_ever_frozen(published):
    with pytest.raises(TypeError, match="Review is never frozen"):
        freeze(published.review)


def test_a_correction_says_why_and_names_what_it_replaces(published):
    later = datetime(2019, 5, 2, 9, tzinfo=UTC)
    with pytest.raises(ValidationError) as refused:
        publish.check_publication(published.review, by=published.clerk, at=later)
    assert refused.value.message_dict == {
        "correction": ["Say why it replaces the earlier edition. The reason is printed."]
    }
    before = {file.name: file.sha256 for file in EditionFile.objects.all()}
    with transaction.atomic():
        public, members = publish.publish(
            published.review, by=published.clerk, at=later, correction="A date was wrong."
        )
        assert (public.number, public.replaces.number, public.replaces.audience) == (2, 1, "public")
        assert (
            "Edition 1. A date was wrong." in bytes(public.files.get(name="a-review-edition-2.html").content).decode()
        )
        assert (members.number, members.replaces.audience) == (2, "members")
        assert {file.name: file.sha256 for file in EditionFile.objects.filter(edition__number=1)} == before
        assert ExemptPaper.objects.count() == 1
        transaction.set_rollback(True)


def test_a_later_edition_without_a_reason_is_refused_by_the_database(published):
    one = Edition.objects.get(audience="public")
    copy = Edition.objects.get(pk=one.pk)
    copy.pk = None
    copy.number = 2
    copy._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_only_who_may_publish_publishes(published):
    for person in (published.officer, published.stranger):
        with pytest.raises(PermissionDenied):
            publish.check_publication(published.review, by=person, at=AT, correction="Why")


def test_what_stands_on_the_proof_page_stands_in_the_way(published):
    from tests.factories import make_section

    with transaction.atomic():
        make_section(review=published.review, narrative="It saves {savings.no-such-figure}.")
        with pytest.raises(ValidationError, match="stand in the way"):
            publish.check_publication(published.review, by=published.clerk, at=datetime.now(UTC), correction="Why")
        transaction.set_rollback(True)


def test_a_job_publishes_and_says_how_far_it_is(published):
    from partnership.models import Job

    now = datetime.now(UTC)
    job = publishing_job.ask(published.review, by=published.clerk, at=now, correction="Once more.")
    publishing_job.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress, job.total) == (Job.State.DONE, 3, 3)
    assert Edition.objects.filter(correction="Once more.").count() == 2


def test_a_job_that_cannot_publish_says_why_and_publishes_nothing(published):
    from partnership.models import Job
    from tests.factories import make_section

    now = datetime.now(UTC)
    job = publishing_job.ask(published.review, by=published.clerk, at=now, correction="Again.")
    make_section(review=published.review, narrative="It saves {savings.no-such-figure}.")
    before = Edition.objects.count()
    publishing_job.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.REFUSED
    assert "stand in the way" in job.result["refusal"]
    assert Edition.objects.count() == before


def test_publish_page_is_for_clerks_and_says_what_prevents_publication(published, client):
    from tests.factories import make_section

    at = "/reviews/a-review/publish/"
    client.force_login(published.officer)
    assert client.get(at).status_code == 403
    client.force_login(published.clerk)
    assert "Publish now" in client.get(at).content.decode()
    answer = client.post(at, shown(client, at) | {"audience": "all", "correction": ""})
    sentence = "Say why it replaces the earlier edition. The reason is printed."
    assert answer.context["form"].errors == {"correction": [sentence]}
    make_section(review=published.review, narrative="It saves {savings.no-such-figure}.")
    assert "It cannot be published yet" in client.get(at).content.decode()


# --- What is published is what the clerk saw --------------------------------------------------------------------------


def jobs_and_editions():
    from partnership.models import Job

    return Job.objects.count(), Edition.objects.count()


def test_publish_text_added_meanwhile_is_refused_with_what_changed(published, client):
    at = "/reviews/a-review/publish/"
    before = jobs_and_editions()
    client.force_login(published.clerk)
    sent = untouched(client.get(at).content.decode()) | {"audience": "all", "correction": "Put right."}
    section = published.review.sections.active().first()
    change(section, narrative=f"{section.narrative}\n\nOne sentence more.")
    answer = client.post(at, sent)
    assert (answer.status_code, jobs_and_editions()) == (409, before)
    assert answer.context["overtaken"]["rows"] == [
        {"label": f"Section “{section.heading}”", "seen": "As you saw it", "now": "Changed"}
    ]
    anew = untouched(answer.content.decode()) | {"audience": "all", "correction": "Put right."}
    assert client.post(at, anew).status_code == 302
    assert jobs_and_editions() == (before[0] + 1, before[1])


def test_publish_unchanged_review_is_taken(published, client):
    at = "/reviews/a-review/publish/"
    before = jobs_and_editions()
    client.force_login(published.clerk)
    sent = untouched(client.get(at).content.decode()) | {"audience": "all", "correction": "Put right."}
    assert client.post(at, sent).status_code == 302
    assert jobs_and_editions() == (before[0] + 1, before[1])


def test_publish_without_what_was_seen_is_refused(published, client):
    at = "/reviews/a-review/publish/"
    before = jobs_and_editions()
    client.force_login(published.clerk)
    assert client.post(at, {"audience": "all", "correction": "Put right."}).status_code == 409
    assert jobs_and_editions() == before


def test_publishing_job_text_added_after_the_request_publishes_nothing(published):
    from reviews.facts import review_facts

    before = Edition.objects.count()
    now = datetime.now(UTC)
    seen = publish.digest_of(review_facts(published.review, None))
    job = publishing_job.ask(published.review, by=published.clerk, at=now, correction="Again.", seen=seen)
    section = published.review.sections.active().first()
    change(section, narrative=f"{section.narrative}\n\nOne sentence more.")
    publishing_job.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["refusal"]) == ("refused", publish.CHANGED)
    assert Edition.objects.count() == before


def test_publishing_job_of_what_was_seen_publishes_it(published):
    from reviews.facts import review_facts

    seen = publish.digest_of(review_facts(published.review, None))
    now = datetime.now(UTC)
    job = publishing_job.ask(published.review, by=published.clerk, at=now, correction="Same.", seen=seen)
    publishing_job.run(job.pk)
    assert Edition.objects.filter(correction="Same.").count() == 2
