"""By when something has to be answered: counted at receipt, moved by pauses, more time and a second look. Pure.

Every date is a day in London, and the day from which a time is counted is never counted itself (H 6.1: 10 working
days from the request).
"""

import datetime

from cms.core.dates import say_date, say_weekday
from cms.core.working_days import NoHolidayData, count_working_days, is_working_day
from scrutiny_pages.deadlines import Deadline, DeadlineRule, deadline
from scrutiny_pages.enums import DeadlineUnit

from .case_states import is_closed
from .enums import CaseState

DAY = datetime.timedelta(days=1)


def due_now(
    *, state: str, due_on: datetime.date | None, review_due_on: datetime.date | None, is_stopped: bool
) -> datetime.date | None:
    """Give the last day of what we owe now: the answer, or the second look. Nothing while we wait, or owe nothing."""
    if is_stopped or is_closed(state) or state == CaseState.OUTSIDE_BODY:
        return None
    return review_due_on if state == CaseState.IN_REVIEW else due_on


def is_late(due: datetime.date | None, on: datetime.date) -> bool:
    """Say whether the last day is over; on the day itself there is still time."""
    return due is not None and due < on


def was_late(due_on: datetime.date | None, answered_on: datetime.date | None) -> bool:
    """Say whether it was first answered after the last day."""
    return bool(due_on and answered_on and answered_on > due_on)


def counted(rule: DeadlineRule | None, received_on: datetime.date | None, nation: str) -> Deadline:
    """Give by when a rule asks for something that came on a day."""
    if rule is None:
        return Deadline(None, "No date: its rules give none.")
    return deadline(rule, start=received_on, event="the day it came", nation=nation)


def due_words(found: Deadline) -> str:
    """Say a deadline with the date first: Due Friday 8 January 2027: 20 working days after ..."""
    how, colon, day = found.sentence.rpartition(": ")
    return f"Due {day}: {how}." if found.on and colon else found.sentence


def how_counted(rule: DeadlineRule, received_on: datetime.date) -> str:
    """Say by what rule a day was counted: 20 working days after Monday 7 December 2026."""
    return rule.counted_from(say_weekday(received_on))


def days_stopped(unit: str, started_on: datetime.date, ended_on: datetime.date, nation: str) -> int:
    """Count the days on which the clock stood still: not the day we asked, but the day of the answer.

    :param unit: a ``DeadlineUnit``: working days for a time in working days, else every day.
    :raises NoHolidayData: if it reaches a year whose bank holidays are not on record.
    """
    days = (ended_on - started_on).days
    if unit != DeadlineUnit.WORKING_DAYS:
        return max(days, 0)
    return sum(is_working_day(started_on + number * DAY, nation) for number in range(1, days + 1))


def after_pause(
    due_on: datetime.date | None, unit: str, started_on: datetime.date, ended_on: datetime.date, nation: str
) -> datetime.date | None:
    """Give the last day once a pause is over: later by as many days as the clock stood still.

    Where the days cannot be counted it stays as it was: it is never guessed, and never lost.
    """
    try:
        stopped = days_stopped(unit, started_on, ended_on, nation)
        if due_on is None or not stopped:
            return due_on
        if unit == DeadlineUnit.WORKING_DAYS:
            return count_working_days(due_on, stopped, nation).on
        return due_on + stopped * DAY
    except NoHolidayData:
        return due_on


def after_restart(
    rule: DeadlineRule | None, due_on: datetime.date | None, answered_on: datetime.date, nation: str
) -> datetime.date | None:
    """Give the last day if the time is counted anew from the person's answer; never sooner than it was."""
    found = counted(rule, answered_on, nation).on
    return max((day for day in (due_on, found) if day), default=None)


def after_stop(
    rule: DeadlineRule | None,
    due_on: datetime.date | None,
    started_on: datetime.date,
    ended_on: datetime.date,
    nation: str,
    *,
    restarts: bool,
) -> datetime.date | None:
    """Give the last day once the clock runs again: after our question, or after the person had taken it back.

    What was taken back and is taken up again is due later by the days on which it lay withdrawn. Nobody waited for it
    then, so those days are not held against us: with the old date it could be late on the day on which it is taken up.
    Nor does the time begin anew, or a request could be given more of it by being closed and opened.

    :param restarts: whether the rules count the whole time anew, from the answer to our question.
    """
    if restarts:
        return after_restart(rule, due_on, ended_on, nation)
    return after_pause(due_on, rule.unit if rule else "", started_on, ended_on, nation)


def extension_problem(
    *,
    may_extend: bool,
    limit: DeadlineRule | None,
    due_on: datetime.date | None,
    counted_from: datetime.date | None,
    until: datetime.date,
    nation: str,
) -> str:
    """Say why more time cannot be taken until a day. Nothing if it can.

    :param limit: the most that the rules allow, counted from the last day as it was before any was taken.
    """
    if not may_extend:
        return "The rules for this kind of request do not let us take more time."
    if due_on is None or counted_from is None:
        return "There is no date to move."
    if until <= due_on:
        return f"It is due on {say_date(due_on)} already. Choose a later day."
    latest = deadline(limit, start=counted_from, event="the first date", nation=nation) if limit else None
    if latest and latest.on and until > latest.on:
        return f"The rules let us take until {say_weekday(latest.on)}, and no longer."
    return ""
