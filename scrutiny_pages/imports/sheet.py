"""What a file holds once it is read: headings and rows of cells, and how it was laid out."""

import dataclasses

from .cells import Cell


@dataclasses.dataclass
class Sheet:
    """The headings of a table, its rows with the numbers a spreadsheet shows, and what to say about it."""

    headings: list[str]
    rows: list[tuple[int, list[Cell]]]
    notices: list[str] = dataclasses.field(default_factory=list)
    delimiter: str = ""  # what parts the cells of a text file; nothing for a workbook

    def pack(self) -> dict:
        """Return the sheet as JSON."""
        rows = [[number, [cell.pack() for cell in cells]] for number, cells in self.rows]
        return {"headings": self.headings, "rows": rows, "notices": self.notices, "delimiter": self.delimiter}

    @classmethod
    def unpack(cls, packed: dict) -> "Sheet":
        """Return the sheet that was packed."""
        rows = [(number, [Cell.unpack(cell) for cell in cells]) for number, cells in packed["rows"]]
        return cls(packed["headings"], rows, packed["notices"], packed["delimiter"])
