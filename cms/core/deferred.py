"""Work that many changes ask for and that is done once, at their end and in their transaction.

What such work locks is then locked last: whoever saves something waits for nobody who holds that lock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# The functions that were asked for, in order, while somebody collects them.
_collected: ContextVar[dict[Callable[[], None], None] | None] = ContextVar("deferred work", default=None)


def do_once(work: Callable[[], None]) -> None:
    """Call a function at the end of the enclosing ``deferring()``, once however often it is asked for; else now."""
    collected = _collected.get()
    if collected is None:
        work()
    else:
        collected[work] = None


@contextmanager
def deferring() -> Iterator[None]:
    """Collect what the changes inside ask for and do it at the end, or hand it on to an enclosing ``deferring()``.

    Nothing is done if the changes fail, since they are rolled back.
    """
    collected: dict[Callable[[], None], None] = {}
    token = _collected.set(collected)
    try:
        yield
    finally:
        _collected.reset(token)
    for work in collected:
        do_once(work)
