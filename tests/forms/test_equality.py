"""Equality answers are counted, and nothing is kept that tells whose they were."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forms.models import EqualityCount, QuestionSet, Submission
from tests.factories.forms import FormPageFactory, question

pytestmark = pytest.mark.django_db
OPTIONS = ["16 to 34", "35 or over"]


def asking_form():
    questions = [
        question("age", "radios", label="How old are you?", options=OPTIONS),
        question("langs", "checkboxes", label="Which do you speak?", options=["English", "Polish", "Urdu"]),
        question("ill", "yes_no", label="Are you disabled?", follow_up="Tell us more"),
        question("name", "short_text", label="Your name"),
    ]
    return FormPageFactory(equality_questions=QuestionSet.objects.create(name="Equality", questions=questions))


@pytest.fixture
def form():
    return asking_form()


@pytest.fixture
def address(form):
    return reverse("form_equality", args=[form.form_key])


def counts() -> dict:
    return {(row.question, row.answer): row.count for row in EqualityCount.objects.all()}


def test_answers_are_counted_for_the_form_and_the_year(client, form, address):
    for data in ({"q-age": OPTIONS[0], "q-langs": ["English", "Urdu"]}, {"q-age": OPTIONS[0], "q-ill": "yes"}, {}):
        done = client.post(address, data)
        assert (done.status_code, done["Location"]) == (303, f"{address}?thanks")
    assert counts() == {
        ("How old are you?", OPTIONS[0]): 2,
        ("Which do you speak?", "English"): 1,
        ("Which do you speak?", "Urdu"): 1,
        ("Are you disabled?", "Yes"): 1,
    }
    row = EqualityCount.objects.first()
    assert (row.form_key, row.year, row.form_title) == (form.form_key, timezone.localdate().year, form.title)
    assert "We have counted your answers" in client.get(done["Location"]).content.decode()


def test_nothing_goes_with_it_that_could_be_joined(client, form, address, post):
    done = post(form, {"q-why": "A"})
    confirmation = client.get(done["Location"])
    assert f'href="{address}"' in confirmation.content.decode()
    # The next page is not told the address of this one, which is the person's own.
    assert confirmation["Referrer-Policy"] == "strict-origin"
    fresh = Client(enforce_csrf_checks=True)
    page = fresh.get(address)
    words = page.content.decode().split("<main")[1]
    assert 'type="hidden"' not in words
    assert str(Submission.objects.get().token) not in words
    sent = fresh.post(address, {"q-age": OPTIONS[0]})
    assert sent.status_code == 303
    assert not fresh.cookies
    assert not page.cookies
    assert {page["Cache-Control"], sent["Cache-Control"]} == {"private, no-store"}


def test_only_answers_that_were_offered_count(client, address):
    for wrong in ({"q-age": "My name is Ada"}, {"q-langs": ["Klingon"]}, {"q-age": "\x00"}):
        assert client.post(address, wrong).status_code == 422
    client.post(address, {"q-name": "Ada", "q-ill-details": "Private", "q-ill": "no"})
    assert counts() == {("Are you disabled?", "No"): 1}
    assert "Your name" not in client.get(address).content.decode()


def test_where_none_are_asked_there_is_no_page(client, form_page, post):
    assert client.get(reverse("form_equality", args=[form_page.form_key])).status_code == 404
    assert client.get(reverse("form_equality", args=[uuid.uuid4()])).status_code == 404
    assert "equality" not in client.get(post(form_page, {"q-why": "A"})["Location"]).content.decode()


def test_nobody_stuffs_the_counts(client, address, settings, home_phone):
    settings.FORMS_AN_HOUR = 2
    stopped = [
        client.post(address, {"q-age": OPTIONS[0]}, headers={"x-forwarded-for": f"203.0.113.{at}"}) for at in range(3)
    ]
    assert [answer.status_code for answer in stopped] == [303, 303, 429]
    assert home_phone in stopped[-1].content.decode()
    assert counts() == {("How old are you?", OPTIONS[0]): 2}
