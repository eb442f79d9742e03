"""Reads a CSV file or an Excel workbook into rows of cells. What it cannot read it refuses in words.

A file is known by what is in it, never by its name. Limits stand before work: a small file can unpack into a
huge one, and a stray mark in the last row of a sheet makes a million rows.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator

import openpyxl
from openpyxl.utils import get_column_letter

from .cells import Cell
from .sheet import Sheet

LARGEST_FILE = 10 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 80 * 1024 * 1024  # bytes
MOST_TAGS = 4_000_000  # of XML; 10,000 rows of 25 columns have about a million
MOST_ROWS = 10_000
MOST_COLUMNS = 100
LAST_ROW_OF_EXCEL = 1_048_576
DELIMITERS = ",;\t"
AS_XLSX = "Open it in your spreadsheet program, save it as “Excel workbook (.xlsx)”, and upload that."
AS_CSV = "Open it in your spreadsheet program, save it as “CSV UTF-8”, and upload that."
# What English text in Windows' old encoding holds besides ASCII. Anything else means that it is another encoding.
OLD_WINDOWS_SIGNS = frozenset(
    "\u2018\u2019\u2013\xa0£€“”—…•·°²³½¼¾©®™§«»ÀÁÂÄÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜàáâäçèéêëìíîïñòóôöùúûüœæø"
)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)[\"']")


class CannotRead(Exception):
    """A file that cannot be read; the message says why and what to do."""


def read(content: bytes) -> Sheet:
    """Read a file's bytes, or raise ``CannotRead``."""
    if not content.strip():
        raise CannotRead("The file is empty.")
    if len(content) > LARGEST_FILE:
        raise CannotRead("The file is larger than 10 MB. Split it into smaller ones.")
    if content.startswith(b"PK"):
        rows, notices = _read_workbook(content)
        delimiter = ""
    else:
        _refuse_other_kinds(content)
        rows, notices, delimiter = _read_csv(content)
    return _with_headings(rows, notices, delimiter)


def _refuse_other_kinds(content: bytes) -> None:
    """Refuse kinds of file that are known by how they begin."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise CannotRead("The workbook is protected by a password. Save it without one, and upload that.")
        raise CannotRead(f"This is an old Excel file (.xls). {AS_XLSX}")
    if content.startswith(b"%PDF"):
        raise CannotRead("This is a PDF. Upload the spreadsheet that it was made from.")
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise CannotRead(f"This is a web page, or XML, whatever its name says. {AS_XLSX}")


def _with_headings(rows: Iterable[tuple[int, list[Cell]]], notices: list[str], delimiter: str) -> Sheet:
    """Take the first row that holds something as the headings, and leave out empty rows."""
    filled = []
    for number, cells in rows:
        if any(cell.text for cell in cells):
            if len(filled) > MOST_ROWS:
                raise CannotRead(f"The file has more than {MOST_ROWS:,} rows. Split it into smaller ones.")
            filled.append((number, cells))
    if not filled:
        raise CannotRead("The file is empty.")
    first, heads = filled[0]
    for column, cell in enumerate(heads, 1):
        if cell.kind in ("formula", "broken"):
            raise CannotRead(f"The heading in {get_column_letter(column)}{first} cannot be read. Type it as text.")
    headings = [cell.text for cell in heads]
    while headings and not headings[-1]:
        headings.pop()
    widest = max((sum(bool(cell.text) for cell in cells) for _, cells in filled[1:]), default=0)
    if sum(map(bool, headings)) == 1 and widest > 1:
        raise CannotRead(f"Row {first} holds only “{cell_text(heads)}”. The headings have to be the first row.")
    if len(filled) == 1:
        raise CannotRead("There is nothing below the headings.")
    if len(headings) > MOST_COLUMNS:
        raise CannotRead(f"The file has more than {MOST_COLUMNS} columns. Delete those that are not needed.")
    return Sheet(headings, filled[1:], notices, delimiter)


def cell_text(cells: list[Cell]) -> str:
    """Give the first text in a row."""
    return next(cell.text for cell in cells if cell.text)


# --- CSV ------------------------------------------------------------------------------------------------


def _read_csv(content: bytes) -> tuple[Iterator[tuple[int, list[Cell]]], list[str], str]:
    text, notices = _decoded(content)
    if "\x00" in text:
        raise CannotRead(
            f"The file has characters in it that are no text (NUL), so it may be of another kind. {AS_CSV}"
        )
    lines = io.StringIO(text, newline="")
    # The delimiter is the one that splits the first line into most parts.
    delimiter = max(DELIMITERS, key=lambda sign: _width_of_first_row(text, sign))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)

    def rows() -> Iterator[tuple[int, list[Cell]]]:
        try:
            for number, values in enumerate(reader, 1):
                yield number, [Cell.of(value) for value in values]
        except csv.Error as error:
            if "field larger" in str(error):
                raise CannotRead(f"A cell near line {reader.line_num} is too long to be one.") from error
            raise CannotRead(
                f'A quotation mark (") near line {reader.line_num} does not match another. {AS_CSV}'
            ) from error

    return rows(), notices, delimiter


def _width_of_first_row(text: str, delimiter: str) -> int:
    filled = (line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(line))
    try:
        return len(next(filled, []))
    except csv.Error:
        return 0


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """Give a file's text, and what to tell of how it was read."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding), []
            except UnicodeDecodeError as error:
                raise CannotRead(f"The file's text is damaged. {AS_CSV}") from error
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = "\x00"
    strange = {sign for sign in text if not sign.isascii()} - OLD_WINDOWS_SIGNS
    if strange or any(sign < " " and sign not in "\t\r\n" for sign in text):
        raise CannotRead(f"We cannot tell in which encoding the file's text is, or it is no text. {AS_CSV}")
    return text, ["The file is in an old Windows encoding. Check in the preview that £ signs and accents are right."]


# --- Excel workbooks --------------------------------------------------------------------------------------


def _read_workbook(content: bytes) -> tuple[Iterator[tuple[int, list[Cell]]], list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_other_archives(archive)
            _refuse_bombs(archive)
        # Read-only reads as a stream. The other way makes an object for each cell of a merged range, and a
        # range may be the whole sheet; so what is merged is looked up in the sheet's own XML.
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise CannotRead("The workbook has no sheet that can be read. If it is hidden, unhide it.")
        sheet = visible[0]
        _refuse_merged(content, sheet)
        notices = []
        if len(workbook.worksheets) > 1:
            notices.append(f"The workbook has {len(workbook.worksheets)} sheets. Only “{sheet.title}” is read.")
        return iter(list(_rows_of(sheet))), notices
    except CannotRead:
        raise
    # The reader trusts what it reads, and fails on damaged files in as many ways as they can be damaged.
    except Exception as error:
        raise CannotRead(f"The workbook is damaged, or not one that we can read. {AS_XLSX}") from error


def _refuse_other_archives(archive: zipfile.ZipFile) -> None:
    """Refuse what is no plain Excel workbook: other kinds of file are zip archives too."""
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
    """Refuse a workbook that unpacks into more than a tracker needs. A zip cannot give more than it declares."""
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


def _refuse_merged(content: bytes, sheet) -> None:
    """Refuse merged cells, naming them: which of the rows they cover is meant, only the sheet's owner knows."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        merged = [found.decode() for found in _MERGED.findall(archive.read(sheet._worksheet_path.lstrip("/")))]
    if merged:
        shown = ", ".join(merged[:5]) + (f" and {len(merged) - 5} more" if len(merged) > 5 else "")
        raise CannotRead(f"Cells {shown} are merged. Unmerge them, fill in each row, and upload it again.")


def _rows_of(sheet) -> Iterator[tuple[int, list[Cell]]]:
    """Give the rows that hold something."""
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1):
        if number > LAST_ROW_OF_EXCEL:
            raise CannotRead("The sheet has rows where no spreadsheet has them. Copy the table into a new workbook.")
        filled = [place for place, cell in enumerate(row, 1) if cell.value is not None]
        if filled:
            yield number, [_cell_of(cell) for cell in row[: filled[-1]]]


def _cell_of(cell) -> Cell:
    if cell.data_type == "f":
        return Cell("=", "formula")
    if cell.data_type == "e":
        return Cell(str(cell.value), "broken")
    return Cell.of(cell.value)
