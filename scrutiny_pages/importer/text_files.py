"""Reads a CSV or another text file into a table; encoding and delimiter are detected."""

import contextlib
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from .columns import guess
from .parsers import Cell
from .sheet import CannotRead
from .tables import Row, Table

DELIMITERS = ",;\t"
AS_CSV = "Open it in your spreadsheet program, save it as “CSV UTF-8”, and upload that."
# What English text in Windows' old encoding holds besides ASCII. Anything else means that it is another encoding.
OLD_WINDOWS_SIGNS = frozenset(
    "\u2018\u2019\u2013\xa0£€“”—…•·°²³½¼¾©®™§«»ÀÁÂÄÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜàáâäçèéêëìíîïñòóôöùúûüœæø"
)
# Excel's own hint, in a line that it does not show: what parts the cells.
_HINT = re.compile(r"\s*\"?sep=([^\w\s\"]|\t)\1*\"?[ \t]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
SAMPLE = 20  # rows by which a delimiter is judged


def read_text(content: bytes) -> tuple[Table, list[str]]:
    """Return the table of a text file, and notices on how it was read; raise `CannotRead`."""
    text, notices = _decoded(content)
    if "\x00" in text:
        raise CannotRead(
            f"The file has characters in it that are no text (NUL), so it may be of another kind. {AS_CSV}"
        )
    hint = _HINT.match(text)
    text = text[hint.end() :] if hint else text
    delimiter = hint[1] if hint else max(DELIMITERS, key=lambda sign: _likelihood(text, sign))
    return Table(read_rows=lambda: _rows_of(text, delimiter), delimiter=delimiter), notices


def _likelihood(text: str, delimiter: str) -> tuple[int, int, int]:
    """Return the rank of a delimiter: known headings first, then the number of cells in the first rows."""
    filled = (line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(line))
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        rows.extend(islice(filled, SAMPLE))
    known = max((len(guess(row)) for row in rows), default=0)
    return known, len(rows[0]) if rows else 0, sum(map(len, rows))


def _rows_of(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, values in enumerate(reader, 1):
            yield number, [Cell.of(value) for value in values]
    except csv.Error as error:
        if "field larger" in str(error):
            raise CannotRead(f"A cell near line {reader.line_num} is too long to be one.") from error
        raise CannotRead(
            f'A quotation mark (") near line {reader.line_num} does not match another. {AS_CSV}'
        ) from error


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """Return a file's text, and notices on how it was decoded; raise `CannotRead`."""
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
