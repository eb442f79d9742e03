"""The registry of checks by row of the register, and of pages of a starter that document a human act.

A check has no arguments: when it runs, its starter is loaded, as on the day ``LOADED``, and the site has a home page.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable

LOADED = datetime.date(2022, 1, 4)
# Both: starter -> id of the row -> its check, or the slug of the page.
CHECKS: dict[str, dict[str, Callable]] = defaultdict(dict)
HUMAN: dict[str, dict[str, str]] = defaultdict(dict)


def row(starter: str, *ids: str) -> Callable[[Callable], Callable]:
    """Register a function as the check of one or more rows of a starter's document."""

    def keep(check: Callable) -> Callable:
        for each in ids:
            if each in CHECKS[starter]:
                raise ValueError(f"{each} has a check already: {CHECKS[starter][each].__name__}")
            CHECKS[starter][each] = check
        return check

    return keep
