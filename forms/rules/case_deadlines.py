"""Deadlines of cases: counted from receipt, and moved by pauses, extensions and reviews.

Every date is a day in London, and the day from which a time is counted is never counted itself (H 6.1: 10 working days
from the request). Pure functions.
"""

import dataclasses
import datetime
from collections.abc import Sequence

from cms.core.dates.formatting import format_date, format_weekday
from cms.core.dates.working_days import NoHolidayData, count_working_days, is_working_day, next_working_day
from scrutiny_pages.enums import DeadlineUnit
from scrutiny_pages.rules.deadlines import Deadline, DeadlineRule, deadline

from ..enums import CaseState
from .case_states import is_closed

DAY = datetime.timedelta(days=1)


def due_now(
    *, state: str, due_on: datetime.date | None, review_due_on: datetime.date | None, is_stopped: bool
) -> datetime.date | None:
    """Return the date by which the answer, or the review, is due now.

    None while the clock is stopped, and when nothing is due.
    """
    if is_stopped or is_closed(state) or state == CaseState.OUTSIDE_BODY:
        return None
    return review_due_on if state == CaseState.IN_REVIEW else due_on


def is_late(due: datetime.date | None, on: datetime.date) -> bool:
    """Return whether a due date has passed on a day; the due date itself is still in time."""
    return due is not None and due < on


def was_late(due_on: datetime.date | None, answered_on: datetime.date | None) -> bool:
    """Return whether the first answer came after the due date."""
    return bool(due_on and answered_on and answered_on > due_on)


def counted(rule: DeadlineRule | None, received_on: datetime.date | None, calendar: str) -> Deadline:
    """Return the deadline that a rule sets for a submission received on a day.

    :param calendar: whose bank holidays are no working days: a ``Nation`` or ``ANY_PART_OF_UK``.
    """
    if rule is None:
        return Deadline(None, "No date: its rules give none.")
    return deadline(rule, start=received_on, event="the day it came", nation=calendar)


def strict_day(rule: DeadlineRule | None, received_on: datetime.date) -> datetime.date | None:
    """Return the due date under a strict reading of the law: the day of receipt counts, and nothing rolls.

    The Information Commissioner counts the 30 days for a complaint about personal data from the day after receipt and
    on to a working day; the Act (DPA 2018 as amended in 2025) is also read as "beginning with" the day of receipt.

    :returns: None for a rule that has a single reading.
    """
    if rule is None or not rule.rolls or rule.unit != DeadlineUnit.CALENDAR_DAYS:
        return None
    return received_on + (rule.amount - 1) * DAY


def format_deadline(found: Deadline) -> str:
    """Format a deadline with its date first: Due Friday 8 January 2027: 20 working days after ..."""
    how, colon, day = found.sentence.rpartition(": ")
    return f"Due {day}: {how}." if found.on and colon else found.sentence


def how_counted(rule: DeadlineRule, received_on: datetime.date) -> str:
    """Format the rule by which a day was counted: 20 working days after Monday 7 December 2026."""
    return rule.counted_from(format_weekday(received_on))


@dataclasses.dataclass(frozen=True)
class Stop:
    """A past period in which the clock was stopped: waiting for the person, or withdrawn.

    :param restarts: whether the rules count the whole time anew from the answer (FOIA s.1(3) and s.10(6), EIR reg 9).
    :param in_full: whether the day we asked does not count either (DPA 2018 s.54(3C)).
    """

    started_on: datetime.date
    ended_on: datetime.date
    restarts: bool = False
    in_full: bool = False


def days_stopped(unit: str, stop: Stop, calendar: str) -> int:
    """Count the days of a stop: the day of the answer is included, the day we asked only if ``in_full``.

    :param unit: a ``DeadlineUnit``: working days for a time in working days, else every day.
    :raises NoHolidayData: if it reaches a year whose bank holidays are not on record.
    """
    first = 0 if stop.in_full else 1
    days = [stop.started_on + number * DAY for number in range(first, (stop.ended_on - stop.started_on).days + 1)]
    if unit != DeadlineUnit.WORKING_DAYS:
        return len(days)
    return sum(is_working_day(day, calendar) for day in days)


def after_pause(due_on: datetime.date | None, unit: str, stop: Stop, calendar: str) -> datetime.date | None:
    """Return the due date after a pause, moved by as many days as the clock was stopped.

    If the days cannot be counted, the date is returned unchanged: it is never guessed, and never lost.
    """
    try:
        stopped = days_stopped(unit, stop, calendar)
        if due_on is None or not stopped:
            return due_on
        if unit == DeadlineUnit.WORKING_DAYS:
            return count_working_days(due_on, stopped, calendar).on
        return due_on + stopped * DAY
    except NoHolidayData:
        return due_on


def after_restart(
    rule: DeadlineRule | None, due_on: datetime.date | None, answered_on: datetime.date, calendar: str
) -> datetime.date | None:
    """Return the due date when the time is counted anew from the person's answer; never earlier than before."""
    found = counted(rule, answered_on, calendar).on
    return max((day for day in (due_on, found) if day), default=None)


def after_stop(
    rule: DeadlineRule | None, due_on: datetime.date | None, stop: Stop, calendar: str
) -> datetime.date | None:
    """Return the due date once the clock runs again, after a clarification or a withdrawal.

    A case that is reopened after a withdrawal is due later by the days on which it was withdrawn. Nobody waited for it
    in that time, so those days do not count against us: with the old date it could be late on the day on which it is
    reopened. The time does not start anew either, or a request could gain time by being closed and reopened.
    """
    if stop.restarts:
        return after_restart(rule, due_on, stop.ended_on, calendar)
    return after_pause(due_on, rule.unit if rule else "", stop, calendar)


def last_day(
    rule: DeadlineRule, received_on: datetime.date, changes: Sequence[Stop | datetime.date], calendar: str
) -> datetime.date | None:
    """Return the due date of a rule, counted from receipt through everything that moved it.

    A pause moves the unrolled day, before it is rolled to a working day: otherwise a rule that rolls would roll twice.
    A date set by an extension is kept as it was announced.

    :param changes: the stops, and the dates to which the time was extended, in chronological order.
    """
    plain = dataclasses.replace(rule, rolls=False)
    day = counted(plain, received_on, calendar).on
    for change in changes:
        day = after_stop(plain, day, change, calendar) if isinstance(change, Stop) else change
    if day is None or not rule.rolls or (changes and not isinstance(changes[-1], Stop)):
        return day
    try:
        return next_working_day(day, calendar).on
    except NoHolidayData:
        return None


def latest_with_more_time(
    rule: DeadlineRule | None,
    limit: DeadlineRule | None,
    *,
    received_on: datetime.date,
    stops: Sequence[Stop],
    before: datetime.date | None,
    calendar: str,
) -> datetime.date | None:
    """Return the latest date to which the time can be extended.

    Counted in one go where that differs, otherwise from the first date: "one month, and two more" is three months from
    receipt, whatever day the first month ended on (UK GDPR art 12(3)).

    :param before: the due date without any extension.
    :returns: None if the rules set no limit, or it cannot be counted.
    """
    if rule and limit and rule.rolls and rule.unit == limit.unit:
        return last_day(dataclasses.replace(rule, amount=rule.amount + limit.amount), received_on, stops, calendar)
    return deadline(limit, start=before, event="the first date", nation=calendar).on if limit and before else None


def extension_problem(
    *, may_extend: bool, due_on: datetime.date | None, latest: datetime.date | None, until: datetime.date
) -> str:
    """Return the reason why the time cannot be extended to a day; empty if it can.

    :param latest: the last day that the rules allow, if they set one.
    """
    if not may_extend:
        return "The rules for this kind of request do not let us take more time."
    if due_on is None:
        return "There is no date to move."
    if until <= due_on:
        return f"It is due on {format_date(due_on)} already. Choose a later day."
    if latest and until > latest:
        return f"The rules let us take until {format_weekday(latest)}, and no longer."
    return ""
