"""When a regular duty is due next: a pure function of how often, the first time and the last."""

import datetime

from cms.core.dates.formatting import add_months

from ..enums import DutyUnit


def next_due(
    *, every: int, unit: str, first_due: datetime.date | None, last_done: datetime.date | None
) -> datetime.date | None:
    """Return the day by which it is due next: counted from the last time, before that the first date.

    Register: Board report W22, yearly monitoring W32, twice yearly W52, annual review K 15, one-to-ones C.
    """
    if last_done is None:
        return first_due
    if unit == DutyUnit.WEEKS:
        return last_done + datetime.timedelta(weeks=every)
    return add_months(last_done, every)
