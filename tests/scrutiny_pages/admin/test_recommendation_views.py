"""Tests of the staff view that records the steps of a recommendation."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from scrutiny_pages.enums import PANEL_DECISIONS, Answer, Delivery, Step
from scrutiny_pages.forms.recommendation_forms import STEP_FIELDS
from tests.factories.decisions import meeting_of
from tests.factories.records import RecommendationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    return RecommendationFactory(asked_on=datetime.date(2026, 3, 10))


def address(item) -> str:
    return reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[item.pk])


def record(client, item, step: Step, on: str, words: str = "", date: str = ""):
    given = {"step": step, "on": on, "words": words, "date": date}
    if step in PANEL_DECISIONS:
        given["meeting"] = meeting_of(item.checking_body, datetime.date.fromisoformat(on)).pk
    return client.post(address(item), given)


def test_every_step_can_be_taken_on_the_screen():
    assert set(STEP_FIELDS) == set(Step)


def test_a_promise_is_followed_from_answer_to_confirmation(admin_in, admin_user, item):
    for step, on, more in (
        (Step.ANSWER_DUE, "2026-03-11", {"date": "2026-04-07"}),
        (Step.ACCEPT, "2026-04-02", {"date": "2026-06-30"}),
        (Step.START, "2026-04-10", {}),
        (Step.ASK_FOR_TIME, "2026-06-01", {"date": "2026-09-30", "words": "A new contractor."}),
        (Step.GRANT_TIME, "2026-06-12", {}),
        (Step.CLAIM, "2026-09-01", {"words": "The rates are on the website."}),
        (Step.NOTE, "2026-09-02", {"words": "The panel has looked."}),
        (Step.SEND_BACK, "2026-09-05", {"words": "Two contractors are missing."}),
        (Step.CLAIM, "2026-09-20", {"words": "All are there."}),
        (Step.CONFIRM, "2026-10-02", {"date": "2027-03-31"}),
    ):
        assert record(admin_in, item, step, on, **more).status_code == 302, step
    item.refresh_from_db()
    assert (item.tracking.delivery, len(item.tracking.granted)) == (Delivery.CONFIRMED, 1)
    assert item.tracking.first_target == datetime.date(2026, 6, 30)
    assert item.tracking.events.filter(recorded_by=admin_user).count() == 10
    settled = admin_in.get(address(item))
    assert [choice.words for choice in settled.context["choices"]] == [
        step.label for step in (Step.CHECK_IMPACT, Step.NOTE, Step.CORRECT)
    ]
    assert "Confirmed by residents" in settled.content.decode()


def test_a_long_note_is_kept_whole(admin_in, item):
    words = "The panel has looked. " * 80
    assert record(admin_in, item, Step.NOTE, "2026-04-02", words=words.strip()).status_code == 302
    assert item.tracking.events.get().text == words.strip()


def test_a_date_for_the_answer_that_moves_says_so(admin_in, item):
    record(admin_in, item, Step.ANSWER_DUE, "2026-03-11", date="2026-04-07")
    record(admin_in, item, Step.ANSWER_DUE, "2026-04-01", date="2026-04-21")
    titles = [event.headline for event in item.public_history()]
    assert titles == ["Answer due by 21 April 2026, moved from 7 April 2026", "Answer due by 7 April 2026", "Asked for"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (
            {"step": Step.CONFIRM, "on": "2026-04-02"},
            "has to say it is done before",
        ),
        ({"step": Step.REFUSE, "on": "2026-04-02"}, "This field is required"),
        ({"step": Step.ACCEPT, "on": "2026-03-01", "date": "2026-06-30"}, "before it was asked for, on 10 March 2026"),
        ({"step": Step.ACCEPT, "on": "2026-04-02", "date": "2026-04-01"}, "before the day of the answer"),
        ({"step": Step.ACCEPT, "on": "soon"}, "This is not a day that we can read."),
        ({"step": Step.ACCEPT, "on": "2026-04-02", "words": "a\x00b"}, "Null characters are not allowed"),
        ({"step": Step.NOTE, "on": "2026-04-02"}, "This field is required"),
        ({"step": Step.ANSWER_DUE, "on": "2026-04-02"}, "This field is required"),
        ({"step": Step.ANSWER_DUE, "on": "2026-04-02", "date": "2026-01-01"}, "before it is asked for"),
        ({}, "Choose what happened"),
        ({"step": "nonsense\x00"}, "Choose what happened"),
        ({"step": Step.WITHDRAW, "on": "2026-04-02", "words": "No longer needed."}, "Choose the meeting"),
    ],
)
def test_what_cannot_be_recorded_is_said_in_words_and_changes_nothing(admin_in, item, sent, words):
    answer = admin_in.post(address(item), sent)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    item.refresh_from_db()
    assert (item.tracking.answer, item.tracking.events.count()) == (Answer.AWAITED, 0)


def test_nothing_is_recorded_before_it_happens(admin_in, item):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert "has not come yet" in record(admin_in, item, Step.ACCEPT, tomorrow.isoformat()).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_recording_needs_its_own_permission(client, django_user_model, item, method):
    editor = django_user_model.objects.create_user("editor")
    editor.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "change_recommendation", "publish_recommendation"])
    )
    client.force_login(editor)
    answer = getattr(client, method)(address(item), {"step": Step.ACCEPT, "on": "2026-04-02"})
    assert (answer.status_code, answer.url) == (302, "/admin/")
    item.refresh_from_db()
    assert item.tracking.answer == Answer.AWAITED
