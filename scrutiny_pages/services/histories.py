"""What became of recommendations before they came to this site: many rows at once, as an import has them."""

from collections.abc import Sequence
from itertools import groupby

from cms.core.guarded import Guarded
from cms.core.service_writes import service_write

from ..models import Tracking
from ..models.tracking import WRITTEN_BY


@service_write(WRITTEN_BY)
def add_histories(tracking: Sequence[Tracking], entries: Sequence[Guarded]) -> None:
    """Add the state of recommendations that were just made, and the entries of their histories.

    Whoever calls holds state and entries to agree, as ``imports/history.py`` does by taking the same steps.

    :param entries: extensions, evidence and events, each of one of ``tracking``; those of a table in their order.
    """
    Tracking.objects.bulk_create(tracking)
    for entry in entries:
        entry.tracking = entry.tracking  # its number is known only now
    for model, rows in groupby(sorted(entries, key=lambda entry: type(entry).__name__), key=type):
        model.objects.bulk_create(rows)
