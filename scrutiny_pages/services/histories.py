"""What became of recommendations before they came to this site: many rows at once, as an import has them."""

from collections.abc import Sequence
from itertools import groupby

from cms.core.guarded import Guarded
from cms.core.service_writes import service_write

from ..models import Event, Tracking
from ..models.tracking import WRITTEN_BY


@service_write(WRITTEN_BY)
def add_histories(tracking: Sequence[Tracking], events: Sequence[Event], rows: Sequence[Guarded]) -> None:
    """Add the state of recommendations that were just made, the entries of their histories, and what hangs on them.

    Whoever calls holds state and entries to agree, as ``imports/history.py`` does by the same replay.

    :param events: the entries, in their order, each of one of ``tracking``.
    :param rows: extensions and evidence, each made by one of ``events``; those of a table in their order.
    """
    Tracking.objects.bulk_create(tracking)
    for event in events:
        event.tracking = event.tracking  # its number is known only now
    Event.objects.bulk_create(events)
    for row in rows:
        row.tracking, row.event = row.tracking, row.event
    for model, found in groupby(sorted(rows, key=lambda row: type(row).__name__), key=type):
        model.objects.bulk_create(found)
