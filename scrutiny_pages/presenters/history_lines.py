"""The rows related to a recommendation, serialised as lines of one spreadsheet cell that an import can parse. Pure.

Each row is a line of parts: ``2026-05-03 | Time granted | How: By email``. Separators inside a text are escaped
with a backslash, so that parsing a serialised cell returns the same rows.
"""

import dataclasses
import datetime
import re
from collections.abc import Callable, Iterable
from typing import Any

from ..enums import EventKind

_ESCAPED = {"\\": "\\\\", "|": "\\|"} | dict.fromkeys(("\r\n", "\r", "\n"), "\\n")
_UNESCAPED = {"n": "\n"}
_TO_ESCAPE = re.compile(r"\r\n|[\\|\r\n]")
_PARTS = re.compile(r"(?:[^|\\]|\\.)+")


class UnreadableLine(ValueError):
    """A line that cannot be parsed; the message explains the reason to the user."""


@dataclasses.dataclass(frozen=True)
class Part:
    """One part of a line: the key of its value, its label (empty for a positional part), and its parser."""

    name: str
    label: str = ""
    read: Callable[[str], Any] = str


def read_date(text: str) -> datetime.date:
    """Return the date of an ISO text such as 2026-04-02; raise ``ValueError`` for any other text."""
    return datetime.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone


def kind_words(kind: str) -> str:
    """Return the label of a kind of event, which is the same on every site: Time granted."""
    return kind.replace("_", " ").capitalize()


_KINDS = {kind_words(kind): kind for kind in EventKind}
KIND_WORDS = {str(kind): words for words, kind in _KINDS.items()}


def read_kind(text: str) -> EventKind:
    """Return the kind of event with a label; raise ``ValueError`` if there is none."""
    if text not in _KINDS:
        raise ValueError(text)
    return _KINDS[text]


def line_words(number: int) -> str:
    """Return the reference to another line of the same cell, by its number from 1."""
    return f"line {number}"


def read_line(text: str) -> int:
    """Return the zero-based index of a line reference; raise ``ValueError`` for any other text."""
    return int(text.removeprefix("line ")) - 1


HISTORY = (
    Part("on", read=read_date),
    Part("kind", read=read_kind),
    Part("title", "Title"),
    Part("text", "Words"),
    Part("how", "How"),
    Part("meeting", "Meeting"),
    Part("corrects", "Corrects", read_line),
)
EXTENSIONS = (
    Part("asked_on", read=read_date),
    Part("asked_for", "Until", read_date),
    Part("reason", "Why"),
    Part("agreed_on", "Agreed", read_date),
    Part("refused_on", "Refused", read_date),
    Part("decided_how", "How"),
    Part("decision_reason", "Words"),
)
ACTIONS = (
    Part("text", "Do"),
    Part("owner", "Who"),
    Part("due", "By", read_date),
    Part("done_on", "Done", read_date),
)
EVIDENCE = (Part("on", read=read_date), Part("text", "Words"), Part("link", "Link"))
ESCALATIONS = (
    Part("on", read=read_date),
    Part("to_whom", "To"),
    Part("asks", "We asked"),
    Part("reply_due", "Reply due", read_date),
    Part("replied_on", "Replied", read_date),
)


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], text) if _TO_ESCAPE.search(text) else text


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _UNESCAPED.get(found[1], found[1]), text)


def line_of(parts: tuple[Part, ...], values: Iterable) -> str:
    """Serialise the values of one row as a line, without the empty ones."""
    written = []
    for part, value in zip(parts, values, strict=True):
        if value:
            text = value.isoformat() if isinstance(value, datetime.date) else _escape(value)
            written.append(f"{part.label}: {text}" if part.label else text)
    return " | ".join(written)


def count_line(number: int) -> str:
    """Return the last line of a cell, which holds the number of lines so that a truncated cell is detected."""
    return f"({number} in all)"


def cell_of(lines: list[str]) -> str:
    """Join lines into a cell; return an empty text if there are none."""
    return "\n".join([*lines, count_line(len(lines))]) if lines else ""


def rows_in(parts: tuple[Part, ...], text: str) -> list[dict[str, Any]]:
    """Parse a cell into the values of each line, by the keys of its parts; raise ``UnreadableLine``."""
    if not text:
        return []
    *lines, last = text.split("\n")
    if last != count_line(len(lines)):
        raise UnreadableLine(
            f"This does not end with “{count_line(len(lines))}”, as we wrote it. A workbook cuts what is longer than "
            "32,767 letters: use the CSV."
        )
    return [_row_in(parts, line) for line in lines]


def _row_in(parts: tuple[Part, ...], line: str) -> dict[str, Any]:
    found = [part.removeprefix(" ").removesuffix(" ") for part in _PARTS.findall(f" {line} ")]
    values: dict[str, Any] = {part.name: None for part in parts}
    try:
        for part in parts:
            if part.label:
                if found and found[0].startswith(f"{part.label}: "):
                    values[part.name] = part.read(_unescape(found.pop(0).removeprefix(f"{part.label}: ")))
            else:
                values[part.name] = part.read(_unescape(found.pop(0)))
    except (ValueError, IndexError):
        found = [line]
    if found:
        raise UnreadableLine(f"“{line[:60]}” is not as we wrote it. Leave these lines as they are, or delete them all.")
    return values
