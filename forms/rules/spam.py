"""Spam detection. Pure: suspected spam is quarantined for staff to look at, never deleted."""

import re
from collections.abc import Iterator

HONEYPOT = "website"  # a box that people never see, and that machines fill in
MOST_LINKS = 3
QUICKEST = 3  # seconds: nobody reads a form, fills it in and adds a link in less
LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


def looks_like_spam(answers: dict, *, honeypot: str, seconds: float | None) -> bool:
    """Return whether a submission should be quarantined.

    :param answers: as they are stored.
    :param honeypot: the content of the field that people never see.
    :param seconds: how long it took to fill in the form; None if that is not known.
    """
    links = sum(len(LINK.findall(text)) for text in texts_in(answers))
    # Quick alone is no reason: browsers fill in what they remember.
    too_quick = seconds is not None and seconds < QUICKEST and links > 0
    return bool(honeypot.strip()) or links > MOST_LINKS or too_quick


def texts_in(answer: object) -> Iterator[str]:
    """Yield every string in an answer, at any depth."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, dict):
        for part in answer.values():
            yield from texts_in(part)
    elif isinstance(answer, list):
        for part in answer:
            yield from texts_in(part)
