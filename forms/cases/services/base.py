"""Helpers of all case services: opening and locking a case, and recording events."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from cms.core.service_writes import lock_rows, service_write
from scrutiny_pages.models import Panel, SiteCalendar

from ...enums import CaseEventKind, FormKind
from ...models.case import WRITTEN_BY, Case, CaseEvent
from ...models.regime import Regime
from ...models.submission import Submission
from ...rules.case_deadlines import counted
from .exceptions import CaseTransitionNotAllowed
from .related_records import records_named_in

MOVED = "Somebody else has just recorded something here. Look at how it stands now, and try again."
# What a second step at the same moment would undo.
COMPARED = ("state", "due_on", "handler_id", "is_quarantined", "membership_id")


@service_write(WRITTEN_BY)
def open_case(
    *,
    submission: Submission,
    received_on: datetime.date,
    regime: Regime | None = None,
    panel: Panel | None = None,
    quarantined: bool = False,
) -> Case:
    """Open the case of a submission, with the dates of its regime, and the records that its answers refer to.

    :param received_on: the London date of receipt; for paper, the day it was handed in.
    """
    dates = _first_dates(regime, received_on) if regime else {}
    about: dict[str, Any] = records_named_in(submission.version.definition, submission.answers)
    if submission.version.kind == FormKind.APPLICATION:
        about = {"panel": panel} | about  # somebody who chose a panel asks for that one
    else:
        about["panel"] = panel
    case = Case.objects.create(
        submission=submission,
        received_on=received_on,
        regime=regime,
        is_quarantined=quarantined,
        **dates,
        **about,
    )
    CaseEvent.objects.create(
        case=case, kind=CaseEventKind.RECEIVED, state=case.state, on=received_on, is_internal=False
    )
    return case


def _first_dates(regime: Regime, received_on: datetime.date) -> dict:
    calendar = regime.calendar or SiteCalendar().nation
    due_on = counted(regime.rule("answer"), received_on, calendar).on
    acknowledge_by = counted(regime.rule("acknowledge"), received_on, calendar).on
    rule = {"answer_amount": regime.answer_amount, "answer_unit": regime.answer_unit, "answer_rolls": regime.rolls}
    dates = {"acknowledge_by": acknowledge_by, "first_due_on": due_on, "due_on": due_on}
    return rule | dates | {"calendar": calendar}


def lock_for_update(case: Case, compared: Sequence[str] = COMPARED) -> Case:
    """Lock a case until the transaction ends, and refresh the instance.

    Of two handlers who both saw the same state, one succeeds and the other is refused.

    :param compared: the fields that must not have changed since the caller read it.
    :raises CaseTransitionNotAllowed: if one of them has changed, or the case was erased.
    """
    current = next(iter(lock_rows(Case.objects.filter(pk=case.pk))), None)
    if current is None:
        raise CaseTransitionNotAllowed("This was erased.")
    if any(getattr(current, name) != getattr(case, name) for name in compared):
        raise CaseTransitionNotAllowed(MOVED)
    case.catch_up_with(current)
    return case


def update_fields(case: Case, **changes: Any) -> None:
    """Set and save fields of a locked case."""
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=list(changes))


def add_event(
    case: Case,
    kind: CaseEventKind,
    *,
    on: datetime.date,
    by: User | None,
    text: str = "",
    is_internal: bool = True,
    state: str = "",
) -> None:
    """Add an event to the history of a case."""
    CaseEvent.objects.create(case=case, kind=kind, on=on, by=by, text=text, is_internal=is_internal, state=state)


def day_of(case: Case, on: datetime.date | None) -> datetime.date:
    """Return the date of a step, today by default.

    :raises CaseTransitionNotAllowed: if it is in the future, or before the date of receipt.
    """
    today = timezone.localdate()
    if on and on > today:
        raise CaseTransitionNotAllowed("This day has not come yet.")
    if on and on < case.received_on:
        raise CaseTransitionNotAllowed("This is before the day it came.")
    return on or today
