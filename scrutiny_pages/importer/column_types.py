"""Formats of the columns of one file: the order of day and month, and the separator of names in a list. Pure.

A date such as 03/04/2026 is ambiguous, and a comma may be part of a name. One cell alone does not settle it, but the
column does; so each column is read in one format as a whole.
"""

import dataclasses
import re
from collections.abc import Container

from django.utils.text import slugify

from .columns import COLUMNS, name_of
from .parsers import Cell, figures_of
from .sheet import Sheet

MONTHS = 12
_AN_ENUMERATION = re.compile(r",[^,]*\s(and|&)\s[^,]*$")


@dataclasses.dataclass
class Formats:
    """The formats of the columns of one file.

    `month_first` holds the keys of date columns whose figures have the month first; `refused` maps those that cannot be
    read as a whole to the reason; `notices` has one message for each column on how its dates are read.
    """

    month_first: set[str] = dataclasses.field(default_factory=set)
    refused: dict[str, str] = dataclasses.field(default_factory=dict)
    notices: list[str] = dataclasses.field(default_factory=list)
    commas_part: bool = True

    @classmethod
    def of(cls, sheet: Sheet, columns: dict[str, int]) -> "Formats":
        """Return the formats of a sheet's columns."""
        formats = cls()
        formats._find_orders(sheet, columns)
        position = columns.get("service_areas")
        lists = (cell.text for cell in cells_at(sheet, position))
        formats.commas_part = sheet.delimiter != ";" and not any(";" in text or "\n" in text for text in lists)
        return formats

    def _find_orders(self, sheet: Sheet, columns: dict[str, int]) -> None:
        dates = {
            key: _DateColumn.of(cells_at(sheet, position))
            for key, position in columns.items()
            if COLUMNS[key].kind == "date"
        }
        proofs = [column.proof for column in dates.values() if column.proof]
        for key, column in dates.items():
            if not column.count:
                continue
            name = name_of(sheet, columns[key])
            if column.proof and column.counterproof:
                self.refused[key] = (
                    f"“{column.counterproof}” has its day first and “{column.proof}” its month first, so nobody can "
                    "tell how the others are meant. Write all of the column as 3 April 2026."
                )
            elif column.proof and column.is_mixed:
                self.refused[key] = (
                    f"“{column.proof}” has its month first and is text, while other cells are dates: your spreadsheet "
                    "may have taken their months for days. Check the column, and write all of it as 3 April 2026."
                )
            elif column.proof or (proofs and not any(other.counterproof for other in dates.values())):
                self.month_first.add(key)
                self.notices.append(f"{name}: {column.counted} as month/day/year, because of “{proofs[0]}”.")
            elif proofs and not column.counterproof:
                self.refused[key] = (
                    f"“{column.example}” can be read two ways, and other columns of this file give the month first. "
                    "Write all of the column as 3 April 2026."
                )
            else:
                self.notices.append(f"{name}: {column.counted} as day/month/year.")


@dataclasses.dataclass
class _DateColumn:
    """The dates of a column that are written in figures alone."""

    count: int = 0
    example: str = ""
    proof: str = ""  # the first that can only be month first
    counterproof: str = ""  # the first that can only be day first
    is_mixed: bool = False  # whether others are dates whose day could be a month

    @classmethod
    def of(cls, cells: list[Cell]) -> "_DateColumn":
        column = cls()
        for cell in cells:
            figures = figures_of(cell)
            if cell.kind == "date" and int(cell.text[-2:]) <= MONTHS:
                column.is_mixed = True
            if not figures:
                continue
            first, second = figures
            column.count += 1
            column.example = column.example or cell.text
            if first <= MONTHS < second:
                column.proof = column.proof or cell.text
            elif second <= MONTHS < first:
                column.counterproof = column.counterproof or cell.text
        return column

    @property
    def counted(self) -> str:
        """Return the number of its dates with an example: 4,000 dates such as 03/04/2026 are read."""
        many = f"{self.count:,} dates such as {self.example} are read"
        return many if self.count > 1 else f"1 date, {self.example}, is read"


def cells_at(sheet: Sheet, position: int | None) -> list[Cell]:
    """Return the non-empty cells of a column, from the top."""
    if position is None:
        return []
    return [cells[position] for _, cells in sheet.rows if position < len(cells) and cells[position].text]


def split_names(text: str, known: Container[str], *, commas_part: bool) -> list[str]:
    """Return the names in a list, in their order, without duplicates.

    Semicolons and line ends separate names. A comma does so only if none of those is used in the file, and never within
    a name that is in `known` (slugs), nor in an enumeration such as "Damp, mould and condensation".
    """
    found: dict[str, str] = {}
    for part in re.split(r"[;\n]", text):
        names = _split_commas(part.strip(" ,"), known)
        if not commas_part and not all(slugify(name) in known for name in names):
            names = [part.strip()]
        for name in filter(None, names):
            found.setdefault(slugify(name), name)
    return list(found.values())


def _split_commas(text: str, known: Container[str]) -> list[str]:
    """Return the names in one text; the longest known names are extracted first."""
    if not text:
        return []
    parts = [part.strip() for part in text.split(",")]
    for length in range(len(parts), 0, -1):
        for start in range(len(parts) - length + 1):
            name = ", ".join(parts[start : start + length])
            if slugify(name) in known:
                before, after = ", ".join(parts[:start]), ", ".join(parts[start + length :])
                return [*_split_commas(before, known), name, *_split_commas(after, known)]
    return [text] if _AN_ENUMERATION.search(text) else [part for part in parts if part]
