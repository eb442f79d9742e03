"""A turn: one point on a timeline, of a recommendation or of a review. Pure."""

import dataclasses
import datetime


@dataclasses.dataclass(frozen=True)
class Turn:
    """One point on a timeline: when, what, in more words (whole, or line by line), how it feels (``tone``), and where
    to read on.
    """

    date: datetime.date | None
    title: str
    text: str = ""
    tone: str = "done"
    date_words: str = ""
    url: str = ""
    url_words: str = ""
    lines: tuple[str, ...] = ()


def sentences(*parts: str) -> str:
    """Join what was said into sentences, each with its stop."""
    return " ".join(part if part.endswith((".", "!", "?", "”", '"')) else f"{part}." for part in parts if part)
