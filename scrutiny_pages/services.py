"""The steps that change what became of a recommendation, or of a review's stage.

Each is keyword-only, atomic, refuses in words what the rules do not allow, and writes the new state and
its entry in the history together.
"""

import datetime
from functools import wraps

from django.core.exceptions import ValidationError
from django.db import transaction

from cms.core.dates import say_date

from .enums import Answer, Delivery, EventKind, Step
from .models import Event, Extension, Recommendation, ReviewPage, ReviewStage, StageRecord, Tracking
from .transitions import refusal

ANSWERING_STEPS = {
    Answer.ACCEPTED: (Step.ACCEPT, EventKind.ACCEPTED),
    Answer.PARTLY_ACCEPTED: (Step.ACCEPT_PARTLY, EventKind.PARTLY_ACCEPTED),
    Answer.NOT_ACCEPTED: (Step.REFUSE, EventKind.NOT_ACCEPTED),
}


class StepRefused(ValidationError):
    """A step that the rules do not allow from where the recommendation is; the message says why."""


def _locked(recommendation: Recommendation, step: Step) -> Tracking:
    """Give the tracking row, locked, once the step is known to be allowed."""
    tracking = Tracking.objects.select_for_update().get(recommendation=recommendation)
    asked = tracking.open_request is not None
    if reason := refusal(step, answer=tracking.answer, delivery=tracking.delivery, time_asked=asked):
        raise StepRefused(reason)
    return tracking


def _need(value: object, message: str) -> None:
    if not value:
        raise StepRefused(message)


def _in_order(tracking: Tracking, on: datetime.date) -> None:
    """Refuse a step dated before the one it follows."""
    dates = tracking.events.exclude(kind=EventKind.NOTE).values_list("on", flat=True)
    last = max([tracking.recommendation.asked_on, *dates])
    if on < last:
        raise StepRefused(f"This is dated before the last thing that happened, on {say_date(last)}.")


def _step(function):
    """Run in one transaction, and leave the recommendation in hand with its tracking as it now is."""

    @wraps(function)
    def stepped(*, recommendation: Recommendation, **details) -> None:
        with transaction.atomic():
            function(recommendation=recommendation, **details)
        tracked = Recommendation._meta.get_field("tracking")
        if tracked.is_cached(recommendation):
            tracked.delete_cached_value(recommendation)

    return stepped


def _tell(
    tracking: Tracking, kind: EventKind, on: datetime.date, text: str, by, title: str = "", how: str = ""
) -> None:
    _in_order(tracking, on)
    Event.objects.create(
        tracking=tracking, on=on, kind=kind, title=title or kind.label, text=text, how=how, recorded_by=by
    )


@_step
def set_answer_due(
    *, recommendation: Recommendation, due: datetime.date, on: datetime.date | None = None, by=None
) -> None:
    """Set the day by which the landlord has to answer (H 6.2, K 11.4).

    :param on: the day it was decided, for the history. A first date may come with the arrangement and need
        no entry; moving one always does, so that no date changes quietly.
    """
    tracking = _locked(recommendation, Step.ANSWER_DUE)
    _need(due, "Say by when an answer is due.")
    if due < recommendation.asked_on:
        raise StepRefused("An answer cannot be due before it is asked for.")
    before = tracking.answer_due
    if before and before != due:
        _need(on, "Say on which day the date for the answer was moved.")
    if on and before != due:
        title = f"Answer due by {say_date(due)}"
        title = f"{title}, moved from {say_date(before)}" if before else title
        _tell(tracking, EventKind.ANSWER_DUE, on, "", by, title)
    tracking.answer_due = due
    tracking.save()


@_step
def record_answer(
    *,
    recommendation: Recommendation,
    answer: Answer,
    on: datetime.date,
    reason: str = "",
    target: datetime.date | None = None,
    by=None,
) -> None:
    """Record the landlord's answer.

    A refusal needs its reason; a part acceptance needs to say which part, and why not the rest.

    :param target: the first date promised, which never changes afterwards.
    """
    step, kind = ANSWERING_STEPS[answer]
    tracking = _locked(recommendation, step)
    if answer != Answer.ACCEPTED:
        _need(reason.strip(), "Say why: an answer of no, or of in part, needs its reason.")
    if answer == Answer.NOT_ACCEPTED:
        if target:
            raise StepRefused("Something that is not accepted has no date.")
    else:
        _need(target, "Say by when it will be done.")
    if target and target < on:
        raise StepRefused("The date promised is before the day of the answer.")
    tracking.answer, tracking.answered_on, tracking.answer_reason = answer, on, reason
    tracking.first_target = tracking.current_target = target
    promise = f"To be done by {say_date(target)}." if target else ""
    _tell(tracking, kind, on, " ".join(filter(None, [reason, promise])), by)
    tracking.save()


@_step
def start_work(*, recommendation: Recommendation, on: datetime.date, note: str = "", by=None) -> None:
    """Record that work has started."""
    tracking = _locked(recommendation, Step.START)
    tracking.delivery = Delivery.IN_PROGRESS
    _tell(tracking, EventKind.STARTED, on, note, by)
    tracking.save()


@_step
def ask_for_time(
    *, recommendation: Recommendation, on: datetime.date, until: datetime.date, reason: str, by=None
) -> None:
    """Record that the landlord asks for a later date, with its reason (G 8). The date stays until it is granted."""
    tracking = _locked(recommendation, Step.ASK_FOR_TIME)
    _need(reason.strip(), "Say why more time is needed.")
    _need(until, "Say until when.")
    if until <= tracking.current_target:
        raise StepRefused(f"The new date has to be later than {say_date(tracking.current_target)}.")
    Extension.objects.create(tracking=tracking, asked_on=on, asked_for=until, reason=reason)
    _tell(tracking, EventKind.TIME_ASKED, on, f"The landlord asked for until {say_date(until)}. {reason}", by)


@_step
def decide_time(
    *, recommendation: Recommendation, granted: bool, on: datetime.date, how: str, reason: str = "", by=None
) -> None:
    """Record the checking body's decision on a request for more time (G 8).

    :param how: the meeting it was decided at, or the other way, such as email.
    """
    tracking = _locked(recommendation, Step.GRANT_TIME if granted else Step.REFUSE_TIME)
    _need(how.strip(), "Say at which meeting, or in what other way, this was decided.")
    if not granted:
        _need(reason.strip(), "Say why more time was refused.")
    request = tracking.open_request
    request.granted, request.decided_on, request.decided_how, request.decision_reason = granted, on, how, reason
    request.save()
    if granted:
        title = f"Date changed from {say_date(tracking.current_target)} to {say_date(request.asked_for)}"
        tracking.current_target = request.asked_for
        _tell(tracking, EventKind.TIME_GRANTED, on, reason, by, title, how)
        tracking.save()
    else:
        _tell(tracking, EventKind.TIME_REFUSED, on, reason, by, how=how)


@_step
def claim_done(*, recommendation: Recommendation, on: datetime.date, evidence: str, by=None) -> None:
    """Record that the landlord says it is done, and what it showed."""
    tracking = _locked(recommendation, Step.CLAIM)
    _need(evidence.strip(), "Say what evidence the landlord gave.")
    tracking.delivery, tracking.claimed_on = Delivery.CLAIMED, on
    _tell(tracking, EventKind.CLAIMED, on, evidence, by)
    tracking.save()


@_step
def send_back(*, recommendation: Recommendation, on: datetime.date, reason: str, how: str = "", by=None) -> None:
    """Record that the checking body was not satisfied by the evidence (G 8)."""
    tracking = _locked(recommendation, Step.SEND_BACK)
    _need(reason.strip(), "Say what is still missing.")
    tracking.delivery, tracking.claimed_on = Delivery.IN_PROGRESS, None
    _tell(tracking, EventKind.SENT_BACK, on, reason, by, how=how)
    tracking.save()


@_step
def confirm(
    *,
    recommendation: Recommendation,
    on: datetime.date,
    how: str = "",
    note: str = "",
    impact_check_on: datetime.date | None = None,
    by=None,
) -> None:
    """Record that the checking body agrees it is done (G 8), and when to ask whether it helped."""
    tracking = _locked(recommendation, Step.CONFIRM)
    if impact_check_on and impact_check_on <= on:
        raise StepRefused("The check of whether it helped comes after the day it was confirmed.")
    tracking.delivery, tracking.confirmed_on, tracking.impact_check_on = Delivery.CONFIRMED, on, impact_check_on
    _tell(tracking, EventKind.CONFIRMED, on, note, by, how=how)
    tracking.save()


@_step
def close_undelivered(
    *, recommendation: Recommendation, on: datetime.date, reason: str, how: str = "", by=None
) -> None:
    """Record that it will not be delivered after all, and why."""
    tracking = _locked(recommendation, Step.CLOSE)
    _need(reason.strip(), "Say why it is closed without being done.")
    tracking.delivery = Delivery.NOT_DELIVERED
    _tell(tracking, EventKind.CLOSED, on, reason, by, how=how)
    tracking.save()


@_step
def withdraw(*, recommendation: Recommendation, on: datetime.date, reason: str, by=None) -> None:
    """Record that the panel no longer asks for it, and why."""
    tracking = _locked(recommendation, Step.WITHDRAW)
    _need(reason.strip(), "Say why it is withdrawn.")
    tracking.answer, tracking.answered_on, tracking.answer_reason = Answer.WITHDRAWN, on, reason
    _tell(tracking, EventKind.WITHDRAWN, on, reason, by)
    tracking.save()


@_step
def add_note(
    *,
    recommendation: Recommendation,
    on: datetime.date,
    title: str = "",
    text: str = "",
    is_public: bool = True,
    by=None,
) -> None:
    """Add an update to the history that changes nothing else; it may be about an earlier day."""
    tracking = _locked(recommendation, Step.NOTE)
    _need(title.strip() or text.strip(), "Say what there is to tell.")
    Event.objects.create(
        tracking=tracking,
        on=on,
        kind=EventKind.NOTE,
        title=title or EventKind.NOTE.label,
        text=text,
        is_public=is_public,
        recorded_by=by,
    )


@transaction.atomic
def record_stage(*, review: ReviewPage, stage: ReviewStage, on: datetime.date, note: str = "") -> StageRecord:
    """Record the day on which a stage of a review was done; a second time corrects the first."""
    record = StageRecord.objects.filter(review=review, stage_key=stage.key).first()
    record = record or StageRecord(review=review, stage_key=stage.key)
    record.done_on, record.note = on, note
    record.full_clean()
    record.save()
    return record
