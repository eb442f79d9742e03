"""Entries of a timeline, of a recommendation or of a review. Pure."""

import dataclasses
import datetime


@dataclasses.dataclass(frozen=True)
class TimelineEntry:
    """One entry of a timeline: date, title, text (as a paragraph or as lines), tone and link.

    :param mistake: the notice on an entry that was recorded by mistake, which is then struck through; else empty.
    :param key: the primary key of the history entry behind it.
    """

    date: datetime.date | None
    title: str
    text: str = ""
    tone: str = "done"
    date_words: str = ""
    url: str = ""
    url_words: str = ""
    lines: tuple[str, ...] = ()
    mistake: str = ""
    key: int | None = None


def sentences(*parts: str) -> str:
    """Join texts into sentences, adding a full stop to each if it lacks one."""
    return " ".join(part if part.endswith((".", "!", "?", "”", '"')) else f"{part}." for part in parts if part)
