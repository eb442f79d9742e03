"""Deferred work: done once for many changes, at their end and in their transaction.

The locks of such work are then acquired last, so that nobody who saves something waits for the holder of that lock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# The functions that were asked for, in order, while somebody collects them.
_collected: ContextVar[dict[Callable[[], None], None] | None] = ContextVar("deferred work", default=None)


def do_once(work: Callable[[], None]) -> None:
    """Call a function at the end of the enclosing ``deferring()``, once for all calls; without one, call it now."""
    collected = _collected.get()
    if collected is None:
        work()
    else:
        collected[work] = None


@contextmanager
def deferring() -> Iterator[None]:
    """Collect the calls of ``do_once`` and run them at the end, or pass them to an enclosing ``deferring()``.

    Nothing is run if the block raises, since its changes are rolled back.
    """
    collected: dict[Callable[[], None], None] = {}
    token = _collected.set(collected)
    try:
        yield
    finally:
        _collected.reset(token)
    for work in collected:
        do_once(work)
