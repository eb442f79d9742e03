"""The status of a submission for the person who sent it: texts, dates and messages."""

import datetime
from collections.abc import Iterable, Iterator
from typing import cast

from django.utils import timezone

from cms.core.dates.formatting import format_date, format_weekday

from ..enums import CaseEventKind, CaseState, Clarification
from ..models import Case, CaseEvent, Submission
from ..rules.case_states import status_text
from .services.messages import format_moment


def progress_of(sent: Submission) -> dict:
    """Return the context of ``forms/progress.html``, without anything that is for staff.

    :returns: the text ``now``, ``sentences`` about dates, ``messages``, and ``steps`` as entries of a timeline; both
        latest first. Empty if there is no case.
    """
    case = getattr(sent, "case", None)
    if case is None:
        return {}
    today = timezone.localdate()
    is_late = case.is_late(today) and not case.is_quarantined
    # Senders of spam learn nothing from the page, and people mistaken for them lose nothing.
    state = CaseState.RECEIVED if case.is_quarantined else case.state
    events = case.events.filter(is_internal=False)
    if case.is_quarantined:
        events = events.filter(kind=CaseEventKind.RECEIVED)
    return {
        "now": _now(sent, case, state),
        "is_waiting": state == CaseState.CLARIFICATION,
        "sentences": [] if case.is_quarantined else list(_dates(case, today)),
        "steps": _steps(sent, events),
        "messages": [] if case.is_quarantined else list(reversed(case.messages.all())),
        "is_late": is_late,
        "may_review": is_late and _may_review(case),
        "outside": _outside(case, is_late=is_late),
    }


def _now(sent: Submission, case: Case, state: str) -> str:
    words = status_text(sent.version.kind, state)
    if state == CaseState.OFFERED and case.membership_id:
        return "You have a place. We will help you start."
    return words


def _dates(case: Case, on: datetime.date) -> Iterator[str]:
    """Yield sentences about when we answer.

    These are the first date, and each later one with its reason. No promise is made for a past day.
    """
    if case.refusal_reason:
        yield f"The reason: {case.refusal_reason.rstrip('.')}."
    if case.state == CaseState.INTERVIEW and case.interview_at:
        yield f"When: {format_moment(case.interview_at)}. Where: {case.interview_place.rstrip('.')}."
    if case.is_late(on):
        due_now = cast("datetime.date", case.due_now)
        yield f"We are late. We said that we would tell you by {format_weekday(due_now)}. We are sorry."
    elif case.state == CaseState.IN_REVIEW and case.review_due_on:
        yield f"We will tell you by {format_weekday(case.review_due_on)}."
    if case.is_closed or case.state in (CaseState.IN_REVIEW, CaseState.OUTSIDE_BODY):
        return
    if case.is_stopped:
        yield _while_waiting(case)
    elif case.due_on and not case.is_late(on):
        yield f"We will answer by {format_weekday(case.due_on)}."
    if case.acknowledge_by and not case.acknowledged_on and case.acknowledge_by >= on:
        yield f"Somebody will write to you by {format_weekday(case.acknowledge_by)} to say that they have it."
    if case.first_due_on and case.due_on != case.first_due_on:
        yield f"At first we said {format_date(case.first_due_on)}."
    for more in case.extensions.all():
        needs = "needed" if more.to_date < on else "need"
        yield f"We {needs} more time, until {format_date(more.to_date)}. The reason: {more.reason.rstrip('.')}."


def _while_waiting(case: Case) -> str:
    if case.regime and case.regime.clarification == Clarification.RESTARTS:
        return "We wait for your answer. The time that we have starts anew when it comes."
    return "We wait for your answer. The days until then do not count."


def _steps(sent: Submission, events: Iterable[CaseEvent]) -> list[dict]:
    steps = [
        {"date": event.on, "date_words": format_date(event.on), "title": words, "tone": "done"}
        for event in events
        if (words := _words(sent, event))
    ]
    return list(reversed(steps))


def _words(sent: Submission, event: CaseEvent) -> str:
    return {
        CaseEventKind.RECEIVED: status_text(sent.version.kind, CaseState.RECEIVED),
        CaseEventKind.STATE: status_text(sent.version.kind, event.state),
        CaseEventKind.EXTENDED: "We told you that we need more time.",
        CaseEventKind.MESSAGE: "We sent you a message.",
        CaseEventKind.MEMBERSHIP: "You joined our list of members.",
    }.get(CaseEventKind(event.kind), "")


def _may_review(case: Case) -> bool:
    """Return whether the regime allows a review that has not started yet."""
    return bool(case.regime and case.regime.review_amount and case.state != CaseState.IN_REVIEW)


def _outside(case: Case, *, is_late: bool) -> dict[str, str]:
    """Return the outside body that can review it, once we have answered or are late; empty otherwise."""
    regime = case.regime
    if not (regime and regime.outside_body and (case.answered_on or is_late)):
        return {}
    return {"name": regime.outside_body, "url": regime.outside_body_url}
