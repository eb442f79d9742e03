"""The parsed content of a file: headings, rows of cells, and the layout they were read with."""

import dataclasses

from .parsers import Cell


class CannotRead(Exception):
    """A file that cannot be read; the message has the reason and the remedy."""


@dataclasses.dataclass(frozen=True)
class Layout:
    """The location of the table in a file.

    `sheet` is the name of a workbook's sheet and `heading_row` the number of the row with the headings; "" and 0 stand
    for the likely ones. Hidden rows and columns count only with `with_hidden`.
    """

    sheet: str = ""
    heading_row: int = 0
    with_hidden: bool = False


@dataclasses.dataclass
class Sheet:
    """The headings of a table, its rows with their numbers in the spreadsheet, and notices about it.

    A hidden column keeps its position, but has neither heading nor cells.
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
        """Return a sheet from its JSON."""
        rows = [(number, [Cell.unpack(cell) for cell in cells]) for number, cells in packed["rows"]]
        return cls(**packed | {"rows": rows})
