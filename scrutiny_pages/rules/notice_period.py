"""Notice of meetings: whether people were informed early enough."""

import datetime

from cms.core.dates.formatting import say_date, say_weekday
from cms.core.dates.working_days import count_weekdays

from ..enums import DeadlineUnit, Level
from .deadlines import Deadline, DeadlineRule, deadline
from .membership import Breach
from .panel_rules import Rules
from .rule_types import Notice

WEEKDAYS = "Mondays to Fridays"


def notice_breach(
    *,
    kind: str,
    day: datetime.date,
    told_on: datetime.date | None,
    rules: Rules,
    nation: str,
    light_touch: bool = False,
) -> Breach | None:
    """Return the rule on notice that a meeting breaks, with the earliest day on which it may be (K 7.1, H 6.1).

    Where no bank holidays are on record yet, notice in working days is counted in weekdays. Holidays only make it
    longer, so a meeting that is too early even then is refused, and a later one is not.

    :param nation: whose bank holidays are no working days.
    :param light_touch: whether it is a meeting of a light-touch review, which may be spared the notice (H 6.1).
    """
    rule = next((rule for rule in rules.all(Notice) if rule.meeting_kind == kind), None)
    if rule is None or (light_touch and rule.full_reviews_only):
        return None
    quoted, level = rules.say(rule), Level(rule.level)
    if told_on is None:
        return Breach(quoted, level, "Say on which day people were told of it.", "notice_given_on")
    length = DeadlineRule(unit=rule.unit, amount=rule.amount)
    earliest = deadline(length, start=told_on, event="the notice", nation=nation)
    if earliest.on is None and rule.unit == DeadlineUnit.WORKING_DAYS:
        on = count_weekdays(told_on, rule.amount)
        earliest = Deadline(on, f"Bank holidays are not known yet, so this counts {WEEKDAYS} only: {say_weekday(on)}")
    if earliest.on is None or day >= earliest.on:
        return None
    problem = f"It can be on {say_date(earliest.on)} at the earliest. {earliest.sentence}"
    return Breach(quoted, level, problem, "notice_given_on")
