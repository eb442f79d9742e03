"""Dates, times and lengths of time, as people say them."""

import calendar
import datetime


def say_days(number: int) -> str:
    """Say a number of days: 1 day, 52 days."""
    return f"{number} day" if number == 1 else f"{number} days"


def say_date(date: datetime.date) -> str:
    """Say a date as people do: 2 April 2026."""
    return f"{date.day} {date:%B %Y}"


def say_month(date: datetime.date) -> str:
    """Say a month: April 2026."""
    return f"{date:%B %Y}"


def say_time(moment: datetime.datetime) -> str:
    """Say a time as people do: 6pm, 10:30am."""
    hour, half = moment.hour % 12 or 12, "am" if moment.hour < 12 else "pm"
    return f"{hour}:{moment:%M}{half}" if moment.minute else f"{hour}{half}"


def months_later(date: datetime.date, months: int) -> datetime.date:
    """Give the same day some months later, or earlier for a negative number; a short month gives its last day."""
    years, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return datetime.date(years, month + 1, min(date.day, calendar.monthrange(years, month + 1)[1]))
