"""Recalculation of due dates for which no bank holidays were known at receipt."""

import datetime

from django.utils import timezone

from cms.core.scheduler.registry import timed
from cms.core.service_writes import lock_rows, service_write

from ...enums import CaseEventKind, CaseState
from ...models.case import WRITTEN_BY, Case
from ...rules.case_deadlines import counted, format_deadline
from .base import add_event, update_fields
from .clock import moved_by


@timed
def count_what_could_not_be_counted(at: datetime.datetime) -> None:
    """Set the missing due dates that can be counted now, by the rule at the time of receipt."""
    on = timezone.localdate(at)
    for case in Case.objects.undated():
        if counted(case.rule, case.received_on, case.calendar):
            _date_first(case.pk, on)
    for case in Case.objects.undated_reviews():
        if counted(case.regime.rule("review"), _looked_at_since(case), case.calendar):
            _date_review(case.pk, on)


@service_write(WRITTEN_BY)
def _date_first(pk: int, on: datetime.date) -> None:
    case = next(iter(lock_rows(Case.objects.undated().filter(pk=pk))), None)
    if case is None:
        return
    found = counted(case.rule, case.received_on, case.calendar)
    due_on = found.on
    for pause in case.pauses.exclude(ended_on=None):
        due_on = moved_by(case, pause, due_on)
    first = case.acknowledge_by or counted(case.regime.rule("acknowledge"), case.received_on, case.calendar).on
    update_fields(case, first_due_on=found.on, due_on=due_on, acknowledge_by=first)
    add_event(case, CaseEventKind.NOTE, on=on, by=None, text=format_deadline(found))


@service_write(WRITTEN_BY)
def _date_review(pk: int, on: datetime.date) -> None:
    case = next(iter(lock_rows(Case.objects.undated_reviews().filter(pk=pk))), None)
    if case is None:
        return
    found = counted(case.regime.rule("review"), _looked_at_since(case), case.calendar)
    update_fields(case, review_due_on=found.on)
    add_event(case, CaseEventKind.NOTE, on=on, by=None, text=f"The second look. {format_deadline(found)}")


def _looked_at_since(case: Case) -> datetime.date | None:
    return case.events.filter(state=CaseState.IN_REVIEW).values_list("on", flat=True).last()
