"""The statuses of other systems and their meanings, as data, for the columns of answer and status alike.

A status is matched as a whole or not at all: a number, a percentage, a question mark or a "not" is part of it. For an
unknown status the meaning is chosen once and stored (`StatusMeaning`).
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from cms.core.text.terminology import in_default_words

from ..enums import Answer, Delivery, ImportedStatus
from .columns import guess


class Meaning(NamedTuple):
    """The answer and the delivery that a status stands for; None for one that it does not mention."""

    answer: Answer | None = None
    delivery: Delivery | None = None


class Word(NamedTuple):
    """A normalised status: the key of its column, the heading if that matters, and the text."""

    column: str
    heading: str
    text: str


_ACCEPTED, _PARTLY = Meaning(Answer.ACCEPTED), Meaning(Answer.PARTLY_ACCEPTED)
_NOT_ACCEPTED, _AWAITED = Meaning(Answer.NOT_ACCEPTED), Meaning(Answer.AWAITED)
_NOT_STARTED, _IN_PROGRESS = Meaning(delivery=Delivery.NOT_STARTED), Meaning(delivery=Delivery.IN_PROGRESS)
_CLAIMED, _NOT_DELIVERED = Meaning(delivery=Delivery.CLAIMED), Meaning(delivery=Delivery.NOT_DELIVERED)

# Commas, dashes, slashes, brackets and full stops part words here, and capitals do not matter.
_SAME = {
    _AWAITED: "awaiting response|awaiting answer|waiting for an answer|awaited|pending|no response",
    _ACCEPTED: "accepted|accept|accepted in full|fully accepted|agreed|agree|agreed in full|fully agreed|approved|"
    "approve|approved in full|fully approved",
    _PARTLY: "partly accepted|partially accepted|accepted in part|part accepted|partly agreed|partially agreed|"
    "agreed in part|part agreed|partly agree|partially agree|agree in part|partly approved|partially approved|"
    "approved in part|part approved",
    _NOT_ACCEPTED: "not accepted|rejected|reject|declined|decline|refused|refuse|not agreed|not approved|disagree|"
    "disagreed",
    Meaning(Answer.WITHDRAWN): "withdrawn|withdrawn by the panel",
    _NOT_STARTED: "open|new|not started|not started yet|not yet started|yet to start|to do",
    _IN_PROGRESS: "in progress|under way|underway|ongoing|on going|on track|started|work in progress|work started",
    # Only residents confirm. Another system's word for it is what the landlord says, unless there is a day for it.
    _CLAIMED: "complete|completed|fully complete|fully completed|implemented|fully implemented|delivered|"
    "fully delivered|done|landlord says done|signed off|verified|confirmed|confirmed by residents|closed complete|"
    "closed completed|closed implemented|closed delivered|closed done|complete closed|completed closed",
    _NOT_DELIVERED: "closed not delivered|closed incomplete|closed not implemented|closed not done|abandoned|"
    "cancelled|no longer required|no longer needed",
}
CHOICES = {
    ImportedStatus.AWAITED: _AWAITED,
    ImportedStatus.ACCEPTED: _ACCEPTED,
    ImportedStatus.PARTLY_ACCEPTED: _PARTLY,
    ImportedStatus.NOT_ACCEPTED: _NOT_ACCEPTED,
    ImportedStatus.WITHDRAWN: Meaning(Answer.WITHDRAWN),
    ImportedStatus.NOT_STARTED: _NOT_STARTED,
    ImportedStatus.IN_PROGRESS: _IN_PROGRESS,
    ImportedStatus.CLAIMED: _CLAIMED,
    ImportedStatus.NOT_DELIVERED: _NOT_DELIVERED,
    ImportedStatus.NOTHING: Meaning(),
}
MEANINGS = {text: meaning for meaning, texts in _SAME.items() for text in texts.split("|")}

_IN_PRINCIPLE = "is not an answer here. Write Accepted, Partly accepted or Not accepted."
_LATE = "is worked out here from the dates. Write Not started or In progress."
_IN_PART = "is not done yet. Write In progress."
UNCLEAR = {
    "accepted in principle": _IN_PRINCIPLE,
    "agreed in principle": _IN_PRINCIPLE,
    "in principle": _IN_PRINCIPLE,
    "noted": _IN_PRINCIPLE,
    "under consideration": _IN_PRINCIPLE,
    "partly complete": _IN_PART,
    "partially complete": _IN_PART,
    "partly implemented": _IN_PART,
    "partially implemented": _IN_PART,
    "closed": "can mean done or given up. Write Complete, or Closed, not delivered.",
    "not delivered": "can mean not yet, or given up. Write In progress, or Closed, not delivered.",
    "overdue": _LATE,
    "late": _LATE,
    "delayed": _LATE,
}
OFFERED = "Open, In progress, Complete, Closed not delivered, Accepted, Partly accepted, Not accepted or Withdrawn"

YES_AND_NO = {
    **dict.fromkeys(("yes", "y", "true", "✓", "✔"), _ACCEPTED),
    **dict.fromkeys(("no", "n", "false", "✗", "✘"), _NOT_ACCEPTED),
}
_PART = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(?:%|per\s?cent\b)")
_OF_A_PART = ("", "complete", "completed", "done", "delivered", "implemented")
_UNDER_WAY = ("in progress", "ongoing", "on going", "under way", "underway", "started", "on track", "work in progress")
_SIGNS_BETWEEN = re.compile(r"[\s,.;:()\[\]/&'’\"“”_\u2013\u2014-]+")
ALL = 100
_PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(?:%|per\s?cent)?")
_FRACTION = re.compile(r"0?\.\d+")


def normalise(words: str) -> str:
    """Return a status in lower case, with signs and spaces between words reduced to one space."""
    text = _SIGNS_BETWEEN.sub(" ", in_default_words(words).casefold()).strip()
    return text or words.strip().casefold()


def word_of(words: str, column: str, heading: str = "") -> Word:
    """Return the key of a status. The meaning of yes, no or a tick depends on the heading above it."""
    text = normalise(words)
    return Word(column, normalise(heading) if text in YES_AND_NO else "", text)


def meaning_of(
    words: str, column: str = "delivery", heading: str = "", chosen: Mapping[Word, Meaning] | None = None
) -> tuple[Meaning, str]:
    """Return the meaning of a status, and the reason why it cannot be used, or "".

    :param column: `answer` or `delivery`, the column that the status is in.
    :param heading: the heading of that column in the file.
    :param chosen: the meanings that people chose.
    """
    if not words:
        return Meaning(), ""
    word = word_of(words, column, heading)
    if chosen and word in chosen:
        return chosen[word], ""
    if word.text in YES_AND_NO:
        if column == "answer" and guess([heading]).get("answer") == 0:
            return YES_AND_NO[word.text], ""
        done = "done" if column == "delivery" else "accepted"
        above = f" under “{heading}”" if heading else ""
        return Meaning(), f"“{words}”{above} does not say what is {done} and what is not. Write {OFFERED}."
    if word.text in MEANINGS:
        return MEANINGS[word.text], ""
    if part := _meaning_of_part(words):
        return part, ""
    if word.text in UNCLEAR:
        return Meaning(), f"“{words}” {UNCLEAR[word.text]}"
    return Meaning(), f"“{words[:40]}” is not a status that we know. Write {OFFERED}."


def is_percentage(words: str) -> bool:
    """Return whether a status is understood by its percentage."""
    return normalise(words) not in MEANINGS and _meaning_of_part(words) is not None


def _meaning_of_part(words: str) -> Meaning | None:
    """Return the meaning of a percentage, such as 50% complete; None if the status has other words."""
    found = _PART.search(words.casefold())
    if not found:
        return None
    number, rest = float(found[1]), words[: found.start()] + " " + words[found.end() :]
    rest = _SIGNS_BETWEEN.sub(" ", rest.casefold()).strip()
    if rest in _OF_A_PART and number == ALL:
        return _CLAIMED
    if rest in _OF_A_PART and number == 0:
        return _NOT_STARTED
    return _IN_PROGRESS if rest in (*_OF_A_PART, *_UNDER_WAY) and 0 < number < ALL else None


def percentage_in(words: str) -> float | None:
    """Return the percentage in a status, from 0 to 100, whatever its other words; None without one."""
    found = _PART.search(words.casefold())
    return float(found[1]) if found else None


def read_percentage(words: str) -> tuple[float | None, str]:
    """Return the percentage in a cell, from 0 to 100, and the reason why it cannot be used, or ""."""
    text = words.strip().casefold()
    if not text:
        return None, ""
    if _FRACTION.fullmatch(text):
        return None, f"“{words}” can mean a part of one, or of a hundred. Write it as 50%."
    found = _PERCENTAGE.fullmatch(text)
    if not found or float(found[1]) > ALL:
        return None, f"“{words[:40]}” is not a percentage. Write it as 50%, or leave it empty."
    return float(found[1]), ""


def delivery_for(part: float) -> Delivery:
    """Return the delivery for a percentage."""
    if part == ALL:
        return Delivery.CLAIMED
    return Delivery.IN_PROGRESS if part else Delivery.NOT_STARTED
