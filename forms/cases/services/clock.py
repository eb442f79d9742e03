"""Services that move the due date: a clarification, its answer, and an extension."""

import datetime
from typing import cast

from django.contrib.auth.models import User
from django.utils import timezone

from cms.core.dates.formatting import format_date
from cms.core.service_writes import service_write

from ...enums import CaseEventKind, CaseState, Clarification, OtherStep
from ...models.case import WRITTEN_BY, Case, CaseExtension, CasePause
from ...rules.case_deadlines import Stop, after_stop, extension_problem, last_day, latest_with_more_time
from ...rules.case_states import may_follow
from .base import add_event, day_of, lock_for_update, update_fields
from .exceptions import CaseTransitionNotAllowed, require
from .messages import Notice, notify_of_step, queue_message


@service_write(WRITTEN_BY)
def ask_person(*, case: Case, subject: str, body: str, by: User | None = None) -> bool:
    """Send the person a question; the clock stops, restarts or runs on, by the regime's rule.

    :returns: whether an email notifies them.
    """
    lock_for_update(case)
    on = timezone.localdate()
    if CaseState.CLARIFICATION not in may_follow(case.kind, case.state):
        raise CaseTransitionNotAllowed("No question can be asked now. Send a message instead.")
    stops = bool(case.regime and case.regime.clarification != Clarification.RUNS_ON)
    was_told = queue_message(case, subject=subject, body=body, by=by)
    first = {} if case.acknowledged_on else {"acknowledged_on": on}
    update_fields(case, state=CaseState.CLARIFICATION, **first)
    add_event(case, CaseEventKind.STATE, on=on, by=by, is_internal=False, state=CaseState.CLARIFICATION)
    if stops:
        CasePause.objects.create(case=case, started_on=on)
        add_event(case, CaseEventKind.PAUSED, on=on, by=by, is_internal=False)
    return was_told


@service_write(WRITTEN_BY)
def person_answered(
    *, case: Case, on: datetime.date | None = None, text: str = "", by: User | None = None, notice: Notice | None = None
) -> None:
    """Record that the person answered our question: the clock runs again.

    :param text: their answer, for staff.
    """
    lock_for_update(case)
    on = day_of(case, on)
    if case.state != CaseState.CLARIFICATION:
        raise CaseTransitionNotAllowed("We are not waiting for an answer.")
    was_stopped = end_pause(case, on=on)
    update_fields(case, state=CaseState.ACKNOWLEDGED)
    add_event(case, CaseEventKind.STATE, on=on, by=by, is_internal=False, state=CaseState.ACKNOWLEDGED)
    if was_stopped:
        add_event(case, CaseEventKind.RESUMED, on=on, by=by, is_internal=False)
    notify_of_step(case, OtherStep.HEARD, notice, by=by)
    if text.strip():
        add_event(case, CaseEventKind.NOTE, on=on, by=by, text=text.strip())


def end_pause(case: Case, *, on: datetime.date) -> bool:
    """End an open pause, move the due date, and return whether there was one."""
    pause = case.pauses.filter(ended_on=None).first()
    if pause is None:
        return False
    if on < pause.started_on:
        raise CaseTransitionNotAllowed(f"We asked on {format_date(pause.started_on)}. Choose that day or a later one.")
    pause.ended_on = on
    pause.save(update_fields=["ended_on"])
    update_fields(case, due_on=moved_by(case, pause, case.due_on))
    return True


def stop_of(case: Case, pause: CasePause) -> Stop:
    """Return the effect of a past pause on the clock, by the case's regime."""
    effect = case.regime.clarification if case.regime and not pause.is_withdrawal else ""
    return Stop(
        pause.started_on,
        cast("datetime.date", pause.ended_on),
        restarts=effect == Clarification.RESTARTS,
        in_full=effect == Clarification.PAUSES_IN_FULL,
    )


def moved_by(case: Case, pause: CasePause, due_on: datetime.date | None) -> datetime.date | None:
    """Return the due date as moved by a past pause.

    A date that rolls on to a working day is counted again from receipt, or it could roll twice.
    """
    if case.rule and case.rule.rolls:
        return last_day(case.rule, case.received_on, _changes(case), case.calendar) or due_on
    return after_stop(case.rule, due_on, stop_of(case, pause), case.calendar)


def _changes(case: Case) -> list[Stop | datetime.date]:
    """Return what moved the due date, in chronological order.

    The time cannot be extended during a pause, so the two never overlap.
    """
    dated: list[tuple[datetime.date, Stop | datetime.date]] = [
        (cast("datetime.date", pause.ended_on), stop_of(case, pause)) for pause in case.pauses.exclude(ended_on=None)
    ]
    dated += [(more.taken_on, more.to_date) for more in case.extensions.all()]
    return [change for _, change in sorted(dated, key=lambda pair: pair[0])]


def count_withdrawal(case: Case, *, on: datetime.date) -> None:
    """Move the due date by the time for which the case was withdrawn, and record that time as a pause."""
    if case.due_on is None or case.closed_on is None:
        return
    if on < case.closed_on:
        raise CaseTransitionNotAllowed(
            f"It was taken back on {format_date(case.closed_on)}. Choose that day or a later one."
        )
    pause = CasePause.objects.create(case=case, started_on=case.closed_on, ended_on=on, is_withdrawal=True)
    update_fields(case, due_on=moved_by(case, pause, case.due_on))


@service_write(WRITTEN_BY)
def extend(
    *, case: Case, until: datetime.date, reason: str, by: User | None = None, notice: Notice | None = None
) -> None:
    """Extend the deadline, within the limits of the regime and with a reason that the person reads (H 7, K 12)."""
    lock_for_update(case)
    require(reason.strip(), "Say why more time is needed. The person reads this.")
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
    if problem or case.due_on is None:
        raise CaseTransitionNotAllowed(problem)
    on = timezone.localdate()
    CaseExtension.objects.create(
        case=case, taken_on=on, from_date=case.due_on, to_date=until, reason=reason.strip()[:600]
    )
    update_fields(case, due_on=until)
    add_event(
        case, CaseEventKind.EXTENDED, on=on, by=by, is_internal=False, text=f"{format_date(until)}. {reason.strip()}"
    )
    notify_of_step(case, OtherStep.EXTENDED, notice, by=by)


def _before_more_time(case: Case) -> datetime.date | None:
    """Return the due date as it would be without an extension, from which the limit is counted."""
    first = case.extensions.first()
    if first is None:
        return case.due_on
    day: datetime.date | None = first.from_date
    later = case.pauses.filter(ended_on__isnull=False, started_on__gte=first.taken_on)
    for pause in later:
        day = after_stop(case.rule, day, stop_of(case, pause), case.calendar)
    return day
