"""Limits of a process on reviews and their recommendations, with messages. Pure."""

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

from cms.core.dates.formatting import format_date, is_quarter_end

from ..enums import COUNTED_REVIEWS, Level, ReviewState


@dataclasses.dataclass(frozen=True)
class LimitViolation:
    """A violated limit: its strictness, its message and its form field."""

    level: str
    words: str
    field: str = ""


def refusals(problems: Sequence[LimitViolation]) -> list[LimitViolation]:
    """Return the violations that block saving; the others are warnings."""
    return [problem for problem in problems if problem.level == Level.REFUSE]


def _more_than(number: int, most: int | None, level: str, words: str, field: str = "") -> list[LimitViolation]:
    if most is None or number <= most:
        return []
    return [LimitViolation(level, words, field)]


def review_violations(
    *,
    state: str,
    not_chosen_because: str,
    process: Any = None,
    reviews_in_year: int = 0,
    trigger: Any = None,
    trigger_used_in_year: int | None = 0,
) -> list[LimitViolation]:
    """Return the limits that a review violates (K 11.1, G 1, C offer; W38).

    :param process: with ``reviews_a_year`` and its level, or None.
    :param reviews_in_year: number of reviews in its programme, including this one.
    :param trigger: with ``name``, ``at_most_a_year`` and ``level``, or None.
    :param trigger_used_in_year: number of reviews that it started that year, including this one; None if the year is
        not known.
    """
    if state == ReviewState.NOT_CHOSEN and not not_chosen_because.strip():
        return [LimitViolation(Level.REFUSE, "Say why this review was not chosen.", "not_chosen_because")]
    if state not in COUNTED_REVIEWS:
        return []
    problems = []
    if process:
        problems += _more_than(
            reviews_in_year,
            process.reviews_a_year,
            process.reviews_a_year_level,
            f"{process.name} has at most {process.reviews_a_year} reviews a year. This would make {reviews_in_year}.",
            "programme",
        )
    if trigger and trigger.at_most_a_year and trigger_used_in_year is None:
        words = f"“{trigger.name}” is counted year by year. Choose the year."
        problems.append(LimitViolation(trigger.level, words, "programme"))
    elif trigger:
        problems += _more_than(
            trigger_used_in_year or 0,
            trigger.at_most_a_year,
            trigger.level,
            f"“{trigger.name}” may set off at most {trigger.at_most_a_year} a year. This would make "
            f"{trigger_used_in_year}.",
            "trigger",
        )
    return problems


def field_violations(recommendation: object, requirements: Sequence) -> list[LimitViolation]:
    """Return a violation for each field that the process requires and a recommendation lacks (W18, G 5, G 6, G 8, C).

    :param requirements: rows with ``field`` and ``level``.
    """
    return [
        LimitViolation(row.level, f"“{row.get_field_display()}” is empty. The process asks for it.", row.field)
        for row in requirements
        if not getattr(recommendation, row.field)
    ]


def count_violations(number: int, process: Any) -> list[LimitViolation]:
    """Return a violation if a review has too many recommendations (G 5: 10 is about right)."""
    return _more_than(
        number,
        process.most_recommendations,
        process.most_recommendations_level,
        f"{process.name} has about {process.most_recommendations} recommendations at most. This makes {number}.",
    )


def target_violation(target: datetime.date, quarter_ends: str) -> LimitViolation | None:
    """Return a violation if a target has to be the end of a quarter and is not (G 8)."""
    if not quarter_ends or is_quarter_end(target):
        return None
    return LimitViolation(
        quarter_ends,
        f"{format_date(target)} is not the end of a quarter. Dates promised here are 31 March, 30 June, 30 September "
        "or 31 December.",
    )


def meetings_violation(held: int, wanted: int) -> LimitViolation | None:
    """Return a warning if a review had fewer meetings than its process requires (H 10)."""
    if held >= wanted:
        return None
    return LimitViolation(
        Level.WARN, f"The process wants at least {wanted} meetings of the review. {held} are recorded."
    )
