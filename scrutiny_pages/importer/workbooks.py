"""Reads an Excel workbook into tables. Limits are checked before work: a small file can unpack into a huge one."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries

from .parsers import Cell
from .sheet import CannotRead
from .tables import MOST_COLUMNS, Row, Table

LARGEST_UNPACKED = 80 * 1024 * 1024  # bytes
MOST_TAGS = 4_000_000  # of XML; 10,000 rows of 25 columns have about a million
LAST_ROW_OF_EXCEL = 1_048_576
LAST_COLUMN_OF_EXCEL = 16_384
AS_XLSX = "Open it in your spreadsheet program, save it as “Excel workbook (.xlsx)”, and upload that."
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)[\"']")
_PLACES = re.compile(r"#*0\.(0+)_?\s?")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"\b(\w+)=[\"']([^\"']*)[\"']")


def read_workbook(content: bytes) -> list[Table]:
    """Return the sheets of a workbook; raise `CannotRead`. Their rows are read lazily."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_other_archives(archive)
            _refuse_bombs(archive)
            # Read-only reads as a stream. The other way makes an object for each cell of a merged range, and a
            # range may be the whole sheet; so what is merged or hidden is looked up in the sheet's own XML.
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            tables = [_table_of(sheet, archive) for sheet in workbook.worksheets]
    except CannotRead:
        raise
    # The reader trusts what it reads, and fails on damaged files in as many ways as they can be damaged.
    except Exception as error:
        raise _damaged() from error
    if all(table.is_hidden for table in tables):
        raise CannotRead("The workbook has no sheet that can be read. If it is hidden, unhide it.")
    return tables


def _damaged() -> CannotRead:
    return CannotRead(f"The workbook is damaged, or not one that we can read. {AS_XLSX}")


def _refuse_other_archives(archive: zipfile.ZipFile) -> None:
    """Raise `CannotRead` unless it is a plain Excel workbook: other types of file are zip archives too."""
    names = set(archive.namelist())
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise CannotRead("The file is protected by a password. Save it without one, and upload that.")
    if "xl/vbaProject.bin" in names:
        raise CannotRead(f"The workbook has macros (.xlsm), which we do not take. {AS_XLSX}")
    if "xl/workbook.bin" in names:
        raise CannotRead(f"This is a binary Excel workbook (.xlsb). {AS_XLSX}")
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
        raise CannotRead(f"This is an OpenDocument file (.ods). {AS_XLSX}")
    if "xl/workbook.xml" not in names:
        raise CannotRead("This is a zip archive, not a spreadsheet. Upload the spreadsheet itself.")


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Raise `CannotRead` for a workbook that unpacks into too much. A zip cannot hold more than it declares."""
    too_much = CannotRead(
        "The workbook unpacks into far more than a tracker holds. Copy the table into a new workbook."
    )
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
        raise too_much
    tags = 0
    for entry in archive.infolist():
        with archive.open(entry) as part:
            while chunk := part.read(1 << 20):
                tags += chunk.count(b"<")
    if tags > MOST_TAGS:
        raise too_much


def _table_of(sheet: Any, archive: zipfile.ZipFile) -> Table:
    """Return one sheet, with the hidden and merged parts from its XML."""
    xml = archive.read(sheet._worksheet_path.lstrip("/"))
    merged = []
    for found in _MERGED.findall(xml):
        _, first, _, last = range_boundaries(found.decode())
        merged.append((found.decode(), first, last))
    return Table(
        read_rows=lambda: _rows_of(sheet),
        name=sheet.title,
        is_hidden=sheet.sheet_state != "visible",
        hidden_rows=frozenset(_hidden_rows(xml)),
        hidden_columns=frozenset(_hidden_columns(xml)),
        merged=merged,
    )


def _is_hidden(attributes: dict[bytes, bytes], size: bytes) -> bool:
    """Return whether a row or a column is invisible: hidden, filtered out, or of no height or width."""
    if attributes.get(b"hidden") in (b"1", b"true"):
        return True
    try:
        return float(attributes.get(size, b"1")) == 0
    except ValueError:
        return False


def _hidden_rows(xml: bytes) -> Iterator[int]:
    """Yield the numbers of the invisible rows."""
    number = 0
    for tag in _ROW.finditer(xml):
        attributes = dict(_ATTRIBUTE.findall(tag[1]))
        number = int(attributes.get(b"r", number + 1))
        if _is_hidden(attributes, b"ht"):
            yield number


def _hidden_columns(xml: bytes) -> Iterator[int]:
    """Yield the positions of the invisible columns, as far as we read."""
    for tag in _COLUMN.finditer(xml):
        attributes = dict(_ATTRIBUTE.findall(tag[1]))
        first, last = int(attributes.get(b"min", 1)), int(attributes.get(b"max", 0))
        if _is_hidden(attributes, b"width"):
            yield from range(first - 1, min(last, MOST_COLUMNS + 1))


def _rows_of(sheet: Any) -> Iterator[Row]:
    """Yield the non-empty rows of a sheet; raise `CannotRead`."""
    try:
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1):
            if number > LAST_ROW_OF_EXCEL:
                raise CannotRead(
                    "The sheet has rows where no spreadsheet has them. Copy the table into a new workbook."
                )
            filled = [place for place, cell in enumerate(row, 1) if cell.value is not None]
            if filled:
                yield number, [_cell_of(cell) for cell in row[: filled[-1]]]
    except (CannotRead, GeneratorExit):
        raise
    except Exception as error:
        raise _damaged() from error


def _cell_of(cell: Any) -> Cell:
    if cell.data_type == "f":
        return Cell("=", "formula")
    if cell.data_type == "e":
        return Cell(str(cell.value), "broken")
    if cell.data_type == "n" and isinstance(cell.value, int | float) and "%" in (cell.number_format or ""):
        return Cell(f"{round(cell.value * 100, 2):g}%")
    if isinstance(cell.value, float) and (places := _PLACES.fullmatch(cell.number_format or "")):
        return Cell(f"{cell.value:.{len(places[1])}f}", "number")  # as it is seen: 60.10
    return Cell.of(cell.value)
