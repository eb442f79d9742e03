"""The steps that move a last day: a question to the person, their answer, and more time."""

import datetime

from django.utils import timezone

from cms.core.dates.formatting import format_date
from cms.core.service_writes import service_write

from ...enums import CaseEventKind, CaseState, Clarification, OtherStep
from ...models.case import WRITTEN_BY, Case, CaseExtension, CasePause
from ...rules.case_deadlines import Stop, after_stop, extension_problem, last_day, latest_with_more_time
from ...rules.case_states import may_follow
from .base import day_of, held, told, written
from .exceptions import CaseTransitionNotAllowed, need
from .messages import Notice, send_words, tell_of_step


@service_write(WRITTEN_BY)
def ask_person(*, case: Case, subject: str, body: str, by=None) -> bool:
    """Ask the person what they mean; the clock stops, starts anew or runs on, as the regime says.

    :returns: whether an email tells them that there is something to read.
    """
    held(case)
    on = timezone.localdate()
    if CaseState.CLARIFICATION not in may_follow(case.kind, case.state):
        raise CaseTransitionNotAllowed("No question can be asked now. Send a message instead.")
    stops = bool(case.regime and case.regime.clarification != Clarification.RUNS_ON)
    was_told = send_words(case, subject=subject, body=body, by=by)
    first = {} if case.acknowledged_on else {"acknowledged_on": on}
    written(case, state=CaseState.CLARIFICATION, **first)
    told(case, CaseEventKind.STATE, on=on, by=by, is_internal=False, state=CaseState.CLARIFICATION)
    if stops:
        CasePause.objects.create(case=case, started_on=on)
        told(case, CaseEventKind.PAUSED, on=on, by=by, is_internal=False)
    return was_told


@service_write(WRITTEN_BY)
def person_answered(
    *, case: Case, on: datetime.date | None = None, text: str = "", by=None, notice: Notice | None = None
) -> None:
    """Record that the person answered our question: the clock runs again.

    :param text: what they said, for staff.
    """
    held(case)
    on = day_of(case, on)
    if case.state != CaseState.CLARIFICATION:
        raise CaseTransitionNotAllowed("We are not waiting for an answer.")
    was_stopped = end_pause(case, on=on)
    written(case, state=CaseState.ACKNOWLEDGED)
    told(case, CaseEventKind.STATE, on=on, by=by, is_internal=False, state=CaseState.ACKNOWLEDGED)
    if was_stopped:
        told(case, CaseEventKind.RESUMED, on=on, by=by, is_internal=False)
    tell_of_step(case, OtherStep.HEARD, notice, by=by)
    if text.strip():
        told(case, CaseEventKind.NOTE, on=on, by=by, text=text.strip())


def end_pause(case: Case, *, on: datetime.date) -> bool:
    """End the time in which we wait, if the clock stands still, and move the last day; say whether it did."""
    pause = case.pauses.filter(ended_on=None).first()
    if pause is None:
        return False
    if on < pause.started_on:
        raise CaseTransitionNotAllowed(f"We asked on {format_date(pause.started_on)}. Choose that day or a later one.")
    pause.ended_on = on
    pause.save(update_fields=["ended_on"])
    written(case, due_on=moved_by(case, pause, case.due_on))
    return True


def stop_of(case: Case, pause: CasePause) -> Stop:
    """Return how a time that is over counts, by the case's regime."""
    asked = bool(case.regime) and not pause.is_withdrawal
    way = case.regime.clarification if asked else ""
    return Stop(
        pause.started_on,
        pause.ended_on,
        restarts=way == Clarification.RESTARTS,
        in_full=way == Clarification.PAUSES_IN_FULL,
    )


def moved_by(case: Case, pause: CasePause, due_on: datetime.date | None) -> datetime.date | None:
    """Return the last day as a time that is over, in which the clock stood still, moves it.

    Where a last day rolls on to a working day it is counted again from receipt, or it could roll twice.
    """
    if case.rule and case.rule.rolls:
        return last_day(case.rule, case.received_on, _changes(case), case.calendar) or due_on
    return after_stop(case.rule, due_on, stop_of(case, pause), case.calendar)


def _changes(case: Case) -> list[Stop | datetime.date]:
    """Return what moved the last day, in the order in which it did: more time cannot be taken while we wait."""
    stops = [(pause.ended_on, stop_of(case, pause)) for pause in case.pauses.exclude(ended_on=None)]
    longer = [(more.taken_on, more.to_date) for more in case.extensions.all()]
    return [change for _, change in sorted([*stops, *longer], key=lambda dated: dated[0])]


def count_withdrawal(case: Case, *, on: datetime.date) -> None:
    """Move the last day by the time that it lay withdrawn, and keep that time on record."""
    if case.due_on is None or case.closed_on is None:
        return
    if on < case.closed_on:
        raise CaseTransitionNotAllowed(
            f"It was taken back on {format_date(case.closed_on)}. Choose that day or a later one."
        )
    pause = CasePause.objects.create(case=case, started_on=case.closed_on, ended_on=on, is_withdrawal=True)
    written(case, due_on=moved_by(case, pause, case.due_on))


@service_write(WRITTEN_BY)
def extend(*, case: Case, until: datetime.date, reason: str, by=None, notice: Notice | None = None) -> None:
    """Take more time, within what the regime allows and with a reason that the person is told (H 7, K 12)."""
    held(case)
    need(reason.strip(), "Say why more time is needed. The person reads this.")
    if case.due_now is None:
        raise CaseTransitionNotAllowed("There is no date to move now.")
    if case.state == CaseState.IN_REVIEW:
        raise CaseTransitionNotAllowed("The time for looking at it again cannot be made longer.")
    latest = latest_with_more_time(
        case.rule,
        case.regime.rule("extension") if case.regime else None,
        received_on=case.received_on,
        stops=[change for change in _changes(case) if isinstance(change, Stop)],
        before=_before_more_time(case),
        calendar=case.calendar,
    )
    problem = extension_problem(
        may_extend=bool(case.regime and case.regime.may_extend), due_on=case.due_on, latest=latest, until=until
    )
    if problem:
        raise CaseTransitionNotAllowed(problem)
    on = timezone.localdate()
    CaseExtension.objects.create(
        case=case, taken_on=on, from_date=case.due_on, to_date=until, reason=reason.strip()[:600]
    )
    written(case, due_on=until)
    told(case, CaseEventKind.EXTENDED, on=on, by=by, is_internal=False, text=f"{format_date(until)}. {reason.strip()}")
    tell_of_step(case, OtherStep.EXTENDED, notice, by=by)


def _before_more_time(case: Case) -> datetime.date | None:
    """Return the last day as it would be had no more time been taken: what the limit is counted from."""
    first = case.extensions.first()
    if first is None:
        return case.due_on
    day = first.from_date
    later = case.pauses.filter(ended_on__isnull=False, started_on__gte=first.taken_on)
    for pause in later:
        day = after_stop(case.rule, day, stop_of(case, pause), case.calendar)
    return day
