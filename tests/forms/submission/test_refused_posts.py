"""Forms with a missing or outdated CSRF token: shown again with the answers, and never accepted (case F20)."""

import re
import uuid

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from forms.models import FormPage, FormVersion, SavedForm, Submission, Upload
from tests.factories.forms import FormPageFactory, question, section
from tests.forms.conftest import hidden

pytestmark = pytest.mark.django_db
OLD = "a" * 32
TOKENS = {"none": {}, "old": {"csrfmiddlewaretoken": OLD}, "odd": {"csrfmiddlewaretoken": "\x00"}}


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True)


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found.group(1)


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
@pytest.mark.parametrize("has_cookie", [True, False])
def test_the_answers_are_shown_again_with_a_fresh_token(strict, token, has_cookie):
    form = FormPageFactory(
        questions=[question("why", label="Why?"), question("how", "radios", options=["Day", "Night"])]
    )
    if has_cookie:
        strict.get(form.get_url())
    typed = {"q-why": "My <b>words</b>", "q-how": "Night", "key": uuid.uuid4().hex, "version": "1"}
    answer = strict.post(form.get_url(), typed | token)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "no-store" in answer["Cache-Control"]
    assert "This page was open for too long, so nothing was sent." in page
    assert "My &lt;b&gt;words&lt;/b&gt;" in page
    assert re.search(r'value="Night"\s+checked', page)
    assert hidden(answer, "key") == typed["key"]
    assert not Submission.objects.exists()
    assert not SavedForm.objects.exists()
    sent = strict.post(form.get_url(), typed | {"csrfmiddlewaretoken": token_in(page)})
    assert sent.status_code == 303
    assert Submission.objects.get().answers == {"why": "My <b>words</b>", "how": "Night"}


@pytest.fixture
def parts():
    one = section(question("why", label="Why?"), section_id="one", title="One")
    return FormPageFactory(sections=[one, section(question("more", label="More?"), section_id="two", title="Two")])


@pytest.mark.parametrize(
    ("where", "typed", "shown"),
    [
        ("?section=one", {"q-why": "Typed just now"}, 'value="Typed just now"'),
        ("?section=two", {"q-more": "Typed just now"}, 'value="Typed just now"'),
        ("?page=save", {"q-address": "ada@example.org"}, 'value="ada@example.org"'),
        ("?page=check", {}, "What I began with"),
    ],
)
def test_every_page_of_a_form_in_parts_is_shown_again(client, strict, parts, where, typed, shown):
    for section_id, box in (("one", "q-why"), ("two", "q-more")):
        client.post(f"{parts.get_url()}?section={section_id}", {box: "What I began with"})
    strict.cookies = client.cookies
    stored = bytes(SavedForm.objects.get().sealed)
    answer = strict.post(f"{parts.get_url()}{where}", typed | {"version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This page was open for too long" in page
    assert shown in page
    assert bytes(SavedForm.objects.get().sealed) == stored
    assert not Submission.objects.exists()
    again = strict.post(f"{parts.get_url()}{where}", typed | {"csrfmiddlewaretoken": token_in(page), "version": "1"})
    assert again.status_code == 303


def test_nothing_at_all_is_written_and_files_have_to_be_chosen_again(strict):
    form = FormPageFactory(questions=[question("photo", "file"), question("why")])
    FormVersion.objects.all().delete()
    answer = strict.post(form.get_url(), {"q-photo": SimpleUploadedFile("a.txt", b"a"), "q-why": "Words"})
    assert answer.status_code == 403
    assert "Choose your files again." in answer.content.decode()
    assert 'value="Words"' in answer.content.decode()
    assert not Upload.objects.exists()
    assert not FormVersion.objects.exists()


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}])
def test_what_another_website_sends_is_not_shown(strict, form_page, headers):
    answer = strict.post(form_page.get_url(), {"q-why": "Their words"}, headers=headers)
    assert answer.status_code == 403
    assert "Their words" not in answer.content.decode()


def test_a_form_that_only_some_may_open_stays_closed_to_others(strict):
    form = FormPageFactory(audience="staff")
    assert strict.post(form.get_url(), {"q-why": "x"}).status_code == 404
    FormPage.objects.update(audience="members")
    answer = strict.post(form.get_url(), {"q-why": "Words"})
    assert answer.status_code == 403
    assert "Words" not in answer.content.decode()
    FormPage.objects.update(audience="anyone", live=False)
    assert strict.post(form.get_url(), {"q-why": "x"}).status_code == 404


def test_other_pages_answer_403_in_words(strict, home):
    assert "Go back, reload the page" in strict.post(home.get_url(), {"a": "1"}).content.decode()


def test_staff_who_type_in_paper_lose_nothing(strict, form_page):
    strict.force_login(User.objects.create_superuser("hana"))
    address = reverse("form_enter", args=[form_page.pk])
    answer = strict.post(address, {"q-why": "From the letter", "q-when-day": "9", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'value="From the letter"' in page
    assert 'value="9"' in page
    assert "This page was open for too long" in page
    assert not Submission.objects.exists()
