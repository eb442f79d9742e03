"""Submissions are neither lost nor duplicated."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse
from post_office.models import Email

from forms.answers.versions import ensure_version
from forms.enums import CaseState
from forms.models import Case, Submission, Upload
from forms.submission import services
from forms.submission.services import KeyInUse, already_sent, submit
from tests.factories.forms import FormPageFactory, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(form_page):
    return ensure_version(form_page)


def test_the_same_key_gives_the_same_submission(version):
    key = uuid.uuid4()
    first = submit(version=version, answers={"why": "A"}, key=key)
    again = submit(version=version, answers={"why": "B"}, key=key)
    assert (again.pk, again.reference, again.answers) == (first.pk, first.reference, {"why": "A"})
    assert Submission.objects.count() == 1


def test_another_key_is_another_submission(version):
    references = {submit(version=version, answers={}, key=uuid.uuid4()).reference for _ in range(3)}
    assert len(references) == 3


def test_a_key_that_came_with_another_form_is_refused_and_loses_nothing(version):
    key = uuid.uuid4()
    submit(version=version, answers={}, key=key)
    other = ensure_version(FormPageFactory())
    with pytest.raises(KeyInUse):
        submit(version=other, answers={}, key=key)
    with pytest.raises(KeyInUse):
        already_sent(key=key, form_id=other.form_id)


def test_a_key_is_known_again_after_its_form_is_deleted(version, form_page):
    key = uuid.uuid4()
    submit(version=version, answers={}, key=key)
    form_page.delete()
    assert already_sent(key=key, form_id=None)


def test_a_reference_that_is_taken_is_drawn_again(version, monkeypatch):
    drawn = iter(["BBBBBBBB", "BBBBBBBB", "CCCCCCCC"])
    monkeypatch.setattr(services, "new_reference", lambda: next(drawn))
    references = [submit(version=version, answers={}, key=uuid.uuid4()).reference for _ in range(2)]
    assert references == ["BBBBBBBB", "CCCCCCCC"]


def test_references_are_short_and_hard_to_misread():
    drawn = {services.new_reference() for _ in range(500)}
    assert len(drawn) == 500
    assert {len(reference) for reference in drawn} == {8}
    assert not set("".join(drawn)) & set("01IOLUAE5SZ")


def test_a_submission_says_nothing_of_its_answers(version):
    sent = submit(version=version, answers={"why": "private"}, key=uuid.uuid4())
    assert str(sent) == sent.reference
    assert "private" not in repr(sent)


MAILED = {"team_mailbox": "team@example.org", "questions": [question("mail", "email"), question("why")]}
GIVEN = {"mail": "robin@example.org", "why": "private words"}


def mailed_version(**changes):
    return ensure_version(FormPageFactory(**MAILED | changes))


def test_it_comes_with_its_case_and_its_mail():
    sent = submit(version=mailed_version(), answers=GIVEN, key=uuid.uuid4(), received_on=datetime.date(2026, 11, 2))
    assert (sent.case.state, sent.case.received_on) == (CaseState.RECEIVED, datetime.date(2026, 11, 2))
    receipt, notice = Email.objects.order_by("pk")
    assert (receipt.to, notice.to) == (["robin@example.org"], ["team@example.org"])
    assert reverse("form_received", args=[sent.token]) in receipt.message
    assert reverse("form_open", args=[sent.reference]) in notice.message
    for mail in (receipt, notice):
        assert sent.reference in mail.subject
        assert sent.reference in mail.message
        assert not {"private words", "robin", str(sent.key)} & set(re.split(r"[\s/@]", mail.message))
        assert sent.version.form_title not in mail.message
    assert str(sent.token) not in notice.message


def test_the_same_key_sends_its_mail_once():
    version, key = mailed_version(), uuid.uuid4()
    for _ in range(3):
        submit(version=version, answers=GIVEN, key=key)
    assert Email.objects.count() == 2
    assert Case.objects.count() == 1


@pytest.mark.parametrize("breaks", ["open_case", "queue_mail"])
def test_all_of_it_or_nothing(monkeypatch, breaks):
    version = mailed_version()

    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(services, breaks, fails)
    with pytest.raises(RuntimeError):
        submit(version=version, answers=GIVEN, key=uuid.uuid4())
    assert not Submission.objects.exists()
    assert not Case.objects.exists()
    assert not Email.objects.exists()


def test_what_looks_like_spam_is_kept_apart_and_nobody_hears_of_it():
    sent = submit(version=mailed_version(), answers=GIVEN, key=uuid.uuid4(), quarantined=True)
    assert sent.case.is_quarantined
    assert not Email.objects.exists()


@pytest.mark.parametrize(
    ("changes", "answers", "told"),
    [
        ({"sends_receipt": False}, GIVEN, ["team@example.org"]),
        ({"team_mailbox": ""}, GIVEN, ["robin@example.org"]),
        ({}, {"why": "A"}, ["team@example.org"]),
        ({"questions": [question("why")]}, {"why": "A"}, ["team@example.org"]),
    ],
    ids=["no receipt", "no mailbox", "no address given", "no address asked"],
)
def test_who_is_told(changes, answers, told):
    submit(version=mailed_version(**changes), answers=answers, key=uuid.uuid4())
    assert [mail.to for mail in Email.objects.all()] == [[address] for address in told]


def test_the_link_in_a_mail_never_comes_from_what_the_sender_says_the_site_is(client):
    form = FormPageFactory(**MAILED)
    data = {"q-mail": "robin@example.org", "q-why": "A", "key": uuid.uuid4().hex, "version": "1"}
    assert client.post(form.get_url(), data, headers={"host": "evil.example"}).status_code == 303
    assert Email.objects.count() == 2
    assert not Email.objects.filter(message__contains="evil")


def test_files_go_with_what_they_were_sent_with():
    version = mailed_version(questions=[question("f", "file", most=2)])
    mine, elses = Upload.objects.bulk_create(
        [Upload(version=of, question_id="f", name="a.txt", size=1) for of in (version, mailed_version())]
    )
    answers = {"f": [{"token": upload.token.hex, "name": "a.txt"} for upload in (mine, elses)]}
    sent = submit(version=version, answers=answers, key=uuid.uuid4())
    assert list(sent.uploads.all()) == [mine]
    other = submit(version=version, answers=answers, key=uuid.uuid4())
    assert not other.uploads.exists()


def test_a_mail_to_the_team_leads_to_the_register(admin_in, version):
    sent = submit(version=version, answers={}, key=uuid.uuid4())
    page = admin_in.get(reverse("form_open", args=[sent.reference]), follow=True)
    assert page.status_code == 200
    assert sent.reference in page.content.decode()
    assert admin_in.get(reverse("form_open", args=["NOTHERE2"])).status_code == 404
