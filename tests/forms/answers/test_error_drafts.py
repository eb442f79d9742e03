"""Forms with errors: Back and Reload show them again, and nobody else sees them (case F19)."""

import datetime
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from forms.answers.encryption import secret_for, unseal
from forms.answers.error_drafts import LASTS
from forms.models import FormPage, SavedForm, Submission
from forms.privacy.cleanup import erase_unsent
from tests.factories.forms import FormPageFactory, question, republish, section
from tests.forms.conftest import hidden

pytestmark = pytest.mark.django_db

ASKED = [
    question("fits", "eligibility", ruled_out="no", words="<p>For residents.</p>"),
    question("how", "checkboxes", options=["By day", "By night"]),
    question("why", label="Why?"),
]


@pytest.fixture
def form():
    return FormPageFactory(questions=ASKED)


@pytest.fixture
def parts():
    first = section(*ASKED, section_id="first", title="First")
    return FormPageFactory(sections=[first, section(question("more", label="More?"), section_id="last", title="Last")])


TYPED = {"q-fits": "yes", "q-how": ["By day", "By night"], "q-why": ""}


def wrong(client, form: FormPage, query: str = "", **more):
    """Send a form with an error, and return the URL it redirects to."""
    data = {"key": uuid.uuid4().hex, "version": "1"} | TYPED | more
    answer = client.post(f"{form.get_url()}{query}", data)
    assert answer.status_code == 303
    assert "no-store" in answer["Cache-Control"]
    return answer["Location"]


def assert_shows_mistake(page: str) -> None:
    assert "<title>Error: " in page
    assert "Enter an answer for “Why?”" in page
    assert len(re.findall(r"\bchecked\b", page)) == 3


@pytest.mark.parametrize("query", ["", "?section=first"])
def test_a_mistake_is_shown_again_however_often_one_comes_back(client, request, query):
    form = request.getfixturevalue("parts" if query else "form")
    address = wrong(client, form, query)
    for _reload in range(2):
        shown = client.get(address)
        assert shown.status_code == 200
        assert "no-store" in shown["Cache-Control"]
        assert_shows_mistake(shown.content.decode())
        client.get("/")
    assert not Submission.objects.exists()


@pytest.mark.parametrize("query", ["", "?section=first"])
def test_only_the_browser_that_sent_it_sees_it(client, request, query):
    form = request.getfixturevalue("parts" if query else "form")
    address = wrong(client, form, query)
    assert "By day" not in address
    cookie = client.cookies[f"draft-{form.form_key.hex}"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", form.get_url())
    assert not cookie["max-age"]  # it goes when the browser is closed
    assert b"By day" not in bytes(SavedForm.objects.get().sealed)
    for anonymous in (Client(), Client(headers={"cookie": f"{cookie.key}={'A' * 43}"})):
        shown = anonymous.get(address).content.decode()
        assert "By day" in shown
        assert not re.search(r"\bchecked\b", shown)
        assert "There is a problem" not in shown


@pytest.mark.parametrize("query", ["", "?section=first"])
def test_who_can_apply_is_in_no_database(client, request, query):
    """Only the browser has the eligibility answers; the page says that we do not keep them."""
    form = request.getfixturevalue("parts" if query else "form")
    address = wrong(client, form, query)
    own = secret_for(client.cookies[f"draft-{form.form_key.hex}"].value, address.partition("=")[2])
    assert set(unseal(own, SavedForm.objects.get().sealed)["typed"]) == {"q-how", "q-why"}
    for forged in ("x", "\u00e9", client.cookies[f"draft-{form.form_key.hex}-who"].value[:-4]):
        client.cookies[f"draft-{form.form_key.hex}-who"] = forged
        assert len(re.findall(r"\bchecked\b", client.get(address).content.decode())) == 2


def test_two_windows_keep_a_mistake_each(client, form):
    addresses = {words: wrong(client, form, **{"q-why": words * 201}) for words in "ab"}
    assert addresses["a"] != addresses["b"]
    for words, address in addresses.items():
        assert words * 201 in client.get(address).content.decode()
    # The same form with another mistake is in the same place.
    key = uuid.uuid4().hex
    assert wrong(client, form, key=key) == wrong(client, form, key=key, **{"q-why": "c" * 201})


def test_what_is_put_right_is_erased_and_going_back_leads_to_the_reference(client, form):
    address = wrong(client, form)
    shown = client.get(address)
    right = TYPED | {"q-why": "To help", "key": hidden(shown, "key"), "version": hidden(shown, "version")}
    done = client.post(form.get_url(), right)
    assert Submission.objects.get().answers == {"how": ["By day", "By night"], "why": "To help"}
    assert client.get(address)["Location"] == done["Location"]
    assert hidden(client.get(form.get_url()), "key") != right["key"]


def test_a_section_that_is_put_right_shows_no_mistake_any_more(client, parts):
    address = wrong(client, parts, "?section=first")
    assert client.post(address, TYPED | {"q-why": "To help"})["Location"].endswith("?section=last")
    shown = client.get(address).content.decode()
    assert "There is a problem" not in shown
    assert 'value="To help"' in shown
    assert SavedForm.objects.count() == 1  # the form itself


def test_who_starts_again_finds_an_empty_form(client, parts):
    client.post(f"{parts.get_url()}?section=first", TYPED | {"q-why": "To help"})
    wrong(client, parts, "?section=last", **{"q-more": "x" * 201})
    client.get(f"{parts.get_url()}?page=begin&again")
    client.post(f"{parts.get_url()}?section=first", TYPED | {"q-why": "To help"})
    assert "x" * 201 not in client.get(f"{parts.get_url()}?section=last").content.decode()


def test_a_file_that_was_refused_is_still_reported(client):
    form = FormPageFactory(questions=[question("photo", "file", most=2), question("why", label="Why?")])
    files = [SimpleUploadedFile("note.txt", b"Words"), SimpleUploadedFile("game.exe", b"MZ\x90\x00")]
    shown = client.get(wrong(client, form, **{"q-photo": files, "q-why": "Words of mine"})).content.decode()
    assert "“game.exe” is not a kind of file that we can take" in shown
    assert "note.txt" in shown
    assert 'value="Words of mine"' in shown


def test_a_draft_is_erased_after_a_day_and_says_so(client, form):
    address = wrong(client, form)
    erase_unsent(timezone.now() + LASTS)
    assert not SavedForm.objects.exists()
    gone = client.get(address)
    assert gone.status_code == 410
    assert "We do not have what you wrote here before" in gone.content.decode()
    assert 'name="q-why"' in gone.content.decode()


@pytest.mark.parametrize("again", ["", "x", "%00", "first", "a" * 16, "é", "a" * 2000])
def test_an_address_of_no_draft_shows_an_empty_form(client, form, again):
    wrong(client, form)
    assert client.get(f"{form.get_url()}?again={again}").status_code in (400, 410)


def test_a_draft_belongs_to_the_version_that_was_shown(client, form):
    address = wrong(client, form)
    republish(form, sections=[section(question("new", label="New?"))])
    shown = client.get(address)
    assert_shows_mistake(shown.content.decode())
    assert hidden(shown, "version") == "1"
    # Even when it is asked in parts from now on.
    republish(form, sections=[section(question("a")), section(question("b"), section_id="s2")])
    assert_shows_mistake(client.get(address).content.decode())


def test_words_are_shown_for_copying_when_the_form_closed_meanwhile(client, form):
    address = wrong(client, form, **{"q-why": "x" * 201})
    FormPage.objects.update(closes_on=timezone.localdate() - datetime.timedelta(days=1))
    assert "x" * 201 in client.get(address).content.decode()


def test_what_cannot_be_kept_is_shown_at_once(client, form, monkeypatch, settings):
    """The rate limit, and a database that has no room."""
    settings.FORM_RATE_LIMIT = 1
    wrong(client, form)
    data = {"key": uuid.uuid4().hex, "version": "1"} | TYPED
    answer = client.post(form.get_url(), data)
    assert answer.status_code == 422
    assert_shows_mistake(answer.content.decode())

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    settings.FORM_RATE_LIMIT = 100
    monkeypatch.setattr("django.db.models.query.QuerySet.update_or_create", full)
    assert_shows_mistake(client.post(form.get_url(), data).content.decode())


@pytest.mark.parametrize("query", ["", "?section=first", "?page=check"])
def test_a_form_that_could_not_be_stored_loses_no_words(client, request, monkeypatch, query):
    """Case F21: nothing is stored by halves, and the page explains what to do."""
    form = request.getfixturevalue("parts" if query else "form")
    right = TYPED | {"q-why": "To help", "key": uuid.uuid4().hex, "version": "1"}
    if query == "?page=check":
        client.post(f"{form.get_url()}?section=first", right)
        client.post(f"{form.get_url()}?section=last", {"q-more": "To help"})

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("forms.submission.services.submit", full)
    monkeypatch.setattr("forms.submission.section_views.submit", full)
    monkeypatch.setattr("forms.submission.section_views.keep", full)
    answer = client.post(f"{form.get_url()}{query}", right)
    assert answer.status_code == 503
    assert "We could not keep your form just now." in answer.content.decode()
    assert "To help" in answer.content.decode()
    monkeypatch.undo()
    assert client.post(f"{form.get_url()}{query}", right).status_code == 303
