"""A turn: one point on a timeline, of a recommendation or of a review. Pure."""

import dataclasses
import datetime


@dataclasses.dataclass(frozen=True)
class Turn:
    """One point on a timeline: when, what, in more words, and how it feels (``tone``)."""

    date: datetime.date | None
    title: str
    text: str = ""
    tone: str = "done"
    date_words: str = ""


def sentences(*parts: str) -> str:
    """Join what was said into sentences, each with its stop."""
    return " ".join(part if part.endswith((".", "!", "?", "”", '"')) else f"{part}." for part in parts if part)
