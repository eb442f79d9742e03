"""Lists as files for a spreadsheet: safe to open, however the words in them begin."""

import csv
import datetime
import re
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

# What makes a spreadsheet read a cell as a formula, in either width of letters.
_SIGNS = ("=", "+", "-", "@")
_WIDER = 0xFEE0  # from a sign to its full-width form
_FORMULA = (*_SIGNS, *(chr(ord(sign) + _WIDER) for sign in _SIGNS))
# Some spreadsheets part cells at these, whatever the file says: each begins what may become a cell of its own.
_HIDDEN = re.compile(rf"([;|]\s*)(?=[{re.escape(''.join(_FORMULA))}])")
# Spreadsheets take the first 0 off, or the last digits of a long account number.
_NOT_A_NUMBER = re.compile("0[0-9]+|[0-9]{16,}", re.ASCII)
BYTE_ORDER_MARK = "\ufeff"  # by it Excel knows UTF-8


def cell(value: object) -> str:
    """Give a value as the words of one cell: dates as 2026-04-02, text in one line, never a formula, no digit lost."""
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    words = _HIDDEN.sub(r"\1'", " ".join(str(value).split()))
    return f"'{words}" if words.startswith(_FORMULA) or _NOT_A_NUMBER.fullmatch(words) else words


class _Echo:
    """What ``csv`` writes to, to be given its line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(headings: Iterable[str], rows: Iterable[Iterable]) -> Iterator[str]:
    """Give the lines of a file, one row at a time."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK + writer.writerow(headings)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def download(parts: Iterable[str], *, content_type: str, name: str) -> StreamingHttpResponse:
    """Answer with a file that is saved under a name, sent as it is made."""
    return StreamingHttpResponse(
        parts,
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Robots-Tag": "noindex"},
    )
