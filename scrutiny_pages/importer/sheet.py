"""What a file holds once it is read: headings and rows of cells, and how it was laid out."""

import dataclasses

from .parsers import Cell


class CannotRead(Exception):
    """A file that cannot be read; the message says why and what to do."""


@dataclasses.dataclass(frozen=True)
class Layout:
    """Which part of a file is the table.

    `sheet` is the name of a workbook's sheet and `heading_row` the number of the row with the headings; "" and 0 stand
    for the likely ones. What is hidden in the workbook counts only with `with_hidden`.
    """

    sheet: str = ""
    heading_row: int = 0
    with_hidden: bool = False


@dataclasses.dataclass
class Sheet:
    """The headings of a table, its rows with the numbers a spreadsheet shows, and what to say about it.

    A hidden column keeps its place, but has neither heading nor cells.
    """

    headings: list[str]
    rows: list[tuple[int, list[Cell]]]
    notices: list[str] = dataclasses.field(default_factory=list)
    delimiter: str = ""  # what parts the cells of a text file; nothing for a workbook
    hidden: list[int] = dataclasses.field(default_factory=list)  # positions of columns

    def pack(self) -> dict:
        """Return the sheet as JSON."""
        rows = [[number, [cell.pack() for cell in cells]] for number, cells in self.rows]
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"rows": rows}

    @classmethod
    def unpack(cls, packed: dict) -> "Sheet":
        """Return the sheet that was packed."""
        rows = [(number, [Cell.unpack(cell) for cell in cells]) for number, cells in packed["rows"]]
        return cls(**packed | {"rows": rows})
