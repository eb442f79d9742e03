"""Retention periods of submissions: pure functions of months and dates.

A closed case is kept for as long as its form stated when it was sent. A case that nobody closes would be kept for ever,
so it may be open for a year at most: after that its retention period runs as if it had been closed then.
"""

import datetime

from cms.core.dates.formatting import add_months, format_months

OPEN_MONTHS = 12  # for which a case may be open before its keeping time runs all the same
REMINDER = datetime.timedelta(days=60)  # before what is open is erased, staff are asked to close it


def longest_months(keep_months: int) -> int:
    """Return the number of months from receipt after which a case that nobody closes is erased."""
    return keep_months + OPEN_MONTHS


def erased_on(keep_months: int, open_since: datetime.date) -> datetime.date:
    """Return the date on which a case is erased if nobody closes it.

    :param open_since: the date of receipt; if it was closed and reopened, the date on which it was closed.
    """
    return add_months(open_since, longest_months(keep_months))


def keeping_words(keep_months: int) -> dict[str, str]:
    """Return the retention periods in words for the template: ``kept_for`` once closed, and ``kept_open`` at most."""
    return {"kept_for": format_months(keep_months), "kept_open": format_months(longest_months(keep_months))}
