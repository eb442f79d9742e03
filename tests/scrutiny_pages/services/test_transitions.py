"""Tests of the steps of a recommendation, and of the rows that they write."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from cms.core.models.append_only import HistoryIsKept
from scrutiny_pages import services
from scrutiny_pages.enums import Answer, Delivery, EventKind, Step
from scrutiny_pages.models import Event, Recommendation
from scrutiny_pages.rules.transitions import open_steps
from scrutiny_pages.services import TransitionNotAllowed
from tests.factories.decisions import decide
from tests.factories.records import RecommendationFactory

pytestmark = pytest.mark.django_db

ASKED = datetime.date(2026, 3, 10)
FIRST = datetime.date(2026, 6, 30)
SECOND = datetime.date(2026, 9, 30)
THIRD = datetime.date(2026, 12, 31)


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2026, month, number)


@pytest.fixture
def asked():
    return RecommendationFactory(asked_on=ASKED)


@pytest.fixture
def accepted(asked):
    services.record_answer(recommendation=asked, answer=Answer.ACCEPTED, on=day(4, 2), target=FIRST)
    return asked


@pytest.fixture
def claimed(accepted):
    services.claim_done(recommendation=accepted, on=day(6, 1), evidence="A photograph of the new board.")
    return accepted


@pytest.fixture
def confirmed(claimed):
    decide(services.confirm, recommendation=claimed, on=day(6, 20), impact_check_on=day(12, 20))
    return claimed


OWED = [Step.CLOSE, Step.PLAN_ACTION, Step.ESCALATE, Step.REFER]

OPEN = {
    (Answer.AWAITED, Delivery.NOT_STARTED): [
        Step.ANSWER_DUE,
        Step.ACCEPT,
        Step.ACCEPT_PARTLY,
        Step.REFUSE,
        Step.ESCALATE,
        Step.REFER,
        Step.REWORD,
        Step.WITHDRAW,
    ],
    (Answer.ACCEPTED, Delivery.NOT_STARTED): [Step.START, Step.ASK_FOR_TIME, Step.CLAIM, *OWED],
    (Answer.ACCEPTED, Delivery.IN_PROGRESS): [Step.ASK_FOR_TIME, Step.CLAIM, *OWED],
    (Answer.PARTLY_ACCEPTED, Delivery.CLAIMED): [Step.SEND_BACK, Step.CONFIRM, *OWED],
    (Answer.ACCEPTED, Delivery.CONFIRMED): [Step.CHECK_IMPACT],
    (Answer.ACCEPTED, Delivery.NOT_DELIVERED): [],
    (Answer.NOT_ACCEPTED, Delivery.NOT_STARTED): [Step.ESCALATE, Step.REFER, Step.REWORD],
    (Answer.WITHDRAWN, Delivery.NOT_STARTED): [],
}


@pytest.mark.parametrize(("where", "steps"), OPEN.items())
def test_each_place_leads_only_where_it_should(where, steps):
    answer, delivery = where
    assert open_steps(answer=answer, delivery=delivery) == [*steps, Step.NOTE]


def test_a_request_for_more_time_is_decided_before_another_is_made():
    steps = open_steps(answer=Answer.ACCEPTED, delivery=Delivery.IN_PROGRESS, time_asked=True)
    assert steps == [Step.GRANT_TIME, Step.REFUSE_TIME, Step.CLAIM, *OWED, Step.NOTE]


def test_only_the_landlords_claim_can_be_confirmed_and_a_check_of_the_difference_follows(confirmed):
    tracking = confirmed.tracking
    assert (tracking.delivery, tracking.confirmed_on, tracking.impact_check_on) == (
        Delivery.CONFIRMED,
        day(6, 20),
        day(12, 20),
    )
    kinds = [event.kind for event in tracking.events.all()]
    assert kinds == [EventKind.ACCEPTED, EventKind.CLAIMED, EventKind.CONFIRMED]
    told = [event.kind for event in confirmed.public_history()]
    assert told == [*reversed(kinds), EventKind.ASKED]


def test_what_is_sent_back_is_owed_again(claimed):
    decide(services.send_back, recommendation=claimed, on=day(6, 20), reason="The board is empty.")
    assert claimed.tracking.delivery == Delivery.IN_PROGRESS
    assert claimed.tracking.is_overdue(day(7, 1))


def test_dates_move_only_when_granted_and_the_first_never_does(accepted):
    services.ask_for_time(recommendation=accepted, on=day(5, 1), until=SECOND, reason="A new contractor.")
    assert accepted.tracking.current_target == FIRST
    decide(services.decide_time, recommendation=accepted, granted=True, on=day(6, 12))
    services.ask_for_time(recommendation=accepted, on=day(9, 1), until=THIRD, reason="A new system.")
    decide(services.decide_time, recommendation=accepted, granted=False, on=day(9, 20), reason="It exists already.")
    tracking = accepted.tracking
    assert (tracking.first_target, tracking.current_target) == (FIRST, SECOND)
    assert [date["words"] for date in tracking.promised_dates] == ["30 June 2026", "30 September 2026"]
    assert [date["superseded"] for date in tracking.promised_dates] == [True, False]


REFUSED = {
    "an answer given twice": lambda item: services.record_answer(
        recommendation=item, answer=Answer.NOT_ACCEPTED, on=day(5, 1), reason="No."
    ),
    "confirmed before it is said to be done": lambda item: services.confirm(recommendation=item, on=day(5, 1)),
    "done without evidence": lambda item: services.claim_done(recommendation=item, on=day(5, 1), evidence=" "),
    "a date that comes sooner": lambda item: services.ask_for_time(
        recommendation=item, on=day(5, 1), until=day(6, 29), reason="Why?"
    ),
    "more time without a reason": lambda item: services.ask_for_time(
        recommendation=item, on=day(5, 1), until=SECOND, reason=""
    ),
    "a decision nobody asked for": lambda item: decide(
        services.decide_time,
        recommendation=item,
        granted=True,
        on=day(5, 1),
    ),
    "withdrawn after its answer": lambda item: services.withdraw(recommendation=item, on=day(5, 1), reason="Changed."),
    "work that started before it was accepted": lambda item: services.start_work(recommendation=item, on=day(4, 1)),
    "more time without saying until when": lambda item: services.ask_for_time(
        recommendation=item, on=day(5, 1), until=None, reason="Why?"
    ),
    "closed without a reason": lambda item: services.close_undelivered(recommendation=item, on=day(5, 1), reason=""),
}


@pytest.mark.parametrize("attempt", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_is_refused_in_words_and_changes_nothing(accepted, attempt):
    before = (
        list(Event.objects.values_list()),
        list(Recommendation.objects.values("tracking__delivery", "tracking__answer")),
    )
    with pytest.raises(TransitionNotAllowed) as refused:
        attempt(accepted)
    assert refused.value.messages[0].endswith((".", "?"))
    after = (
        list(Event.objects.values_list()),
        list(Recommendation.objects.values("tracking__delivery", "tracking__answer")),
    )
    assert before == after


def test_no_and_in_part_need_their_reasons(asked):
    for answer in (Answer.NOT_ACCEPTED, Answer.PARTLY_ACCEPTED):
        with pytest.raises(TransitionNotAllowed, match="Say why"):
            services.record_answer(recommendation=asked, answer=answer, on=day(4, 2))


def test_a_yes_says_by_when(asked):
    with pytest.raises(TransitionNotAllowed, match="by when"):
        services.record_answer(recommendation=asked, answer=Answer.ACCEPTED, on=day(4, 2))


def test_correcting_the_day_it_was_asked_for_corrects_its_history(asked):
    asked.asked_on = day(2, 1)
    asked.save()
    services.record_answer(recommendation=asked, answer=Answer.ACCEPTED, on=day(3, 1), target=FIRST)
    assert [event.on for event in asked.public_history()] == [day(3, 1), day(2, 1)]


def test_what_has_a_history_cannot_be_deleted(accepted):
    with pytest.raises(ProtectedError):
        accepted.delete()


def test_a_published_reference_stays(accepted):
    accepted.save_revision().publish()
    accepted.number += 1
    with pytest.raises(ValidationError, match="its address stays"):
        accepted.full_clean()


@pytest.mark.parametrize("number", [0, 10_000])
def test_every_number_has_an_address(asked, number):
    asked.number = number
    with pytest.raises(ValidationError):
        asked.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.save()


def test_history_cannot_be_changed_or_deleted(accepted):
    entry = accepted.tracking.events.first()
    entry.text = "Something else"
    for change in (
        entry.save,
        entry.delete,
        lambda: Event.objects.update(text="x"),
        lambda: Event.objects.all().delete(),
    ):
        with pytest.raises(HistoryIsKept):
            change()


def test_publishing_an_old_draft_of_the_words_does_not_undo_a_confirmation(claimed):
    claimed.title = "Text residents the same day"
    draft = claimed.save_revision()
    decide(services.confirm, recommendation=claimed, on=day(6, 20))
    draft.publish()
    again = Recommendation.objects.get()
    assert (again.title, again.tracking.delivery) == ("Text residents the same day", Delivery.CONFIRMED)
    assert [event.kind for event in again.public_history()].count(EventKind.ASKED) == 1
