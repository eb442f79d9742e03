"""Correct the history of a recommendation: an entry that was recorded by mistake stays, marked by a later entry."""

import datetime

from ..enums import EventKind
from ..models import Event, Recommendation
from .base import History, lock_tracking, taken, write
from .exceptions import need
from .notifications import tell_chairs


@taken
def correct_entry(
    *,
    recommendation: Recommendation,
    entry: Event,
    on: datetime.date,
    reason: str,
    is_public: bool = True,
    by=None,
) -> None:
    """Record that an entry of the history was a mistake, and work the state out again from the others.

    :param on: the day of the correction.
    :param is_public: whether the public reads the reason, and the entry struck through; if not, it reads neither.
    :raises TransitionNotAllowed: if a later entry depends on this one: it has to be corrected first.
    """
    tracking = lock_tracking(recommendation)
    mistake = tracking.events.correctable().filter(pk=entry.pk).first()
    need(mistake, "Choose an entry of this history that is not corrected already.")
    need(reason.strip(), "Say what is wrong with it.")
    need(on >= mistake.on, "The correction is dated before the entry itself.")
    history = History(tracking)
    state = history.state if mistake.kind == EventKind.NOTE else history.without(mistake.pk)
    Event.objects.create(
        tracking=tracking,
        on=on,
        kind=EventKind.CORRECTED,
        title=f"{EventKind.CORRECTED.label}: {mistake.headline}"[:120],
        text=reason,
        corrects=mistake,
        is_public=is_public and mistake.is_public,
        recorded_by=by,
    )
    write(tracking, state, corrected=True)
    if by:
        tell_chairs(recommendation, by=by, corrected=True)
