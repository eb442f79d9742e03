"""The correction of a history: an entry that was recorded by mistake stays, and a later entry marks it."""

import datetime
from typing import Any

from ..enums import EventKind
from ..models import Event, Recommendation
from .base import History, lock_tracking, transition, write
from .exceptions import require
from .notifications import notify_chairs


@transition
def correct_entry(
    *,
    recommendation: Recommendation,
    entry: Event,
    on: datetime.date,
    reason: str,
    is_public: bool = True,
    by: Any = None,
) -> None:
    """Record that an entry of the history was a mistake, and derive the state from the other entries.

    :param on: the day of the correction.
    :param is_public: whether the public sees the reason, and the entry struck through; if not, it sees neither.
    :raises TransitionNotAllowed: if a later entry depends on this one, which has to be corrected first.
    """
    tracking = lock_tracking(recommendation)
    found = tracking.events.correctable().filter(pk=entry.pk).first()
    mistake = require(found, "Choose an entry of this history that is not corrected already.")
    require(reason.strip(), "Say what is wrong with it.")
    require(on >= mistake.on, "The correction is dated before the entry itself.")
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
        notify_chairs(recommendation, by=by, corrected=True)
