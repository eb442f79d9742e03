"""Registry of the scheduled tasks of the apps above, which ``manage.py run_scheduled_tasks`` runs every minute."""

import datetime
from collections.abc import Callable, Iterator

Work = Callable[[datetime.datetime], None]
_all_work: list[Work] = []


def timed(work: Work) -> Work:
    """Register a function that each run calls with the current time, to do what is due and not yet done.

    It opens its own transactions. Its module has to be imported when its app is ready.
    """
    _all_work.append(work)
    return work


def do_timed(at: datetime.datetime) -> Iterator[str]:
    """Run all tasks, and yield the failures: one that fails does not stop the others."""
    for work in _all_work:
        try:
            work(at)
        except Exception as failure:
            yield f"Failed: {work.__module__}.{work.__name__}. {type(failure).__name__}"
