"""What the words of other systems mean here, as data: for the columns of the answer and of the status alike."""

import re
from typing import NamedTuple

from cms.core.words import in_default_words

from ..enums import Answer, Delivery


class Meaning(NamedTuple):
    """What a word says of the answer and of the delivery; nothing where it does not speak of it."""

    answer: Answer | None = None
    delivery: Delivery | None = None


MEANINGS = {
    # the answer
    "awaiting response": Meaning(Answer.AWAITED),
    "awaiting answer": Meaning(Answer.AWAITED),
    "waiting for an answer": Meaning(Answer.AWAITED),
    "awaited": Meaning(Answer.AWAITED),
    "pending": Meaning(Answer.AWAITED),
    "no response": Meaning(Answer.AWAITED),
    "accepted": Meaning(Answer.ACCEPTED),
    "agreed": Meaning(Answer.ACCEPTED),
    "approved": Meaning(Answer.ACCEPTED),
    "yes": Meaning(Answer.ACCEPTED),
    "partly accepted": Meaning(Answer.PARTLY_ACCEPTED),
    "partially accepted": Meaning(Answer.PARTLY_ACCEPTED),
    "accepted in part": Meaning(Answer.PARTLY_ACCEPTED),
    "partly agreed": Meaning(Answer.PARTLY_ACCEPTED),
    "partially agreed": Meaning(Answer.PARTLY_ACCEPTED),
    "not accepted": Meaning(Answer.NOT_ACCEPTED),
    "rejected": Meaning(Answer.NOT_ACCEPTED),
    "declined": Meaning(Answer.NOT_ACCEPTED),
    "refused": Meaning(Answer.NOT_ACCEPTED),
    "not agreed": Meaning(Answer.NOT_ACCEPTED),
    "no": Meaning(Answer.NOT_ACCEPTED),
    "withdrawn": Meaning(Answer.WITHDRAWN),
    "withdrawn by the panel": Meaning(Answer.WITHDRAWN),
    # the delivery
    "open": Meaning(delivery=Delivery.NOT_STARTED),
    "new": Meaning(delivery=Delivery.NOT_STARTED),
    "not started": Meaning(delivery=Delivery.NOT_STARTED),
    "not started yet": Meaning(delivery=Delivery.NOT_STARTED),
    "to do": Meaning(delivery=Delivery.NOT_STARTED),
    "in progress": Meaning(delivery=Delivery.IN_PROGRESS),
    "under way": Meaning(delivery=Delivery.IN_PROGRESS),
    "underway": Meaning(delivery=Delivery.IN_PROGRESS),
    "ongoing": Meaning(delivery=Delivery.IN_PROGRESS),
    "on track": Meaning(delivery=Delivery.IN_PROGRESS),
    "started": Meaning(delivery=Delivery.IN_PROGRESS),
    # Only residents confirm. Another system's word for it is what the landlord says, unless there is a day for it.
    "complete": Meaning(delivery=Delivery.CLAIMED),
    "completed": Meaning(delivery=Delivery.CLAIMED),
    "implemented": Meaning(delivery=Delivery.CLAIMED),
    "delivered": Meaning(delivery=Delivery.CLAIMED),
    "done": Meaning(delivery=Delivery.CLAIMED),
    "landlord says done": Meaning(delivery=Delivery.CLAIMED),
    "signed off": Meaning(delivery=Delivery.CLAIMED),
    "verified": Meaning(delivery=Delivery.CLAIMED),
    "confirmed": Meaning(delivery=Delivery.CLAIMED),
    "confirmed by residents": Meaning(delivery=Delivery.CLAIMED),
    "closed not delivered": Meaning(delivery=Delivery.NOT_DELIVERED),
    "closed incomplete": Meaning(delivery=Delivery.NOT_DELIVERED),
    "not delivered": Meaning(delivery=Delivery.NOT_DELIVERED),
    "abandoned": Meaning(delivery=Delivery.NOT_DELIVERED),
    "cancelled": Meaning(delivery=Delivery.NOT_DELIVERED),
    "no longer required": Meaning(delivery=Delivery.NOT_DELIVERED),
}

_IN_PRINCIPLE = "is not an answer here. Write Accepted, Partly accepted or Not accepted."
_LATE = "is worked out here from the dates. Write Not started or In progress."
UNCLEAR = {
    "accepted in principle": _IN_PRINCIPLE,
    "agreed in principle": _IN_PRINCIPLE,
    "in principle": _IN_PRINCIPLE,
    "noted": _IN_PRINCIPLE,
    "under consideration": _IN_PRINCIPLE,
    "partly complete": "is not done yet. Write In progress.",
    "partially complete": "is not done yet. Write In progress.",
    "closed": "can mean done or given up. Write Complete, or Closed, not delivered.",
    "overdue": _LATE,
    "late": _LATE,
    "delayed": _LATE,
}
OFFERED = "Open, In progress, Complete, Closed not delivered, Accepted, Partly accepted, Not accepted or Withdrawn"


def meaning_of(words: str) -> tuple[Meaning, str]:
    """Give what a status of another system means here, or else why it cannot be taken."""
    plain = " ".join(re.findall(r"[a-z]+", in_default_words(words).lower()))
    if plain in UNCLEAR:
        return Meaning(), f"“{words}” {UNCLEAR[plain]}"
    if words and plain not in MEANINGS:
        return Meaning(), f"“{words[:40]}” is not a status that we know. Write {OFFERED}."
    return MEANINGS.get(plain, Meaning()), ""
