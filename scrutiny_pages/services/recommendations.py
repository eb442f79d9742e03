"""The steps of a recommendation: the answer, more time, the delivery and its confirmation.

Each is keyword-only, atomic, refuses in words what the rules do not allow, and writes the new state and
its entry in the history together.
"""

import datetime

from cms.core.dates import add_months, say_date

from ..enums import Answer, Delivery, EventKind, Step
from ..models import Event, Evidence, Extension, Meeting, Recommendation, Tracking
from .refused import StepRefused, need
from .taking import allow_target, close_escalation, decided, let_request_lapse, locked, taken, tell

ANSWERING_STEPS = {
    Answer.ACCEPTED: (Step.ACCEPT, EventKind.ACCEPTED),
    Answer.PARTLY_ACCEPTED: (Step.ACCEPT_PARTLY, EventKind.PARTLY_ACCEPTED),
    Answer.NOT_ACCEPTED: (Step.REFUSE, EventKind.NOT_ACCEPTED),
}


@taken
def set_answer_due(
    *, recommendation: Recommendation, due: datetime.date, on: datetime.date | None = None, by=None
) -> None:
    """Set the day by which the landlord has to answer (H 6.2, K 11.4).

    :param on: the day it was decided, for the history. A first date may come with the arrangement and need
        no entry; moving one always does, so that no date changes quietly.
    """
    tracking = locked(recommendation, Step.ANSWER_DUE)
    need(due, "Say by when an answer is due.")
    if due < recommendation.asked_on:
        raise StepRefused("An answer cannot be due before it is asked for.")
    before = tracking.answer_due
    if before and before != due:
        need(on, "Say on which day the date for the answer was moved.")
    if on and before != due:
        title = f"Answer due by {say_date(due)}"
        title = f"{title}, moved from {say_date(before)}" if before else title
        tell(tracking, EventKind.ANSWER_DUE, on, "", by, title)
    write_answer_due(tracking, due)


def write_answer_due(tracking: Tracking, due: datetime.date) -> None:
    """Write the day by which an answer is due to a row that is locked and still waits for one."""
    tracking.answer_due = due
    tracking.save()


@taken
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
    tracking = locked(recommendation, step)
    if answer != Answer.ACCEPTED:
        need(reason.strip(), "Say why: an answer of no, or of in part, needs its reason.")
    if answer == Answer.NOT_ACCEPTED:
        if target:
            raise StepRefused("Something that is not accepted has no date.")
    else:
        need(target, "Say by when it will be done.")
        allow_target(recommendation, target)
    if target and target < on:
        raise StepRefused("The date promised is before the day of the answer.")
    if not tracking.first_answer:
        tracking.first_answer, tracking.first_answered_on = answer, on
    close_escalation(tracking, on)
    tracking.answer, tracking.answered_on, tracking.answer_reason = answer, on, reason
    tracking.first_target = tracking.current_target = target
    promise = f"To be done by {say_date(target)}." if target else ""
    tell(tracking, kind, on, " ".join(filter(None, [reason, promise])), by)
    tracking.save()


@taken
def start_work(*, recommendation: Recommendation, on: datetime.date, note: str = "", by=None) -> None:
    """Record that work has started."""
    tracking = locked(recommendation, Step.START)
    tracking.delivery = Delivery.IN_PROGRESS
    tell(tracking, EventKind.STARTED, on, note, by)
    tracking.save()


@taken
def ask_for_time(
    *, recommendation: Recommendation, on: datetime.date, until: datetime.date, reason: str, by=None
) -> None:
    """Record that the landlord asks for a later date, with its reason (G 8). The date stays until it is granted."""
    tracking = locked(recommendation, Step.ASK_FOR_TIME)
    need(reason.strip(), "Say why more time is needed.")
    need(until, "Say until when.")
    allow_target(recommendation, until)
    if until <= tracking.current_target:
        raise StepRefused(f"The new date has to be later than {say_date(tracking.current_target)}.")
    Extension.objects.create(tracking=tracking, asked_on=on, asked_for=until, reason=reason)
    tell(tracking, EventKind.TIME_ASKED, on, f"The landlord asked for until {say_date(until)}. {reason}", by)


@taken
def decide_time(
    *,
    recommendation: Recommendation,
    granted: bool,
    on: datetime.date,
    how: str = "",
    meeting: Meeting | None = None,
    reason: str = "",
    by=None,
) -> None:
    """Record the checking body's decision on a request for more time (G 8).

    :param how: in what way it was decided, such as by email; or name the ``meeting``.
    """
    tracking = locked(recommendation, Step.GRANT_TIME if granted else Step.REFUSE_TIME)
    how = decided(how, meeting, on)
    if not granted:
        need(reason.strip(), "Say why more time was refused.")
    request = tracking.open_request
    request.granted, request.decided_on, request.decided_how, request.decision_reason = granted, on, how, reason
    request.save()
    if granted:
        title = f"Date changed from {say_date(tracking.current_target)} to {say_date(request.asked_for)}"
        tracking.current_target = request.asked_for
        tell(tracking, EventKind.TIME_GRANTED, on, reason, by, title, how=how, meeting=meeting)
        tracking.save()
    else:
        tell(tracking, EventKind.TIME_REFUSED, on, reason, by, how=how, meeting=meeting)


@taken
def claim_done(*, recommendation: Recommendation, on: datetime.date, evidence: str, link: str = "", by=None) -> None:
    """Record that the landlord says it is done, and what it showed (G 8)."""
    tracking = locked(recommendation, Step.CLAIM)
    need(evidence.strip(), "Say what evidence the landlord gave.")
    Evidence.objects.create(tracking=tracking, on=on, text=evidence, link=link)
    let_request_lapse(tracking, on)
    tracking.delivery, tracking.claimed_on = Delivery.CLAIMED, on
    tell(tracking, EventKind.CLAIMED, on, evidence, by)
    tracking.save()


@taken
def send_back(
    *,
    recommendation: Recommendation,
    on: datetime.date,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by=None,
) -> None:
    """Record that the checking body was not satisfied by the evidence (G 8)."""
    tracking = locked(recommendation, Step.SEND_BACK)
    need(reason.strip(), "Say what is still missing.")
    how = decided(how, meeting, on)
    tracking.delivery, tracking.claimed_on = Delivery.IN_PROGRESS, None
    tell(tracking, EventKind.SENT_BACK, on, reason, by, how=how, meeting=meeting)
    tracking.save()


@taken
def confirm(
    *,
    recommendation: Recommendation,
    on: datetime.date,
    how: str = "",
    meeting: Meeting | None = None,
    note: str = "",
    impact_check_on: datetime.date | None = None,
    by=None,
) -> None:
    """Record that the checking body agrees it is done (G 8), and when to ask whether it helped.

    :param impact_check_on: without one, the process's months after that day (K 11.4 stage 17), if it has any.
    """
    tracking = locked(recommendation, Step.CONFIRM)
    how = decided(how, meeting, on)
    months = recommendation.process.impact_check_months if recommendation.process else None
    if months and not impact_check_on:
        impact_check_on = add_months(on, months)
    if impact_check_on and impact_check_on <= on:
        raise StepRefused("The check of whether it helped comes after the day it was confirmed.")
    tracking.delivery, tracking.confirmed_on, tracking.impact_check_on = Delivery.CONFIRMED, on, impact_check_on
    tell(tracking, EventKind.CONFIRMED, on, note, by, how=how, meeting=meeting)
    tracking.save()


@taken
def close_undelivered(
    *,
    recommendation: Recommendation,
    on: datetime.date,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by=None,
) -> None:
    """Record that it will not be delivered after all, and why."""
    tracking = locked(recommendation, Step.CLOSE)
    need(reason.strip(), "Say why it is closed without being done.")
    how = decided(how, meeting, on)
    let_request_lapse(tracking, on)
    tracking.delivery = Delivery.NOT_DELIVERED
    tell(tracking, EventKind.CLOSED, on, reason, by, how=how, meeting=meeting)
    tracking.save()


@taken
def withdraw(
    *,
    recommendation: Recommendation,
    on: datetime.date,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by=None,
) -> None:
    """Record that the panel no longer asks for it, and why."""
    tracking = locked(recommendation, Step.WITHDRAW)
    need(reason.strip(), "Say why it is withdrawn.")
    how = decided(how, meeting, on)
    close_escalation(tracking, on)
    tracking.answer, tracking.answered_on, tracking.answer_reason = Answer.WITHDRAWN, on, reason
    tell(tracking, EventKind.WITHDRAWN, on, reason, by, how=how, meeting=meeting)
    tracking.save()


@taken
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
    tracking = locked(recommendation, Step.NOTE)
    need(title.strip() or text.strip(), "Say what there is to tell.")
    Event.objects.create(
        tracking=tracking,
        on=on,
        kind=EventKind.NOTE,
        title=title,
        text=text,
        is_public=is_public,
        recorded_by=by,
    )
