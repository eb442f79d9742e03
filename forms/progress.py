"""Where something has got to, as the person who sent it is told: in words, with dates, and what we wrote to them."""

from collections.abc import Iterable, Iterator

from cms.core.dates import say_date, say_weekday

from .case_states import told
from .enums import CaseEventKind, CaseState
from .models import Case, CaseEvent, Submission


def progress_of(sent: Submission) -> dict:
    """Give what ``forms/progress.html`` shows: nothing of what is for staff.

    :returns: ``now`` in words, ``sentences`` about dates, ``messages``, and ``steps`` as entries of a timeline; both
        newest first.
    """
    case = getattr(sent, "case", None)
    if case is None:
        return {}
    # Whoever sends spam learns nothing from it, and whoever was taken for a spammer loses nothing.
    state = CaseState.RECEIVED if case.is_quarantined else case.state
    events = [] if case.is_quarantined else case.events.filter(is_internal=False)
    return {
        "now": _now(sent, case, state),
        "is_waiting": state == CaseState.CLARIFICATION,
        "sentences": [] if case.is_quarantined else list(_dates(case)),
        "steps": _steps(sent, events),
        "messages": [] if case.is_quarantined else list(reversed(case.messages.all())),
        "outside": _outside(case),
    }


def _now(sent: Submission, case: Case, state: str) -> str:
    words = told(sent.version.kind, state)
    if state == CaseState.OFFERED and case.membership_id:
        return "You have a place. We will help you start."
    return words


def _dates(case: Case) -> Iterator[str]:
    """Say by when we answer: the first date, and each later one with its reason."""
    if case.refusal_reason:
        yield f"The reason: {case.refusal_reason.rstrip('.')}."
    if case.state == CaseState.IN_REVIEW and case.review_due_on:
        yield f"We will tell you by {say_weekday(case.review_due_on)}."
    if case.is_closed or case.state in (CaseState.IN_REVIEW, CaseState.OUTSIDE_BODY):
        return
    if case.is_stopped:
        yield "We wait for your answer. The days until then do not count."
    elif case.due_on:
        yield f"We will answer by {say_weekday(case.due_on)}."
    if case.first_due_on and case.due_on != case.first_due_on:
        yield f"At first we said {say_date(case.first_due_on)}."
    for more in case.extensions.all():
        yield f"We need more time, until {say_date(more.to_date)}. The reason: {more.reason.rstrip('.')}."


def _steps(sent: Submission, events: Iterable[CaseEvent]) -> list[dict]:
    steps = [
        {"date": event.on, "date_words": say_date(event.on), "title": words, "tone": "done"}
        for event in events
        if (words := _words(sent, event))
    ]
    return list(reversed(steps))


def _words(sent: Submission, event: CaseEvent) -> str:
    return {
        CaseEventKind.RECEIVED: told(sent.version.kind, CaseState.RECEIVED),
        CaseEventKind.STATE: told(sent.version.kind, event.state),
        CaseEventKind.EXTENDED: "We told you that we need more time.",
        CaseEventKind.MESSAGE: "We sent you a message.",
        CaseEventKind.MEMBERSHIP: "You joined our list of members.",
    }.get(CaseEventKind(event.kind), "")


def _outside(case: Case) -> dict[str, str]:
    """Give who can look at it after us, once we have answered."""
    regime = case.regime
    if not (regime and regime.outside_body and case.answered_on):
        return {}
    return {"name": regime.outside_body, "url": regime.outside_body_url}
