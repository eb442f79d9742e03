"""Reads a CSV file or an Excel workbook into rows of cells, or refuses it with a message.

The type of a file is detected from its content, never from its name. Limits are checked before the work: a small file
can unpack into a huge one, and a stray format in the last row of a sheet makes a million rows.
"""

from .sheet import CannotRead, Layout, Sheet
from .tables import Book
from .text_files import read_text
from .workbooks import AS_XLSX, read_workbook

LARGEST_FILE = 10 * 1024 * 1024  # bytes


def open_book(content: bytes) -> Book:
    """Return the tables in a file's bytes; raise `CannotRead`."""
    if not content.strip():
        raise CannotRead("The file is empty.")
    if len(content) > LARGEST_FILE:
        raise CannotRead("The file is larger than 10 MB. Split it into smaller ones.")
    if content.startswith(b"PK"):
        return Book(read_workbook(content))
    _refuse_other_kinds(content)
    table, notices = read_text(content)
    return Book([table], notices)


def read(content: bytes, layout: Layout | None = None) -> Sheet:
    """Return the table of a file, the likely one if no layout is given; raise `CannotRead`."""
    return open_book(content).sheet(layout or Layout())


def _refuse_other_kinds(content: bytes) -> None:
    """Raise `CannotRead` for other types of file, detected by their first bytes."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise CannotRead("The workbook is protected by a password. Save it without one, and upload that.")
        raise CannotRead(f"This is an old Excel file (.xls). {AS_XLSX}")
    if content.startswith(b"%PDF"):
        raise CannotRead("This is a PDF. Upload the spreadsheet that it was made from.")
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise CannotRead(f"This is a web page, or XML, whatever its name says. {AS_XLSX}")
