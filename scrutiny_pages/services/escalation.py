"""The steps that take a recommendation further, rung by rung of its route (W47, H 5.4, K 14)."""

import datetime

from cms.core.dates import say_date

from ..deadlines import Deadline
from ..enums import EventKind, Step
from ..models import Escalation, EscalationStep, Meeting, Recommendation, SiteCalendar
from ..review_dates import count
from .refused import StepRefused, need
from .taking import close_escalation, decided, locked, taken, tell


def next_rung(recommendation: Recommendation) -> tuple[int, EscalationStep]:
    """Give where a recommendation can be taken next: the number of the rung, and the step of its route.

    :raises StepRefused: if there is no route, or it has no further rung.
    """
    process = recommendation.process
    route = process.escalation_route if process else None
    need(route, "The process of this review says nowhere to take it. Choose an escalation route for the process.")
    taken_already = recommendation.tracking.escalations.count()
    steps = list(route.steps.all())
    if taken_already >= len(steps):
        raise StepRefused("It has been taken to every step of the route.")
    return taken_already + 1, steps[taken_already]


def reply_deadline(step: EscalationStep, on: datetime.date) -> Deadline:
    """Give by when a rung has to reply, counted from the day it was taken there; W47: at the Board's next meeting."""
    if not step.rule:
        return Deadline(None, "Date not set.")
    return count(step.rule, on, "the day it was taken further", step.deadline_panel_id, SiteCalendar())


@taken
def escalate(
    *,
    recommendation: Recommendation,
    on: datetime.date,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by=None,
) -> None:
    """Take it to the next rung of its route: refused, late or not done."""
    tracking = locked(recommendation, Step.ESCALATE)
    need(reason.strip(), "Say why it is taken further.")
    how = decided(how, meeting, on)
    rung, step = next_rung(recommendation)
    due = reply_deadline(step, on)
    Escalation.objects.create(
        tracking=tracking,
        rung=rung,
        to_whom=step.to_whom,
        asks=step.asks,
        on=on,
        reply_due=due.on,
        reply_due_words=due.sentence[:300],
    )
    by_when = f" They should reply by {say_date(due.on)}." if due.on else ""
    text = f"{reason.rstrip('.')}. We ask: {step.asks.rstrip('.')}.{by_when}"
    tell(tracking, EventKind.ESCALATED, on, text, by, f"Taken to {step.to_whom}", how=how, meeting=meeting)


@taken
def record_reply(*, recommendation: Recommendation, on: datetime.date, text: str, by=None) -> None:
    """Record what those it was taken to said, when that changes no answer; a new answer is recorded as one."""
    tracking = locked(recommendation, Step.ESCALATION_REPLY)
    need(text.strip(), "Say what they replied.")
    to_whom = tracking.open_escalation.to_whom
    close_escalation(tracking, on)
    tell(tracking, EventKind.REPLIED, on, text, by, f"Reply from {to_whom}")
