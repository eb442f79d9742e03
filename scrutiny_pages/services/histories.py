"""Bulk creation of the histories of imported recommendations."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from cms.core.service_writes import service_write

from ..models import Action, Escalation, Event, Evidence, Extension, Tracking
from ..models.tracking import WRITTEN_BY

DependentRow = Action | Escalation | Evidence | Extension


@service_write(WRITTEN_BY)
def add_histories(tracking: Sequence[Tracking], events: Sequence[Event], rows: Sequence[DependentRow]) -> None:
    """Add the states of new recommendations, the entries of their histories, and the dependent rows.

    The caller guarantees that state and entries agree, as ``importer/history.py`` does by the same replay.

    :param events: the entries, in their order, each of one of ``tracking``. One may refer to an earlier one that is not
        stored yet: under ``corrects``, or as the fact ``action``.
    :param rows: extensions and evidence, each of one of ``events``; those of a table in their order.
    """
    Tracking.objects.bulk_create(tracking)
    for group in _in_groups(events):
        for event in group:
            # The keys of what it belongs to, and refers to, are known only now.
            event.tracking, event.corrects = event.tracking, event.corrects
            if isinstance(planned := event.facts.get("action"), Event):
                event.facts["action"] = planned.pk
        Event.objects.bulk_create(group)
    for row in rows:
        row.tracking, row.event = row.tracking, row.event
    model: Any
    for model, found in groupby(sorted(rows, key=lambda row: type(row).__name__), key=type):
        model.objects.bulk_create(found)


def _in_groups(events: Sequence[Event]) -> list[list[Event]]:
    """Return entries in groups that have to be stored one after the other.

    An entry that refers to an earlier one of its history comes in a later group than that, and so do those after it:
    each history keeps its order.
    """
    groups: dict[int, list[Event]] = defaultdict(list)
    reached: dict[int, int] = defaultdict(int)
    for event in events:
        history = id(event.tracking)
        if event.corrects or isinstance(event.facts.get("action"), Event):
            reached[history] += 1
        groups[reached[history]].append(event)
    return [groups[number] for number in sorted(groups)]
