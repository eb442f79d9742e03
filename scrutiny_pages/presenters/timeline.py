"""A turn: one point on a timeline, of a recommendation or of a review. Pure."""

import dataclasses
import datetime


@dataclasses.dataclass(frozen=True)
class TimelineEntry:
    """One point on a timeline: when, what, in more words (whole, or line by line), how it feels (``tone``), and where
    to read on.

    :param mistake: for what was recorded by mistake, words that mark it so; it is then struck through.
    :param key: the primary key of the entry of a history that it shows.
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
    """Join what was said into sentences, each with its stop."""
    return " ".join(part if part.endswith((".", "!", "?", "”", '"')) else f"{part}." for part in parts if part)
