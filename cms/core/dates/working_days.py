"""Working days: neither Saturday, Sunday nor a bank holiday. Pure; a year without recorded holidays is an error."""

import dataclasses
import datetime

from .bank_holidays import ANY_PART_OF_UK, CALENDARS, holidays, known_years

DAY = datetime.timedelta(days=1)
SATURDAY = 5


class NoHolidayData(Exception):
    """Raised when a count reaches a year whose bank holidays are not recorded. Its text is public."""

    def __init__(self, calendar: str, year: int):
        self.calendar, self.year = calendar, year
        where = "every part of the UK" if calendar == ANY_PART_OF_UK else CALENDARS[calendar]
        super().__init__(
            f"There are no bank holidays on record for {where} in {year}, so working days cannot be counted."
        )


@dataclasses.dataclass(frozen=True)
class Count:
    """The result of counting working days: the day, and the names of the bank holidays skipped, earliest first."""

    on: datetime.date
    skipped: tuple[str, ...] = ()


def is_working_day(day: datetime.date, calendar: str) -> bool:
    """Return whether a day is a working day.

    :param calendar: the bank holidays that count: a ``Nation`` or ``ANY_PART_OF_UK``.
    :raises NoHolidayData: for a weekday of a year not recorded.
    """
    if day.weekday() >= SATURDAY:
        return False
    if day.year not in known_years(calendar):
        raise NoHolidayData(calendar, day.year)
    return day not in holidays(calendar)


def count_working_days(start: datetime.date, number: int, calendar: str) -> Count:
    """Count working days from a day, which is not counted itself (H 6.1: 10 working days from the request).

    :param number: 1 or more counts forward, -1 or less back; 0 returns the day itself, whatever day it is.
    """
    on, left, skipped = start, abs(number), []
    step = DAY if number > 0 else -DAY
    while left:
        on += step
        if is_working_day(on, calendar):
            left -= 1
        elif on in holidays(calendar):
            skipped.append(holidays(calendar)[on])
    return Count(on, tuple(skipped if number > 0 else reversed(skipped)))


def count_weekdays(start: datetime.date, number: int) -> datetime.date:
    """Return the day on which a number of weekdays, 1 or more, have passed since a day that is not counted itself.

    No calendar of bank holidays is needed: the working day of the same number is this day or a later one.
    """
    weeks, rest = divmod(number, 5)
    on = start + datetime.timedelta(weeks=weeks)
    if rest == 0 and on.weekday() >= SATURDAY:
        return on - (on.weekday() - SATURDAY + 1) * DAY
    while rest:
        on += DAY
        rest -= on.weekday() < SATURDAY
    return on


def next_working_day(day: datetime.date, calendar: str) -> Count:
    """Return the day itself if it is a working day, else the next one, with the bank holidays skipped."""
    skipped = []
    while not is_working_day(day, calendar):
        if day in holidays(calendar):
            skipped.append(holidays(calendar)[day])
        day += DAY
    return Count(day, tuple(skipped))
