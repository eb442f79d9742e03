"""Cells of a spreadsheet, and their conversion to text or dates, with a message for what cannot be converted."""

import dataclasses
import datetime
import re

from django.utils import timezone

from cms.core.dates.formatting import format_date
from cms.core.text.cleaning import clean_text

MONTHS: tuple[str, ...] = ("january", "february", "march", "april", "may", "june", "july")
MONTHS += ("august", "september", "october", "november", "december")
# Excel writes a control character that another system put in a cell as _x000D_.
_ESCAPED = re.compile("_x(00[01][0-9A-Fa-f])_")
EARLIEST, LATEST = 1990, 2100  # a year outside these is a slip of the keyboard

_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(am|pm)?"
# A moment of another system: the clock, and how far it is from Greenwich.
_MOMENT = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[t ]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(z|[+-]\d{2}:?\d{2})")
_TIME = re.compile(rf"(.*\d),?(?:\s+(?:at\s+)?|t){_CLOCK}")
_WEEKDAY = re.compile(r"(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+(?=.*\d{4})(.*)")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_FIGURES = re.compile(r"(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4})")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+([a-z]+)\.?,?[\s-]+(\d{4})")
_MONTH_NAMED = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[/. -](?:\d{1,2}|[A-Za-z]+)[/. -]\d{2}")


class CellProblem(ValueError):
    """A cell that cannot be used; the message has the reason and the remedy."""


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and its kind (``text``, ``number``, ``date``, ``formula`` or ``broken``)."""

    text: str = ""
    kind: str = "text"

    @classmethod
    def of(cls, value: object) -> "Cell":
        """Make a cell from a value that the workbook reader returns."""
        match value:
            case None:
                return EMPTY
            case bool():
                return cls("Yes" if value else "No")
            case int():
                return cls(str(value), "number")
            case float():
                return cls(str(int(value)) if value.is_integer() else str(value), "number")
            case datetime.datetime():
                return cls(value.date().isoformat(), "date")
            case datetime.date():
                return cls(value.isoformat(), "date")
        return cls(clean_text(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))))

    def pack(self) -> str | list[str]:
        """Return the cell as JSON."""
        return self.text if self.kind == "text" else [self.kind, self.text]

    @classmethod
    def unpack(cls, packed: str | list[str]) -> "Cell":
        """Make a cell from its JSON."""
        return cls(packed) if isinstance(packed, str) else cls(packed[1], packed[0])


EMPTY = Cell()


def to_text(cell: Cell) -> str:
    """Return a cell's text; raise ``CellProblem`` for a formula or an error value."""
    if cell.kind == "formula":
        raise CellProblem("holds a formula. Copy the column and paste it as values, so that we read what you see.")
    if cell.kind == "broken":
        raise CellProblem(f"“{_short(cell.text)}” cannot be read. Type it again.")
    return cell.text


def figures_of(cell: Cell) -> tuple[int, int] | None:
    """Return the first two figures of a date such as 03/04/2026, whose order is ambiguous; None for other cells."""
    found = _FIGURES.fullmatch(_without_clock(cell.text.lower())[0]) if cell.kind == "text" else None
    return (int(found[1]), int(found[3])) if found else None


def to_date(cell: Cell, *, month_first: bool = False) -> datetime.date | None:
    """Return the day that a cell holds, None for an empty one; raise `CellProblem` if it holds no clear day.

    :param month_first: whether 03/04/2026 is 4 March. It holds for a whole column (`column_types.py`).
    """
    text = to_text(cell)
    if not text:
        return None
    if cell.kind == "number":
        raise CellProblem(f"{text} is a number. Format the cell as a date.")
    try:
        date = _date_of(" ".join(text.lower().split()), month_first)
    except ValueError as error:
        if isinstance(error, CellProblem):
            raise
        raise CellProblem(f"“{_short(text)}” is not a day of the calendar. Write it as 3 April 2026.") from None
    if date is None:
        if _SHORT_YEAR.fullmatch(text):
            raise CellProblem(f"“{text}” has a short year. Write all four figures, such as 3 April 2026.")
        raise CellProblem(f"“{_short(text)}” is not a date. Write it as 3 April 2026, or leave it empty.")
    if not EARLIEST <= date.year < LATEST:
        raise CellProblem(f"{format_date(date)} cannot be right. Check the year.")
    return date


def _date_of(text: str, month_first: bool) -> datetime.date | None:
    """Return the day in a lower-case text, None if it is not formatted as a date; raise `ValueError` for no day."""
    if found := _MOMENT.fullmatch(text):
        # What another system wrote for midnight in summer is eleven in the evening at Greenwich.
        day, clock, offset = found.groups()
        year, month, number = map(int, day.split("-"))
        offset = "+00:00" if offset == "z" else offset
        moment = datetime.datetime.fromisoformat(f"{year}-{month:02}-{number:02}T{clock:0>5}{offset}")
        return timezone.localdate(moment)
    text, _ = _without_clock(text)
    weekday = _WEEKDAY.fullmatch(text)
    text = weekday[2] if weekday else text
    if found := _YEAR_FIRST.fullmatch(text):
        date = datetime.date(int(found[1]), int(found[3]), int(found[4]))
    elif found := _FIGURES.fullmatch(text):
        first, second = int(found[1]), int(found[3])
        day, month = (second, first) if month_first else (first, second)
        date = datetime.date(int(found[4]), month, day)
    elif (found := _DAY_NAMED.fullmatch(text)) and _month(found[2]):
        date = datetime.date(int(found[3]), _month(found[2]), int(found[1]))
    elif (found := _MONTH_NAMED.fullmatch(text)) and _month(found[1]):
        date = datetime.date(int(found[3]), _month(found[1]), int(found[2]))
    else:
        return None
    if weekday and f"{date:%A}".lower()[:3] != weekday[1][:3]:
        raise CellProblem(f"{format_date(date)} is a {date:%A}. Correct the day of the week, or leave it out.")
    return date


def _without_clock(text: str) -> tuple[str, bool]:
    """Return a text without the time of day at its end, and whether there was one."""
    found = _TIME.fullmatch(text)
    if not found:
        return text, False
    hour, minute, second = (int(part or 0) for part in found.groups()[1:4])
    datetime.time(hour, minute, second)  # 09:75 is no time
    return found[1], True


def _month(word: str) -> int:
    """Return the number of a month from its name or abbreviation, such as Sept; 0 for any other word."""
    return next((n for n, name in enumerate(MONTHS, 1) if len(word) > 2 and name.startswith(word)), 0)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
