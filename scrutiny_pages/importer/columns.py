"""The columns of an imported tracker, and their detection from headings. Pure."""

import re
from collections.abc import Iterable

from openpyxl.utils import get_column_letter

from cms.core.text.terminology import in_default_words

from ..presenters.tracker_columns import Column, Use, columns_for
from .sheet import Sheet

# The columns that an import reads, by key.
COLUMNS = {column.key: column for column in columns_for(Use.IMPORT | Use.OWN_IMPORT)}
TEXTS = [key for key, column in COLUMNS.items() if column.is_words]
# The rest of these keep their lines; a title does until it is known to be no longer than a title may be.
ONE_LINE = [key for key, column in COLUMNS.items() if column.is_one_line]
DAYS = [key for key, column in COLUMNS.items() if column.kind == "date"]
# No other system has these beside one another.
OUR_HEADINGS = {"Where it stands", "What that means", "History"}


def is_ours(headings: Iterable[str]) -> bool:
    """Return whether a file with these headings is an export of this site, or of one like it."""
    return set(headings) >= OUR_HEADINGS


def columns_of(headings: Iterable[str] = ()) -> list[Column]:
    """Return the columns that a file with these headings may have, in their order."""
    ours = is_ours(headings)
    return [column for column in COLUMNS.values() if ours or not column.ours]


def _plain(heading: str) -> str:
    """Return a heading in lower case without signs and bracketed text; a per cent sign becomes a word."""
    heading = re.sub(r"\(\s*%\s*\)|%|\bper cent\b", " percent ", heading.lower())
    heading = re.sub(r"\(.*?\)", " ", heading).replace("&", " and ")
    return " ".join(re.findall(r"[a-z0-9]+", heading))


_BY_HEADING = {
    _plain(name): column.key for column in COLUMNS.values() for name in (*column.also, column.label, column.key)
}


def guess(headings: list[str]) -> dict[str, int]:
    """Return the positions of the detected columns, by key. Of two with the same key the first counts."""
    found: dict[str, int] = {}
    takes = {column.key for column in columns_of(headings)}
    for position, heading in enumerate(headings):
        key = _BY_HEADING.get(_plain(in_default_words(heading)))
        if key in takes and key not in found:
            found[key] = position
    return found


def name_of(sheet: Sheet, position: int) -> str:
    """Return the name of a column for its owner: its heading, or its letter if it has none or shares it."""
    heading = sheet.headings[position]
    if not heading:
        return f"Column {get_column_letter(position + 1)}"
    return f"{heading} (column {get_column_letter(position + 1)})" if sheet.headings.count(heading) > 1 else heading


def examples(sheet: Sheet, position: int, most: int = 3) -> list[str]:
    """Return the first distinct texts of a column, shortened."""
    texts = (cells[position].text for _, cells in sheet.rows if position < len(cells) and cells[position].text)
    return [text if len(text) <= 60 else f"{text[:59]}…" for text in list(dict.fromkeys(texts))[:most]]
