"""Formatting of dates, times and durations, and calendar arithmetic with months and quarters."""

import calendar
import datetime

QUARTER_MONTHS = 3


def format_length(number: int, unit: str) -> str:
    """Format a number of something: 1 week, 10 working days."""
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def format_months(number: int) -> str:
    """Format a number of months, as years if they are whole: 2 years, 18 months."""
    years, rest = divmod(number, 12)
    return format_length(number, "month") if rest or not years else format_length(years, "year")


def format_days(number: int) -> str:
    """Format a number of days: 1 day, 52 days."""
    return format_length(number, "day")


LAST_DAY_COUNTED = 60  # a longer time is said in months, as people say it


def format_time_since(start: datetime.date, end: datetime.date) -> str:
    """Return the time from one day to a later one: 52 days, 5 months, 1 year and 2 months.

    Days up to 60, then whole months, from a year on years and months.
    """
    days = (end - start).days
    if days <= LAST_DAY_COUNTED:
        return format_days(days)
    months = (end.year - start.year) * 12 + end.month - start.month
    months -= add_months(start, months) > end
    years, rest = divmod(months, 12)
    parts = [format_length(years, "year") if years else "", format_length(rest, "month") if rest else ""]
    return " and ".join(filter(None, parts))


def format_date(date: datetime.date) -> str:
    """Format a date: 2 April 2026."""
    return f"{date.day} {date:%B %Y}"


def format_weekday(date: datetime.date) -> str:
    """Format a date with its day of the week: Thursday 2 April 2026."""
    return f"{date:%A} {format_date(date)}"


def format_month(date: datetime.date) -> str:
    """Format a month: April 2026."""
    return f"{date:%B %Y}"


def format_time(moment: datetime.datetime | datetime.time) -> str:
    """Format a time: 6pm, 10:30am."""
    hour, half = moment.hour % 12 or 12, "am" if moment.hour < 12 else "pm"
    return f"{hour}:{moment:%M}{half}" if moment.minute else f"{hour}{half}"


def add_months(date: datetime.date, months: int) -> datetime.date:
    """Return the same day a number of months later (earlier, if negative), or the last day of a shorter month."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


def quarter_end(on: datetime.date, steps: int) -> datetime.date:
    """Return a quarter-end (G 8: 31 March, 30 June, 30 September, 31 December) counted from a day.

    :param steps: 0 is the first on or after the day, 1 the one after that, -1 the last one before the day.
    """
    quarters = on.year * 4 + (on.month - 1) // QUARTER_MONTHS + steps + 1
    year, quarter = divmod(quarters, 4)
    return datetime.date(year, quarter * QUARTER_MONTHS + 1, 1) - datetime.timedelta(days=1)


def is_quarter_end(on: datetime.date) -> bool:
    """Return whether a day is the last of a quarter."""
    return quarter_end(on, 0) == on
