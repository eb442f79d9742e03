"""The steps that take a recommendation further, rung by rung of its route (W47, H 5.4, K 14)."""

import datetime

from cms.core.dates.formatting import format_date

from ..enums import EventKind, Step
from ..models import EscalationStep, Meeting, Recommendation, SiteCalendar
from ..rules.deadlines import Deadline
from ..rules.stage_dates import count
from .base import add_entry, begun, taken
from .decisions import begin_decision
from .exceptions import TransitionNotAllowed, need


def next_rung(recommendation: Recommendation, taken_already: int | None = None) -> tuple[int, EscalationStep]:
    """Return where a recommendation can be taken next: the number of the rung, and the step of its route.

    :param taken_already: how many rungs it was taken to before, if not all that are known.
    :raises TransitionNotAllowed: if there is no route, or it has no further rung.
    """
    process = recommendation.process
    route = process.escalation_route if process else None
    need(route, "The process of this review says nowhere to take it. Choose an escalation route for the process.")
    if taken_already is None:
        taken_already = recommendation.tracking.escalations.count()
    steps = list(route.steps.all())
    if taken_already >= len(steps):
        raise TransitionNotAllowed("It has been taken to every step of the route.")
    return taken_already + 1, steps[taken_already]


def reply_deadline(step: EscalationStep, on: datetime.date) -> Deadline:
    """Return by when a rung has to reply, counted from the day it was taken there; W47: at the Board's next meeting."""
    if not step.rule:
        return Deadline(None, "Date not set.")
    return count(step.rule, on, "the day it was taken further", step.deadline_panel_id, SiteCalendar())


@taken
def escalate(
    *,
    recommendation: Recommendation,
    on: datetime.date | None = None,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by=None,
) -> None:
    """Take it to the next rung of its route: refused, late or not done."""
    needs = [(reason.strip(), "Say why it is taken further.")]
    decision = begin_decision(recommendation, Step.ESCALATE, on=on, meeting=meeting, how=how, needs=needs)
    rung, step = next_rung(recommendation, len(decision.history.state.escalations))
    due = reply_deadline(step, decision.on)
    facts = {"rung": rung, "to_whom": step.to_whom, "asks": step.asks, "reply_due": due.on}
    facts |= {"reply_due_words": due.sentence[:300]}
    by_when = f" They should reply by {format_date(due.on)}." if due.on else ""
    text = f"{reason.rstrip('.')}. We ask: {step.asks.rstrip('.')}.{by_when}"
    decision.record(EventKind.ESCALATED, text, by, title=f"Taken to {step.to_whom}", facts=facts)


@taken
def record_reply(*, recommendation: Recommendation, on: datetime.date, text: str, by=None) -> None:
    """Record what those it was taken to said, when that changes no answer; a new answer is recorded as one."""
    history = begun(recommendation, Step.ESCALATION_REPLY, on)
    need(text.strip(), "Say what they replied.")
    title = f"Reply from {history.state.open_escalation['to_whom']}"
    add_entry(history, EventKind.REPLIED, on, text, by, title=title)
