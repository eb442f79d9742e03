"""Deadlines: a rule in plain words, the date that it yields, and a sentence that explains the date.

Pure: every date is a day in London, so a caller with a moment passes ``django.utils.timezone.localdate(moment)``.
"""

import dataclasses
import datetime
from collections.abc import Sequence

from django.utils.text import capfirst, get_text_list

from cms.core.dates.formatting import add_months, format_date, format_length, format_month, format_weekday, quarter_end
from cms.core.dates.working_days import NoHolidayData, count_working_days, next_working_day

from ..enums import DeadlineUnit

COUNTED: dict[object, str] = {
    DeadlineUnit.WORKING_DAYS: "working day",
    DeadlineUnit.CALENDAR_DAYS: "day",
    DeadlineUnit.WEEKS: "week",
    DeadlineUnit.MONTHS: "month",
}
QUARTERS: dict[object, str] = {DeadlineUnit.QUARTER_START: "start", DeadlineUnit.QUARTER_END: "end"}
MOST = 999
MOST_NAMED = 5  # bank holidays that a sentence can name and still be read
DAY = datetime.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class DeadlineRule:
    """The rule of a due date, counted from some event (H 6.1, H 6.2, K 11.4, K 7.1, G 8, W47).

    :param unit: a ``DeadlineUnit``.
    :param amount: number of units; for the start or end of a quarter, the number of quarters to add.
    :param before: whether it is counted back from the event.
    :param fixed_on: the date itself, for a fixed date.
    :param body: the name of the panel, for its next meeting.
    :param rolls: whether a last day on a weekend or a bank holiday moves to the next working day, as data protection
        law requires.
    """

    unit: str
    amount: int = 0
    before: bool = False
    fixed_on: datetime.date | None = None
    body: str = ""
    rolls: bool = False

    def words(self, event: str) -> str:
        """Return the rule as text, with the event's name in it: within 10 working days of the draft report."""
        if self.unit in COUNTED and self.before:
            return f"at least {self.counted_from(event)}"
        if self.unit in COUNTED:
            return f"within {format_length(self.amount, COUNTED[self.unit])} of {event}"
        if self.unit == DeadlineUnit.FIXED_DATE:
            return f"by {format_date(self.fixed_on)}" if self.fixed_on else "by a fixed date"
        return f"{'at' if self.unit == DeadlineUnit.NEXT_MEETING else 'by'} {self.counted_from(event)}"

    def counted_from(self, event: str) -> str:
        """Return the rule as text, counted from an event or from a formatted date."""
        way = "before" if self.before else "after"
        if self.unit in COUNTED:
            return f"{format_length(self.amount, COUNTED[self.unit])} {way} {event}"
        if self.unit == DeadlineUnit.NEXT_MEETING:
            return f"the next meeting of the {self.body} after {event}"
        more = f", {'less' if self.before else 'plus'} {format_length(self.amount, 'quarter')}" if self.amount else ""
        return f"the {'last' if self.before else 'first'} {QUARTERS[self.unit]} of a quarter on or {way} {event}{more}"


@dataclasses.dataclass(frozen=True)
class Deadline:
    """The date that a rule yields, or None, and a sentence that explains the date or its absence."""

    on: datetime.date | None
    sentence: str

    def __bool__(self) -> bool:
        return self.on is not None


def problems_of(rule: DeadlineRule) -> str:
    """Return the error in a rule, as a sentence for the person who enters it; empty if it is valid."""
    if rule.amount < 0:
        return "The number must be 0 or more. To count back, choose before."
    if rule.amount > MOST:
        return f"The number must be {MOST} or less."
    if rule.unit in COUNTED and not rule.amount:
        return f"Enter how many {COUNTED[rule.unit]}s: a number above 0."
    if rule.unit == DeadlineUnit.FIXED_DATE and not rule.fixed_on:
        return "Enter the fixed date."
    if rule.unit == DeadlineUnit.NEXT_MEETING and not rule.body:
        return "Say whose next meeting it is."
    if rule.unit == DeadlineUnit.NEXT_MEETING and rule.before:
        return "A next meeting comes after something. Choose after, or another kind of deadline."
    return ""


def deadline(
    rule: DeadlineRule, *, start: datetime.date | None, event: str, nation: str, meetings: Sequence[datetime.date] = ()
) -> Deadline:
    """Return the date that a rule yields, or the reason why there is none. It never guesses.

    :param start: the day the event happened or is planned for, which is never counted itself.
    :param event: the event's name in a sentence, such as: the draft report.
    :param nation: the nation whose bank holidays are not working days, a ``Nation`` or ``ANY_PART_OF_UK``.
    :param meetings: days on which the rule's body meets, in any order. One on the start day itself is too soon:
        its papers are already out (W47).
    """
    if problems_of(rule):
        return Deadline(None, "Date not set: its rule is not complete.")
    if rule.unit == DeadlineUnit.FIXED_DATE and rule.fixed_on:
        return Deadline(rule.fixed_on, f"A fixed date: {format_weekday(rule.fixed_on)}")
    if start is None:
        return Deadline(None, f"Date not set: it counts from {event}, which has not happened yet.")
    try:
        on, note = _reckon(rule, start, nation, meetings)
        if on and rule.rolls:
            on, note = _rolled(on, note, nation)
    except NoHolidayData as error:
        return Deadline(None, f"Date not set. {error}")
    except (OverflowError, ValueError):  # what Python says of a date before year 1 or after year 9999
        return Deadline(None, f"Date not set: {format_date(start)} is too far away to count from.")
    if on is None:
        return Deadline(None, f"Date not set: no later meeting of the {rule.body} is planned.")
    return Deadline(on, f"{capfirst(rule.counted_from(format_weekday(start)))}{note}: {format_weekday(on)}")


def _reckon(
    rule: DeadlineRule, start: datetime.date, nation: str, meetings: Sequence[datetime.date]
) -> tuple[datetime.date | None, str]:
    """Return the date of a valid rule, and any addition that its explanation needs."""
    number = -rule.amount if rule.before else rule.amount
    if rule.unit == DeadlineUnit.WORKING_DAYS:
        count = count_working_days(start, number, nation)
        return count.on, _not_counting(count.skipped)
    if rule.unit == DeadlineUnit.MONTHS:
        on = add_months(start, number)
        return on, "" if on.day == start.day else f", as {format_month(on)} has only {format_length(on.day, 'day')}"
    if rule.unit == DeadlineUnit.QUARTER_END:
        # The last on or before a day is the last before the day after it.
        return quarter_end(start + DAY, number - 1) if rule.before else quarter_end(start, number), ""
    if rule.unit == DeadlineUnit.QUARTER_START:
        return (quarter_end(start, number - 1) if rule.before else quarter_end(start - DAY, number)) + DAY, ""
    if rule.unit == DeadlineUnit.NEXT_MEETING:
        return min((day for day in meetings if day > start), default=None), ""
    days = number * 7 if rule.unit == DeadlineUnit.WEEKS else number
    return start + datetime.timedelta(days=days), ""


def _rolled(on: datetime.date, note: str, nation: str) -> tuple[datetime.date, str]:
    """Return the day moved to a working day if needed, and the completed explanation."""
    count = next_working_day(on, nation)
    return (
        count.on,
        note if count.on == on else f"{note}, then on to the next working day{_not_counting(count.skipped)}",
    )


def _not_counting(names: Sequence[str]) -> str:
    """Return a clause with the bank holidays that a count skipped, or with their number if there are many."""
    if not names:
        return ""
    told = get_text_list(list(names), "and") if len(names) <= MOST_NAMED else f"{len(names)} bank holidays"
    return f", not counting {told}"
