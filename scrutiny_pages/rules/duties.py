"""The next due date of a regular duty: a pure function of its interval, its first and its last date."""

import datetime

from cms.core.dates.formatting import add_months

from ..enums import DutyUnit


def next_due(
    *, every: int, unit: str, first_due: datetime.date | None, last_done: datetime.date | None
) -> datetime.date | None:
    """Return the next due date: counted from the last time, or the first date if it was never done.

    Register: Board report W22, yearly monitoring W32, twice yearly W52, annual review K 15, one-to-ones C.
    """
    if last_done is None:
        return first_due
    if unit == DutyUnit.WEEKS:
        return last_done + datetime.timedelta(weeks=every)
    return add_months(last_done, every)
