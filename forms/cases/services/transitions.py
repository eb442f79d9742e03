"""Services that change the state of a case, assign it, or add a note."""

import dataclasses
import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cms.core.service_writes import service_write

from ...enums import CaseEventKind, CaseState, FormKind
from ...models.case import WRITTEN_BY, Case
from ...rules.case_deadlines import counted
from ...rules.case_states import OUTCOMES, is_closed, may_follow, reopened_state
from .base import add_event, day_of, lock_for_update, update_fields
from .clock import count_withdrawal, end_pause
from .exceptions import CaseTransitionNotAllowed, require
from .messages import Notice, notify_of_step


@dataclasses.dataclass(frozen=True)
class Interview:
    """The time and place of an interview."""

    at: datetime.datetime
    place: str


@service_write(WRITTEN_BY)
def move(
    *,
    case: Case,
    to: CaseState,
    on: datetime.date | None = None,
    by: User | None = None,
    reason: str = "",
    words: str = "",
    interview: Interview | None = None,
    notice: Notice | None = None,
) -> None:
    """Change the state of a case from the one that the caller saw, and notify the person in the same transaction.

    :param reason: one of the regime's reasons, as the person reads it; a refusal needs one.
    :param words: a note for staff.
    :param interview: time and place, which an invitation to an interview needs.
    :param notice: the message to the person, or the reason why none is sent; None for the default message.
    """
    lock_for_update(case)
    on = day_of(case, on)
    if to not in may_follow(case.kind, case.state):
        raise CaseTransitionNotAllowed(f"This cannot follow “{case.get_state_display()}”.")
    if to == CaseState.CLARIFICATION:
        raise CaseTransitionNotAllowed("Write the question to the person: the clock stops when it is sent.")
    _moved(case, to, on=on, by=by, reason=_reason(case, to, reason), **_interview(to, on, interview))
    notify_of_step(case, to, notice, by=by)
    if words.strip():
        add_event(case, CaseEventKind.NOTE, on=on, by=by, text=words.strip())


def _reason(case: Case, to: CaseState, given: str) -> str:
    """Return the reason to store with an outcome: one of the regime's, if something is withheld."""
    if to not in (CaseState.REFUSED, CaseState.PARTLY_ANSWERED):
        return ""
    offered = [reason.words for reason in case.regime.refusal_reasons.all()] if case.regime else []
    if to == CaseState.REFUSED:
        require(given.strip(), "Choose why it is refused.")
    if given and offered and given not in offered:
        raise CaseTransitionNotAllowed("Choose one of the reasons that the rules for this kind of request give.")
    return given.strip()[:200]


def _interview(to: CaseState, on: datetime.date, given: Interview | None) -> dict:
    """Return the fields of an interview: its time and place."""
    if to != CaseState.INTERVIEW:
        return {}
    if given is None or not given.place.strip():
        raise CaseTransitionNotAllowed("Enter the day, the time and the place of the interview.")
    if timezone.localtime(given.at).date() < on:
        raise CaseTransitionNotAllowed("The interview cannot be before the day on which you invite them.")
    return {"interview_at": given.at, "interview_place": " ".join(given.place.split())[:200]}


def _moved(case: Case, to: CaseState, *, on: datetime.date, by: User | None, reason: str = "", **more: Any) -> None:
    changes: dict = {"state": to, "closed_on": on if is_closed(to) else None, "refusal_reason": reason, **more}
    if to in (CaseState.IN_REVIEW, CaseState.OUTSIDE_BODY):
        changes["refusal_reason"] = case.refusal_reason
    if case.acknowledged_on is None and to != CaseState.WITHDRAWN:
        changes["acknowledged_on"] = on
    if case.answered_on is None and is_closed(to) and to != CaseState.WITHDRAWN:
        changes["answered_on"] = on
    if to == CaseState.IN_REVIEW and case.regime:
        changes["review_due_on"] = counted(case.regime.rule("review"), on, case.calendar).on
    if case.state == CaseState.CLARIFICATION:
        end_pause(case, on=on)
    update_fields(case, **changes)
    add_event(case, CaseEventKind.STATE, on=on, by=by, is_internal=False, state=to)


def acknowledge(*, case: Case, by: User | None = None) -> None:
    """Acknowledge a case, which is the first step of every kind of form, and notify the person."""
    move(case=case, to=reopened_state(case.kind), by=by)


@service_write(WRITTEN_BY)
def reopen(
    *, case: Case, reason: str, on: datetime.date | None = None, by: User | None = None, notice: Notice | None = None
) -> None:
    """Reopen a closed case, with a reason for staff.

    The days for which it was withdrawn do not count (``case_deadlines.after_stop``). A request that had been answered
    before it was withdrawn is due a review, not a first answer.
    """
    lock_for_update(case)
    on = day_of(case, on)
    if not is_closed(case.state):
        raise CaseTransitionNotAllowed("It is not closed.")
    if case.kind == FormKind.REQUEST and case.state in OUTCOMES:
        raise CaseTransitionNotAllowed("It was answered. Choose “Look at it again” instead.")
    require(reason.strip(), "Say why it is taken up again.")
    to = state_when_reopened(case)
    if case.state == CaseState.WITHDRAWN and to != CaseState.IN_REVIEW:
        count_withdrawal(case, on=on)
    _moved(case, to, on=on, by=by)
    notify_of_step(case, to, notice, by=by)
    add_event(case, CaseEventKind.NOTE, on=on, by=by, text=reason.strip())


def state_when_reopened(case: Case) -> CaseState:
    """Return the state in which a closed case is reopened: under review if it had been answered."""
    was_answered = case.kind == FormKind.REQUEST and case.answered_on is not None
    return CaseState.IN_REVIEW if was_answered else reopened_state(case.kind)


@service_write(WRITTEN_BY)
def assign(*, case: Case, handler: User | None, by: User | None = None) -> None:
    """Assign a case to a handler, or to nobody.

    The caller checks whether the user may handle it.
    """
    lock_for_update(case)
    if case.handler_id == (handler.pk if handler else None):
        return
    update_fields(case, handler=handler)
    name = (handler.get_full_name() or handler.get_username()) if handler else "Nobody"
    add_event(case, CaseEventKind.ASSIGNED, on=timezone.localdate(), by=by, text=name)


@service_write(WRITTEN_BY)
def note(*, case: Case, text: str, by: User | None = None) -> None:
    """Add a note for staff."""
    lock_for_update(case, compared=())
    require(text.strip(), "Write the note.")
    add_event(case, CaseEventKind.NOTE, on=timezone.localdate(), by=by, text=text.strip())
