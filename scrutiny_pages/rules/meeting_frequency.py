"""Counts whether a panel meets as often as its rules say (W7, W15, W33, K 7.1, C Meetings). Pure."""

import dataclasses
import datetime
from collections.abc import Collection

from cms.core.dates.formatting import add_months, say_date, say_length

from ..enums import HowOften
from .panel_rules import Rules
from .rule_types import Frequency

DAYS_IN_YEAR = 365


@dataclasses.dataclass(frozen=True)
class Pace:
    """A panel that meets more seldom or more often than its rule says, in words, with the rule quoted."""

    sentence: str


def rule_in_force(
    rules: Rules, *, first_day: datetime.date, on: datetime.date
) -> tuple[Frequency, datetime.date] | None:
    """Return the rule that counts on a day, and the day from which it does; one for the first months comes first.

    :param first_day: the day on which the panel began.
    """
    found = rules.all(Frequency)
    early = next((rule for rule in found if rule.first_months), None)
    later = next((rule for rule in found if not rule.first_months), None)
    changes_on = add_months(first_day, early.first_months) if early and early.first_months else first_day
    if early and on < changes_on:
        return early, first_day
    return (later, changes_on) if later else None


def began_on(
    starts_on: datetime.date | None, published_on: datetime.date | None, met_on: Collection[datetime.date]
) -> datetime.date | None:
    """Return the day on which a panel began: its first day, or else its first meeting or publication, if known."""
    known = [*met_on, *([published_on] if published_on else [])]
    return starts_on or min(known, default=None)


def pace_problem(
    rules: Rules, *, met_on: Collection[datetime.date], first_day: datetime.date, on: datetime.date
) -> Pace | None:
    """Return how a panel falls short of, or goes beyond, the number of meetings in its rule; nothing if it keeps to it.

    The last twelve months are counted, or the time since the rule began to count: then its share of the year's number
    is due. “About” so many may be one short.

    :param met_on: the days of its meetings that were not called off; those after ``on`` do not count.
    :param first_day: the day on which the panel began.
    """
    known = rule_in_force(rules, first_day=first_day, on=on)
    if known is None:
        return None
    rule, counts_from = known
    since = max(counts_from, add_months(on, -12))
    held = sum(since <= day <= on for day in met_on)
    span = f"It met {say_length(held, 'time')} since {say_date(since)}"
    quoted = f"The rule: “{rules.say(rule)}”"
    if rule.how == HowOften.AT_MOST:
        return Pace(f"{span}. {quoted}") if held > rule.times_a_year else None
    due = rule.times_a_year * min((on - since).days, DAYS_IN_YEAR) // DAYS_IN_YEAR
    allowed = due - 1 if rule.how == HowOften.ABOUT else due
    return Pace(f"{span}, and {due} were due by now. {quoted}") if held < allowed else None
