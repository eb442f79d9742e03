"""For how long what people sent is kept: pure rules of months and dates.

What is closed is kept for as long as its form said when it was sent. A case that nobody closes would be kept for ever,
so it may be open for a year at most: after that its keeping time runs as if it had been closed then.
"""

import datetime

from cms.core.dates.formatting import add_months, format_months

OPEN_MONTHS = 12  # for which a case may be open before its keeping time runs all the same
REMINDER = datetime.timedelta(days=60)  # before what is open is erased, staff are asked to close it


def longest_months(keep_months: int) -> int:
    """Return for how many months from receipt something is kept that nobody closes."""
    return keep_months + OPEN_MONTHS


def erased_on(keep_months: int, open_since: datetime.date) -> datetime.date:
    """Return the day on which something is erased if nobody closes it.

    :param open_since: the day it came; if it was closed and taken up again, the day on which it was closed.
    """
    return add_months(open_since, longest_months(keep_months))


def keeping_words(keep_months: int) -> dict[str, str]:
    """Return what people read of it before they send: for how long after it is closed, and at the longest."""
    return {"kept_for": format_months(keep_months), "kept_open": format_months(longest_months(keep_months))}
