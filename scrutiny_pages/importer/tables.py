"""The tables that a file may hold, and the detection of the row with the headings. Pure."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice

from openpyxl.utils import get_column_letter

from .columns import guess
from .parsers import EMPTY, Cell
from .sheet import CannotRead, Layout, Sheet

MOST_ROWS = 10_000
MOST_COLUMNS = 100
LOOKED_AT = 50  # rows among which the headings are looked for
OFFERED = 8
KNOWN_ENOUGH = 2  # headings that we know, for a row to be taken for the one with the headings
MOST_NAMED = 10
Row = tuple[int, list[Cell]]


@dataclasses.dataclass
class Table:
    """One sheet of a workbook, or a text file: its raw rows, and what is hidden or merged in it.

    `read_rows` is called again each time the rows are needed. `merged` are ranges as (name, first row, last row).
    """

    read_rows: Callable[[], Iterator[Row]]
    name: str = ""
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()  # positions
    merged: list[tuple[str, int, int]] = dataclasses.field(default_factory=list)
    delimiter: str = ""

    @cached_property
    def first_rows(self) -> list[Row]:
        """Return the first visible rows that are not empty."""
        seen = (row for row in self.filled_rows() if row[0] not in self.hidden_rows)
        return list(islice(seen, LOOKED_AT))

    @cached_property
    def likely_heading(self) -> tuple[int, int]:
        """Return the number of the row that likely holds the headings, 0 for none, and how many of them are known.

        That is the row with most known headings. If none has several, it is the first that is nearly as wide as
        the widest and holds text alone: above it are titles and notes.
        """
        known = {number: len(guess([cell.text for cell in cells])) for number, cells in self.first_rows}
        if not known:
            return 0, 0
        best = max(known, key=lambda number: known[number])
        if known[best] < KNOWN_ENOUGH:
            widths = {number: sum(bool(cell.text) for cell in cells) for number, cells in self.first_rows}
            wide = (
                number
                for number, cells in self.first_rows
                if widths[number] * 3 >= max(widths.values()) * 2 and not any(map(_is_figure, cells))
            )
            best = next(wide, self.first_rows[0][0])
        return best, known[best]

    @property
    def is_plain(self) -> bool:
        """Return whether the headings are in the usual place: the first row that is not empty."""
        return bool(self.first_rows) and self.likely_heading[0] == self.first_rows[0][0]

    @property
    def offered_headings(self) -> list[Row]:
        """Return the rows that may hold the headings: the first ones, and the likely one."""
        return [row for place, row in enumerate(self.first_rows) if place < OFFERED or row[0] == self.likely_heading[0]]

    @cached_property
    def hidden_words(self) -> str:
        """Return the hidden rows and columns that are not empty: "3 rows (4, 7, 9) and 1 column (C)"."""
        rows, columns = [], set()
        if not (self.hidden_rows or self.hidden_columns):
            return ""
        for number, cells in self.filled_rows():
            rows += [number] if number in self.hidden_rows else []
            columns |= {place for place in self.hidden_columns if place < len(cells) and cells[place].text}
        letters = [get_column_letter(place + 1) for place in sorted(columns)]
        parts = [_count(rows, "row"), _count(letters, "column")]
        return " and ".join(filter(None, parts))

    def filled_rows(self) -> Iterator[Row]:
        """Yield the rows that are not empty."""
        return (row for row in self.read_rows() if any(cell.text for cell in row[1]))

    def sheet(self, layout: Layout) -> Sheet:
        """Return the headings and rows for a layout; raise `CannotRead`."""
        heading_row = layout.heading_row or self.likely_heading[0]
        filled: list[Row] = []
        for number, cells in self.filled_rows():
            if number < heading_row or (number in self.hidden_rows and not layout.with_hidden):
                continue
            if len(filled) > MOST_ROWS:
                raise CannotRead(f"The file has more than {MOST_ROWS:,} rows. Split it into smaller ones.")
            filled.append((number, cells if layout.with_hidden else self._without_hidden(cells)))
        filled = [row for row in filled if any(cell.text for cell in row[1])]
        if not filled:
            raise CannotRead("The file is empty.")
        headings = self._headings(*filled[0])
        self._refuse_merged(filled[0][0])
        if len(filled) == 1:
            raise CannotRead("There is nothing below the headings.")
        hidden = [] if layout.with_hidden else sorted(self.hidden_columns)
        return Sheet(headings, filled[1:], self._notices(layout, filled[0][0]), self.delimiter, hidden)

    def _without_hidden(self, cells: list[Cell]) -> list[Cell]:
        return [EMPTY if place in self.hidden_columns else cell for place, cell in enumerate(cells)]

    def _headings(self, number: int, cells: list[Cell]) -> list[str]:
        for column, cell in enumerate(cells, 1):
            if cell.kind in ("formula", "broken"):
                raise CannotRead(f"The heading in {get_column_letter(column)}{number} cannot be read. Type it as text.")
        headings = [cell.text for cell in cells]
        while headings and not headings[-1]:
            headings.pop()
        if len(headings) > MOST_COLUMNS:
            raise CannotRead(f"The file has more than {MOST_COLUMNS} columns. Delete those that are not needed.")
        return headings

    def _refuse_merged(self, heading_row: int) -> None:
        """Raise `CannotRead` with the merged cells: only their owner knows to which row or column they belong.

        Cells merged above the headings are a title, and cells merged within one row below them belong to that row.
        """
        merged = [
            name for name, first, last in self.merged if last >= heading_row and (first < last or first == heading_row)
        ]
        if merged:
            shown = ", ".join(merged[:5]) + (f" and {len(merged) - 5} more" if len(merged) > 5 else "")
            raise CannotRead(f"Cells {shown} are merged. Unmerge them, fill in each row, and upload it again.")

    def _notices(self, layout: Layout, heading_row: int) -> list[str]:
        notices = []
        above = [number for number, _ in self.first_rows if number < heading_row]
        if above:
            notices.append(f"The headings are in row {heading_row}. What stands above them is left out.")
        if self.is_hidden:
            notices.append(f"The sheet “{self.name}” is hidden in the workbook. It is brought in because you chose it.")
        if self.hidden_words and layout.with_hidden:
            notices.append(f"Hidden in the workbook, and brought in because you asked for it: {self.hidden_words}.")
        elif self.hidden_words:
            notices.append(f"Hidden in the workbook, or by a filter, and so left out: {self.hidden_words}.")
        return notices


def _is_figure(cell: Cell) -> bool:
    """Return whether a cell holds a number or a date, which headings do not."""
    return bool(cell.text) and (cell.kind in ("number", "date") or not re.search(r"[^\W\d_]|=|#", cell.text))


def _count(names: list, unit: str) -> str:
    """Return the number and the names of rows or columns as text."""
    if not names:
        return ""
    shown = ", ".join(map(str, names[:MOST_NAMED])) + (" …" if len(names) > MOST_NAMED else "")
    return f"{len(names):,} {unit}{'s' if len(names) > 1 else ''} ({shown})"


@dataclasses.dataclass
class Book:
    """The content of one file, and notices about it as a whole."""

    tables: list[Table]
    notices: list[str] = dataclasses.field(default_factory=list)

    @cached_property
    def likely(self) -> Table:
        """Return the visible table with most known headings."""
        seen = [table for table in self.tables if not table.is_hidden and table.first_rows]
        if not seen:
            raise CannotRead("The file is empty.")
        return max(seen, key=lambda table: table.likely_heading[1])

    @property
    def is_plain(self) -> bool:
        """Return whether there is nothing to choose: one visible table, with its headings at the top."""
        return sum(bool(table.first_rows) for table in self.tables if not table.is_hidden) == 1 and self.likely.is_plain

    def table(self, layout: Layout) -> Table:
        """Return the table of a layout; raise `CannotRead` if none has its name."""
        if not layout.sheet:
            return self.likely
        found = next((table for table in self.tables if table.name == layout.sheet), None)
        if found is None:
            names = ", ".join(table.name for table in self.tables)
            raise CannotRead(f"There is no sheet called “{layout.sheet}”. There are: {names}.")
        return found

    def sheet(self, layout: Layout) -> Sheet:
        """Return the table of a layout, as headings and rows; raise `CannotRead`."""
        table = self.table(layout)
        sheet = table.sheet(layout)
        if len(self.tables) > 1:
            sheet.notices.insert(0, f"The workbook has {len(self.tables)} sheets. Only “{table.name}” is read.")
        sheet.notices = [*self.notices, *sheet.notices]
        return sheet
