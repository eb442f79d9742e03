"""Import of cases from before this site."""

import datetime
from collections.abc import Sequence
from typing import Any

from cms.core.service_writes import service_write

from ...enums import CaseEventKind
from ...models.case import WRITTEN_BY, Case, CaseEvent, CasePause
from ...models.submission import Submission


@service_write(WRITTEN_BY)
def add_past_case(
    *,
    submission: Submission,
    states: Sequence[tuple[str, datetime.date]],
    stopped_on: datetime.date | None = None,
    **facts: Any,
) -> Case:
    """Add the case of a submission in its present state, with its history.

    :param states: the states that it went through, each with its date; the first is "received".
    :param stopped_on: the date on which its clock was stopped, if it is stopped now.
    :param facts: the other fields of the case.
    """
    case = Case.objects.create(submission=submission, state=states[-1][0], received_on=states[0][1], **facts)
    for number, (state, on) in enumerate(states):
        kind = CaseEventKind.STATE if number else CaseEventKind.RECEIVED
        CaseEvent.objects.create(case=case, kind=kind, state=state, on=on, is_internal=False)
    if stopped_on:
        CasePause.objects.create(case=case, started_on=stopped_on)
    return case
