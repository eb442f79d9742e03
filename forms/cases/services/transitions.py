"""The steps that move a case on, give it to somebody, or note something."""

import dataclasses
import datetime

from django.utils import timezone

from cms.core.service_writes import service_write

from ...enums import CaseEventKind, CaseState, FormKind
from ...models.case import WRITTEN_BY, Case
from ...rules.case_deadlines import counted
from ...rules.case_states import OUTCOMES, is_closed, may_follow, taken_up_as
from .base import day_of, held, told, written
from .clock import count_withdrawal, end_pause
from .exceptions import CaseTransitionNotAllowed, need
from .messages import Notice, tell_of_step


@dataclasses.dataclass(frozen=True)
class Interview:
    """When and where we would like to meet somebody who applied."""

    at: datetime.datetime
    place: str


@service_write(WRITTEN_BY)
def move(
    *,
    case: Case,
    to: CaseState,
    on: datetime.date | None = None,
    by=None,
    reason: str = "",
    words: str = "",
    interview: Interview | None = None,
    notice: Notice | None = None,
) -> None:
    """Move a case to a state that may follow the one that the caller saw, and tell the person in the same act.

    :param reason: one of the regime's reasons, as the person reads it; a refusal needs one.
    :param words: a note for staff.
    :param interview: where and when, which an invitation to one needs.
    :param notice: what the person is told, or why not; the usual words unless given.
    """
    held(case)
    on = day_of(case, on)
    if to not in may_follow(case.kind, case.state):
        raise CaseTransitionNotAllowed(f"This cannot follow “{case.get_state_display()}”.")
    if to == CaseState.CLARIFICATION:
        raise CaseTransitionNotAllowed("Write the question to the person: the clock stops when it is sent.")
    _moved(case, to, on=on, by=by, reason=_reason(case, to, reason), **_interview(to, on, interview))
    tell_of_step(case, to, notice, by=by)
    if words.strip():
        told(case, CaseEventKind.NOTE, on=on, by=by, text=words.strip())


def _reason(case: Case, to: CaseState, given: str) -> str:
    """Return the reason that is kept with an outcome: one of the regime's, for those that withhold something."""
    if to not in (CaseState.REFUSED, CaseState.PARTLY_ANSWERED):
        return ""
    offered = [reason.words for reason in case.regime.refusal_reasons.all()] if case.regime else []
    if to == CaseState.REFUSED:
        need(given.strip(), "Choose why it is refused.")
    if given and offered and given not in offered:
        raise CaseTransitionNotAllowed("Choose one of the reasons that the rules for this kind of request give.")
    return given.strip()[:200]


def _interview(to: CaseState, on: datetime.date, given: Interview | None) -> dict:
    """Return what is kept of an interview: the day, the time and the place."""
    if to != CaseState.INTERVIEW:
        return {}
    if given is None or not given.place.strip():
        raise CaseTransitionNotAllowed("Enter the day, the time and the place of the interview.")
    if timezone.localtime(given.at).date() < on:
        raise CaseTransitionNotAllowed("The interview cannot be before the day on which you invite them.")
    return {"interview_at": given.at, "interview_place": " ".join(given.place.split())[:200]}


def _moved(case: Case, to: CaseState, *, on: datetime.date, by, reason: str = "", **more) -> None:
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
    written(case, **changes)
    told(case, CaseEventKind.STATE, on=on, by=by, is_internal=False, state=to)


def acknowledge(*, case: Case, by=None) -> None:
    """Mark that somebody looks after it, which is its first step whatever its kind, and tell the person so."""
    move(case=case, to=taken_up_as(case.kind), by=by)


@service_write(WRITTEN_BY)
def take_up(*, case: Case, reason: str, on: datetime.date | None = None, by=None, notice: Notice | None = None) -> None:
    """Open again what was closed, with a reason for staff.

    The days on which it lay withdrawn do not count (``case_dates.after_stop``). A request that had been answered before
    it was taken back is owed a second look, not a first answer.
    """
    held(case)
    on = day_of(case, on)
    if not is_closed(case.state):
        raise CaseTransitionNotAllowed("It is not closed.")
    if case.kind == FormKind.REQUEST and case.state in OUTCOMES:
        raise CaseTransitionNotAllowed("It was answered. Choose “Look at it again” instead.")
    need(reason.strip(), "Say why it is taken up again.")
    to = opens_as(case)
    if case.state == CaseState.WITHDRAWN and to != CaseState.IN_REVIEW:
        count_withdrawal(case, on=on)
    _moved(case, to, on=on, by=by)
    tell_of_step(case, to, notice, by=by)
    told(case, CaseEventKind.NOTE, on=on, by=by, text=reason.strip())


def opens_as(case: Case) -> CaseState:
    """Return the state in which a closed case is open again: looked at again if it had been answered."""
    was_answered = case.kind == FormKind.REQUEST and case.answered_on is not None
    return CaseState.IN_REVIEW if was_answered else taken_up_as(case.kind)


@service_write(WRITTEN_BY)
def assign(*, case: Case, handler, by=None) -> None:
    """Give it to somebody, or to nobody. Whether they may handle it is for the caller to ask."""
    held(case)
    if case.handler_id == (handler.pk if handler else None):
        return
    written(case, handler=handler)
    name = (handler.get_full_name() or handler.get_username()) if handler else "Nobody"
    told(case, CaseEventKind.ASSIGNED, on=timezone.localdate(), by=by, text=name)


@service_write(WRITTEN_BY)
def note(*, case: Case, text: str, by=None) -> None:
    """Note something for staff."""
    held(case, compared=())
    need(text.strip(), "Write the note.")
    told(case, CaseEventKind.NOTE, on=timezone.localdate(), by=by, text=text.strip())
