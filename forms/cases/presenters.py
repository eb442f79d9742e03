"""Presentation of the dates of a case to staff, each with what it was counted from."""

import datetime
from collections.abc import Iterator
from typing import cast

from cms.core.dates.formatting import format_date, format_weekday

from ..enums import CaseState, Clarification
from ..models.case import Case
from ..rules.case_deadlines import counted, format_deadline, how_counted
from .services.messages import format_moment


def describe_dates(case: Case, on: datetime.date) -> Iterator[str]:
    """Yield the dates of a case, each in a sentence, in chronological order."""
    yield f"It came on {format_weekday(case.received_on)}."
    if case.acknowledged_on:
        yield f"Acknowledged on {format_weekday(case.acknowledged_on)}."
    elif case.acknowledge_by and not case.is_closed:
        yield f"Acknowledge it by {format_weekday(case.acknowledge_by)}."
        early = case.acknowledge_early
        if early and early != case.acknowledge_by:
            yield f"Better by {format_weekday(early)}: the law can be read as asking for that."
    if case.first_due_on or case.rule:
        yield describe_first_date(case)
    yield from _moved(case)
    if case.interview_at and not case.is_closed:
        yield f"Interview: {format_moment(case.interview_at)}, {case.interview_place}."
    if case.review_due_on and case.state == CaseState.IN_REVIEW:
        yield f"The second look is due {format_weekday(case.review_due_on)}."
    if case.is_late(on):
        due_now = cast("datetime.date", case.due_now)
        yield f"Late: the last day was {format_weekday(due_now)}."
    if case.answered_on:
        yield f"First answered on {format_weekday(case.answered_on)}{', late' if case.was_late else ''}."
    if case.closed_on:
        yield f"Closed on {format_weekday(case.closed_on)}."


def describe_first_date(case: Case) -> str:
    """Format the first due date as it was set, and how it was counted then.

    The rule is the one of that time. If the calendar has other bank holidays now, they are ignored.
    """
    found = counted(case.rule, case.received_on, case.calendar)
    if case.first_due_on in (None, found.on):
        return format_deadline(found)
    day = format_weekday(case.first_due_on)
    return f"Due {day}: {how_counted(case.rule, case.received_on)}." if case.rule else f"Due {day}."


def _moved(case: Case) -> Iterator[str]:
    restarts = case.regime is not None and case.regime.clarification == Clarification.RESTARTS
    for pause in case.pauses.all():
        if pause.is_withdrawal:
            ended_on = cast("datetime.date", pause.ended_on)
            yield f"It lay withdrawn from {format_date(pause.started_on)} to {format_date(ended_on)}."
        elif restarts and pause.ended_on:
            yield f"We asked on {format_date(pause.started_on)}. From the answer the days are counted anew."
            yield format_deadline(counted(case.rule, pause.ended_on, case.calendar))
        elif restarts:
            yield f"We asked on {format_weekday(pause.started_on)}. The days are counted anew from the person's answer."
        elif pause.ended_on:
            yield f"The clock stood still from {format_date(pause.started_on)} to {format_date(pause.ended_on)}."
        else:
            yield f"The clock stands still since {format_weekday(pause.started_on)}, until the person answers."
    for more in case.extensions.all():
        yield f"On {format_date(more.taken_on)} we took more time, until {format_date(more.to_date)}: {more.reason}"
    if case.due_on and case.due_on != case.first_due_on:
        yield f"With that counted in, it is due {format_weekday(case.due_on)}."
