"""Replay of the history: an earlier event can be recorded later, in its true order (case S3)."""

import datetime

import pytest
from django.urls import reverse

from scrutiny_pages import services
from scrutiny_pages.enums import Answer, Delivery, EventKind, Step
from scrutiny_pages.models import Event, Panel, Recommendation
from scrutiny_pages.services import TransitionNotAllowed
from tests.factories.decisions import decide
from tests.factories.pages import ReviewIndexPageFactory
from tests.factories.records import MeetingFactory, PanelFactory, RecommendationFactory, ReviewProcessFactory

pytestmark = pytest.mark.django_db

FIRST, SECOND = datetime.date(2026, 6, 30), datetime.date(2026, 9, 30)


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2026, month, number)


def friday_meeting(item: Recommendation, panel: Panel | None = None):
    """A meeting of the panel, or of another, on Friday 12 June."""
    at = datetime.datetime(2026, 6, 12, 18, tzinfo=datetime.UTC)
    return MeetingFactory(panel=panel or item.panel, starts_at=at)


@pytest.fixture
def item():
    """Return one accepted by 30 June, with a request of 10 June for 30 September and a claim of Monday 15 June."""
    item = RecommendationFactory(asked_on=day(3, 10))
    services.record_answer(recommendation=item, answer=Answer.ACCEPTED, on=day(4, 2), target=FIRST)
    services.ask_for_time(recommendation=item, on=day(6, 10), until=SECOND, reason="New staff.")
    services.claim_done(recommendation=item, on=day(6, 15), evidence="A photograph.")
    return item


def test_fridays_decision_is_recorded_on_monday_after_mondays_claim(item):
    """Case S3: the meeting sets the day; the request was granted then, and did not lapse with the claim."""
    meeting = friday_meeting(item)
    services.decide_time(recommendation=item, granted=True, meeting=meeting)
    tracking = Recommendation.objects.get(pk=item.pk).tracking
    assert (tracking.delivery, tracking.claimed_on) == (Delivery.CLAIMED, day(6, 15))
    assert (tracking.first_target, tracking.current_target) == (FIRST, SECOND)
    request = tracking.extensions.get()
    assert (request.granted, request.decided_on) == (True, day(6, 12))
    assert [(event.on, event.kind) for event in reversed(item.public_history())] == [
        (day(3, 10), EventKind.ASKED),
        (day(4, 2), EventKind.ACCEPTED),
        (day(6, 10), EventKind.TIME_ASKED),
        (day(6, 12), EventKind.TIME_GRANTED),
        (day(6, 15), EventKind.CLAIMED),
    ]


# What is entered late; the words of the refusal, which name the entry that it contradicts.
CONTRADICTIONS = {
    "confirmed before the claim": (
        lambda item: decide(services.confirm, recommendation=item, on=day(6, 12)),
        "“The landlord says it is done” is recorded for 15 June 2026, after 12 June 2026.",
    ),
    "a second claim before the first": (
        lambda item: services.claim_done(recommendation=item, on=day(6, 11), evidence="A letter."),
        "This does not fit with “The landlord says it is done” of 15 June 2026.",
    ),
    "refused before it was accepted": (
        lambda item: services.record_answer(
            recommendation=item, answer=Answer.NOT_ACCEPTED, on=day(4, 1), reason="No."
        ),
        "This does not fit with “Accepted” of 2 April 2026.",
    ),
    "work that started before it was accepted": (
        lambda item: services.start_work(recommendation=item, on=day(4, 1)),
        "“Accepted” is recorded for 2 April 2026, after 1 April 2026.",
    ),
    "before it was asked for": (
        lambda item: services.start_work(recommendation=item, on=day(3, 9)),
        "before it was asked for, on 10 March 2026",
    ),
    "the same day comes after what is recorded for it": (
        lambda item: services.start_work(recommendation=item, on=day(6, 15)),
        "Work can only start once",
    ),
    "more time asked for twice": (
        lambda item: services.ask_for_time(recommendation=item, on=day(5, 1), until=SECOND, reason="Ill."),
        "This does not fit with “More time asked for” of 10 June 2026.",
    ),
}


@pytest.mark.parametrize(("attempt", "words"), CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_what_contradicts_is_refused_with_the_entry_it_contradicts(item, attempt, words):
    """Case S3: nothing is saved, and the message names the other entry."""
    before = list(Event.objects.values_list("pk", flat=True)), Recommendation.objects.values("tracking__answer").get()
    with pytest.raises(TransitionNotAllowed) as refused:
        attempt(item)
    assert words in refused.value.messages[0]
    after = list(Event.objects.values_list("pk", flat=True)), Recommendation.objects.values("tracking__answer").get()
    assert before == after


LATE_BUT_TRUE = {
    "work started in May": (lambda item: services.start_work(recommendation=item, on=day(5, 4)), {}),
    "refused at the meeting": (
        lambda item: decide(
            services.decide_time, recommendation=item, granted=False, on=day(6, 12), reason="You have staff."
        ),
        {"current_target": FIRST},
    ),
    "an action planned in April": (
        lambda item: services.plan_action(
            recommendation=item, text="Hire", owner=item.owner, due=day(6, 30), on=day(4, 20)
        ),
        {},
    ),
}


@pytest.mark.parametrize(("take", "expected"), LATE_BUT_TRUE.values(), ids=LATE_BUT_TRUE.keys())
def test_what_does_not_contradict_is_entered_in_its_place(item, take, expected):
    """Case S3: the claim of a later day stays as it is."""
    take(item)
    tracking = Recommendation.objects.get(pk=item.pk).tracking
    assert (tracking.delivery, tracking.claimed_on) == (Delivery.CLAIMED, day(6, 15))
    assert {name: getattr(tracking, name) for name in expected} == expected
    days = [event.on for event in tracking.events.all()]
    assert days == sorted(days)
    assert days[-1] == day(6, 15)


def test_staff_choose_the_meeting_and_type_no_day(admin_client, item):
    """Case S3: the form offers steps that are only allowed earlier, and takes the day from the meeting."""
    meeting = friday_meeting(item)
    address = reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[item.pk])
    screen = admin_client.get(address).content.decode()
    assert "Did it happen before something below?" in screen
    assert "?step=grant_time" in screen
    form = admin_client.get(address, {"step": Step.GRANT_TIME})
    assert form.context["form"].fields["on"].required is False
    assert "on which it really happened" in form.content.decode()
    wrong = {"step": Step.GRANT_TIME, "meeting": meeting.pk, "on": "2026-06-13", "words": "", "how": ""}
    assert "That meeting was on 12 June 2026" in admin_client.post(address, wrong).content.decode()
    neither = {"step": Step.GRANT_TIME, "how": "By email", "words": "", "on": ""}
    assert "Choose the meeting." in admin_client.post(address, neither).content.decode()
    assert admin_client.post(address, wrong | {"on": ""}).status_code == 302
    assert item.tracking.events.get(kind=EventKind.TIME_GRANTED).on == day(6, 12)


def test_programs_give_the_meeting_and_no_day(admin_client, item):
    """Case S3: the API takes the day from the meeting, and lists the steps that are only allowed earlier."""
    meeting = friday_meeting(item)
    address = f"/api/v2/recommendations/{item.ref}/steps/"
    steps = {row["step"]: row for row in admin_client.get(address).json()["steps"]}
    assert (steps["grant_time"]["earlier"], steps["confirm"]["earlier"]) == (True, False)
    answer = admin_client.post(address, {"step": "grant_time", "meeting": meeting.pk}, content_type="application/json")
    assert (answer.status_code, answer.json()["current_target"]) == (201, "2026-09-30")


DECIDING = {
    "the checking body, on time": (Step.GRANT_TIME, "checks", ""),
    "the panel that asked, on time": (Step.GRANT_TIME, "asked", "Choose one of the Assurance Committee, which decides"),
    "a panel of its own, on time": (Step.GRANT_TIME, "neither", "That was a meeting of the Repairs Panel."),
    "the panel that asked, on taking it further": (Step.REFER, "asked", ""),
    "the checking body, on taking it further": (Step.REFER, "checks", ""),
    "a panel of its own, on taking it further": (Step.REFER, "neither", "the Assurance Committee or the Asking Panel"),
}


@pytest.mark.parametrize(("step", "whose", "words"), DECIDING.values(), ids=DECIDING.keys())
def test_only_a_meeting_of_the_body_that_decides_will_do(home, item, step, whose, words):
    """Case AR6: a quorate meeting of some panel is not enough."""
    panels = {"checks": PanelFactory(name="Assurance Committee"), "neither": PanelFactory(name="Repairs Panel")}
    item.panel.name, item.panel.usual_process = "Asking Panel", ReviewProcessFactory(checked_by=panels["checks"])
    item.panel.save()
    item.refers_to = panels["neither"]
    item.save()
    ReviewIndexPageFactory(parent=home)
    meeting = friday_meeting(item, panels.get(whose, item.panel))
    service = services.refer if step == Step.REFER else services.decide_time
    more = {"reason": "It is theirs."} if step == Step.REFER else {"granted": True}
    if not words:
        service(recommendation=item, meeting=meeting, **more)
        assert item.tracking.events.filter(meeting=meeting).exists()
        return
    with pytest.raises(TransitionNotAllowed, match=words):
        service(recommendation=item, meeting=meeting, **more)
