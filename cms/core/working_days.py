"""Working days: neither Saturday, Sunday nor a bank holiday. Pure; a year that is not on record is not guessed."""

import dataclasses
import datetime

from .bank_holidays import Nation, holidays, known_years

DAY = datetime.timedelta(days=1)
SATURDAY = 5


class NoHolidayData(Exception):
    """A count reached a year whose bank holidays are not on record. Its text is for the public."""

    def __init__(self, nation: str, year: int):
        self.nation, self.year = nation, year
        super().__init__(
            f"There are no bank holidays on record for {Nation(nation).label} in {year}, "
            "so working days cannot be counted."
        )


@dataclasses.dataclass(frozen=True)
class Count:
    """The day a count came to, and the names of the bank holidays it passed over, earliest first."""

    on: datetime.date
    skipped: tuple[str, ...] = ()


def is_working_day(day: datetime.date, nation: str) -> bool:
    """Say whether a day is a working day. Raises ``NoHolidayData`` for a weekday of a year not on record."""
    if day.weekday() >= SATURDAY:
        return False
    if day.year not in known_years(nation):
        raise NoHolidayData(nation, day.year)
    return day not in holidays(nation)


def count_working_days(start: datetime.date, number: int, nation: str) -> Count:
    """Count working days from a day, which is not counted itself (H 6.1: 10 working days from the request).

    :param number: how many, 1 or more forward, -1 or less back; 0 stays on the day, whatever day it is.
    """
    on, left, skipped = start, abs(number), []
    step = DAY if number > 0 else -DAY
    while left:
        on += step
        if is_working_day(on, nation):
            left -= 1
        elif on in holidays(nation):
            skipped.append(holidays(nation)[on])
    return Count(on, tuple(skipped if number > 0 else reversed(skipped)))
