"""Dates of the demo, relative to one day. Pure; the grammar is at the top of ``content/dates.yaml``."""

import datetime
import re

from cms.core.dates.formatting import format_date, quarter_end

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
FRIDAY = WEEKDAYS.index("friday")
DATE_IN_WORDS = re.compile(r"\{(\w+)(\.month)?\}")


def past_christmas(date: datetime.date) -> datetime.date:
    """Move a date by whole weeks out of 24 December to 3 January, when there are no meetings."""
    while (date.month, date.day) >= (12, 24) or (date.month, date.day) <= (1, 3):
        date += datetime.timedelta(weeks=1)
    return date


def on_a_likely_day(date: datetime.date, weekday: str = "") -> datetime.date:
    """Move a date back to a named weekday, or else off the weekend. Order is kept: no date overtakes another."""
    back = (date.weekday() - WEEKDAYS.index(weekday)) % 7 if weekday else max(0, date.weekday() - FRIDAY)
    return date - datetime.timedelta(days=back)


class Calendar:
    """The dates of the demo by name, for one current day."""

    def __init__(self, specs: dict[str, dict], today: datetime.date):
        self.specs = specs
        self.today = today
        self._known: dict[str, datetime.date] = {}

    def __getitem__(self, name: str) -> datetime.date:
        """Return the date of a name."""
        if name not in self._known:
            self._known[name] = self._resolve(self.specs[name])
        return self._known[name]

    def _resolve(self, spec: dict) -> datetime.date:
        base = self[spec["from"]] if "from" in spec else self.today
        if "quarter_end" in spec:
            base = quarter_end(base, spec["quarter_end"])
            if "days" not in spec:
                return base
        date = on_a_likely_day(base + datetime.timedelta(days=spec.get("days", 0)), spec.get("weekday", ""))
        # Only what is still to come is moved: the past has to keep its order.
        return past_christmas(date) if "weekday" in spec and date > self.today else date

    def fill_in(self, text: str) -> str:
        """Return a text with dates filled in: ``{board_next}`` is 2 April 2026, ``{board_next.month}`` April 2026."""

        def said(match: re.Match) -> str:
            date = self[match[1]]
            return f"{date:%B %Y}" if match[2] else format_date(date)

        return DATE_IN_WORDS.sub(said, text)
