"""The steps of a recommendation around its delivery: new words, actions, and whether it helped."""

import datetime

from cms.core.dates import say_date

from ..enums import EventKind, Impact, Step
from ..models import Action, Meeting, Recommendation, Role
from .refused import StepRefused, need
from .taking import allow_target, decided, locked, taken, tell


@taken
def reword(
    *,
    recommendation: Recommendation,
    on: datetime.date,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by=None,
) -> None:
    """Record that the panel changed the words of what it asks for, and why (K 14). The editor changes the words."""
    tracking = locked(recommendation, Step.REWORD)
    need(reason.strip(), "Say what was reworded, and why.")
    how = decided(how, meeting, on)
    tell(tracking, EventKind.REWORDED, on, reason, by, how=how, meeting=meeting)


@taken
def check_impact(
    *,
    recommendation: Recommendation,
    impact: Impact,
    on: datetime.date,
    text: str,
    again_on: datetime.date | None = None,
    how: str = "",
    meeting: Meeting | None = None,
    by=None,
) -> None:
    """Record whether what was done has helped (W21, K 11.4 stage 17).

    :param again_on: when to ask again; needed when it is too soon to say.
    """
    tracking = locked(recommendation, Step.CHECK_IMPACT)
    need(text.strip(), "Say what you found, and how you know.")
    how = decided(how, meeting, on)
    if impact == Impact.TOO_SOON:
        need(again_on, "Say when you will ask again.")
    if again_on and again_on <= on:
        raise StepRefused("The next check comes after this one.")
    tracking.impact, tracking.impact_checked_on = impact, on
    tracking.impact_check_on = again_on or tracking.impact_check_on
    tell(tracking, EventKind.IMPACT_CHECKED, on, text, by, Impact(impact).label, how=how, meeting=meeting)
    tracking.save()


@taken
def plan_action(
    *, recommendation: Recommendation, text: str, owner: Role, due: datetime.date, on: datetime.date, by=None
) -> None:
    """Add a step that delivers it, with the job that owns it and its date (H 6.2, G 7, G 8)."""
    tracking = locked(recommendation, Step.PLAN_ACTION)
    need(text.strip(), "Say what will be done.")
    need(owner, "Say which job owns this action.")
    need(due, "Say by when it will be done.")
    if due < on:
        raise StepRefused("The action is due before the day it was planned.")
    allow_target(recommendation, due)
    Action.objects.create(tracking=tracking, text=text, owner=owner, due=due)
    tell(tracking, EventKind.ACTION_PLANNED, on, f"{text.rstrip('.')}. {owner}, by {say_date(due)}.", by)


@taken
def finish_action(
    *, recommendation: Recommendation, action: Action, on: datetime.date, note: str = "", by=None
) -> None:
    """Record that one of the planned actions is done."""
    tracking = locked(recommendation, Step.FINISH_ACTION)
    action = tracking.actions.select_for_update().filter(pk=action.pk, done_on__isnull=True).first()
    need(action, "This action is not one of the open actions of this recommendation.")
    action.done_on = on
    action.save()
    tell(tracking, EventKind.ACTION_DONE, on, " ".join(filter(None, [f"{action.text.rstrip('.')}.", note])), by)
