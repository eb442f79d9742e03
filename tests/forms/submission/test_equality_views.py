"""Equality answers are counted, and nothing is stored that identifies the person."""

import datetime
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forms.models import EqualityCount, QuestionSet, Submission
from tests.factories.forms import FormPageFactory, question, republish

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
    # The next page does not receive the address of this one, which is the person's own.
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


@pytest.mark.parametrize(("opens", "closes", "words"), [(1, None, "opens on"), (None, -1, "closed on"), (0, 0, "")])
def test_a_yearly_form_is_counted_only_while_it_is_open(client, form, address, opens, closes, words):
    days = [None if away is None else timezone.localdate() + datetime.timedelta(days=away) for away in (opens, closes)]
    yearly = republish(form, sections=[], opens_on=days[0], closes_on=days[1], other_ways="<p>Ring us.</p>")
    shown = client.get(yearly.get_url(), follow=True)
    sent = client.post(address, {"q-age": OPTIONS[0]})
    assert words in shown.content.decode()
    assert ("How old are you?" in shown.content.decode()) == (not words)
    assert ("Ring us." in shown.content.decode()) == bool(words)
    assert sent.status_code == (409 if words else 303)
    assert len(counts()) == (not words)
    assert "We have counted" in client.get(f"{address}?thanks").content.decode()


def test_questions_after_a_form_can_be_answered_after_it_closed(client, form, address):
    republish(form, closes_on=timezone.localdate() - datetime.timedelta(days=1))
    assert client.post(address, {"q-age": OPTIONS[0]}).status_code == 303


def test_where_none_are_asked_there_is_no_page(client, form_page, post):
    assert client.get(reverse("form_equality", args=[form_page.form_key])).status_code == 404
    assert client.get(reverse("form_equality", args=[uuid.uuid4()])).status_code == 404
    assert "equality" not in client.get(post(form_page, {"q-why": "A"})["Location"]).content.decode()


def test_nobody_stuffs_the_counts(client, address, settings, home_phone):
    settings.FORM_RATE_LIMIT = 2
    stopped = [
        client.post(address, {"q-age": OPTIONS[0]}, headers={"x-forwarded-for": f"203.0.113.{at}"}) for at in range(3)
    ]
    assert [answer.status_code for answer in stopped] == [303, 303, 429]
    assert home_phone in stopped[-1].content.decode()
    assert counts() == {("How old are you?", OPTIONS[0]): 2}
