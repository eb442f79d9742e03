"""The suite's own clock: it starts at noon of one fixed day and ticks, whatever the machine's clock says.

Every process of the suite has it: pytest's (``tests/conftest.py`` calls ``start``), and each server and command that a
test starts with ``environment()``. Only tests about the clock move it, with ``time_machine.travel``; those whose
literal days are only right on one day, or that need the bank holidays which we have on record, are marked with it, as
in ``pytest.mark.on_day("2026-11-22")``.
"""

import datetime
import os
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine

LONDON = ZoneInfo("Europe/London")
# Another moment can be tried: TEST_NOW=2028-02-29T12:00 make test
NOW = datetime.datetime.fromisoformat(os.environ.get("TEST_NOW", "2026-11-22T12:00")).replace(tzinfo=LONDON)
TODAY = NOW.date()
HOOK = Path(__file__).resolve().parent / "hook"
OFFSET = "TEST_CLOCK_OFFSET"
LONGEST_TEST = 900  # seconds


def offset() -> float:
    """Return the seconds from the machine's clock to the suite's: the first process decides, all others follow."""
    return float(os.environ.setdefault(OFFSET, repr(NOW.timestamp() - time.time())))


def start() -> None:
    """Move this process to the suite's clock, for good."""
    time_machine.travel(time.time() + offset(), tick=True).start()


def noon_of(day: str) -> time_machine.travel:
    """Return what moves this process to noon of a day while it is entered."""
    return time_machine.travel(datetime.datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=LONDON), tick=True)


def environment() -> dict[str, str]:
    """Return the variables with which a new Python process runs on the suite's clock."""
    return {OFFSET: repr(offset()), "PYTHONPATH": str(HOOK)}
