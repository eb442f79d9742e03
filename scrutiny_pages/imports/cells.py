"""What one cell of a spreadsheet holds, and what it says as a text or a day: pure, and with a message for the rest."""

import dataclasses
import datetime
import re

from cms.core.dates import say_date

MONTHS = ("january", "february", "march", "april", "may", "june", "july")
MONTHS += ("august", "september", "october", "november", "december")
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
EARLIEST, LATEST = 1990, 2100  # a year outside these is a slip of the keyboard

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]+)\.?,?[ -](\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[/. -](?:\d{1,2}|[A-Za-z]+)[/. -]\d{2}")


class CellProblem(ValueError):
    """A cell that cannot be used; the message says why and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and what kind it is (``text``, ``number``, ``date``, ``formula`` or ``broken``)."""

    text: str = ""
    kind: str = "text"

    @classmethod
    def of(cls, value: object) -> "Cell":
        """Make a cell from what a workbook's reader gives."""
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
        # Excel writes a carriage return that another system put in a cell as _x000D_.
        text = str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
        return cls(UNREADABLE.sub("?", text), "broken") if UNREADABLE.search(text) else cls(text)

    def pack(self) -> str | list[str]:
        """Give the cell as JSON."""
        return self.text if self.kind == "text" else [self.kind, self.text]

    @classmethod
    def unpack(cls, packed: str | list[str]) -> "Cell":
        """Make the cell that was packed."""
        return cls(packed) if isinstance(packed, str) else cls(packed[1], packed[0])


EMPTY = Cell()


def to_text(cell: Cell) -> str:
    """Give a cell's text, or raise ``CellProblem`` for one whose text nobody typed."""
    if cell.kind == "formula":
        raise CellProblem("holds a formula. Copy the column and paste it as values, so that we read what you see.")
    if cell.kind == "broken":
        raise CellProblem(f"“{_short(cell.text)}” cannot be read. Type it again.")
    return cell.text


def to_date(cell: Cell) -> tuple[datetime.date | None, bool]:
    """Give the day that a cell says, and whether it was read as day/month; raise ``CellProblem`` if it says none."""
    text = to_text(cell)
    if not text:
        return None, False
    if cell.kind == "number":
        raise CellProblem(f"{text} is a number. Format the cell as a date.")
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
        day_first = False
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
        day_first = True
    elif (found := _NAMED.fullmatch(text.lower())) and _month(found[2]):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
        day_first = False
    elif _SHORT_YEAR.fullmatch(text):
        raise CellProblem(f"“{text}” has a short year. Write all four figures, such as 3 April 2026.")
    else:
        raise CellProblem(f"“{_short(text)}” is not a date. Write it as 3 April 2026, or leave it empty.")
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        raise CellProblem(f"“{text}” is not a day of the calendar. Write it as day/month/year.") from None
    if not EARLIEST <= year < LATEST:
        raise CellProblem(f"{say_date(date)} cannot be right. Check the year.")
    return date, day_first


def _month(word: str) -> int:
    """Give the number of a month that is written out or begun, such as Sept; 0 for any other word."""
    return next((n for n, name in enumerate(MONTHS, 1) if len(word) > 2 and name.startswith(word)), 0)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
