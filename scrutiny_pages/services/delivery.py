"""The steps of a recommendation during delivery: rewording, actions, and the check of its impact."""

import datetime
from typing import Any

from cms.core.dates.formatting import format_date

from ..enums import EventKind, Impact, Step
from ..models import Action, Meeting, Recommendation, Role
from .base import add_entry, begin_step, check_target, transition
from .decisions import begin_decision
from .exceptions import TransitionNotAllowed, require


@transition
def reword(
    *,
    recommendation: Recommendation,
    on: datetime.date | None = None,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by: Any = None,
) -> None:
    """Record that the panel reworded the recommendation, and why (K 14). The editor changes the text itself."""
    needs = [(reason.strip(), "Say what was reworded, and why.")]
    decision = begin_decision(recommendation, Step.REWORD, on=on, meeting=meeting, how=how, needs=needs)
    decision.record(EventKind.REWORDED, reason, by)


@transition
def check_impact(
    *,
    recommendation: Recommendation,
    impact: Impact,
    on: datetime.date | None = None,
    text: str,
    again_on: datetime.date | None = None,
    how: str = "",
    meeting: Meeting | None = None,
    by: Any = None,
) -> None:
    """Record whether the delivery has helped (W21, K 11.4 stage 17).

    :param again_on: the day of the next check; required if it is too soon to say.
    """
    needs = [(text.strip(), "Say what you found, and how you know.")]
    decision = begin_decision(recommendation, Step.CHECK_IMPACT, on=on, meeting=meeting, how=how, needs=needs)
    if impact == Impact.TOO_SOON:
        require(again_on, "Say when you will ask again.")
    if again_on and again_on <= decision.on:
        raise TransitionNotAllowed("The next check comes after this one.")
    title, facts = Impact(impact).label, {"impact": Impact(impact).value, "again_on": again_on}
    decision.record(EventKind.IMPACT_CHECKED, text, by, title=title, facts=facts)


@transition
def plan_action(
    *, recommendation: Recommendation, text: str, owner: Role, due: datetime.date, on: datetime.date, by: Any = None
) -> None:
    """Add an action that delivers the recommendation, with its owner and its due date (H 6.2, G 7, G 8)."""
    history = begin_step(recommendation, Step.PLAN_ACTION, on)
    require(text.strip(), "Say what will be done.")
    require(owner, "Say which job owns this action.")
    require(due, "Say by when it will be done.")
    if due < on:
        raise TransitionNotAllowed("The action is due before the day it was planned.")
    check_target(recommendation, due)
    words = f"{text.rstrip('.')}. {owner}, by {format_date(due)}."
    add_entry(history, EventKind.ACTION_PLANNED, on, words, by, facts={"text": text, "owner": owner.pk, "due": due})


@transition
def finish_action(
    *, recommendation: Recommendation, action: Action, on: datetime.date, note: str = "", by: Any = None
) -> None:
    """Record that a planned action is done."""
    history = begin_step(recommendation, Step.FINISH_ACTION, on)
    words = " ".join(filter(None, [f"{action.text.rstrip('.')}.", note]))
    facts = {"action": action.event_id, "text": action.text}
    add_entry(history, EventKind.ACTION_DONE, on, words, by, facts=facts)
