"""CSV files that are safe to open in a spreadsheet (no formula injection)."""

import csv
import datetime
import re
from collections.abc import Callable, Iterable, Iterator

from django.http import StreamingHttpResponse

# What makes a spreadsheet read a cell as a formula, in either width of letters.
_SIGNS = ("=", "+", "-", "@")
_WIDER = 0xFEE0  # from a sign to its full-width form
_FORMULA = re.escape("".join((*_SIGNS, *(chr(ord(sign) + _WIDER) for sign in _SIGNS))))
# Some spreadsheets part cells at these, whatever the file says: each begins what may become a cell of its own.
_BEGINS = r"(^\s*|[;|\n\t]\s*)"
# An apostrophe that was typed before a sign gets another, so that taking one off gives back what was typed.
_UNSAFE = re.compile(rf"{_BEGINS}(?='*[{_FORMULA}])")
_MADE_SAFE = re.compile(rf"{_BEGINS}'(?='*[{_FORMULA}])")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Without any of these, and without a sign or a space at its ends, a text is safe as it stands: nearly all are.
_LOOK_AT = re.compile(r"[;|\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_PLAIN_START = re.compile(rf"[^\s'0-9{_FORMULA}]")
NO_TEXT = "application/vnd."  # kinds of file that begin so hold bytes, in no encoding
# Spreadsheets take the first 0 off, or the last digits of a long account number.
_NOT_A_NUMBER = re.compile("'*(?:0[0-9]+|[0-9]{16,})", re.ASCII)
BYTE_ORDER_MARK = "\ufeff"  # by it Excel knows UTF-8


def cell(value: object) -> str:
    """Return a value as one cell: dates as 2026-04-02, text in one line, never a formula, no digit lost."""
    if isinstance(value, str):
        return _made_safe(" ".join(value.split()))
    return _unquoted(value)


def cell_with_lines(value: object) -> str:
    """Return a value as one cell that keeps its lines, for files that are read back.

    ``words_of_cell`` undoes the escaping. Every line end is written as a newline; control characters are dropped.
    """
    if not value and value != 0:
        return ""
    if not isinstance(value, str):
        return _unquoted(value)
    text = value.strip()
    if _PLAIN_START.match(text) and not _LOOK_AT.search(text):
        return text
    return _made_safe(_NO_TEXT.sub("", _LINE_ENDS.sub("\n", text)).strip())


def _made_safe(text: str) -> str:
    return f"'{text}" if _NOT_A_NUMBER.fullmatch(text) else _UNSAFE.sub(r"\1'", text)


def words_of_cell(text: str) -> str:
    """Return the text that ``cell_with_lines`` escaped."""
    return text[1:] if text[:1] == "'" and _NOT_A_NUMBER.fullmatch(text) else _MADE_SAFE.sub(r"\1", text)


def _unquoted(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return cell(str(value))


class _Echo:
    """A file-like object for ``csv`` whose ``write`` returns the line."""

    def write(self, line: str) -> str:
        return line


def csv_lines(
    headings: Iterable[str], rows: Iterable[Iterable], *, as_cell: Callable[[object], str] = cell
) -> Iterator[str]:
    """Yield the lines of a file, one row at a time."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK + writer.writerow(headings)
    for row in rows:
        yield writer.writerow([as_cell(value) for value in row])


def download(parts: Iterable[str] | Iterable[bytes], *, content_type: str, name: str) -> StreamingHttpResponse:
    """Return a streaming response that is saved as a file."""
    return StreamingHttpResponse(
        parts,
        content_type=content_type if content_type.startswith(NO_TEXT) else f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Robots-Tag": "noindex"},
    )
