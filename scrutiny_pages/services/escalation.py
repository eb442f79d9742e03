"""The steps that escalate a recommendation along its route (W47, H 5.4, K 14)."""

import datetime
from typing import Any, cast

from cms.core.dates.formatting import format_date

from ..enums import EventKind, Step
from ..models import EscalationStep, Meeting, Recommendation, SiteCalendar
from ..rules.deadlines import Deadline
from ..rules.history_replay import Row
from ..rules.stage_dates import Calendar, count
from .base import add_entry, begin_step, transition
from .decisions import begin_decision
from .exceptions import TransitionNotAllowed, require


def next_escalation(recommendation: Recommendation, escalated: int | None = None) -> tuple[int, EscalationStep]:
    """Return the next step of a recommendation's escalation route, as its number and the step.

    :param escalated: the number of earlier escalations, if it is not that of all stored ones.
    :raises TransitionNotAllowed: if there is no route, or it has no further step.
    """
    process = recommendation.process
    found = process.escalation_route if process else None
    route = require(
        found, "The process of this review says nowhere to take it. Choose an escalation route for the process."
    )
    if escalated is None:
        escalated = recommendation.tracking.escalations.count()
    steps = list(route.steps.all())
    if escalated >= len(steps):
        raise TransitionNotAllowed("It has been taken to every step of the route.")
    return escalated + 1, steps[escalated]


def reply_deadline(step: EscalationStep, on: datetime.date) -> Deadline:
    """Return the deadline of a reply, counted from the day of the escalation; W47: at the Board's next meeting."""
    if not step.rule:
        return Deadline(None, "Date not set.")
    return count(
        step.rule, on, "the day it was taken further", step.deadline_panel_id, cast("Calendar", SiteCalendar())
    )


@transition
def escalate(
    *,
    recommendation: Recommendation,
    on: datetime.date | None = None,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by: Any = None,
) -> None:
    """Escalate a refused, late or undelivered recommendation to the next step of its route."""
    needs = [(reason.strip(), "Say why it is taken further.")]
    decision = begin_decision(recommendation, Step.ESCALATE, on=on, meeting=meeting, how=how, needs=needs)
    number, step = next_escalation(recommendation, len(decision.history.state.escalations))
    due = reply_deadline(step, decision.on)
    facts = {"rung": number, "to_whom": step.to_whom, "asks": step.asks, "reply_due": due.on}
    facts |= {"reply_due_words": due.sentence[:300]}
    by_when = f" They should reply by {format_date(due.on)}." if due.on else ""
    text = f"{reason.rstrip('.')}. We ask: {step.asks.rstrip('.')}.{by_when}"
    decision.record(EventKind.ESCALATED, text, by, title=f"Taken to {step.to_whom}", facts=facts)


@transition
def record_reply(*, recommendation: Recommendation, on: datetime.date, text: str, by: Any = None) -> None:
    """Record a reply to an escalation that does not change the answer; a new answer is recorded as one."""
    history = begin_step(recommendation, Step.ESCALATION_REPLY, on)
    require(text.strip(), "Say what they replied.")
    escalation = cast("Row", history.state.open_escalation)  # without one, the rules refuse the step
    title = f"Reply from {escalation['to_whom']}"
    add_entry(history, EventKind.REPLIED, on, text, by, title=title)
