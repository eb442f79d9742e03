"""Rows of a table that are no records: totals, notes below it, titles within it, repeated headings. Pure.

The detection is a heuristic, so such rows are listed and left out, and imported if somebody chooses them.
"""

import re
from itertools import takewhile

from .parsers import Cell
from .sheet import Sheet

FEW_WORDS = 3  # a title within a table; a wish takes more
FEW_CELLS = 2  # of a note below the table
USUAL = 0.75  # of the rows have at most as many cells as is usual here
RARE = 3  # if every third row has one cell only, that is how the table is
_TOTAL = re.compile(
    r"(grand |overall |sub-? ?)?totals?\b[\W\d]*"
    r"|(grand |overall |sub-? ?)?total (number|count|of|no|recommendations?|actions?|rows?|open|closed|complete)\b.*"
    r"|(sum|count|average|mean|median|number of \w+|no\.? of \w+)\b[\W\d]*",
)
_NOTE = re.compile(
    r"(key|notes?|nb|legend|source)(\s*[:*\u2013-].*)?|(end of|page \d+|last updated|last saved|prepared by)\b.*"
)
Row = tuple[int, list[Cell]]


def find_non_records(sheet: Sheet, columns: dict[str, int]) -> dict[int, str]:
    """Return the numbers of the rows that do not look like records, each with the reason."""
    counts = sorted(_count(row) for row in sheet.rows)
    usual = counts[int(len(counts) * USUAL)]
    footer = _footer(sheet, columns, usual)
    lonely = usual > 1 and counts.count(1) * RARE <= max(len(counts), RARE + 1)
    headings = [heading.casefold() for heading in sheet.headings if heading]
    found: dict[int, str] = {}
    for number, cells in sheet.rows:
        texts = [cell.text.casefold() for cell in cells if cell.text]
        short = len(texts) <= min(FEW_CELLS, usual - 1)
        if len(headings) > 1 and texts == headings:
            found[number] = "It holds the headings again."
        elif _TOTAL.fullmatch(texts[0]) or (len(texts) < usual and any(map(_TOTAL.fullmatch, texts))):
            found[number] = "It looks like a total."
        elif short and _NOTE.fullmatch(texts[0]):
            found[number] = "It looks like a note."
        elif number in footer:
            found[number] = "It stands below the table, and has few cells."
        elif lonely and len(texts) == 1 and len(texts[0].split()) <= FEW_WORDS:
            found[number] = "It has one cell only, like a title within the table."
        elif not any(cell.kind not in ("number", "date") and re.search(r"[^\W\d_]", cell.text) for cell in cells):
            found[number] = "It has figures and no words."
    return found


def _count(row: Row) -> int:
    return sum(bool(cell.text) for cell in row[1])


def _footer(sheet: Sheet, columns: dict[str, int], usual: int) -> set[int]:
    """Return the rows below the table: the last ones with few cells, after an empty row or with a single cell."""

    def text(row: Row, key: str) -> str:
        position = columns.get(key, len(row[1]))
        return row[1][position].text if position < len(row[1]) else ""

    def is_short(row: Row) -> bool:
        """Return whether a row has few cells, and neither the number nor the day of a recommendation."""
        has_number = re.search(r"\d", text(row, "reference")) or text(row, "asked_on")
        return _count(row) <= min(FEW_CELLS, usual - 1) and not (text(row, "title") and has_number)

    tail = list(takewhile(is_short, reversed(sheet.rows)))[::-1]
    if len(tail) * 2 >= len(sheet.rows):
        return set()
    footer, above, is_apart = set(), sheet.rows[-len(tail) - 1][0], False
    for row in tail:
        is_apart = is_apart or row[0] > above + 1
        above = row[0]
        if is_apart or (_count(row) == 1 and usual > FEW_CELLS):
            footer.add(row[0])
    return footer
