"""Checks of a panel's meetings against its rules. Pure."""

import datetime
from collections.abc import Collection

from .rule_types import RULES, Activity, Breach, PlannedMeeting, Rules


def meeting_breaches(meeting: PlannedMeeting, *, rules: Rules) -> list[Breach]:
    """Return the panel rules that a planned meeting breaks."""
    return [breach for rule_type in RULES.values() for breach in rule_type.check_meeting(meeting, rules)]


def turnout_breaches(came: int, *, rules: Rules) -> list[Breach]:
    """Return the panel rules that the attendance of one meeting breaks."""
    return [breach for rule_type in RULES.values() for breach in rule_type.check_turnout(came, rules)]


def activity_breaches(activity: Activity, *, rules: Rules) -> list[Breach]:
    """Return the rules on meeting frequency that a panel breaks (W7, W15, W33, K 7.1, C Meetings)."""
    return [breach for rule_type in RULES.values() for breach in rule_type.check_activity(activity, rules)]


def began_on(
    starts_on: datetime.date | None, published_on: datetime.date | None, met_on: Collection[datetime.date]
) -> datetime.date | None:
    """Return the day on which a panel began: its first day, else its first meeting or publication, else None."""
    known = [*met_on, *([published_on] if published_on else [])]
    return starts_on or min(known, default=None)
