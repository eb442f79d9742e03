"""The steps of a recommendation: the answer, extensions, the delivery and its confirmation.

Each is keyword-only and atomic, raises ``TransitionNotAllowed`` if the rules do not allow it, and writes the new state
together with its entry in the history.
"""

import datetime
from typing import Any, cast

from cms.core.dates.formatting import add_months

from ..enums import Answer, EventKind, MeetingKind, Step
from ..models import Event, Meeting, Recommendation, Tracking
from .base import add_entry, begin_step, check_target, transition
from .decisions import begin_decision
from .exceptions import TransitionNotAllowed, require

ANSWERING_STEPS = {
    Answer.ACCEPTED: (Step.ACCEPT, EventKind.ACCEPTED),
    Answer.PARTLY_ACCEPTED: (Step.ACCEPT_PARTLY, EventKind.PARTLY_ACCEPTED),
    Answer.NOT_ACCEPTED: (Step.REFUSE, EventKind.NOT_ACCEPTED),
}


@transition
def set_answer_due(
    *, recommendation: Recommendation, due: datetime.date, on: datetime.date | None = None, by: Any = None
) -> None:
    """Set the day by which the landlord has to answer (H 6.2, K 11.4).

    :param on: the day it was decided, for the history. A first date may come with the arrangement and need
        no entry; moving one always does, so that no date changes silently.
    """
    history = begin_step(recommendation, Step.ANSWER_DUE, on)
    require(due, "Say by when an answer is due.")
    if due < recommendation.asked_on:
        raise TransitionNotAllowed("An answer cannot be due before it is asked for.")
    before = history.state.answer_due
    if before and before != due:
        require(on, "Say on which day the date for the answer was moved.")
    if before == due:
        return
    if on:
        add_entry(history, EventKind.ANSWER_DUE, on, "", by, facts={"due": due, "before": before})
    else:
        write_answer_due(history.tracking, due)


def write_answer_due(tracking: Tracking, due: datetime.date) -> None:
    """Write the day by which an answer is due to a locked row without an answer; it gets no entry of its own."""
    tracking.answer_due = tracking.initial_answer_due = due
    tracking.save()


@transition
def record_answer(
    *,
    recommendation: Recommendation,
    answer: Answer,
    on: datetime.date,
    reason: str = "",
    target: datetime.date | None = None,
    by: Any = None,
) -> None:
    """Record the landlord's answer.

    A refusal needs its reason; a partial acceptance needs to name the part, and the reason for the rest.

    :param target: the first target date, which never changes afterwards.
    """
    step, kind = ANSWERING_STEPS[answer]
    history = begin_step(recommendation, step, on)
    if answer != Answer.ACCEPTED:
        require(reason.strip(), "Say why: an answer of no, or of in part, needs its reason.")
    if answer == Answer.NOT_ACCEPTED:
        if target:
            raise TransitionNotAllowed("Something that is not accepted has no date.")
    else:
        check_target(recommendation, require(target, "Say by when it will be done."))
    if target and target < on:
        raise TransitionNotAllowed("The date promised is before the day of the answer.")
    add_entry(history, kind, on, reason, by, facts={"reason": reason, "target": target})


@transition
def start_work(*, recommendation: Recommendation, on: datetime.date, note: str = "", by: Any = None) -> None:
    """Record that work has started."""
    history = begin_step(recommendation, Step.START, on)
    add_entry(history, EventKind.STARTED, on, note, by)


@transition
def ask_for_time(
    *, recommendation: Recommendation, on: datetime.date, until: datetime.date, reason: str, by: Any = None
) -> None:
    """Record the landlord's request for an extension, with its reason (G 8). The date stays until it is granted."""
    history = begin_step(recommendation, Step.ASK_FOR_TIME, on)
    require(reason.strip(), "Say why more time is needed.")
    require(until, "Say until when.")
    check_target(recommendation, until)
    add_entry(history, EventKind.TIME_ASKED, on, reason, by, facts={"reason": reason, "until": until})


@transition
def decide_time(
    *,
    recommendation: Recommendation,
    granted: bool,
    on: datetime.date | None = None,
    how: str = "",
    meeting: Meeting | None = None,
    reason: str = "",
    by: Any = None,
) -> None:
    """Record the checking body's decision on an extension (G 8).

    :param meeting: the meeting that made it, or the decision between meetings; ``how`` has details.
    """
    step = Step.GRANT_TIME if granted else Step.REFUSE_TIME
    decision = begin_decision(recommendation, step, on=on, meeting=meeting, how=how)
    if not granted:
        require(reason.strip(), "Say why more time was refused.")
        decision.record(EventKind.TIME_REFUSED, reason, by)
        return
    state = decision.history.state
    request = cast("dict[str, Any]", state.open_request)  # without one, the rules refuse the step
    facts = {"before": state.current_target, "until": request["asked_for"]}
    decision.record(EventKind.TIME_GRANTED, reason, by, facts=facts)


@transition
def claim_done(
    *, recommendation: Recommendation, on: datetime.date, evidence: str, link: str = "", by: Any = None
) -> None:
    """Record that the landlord claims it is done, and the evidence (G 8)."""
    history = begin_step(recommendation, Step.CLAIM, on)
    require(evidence.strip(), "Say what evidence the landlord gave.")
    add_entry(history, EventKind.CLAIMED, on, evidence, by, facts={"link": link})


@transition
def send_back(
    *,
    recommendation: Recommendation,
    on: datetime.date | None = None,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by: Any = None,
) -> None:
    """Record that the checking body was not satisfied by the evidence (G 8)."""
    needs = [(reason.strip(), "Say what is still missing.")]
    decision = begin_decision(recommendation, Step.SEND_BACK, on=on, meeting=meeting, how=how, needs=needs)
    decision.record(EventKind.SENT_BACK, reason, by)


@transition
def confirm(
    *,
    recommendation: Recommendation,
    on: datetime.date | None = None,
    how: str = "",
    meeting: Meeting | None = None,
    note: str = "",
    impact_check_on: datetime.date | None = None,
    by: Any = None,
) -> None:
    """Record that the checking body agrees it is done (G 8), and the day of the impact check.

    :param impact_check_on: without one, the process's months after that day (K 11.4 stage 17), if it has any.
    """
    decision = begin_decision(recommendation, Step.CONFIRM, on=on, meeting=meeting, how=how)
    months = recommendation.process.impact_check_months if recommendation.process else None
    if months and not impact_check_on:
        impact_check_on = add_months(decision.on, months)
    if impact_check_on and impact_check_on <= decision.on:
        raise TransitionNotAllowed("The check of whether it helped comes after the day it was confirmed.")
    decision.record(EventKind.CONFIRMED, note, by, facts={"impact_check_on": impact_check_on})


@transition
def close_undelivered(
    *,
    recommendation: Recommendation,
    on: datetime.date | None = None,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by: Any = None,
) -> None:
    """Record that it will not be delivered after all, and why."""
    needs = [(reason.strip(), "Say why it is closed without being done.")]
    decision = begin_decision(recommendation, Step.CLOSE, on=on, meeting=meeting, how=how, needs=needs)
    decision.record(EventKind.CLOSED, reason, by)


@transition
def withdraw(
    *,
    recommendation: Recommendation,
    on: datetime.date | None = None,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by: Any = None,
) -> None:
    """Record that the panel withdraws the recommendation, and why."""
    needs = [(reason.strip(), "Say why it is withdrawn.")]
    decision = begin_decision(recommendation, Step.WITHDRAW, on=on, meeting=meeting, how=how, needs=needs)
    decision.record(EventKind.WITHDRAWN, reason, by)


@transition
def ratify(
    *,
    recommendation: Recommendation,
    on: datetime.date | None = None,
    note: str = "",
    how: str = "",
    meeting: Meeting | None = None,
    by: Any = None,
) -> None:
    """Record that a full meeting ratified what was made at a meeting without a quorum (K 7.2)."""
    decision = begin_decision(recommendation, Step.RATIFY, on=on, meeting=meeting, how=how)
    made_at = cast("Meeting", recommendation.made_at)  # without one, the rules refuse the step
    if decision.meeting.kind == MeetingKind.BETWEEN or decision.meeting.starts_at <= made_at.starts_at:
        raise TransitionNotAllowed(f"Choose a later meeting of the {made_at.panel}, to which enough members came.")
    if not (made_at.turnout and made_at.turnout.ratify):
        raise TransitionNotAllowed(
            f"The rules of the {made_at.panel} do not allow that. Withdraw it, and ask for it again."
        )
    decision.record(EventKind.RATIFIED, note, by)


@transition
def add_note(
    *,
    recommendation: Recommendation,
    on: datetime.date,
    title: str = "",
    text: str = "",
    is_public: bool = True,
    by: Any = None,
) -> None:
    """Add a note to the history that changes nothing else; it may be about an earlier day."""
    tracking = begin_step(recommendation, Step.NOTE, on).tracking
    require(title.strip() or text.strip(), "Say what there is to tell.")
    Event.objects.create(
        tracking=tracking,
        on=on,
        kind=EventKind.NOTE,
        title=title,
        text=text,
        is_public=is_public,
        recorded_by=by,
    )
