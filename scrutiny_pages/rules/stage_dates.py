"""Due dates of the stages of a review: planned at its start, recalculated from what really happened.

Pure: the stages, their records, the nation and the panels' meeting days are arguments.
"""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from cms.core.dates.formatting import format_date, format_weekday

from ..enums import CountsFrom, DeadlineUnit, Product
from .deadlines import Deadline, DeadlineRule, deadline

# From what a stage's date is counted, as it stands in a sentence.
EVENTS = {product.value: f"the {product.label[0].lower()}{product.label[1:]}" for product in Product} | {
    CountsFrom.REVIEW.value: "the start of the review",
    CountsFrom.PREVIOUS.value: "the end of the stage before",
    CountsFrom.STAGE.value: "the start of this stage",
}


@dataclasses.dataclass(frozen=True)
class Calendar:
    """The inputs of date calculations: the nation for bank holidays, and the meeting days of panels by panel id."""

    nation: str
    meetings: Mapping[int, Sequence[datetime.date]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class StageProgress:
    """The recorded progress of one stage: start, completion, omission, and a new date if it was moved."""

    started_on: datetime.date | None = None
    done_on: datetime.date | None = None
    left_out: bool = False
    moved_to: datetime.date | None = None

    @property
    def is_over(self) -> bool:
        """Return whether this stage is done or left out."""
        return self.left_out or self.done_on is not None


NOTHING = StageProgress()


def due_dates(
    stages: Sequence,
    happened: Mapping[object, StageProgress],
    *,
    started_on: datetime.date | None,
    calendar: Calendar,
    plan_stands: bool = True,
) -> dict[object, Deadline]:
    """Return the deadline of each stage, by the stage's key.

    A date that was moved has priority. Otherwise the stage's rule counts from the actual event; until that has
    happened, the planned date applies, unless ``plan_stands`` is false, for callers that need only actual obligations.

    :param stages: in order, each with ``key``, ``produces``, ``planned_on``, ``rule``, ``deadline_from`` and
        ``deadline_panel_id``.
    """
    dates = {}
    for stage in stages:
        known = happened.get(stage.key, NOTHING)
        if known.moved_to:
            dates[stage.key] = Deadline(known.moved_to, f"Moved to {format_weekday(known.moved_to)}")
            continue
        counted = None
        if stage.rule:
            start = _event_date(stage, stages, happened, started_on)
            counted = _count(stage.rule, start, stage, calendar)
        if counted or not stage.planned_on or not plan_stands:
            dates[stage.key] = counted or Deadline(None, counted.sentence if counted is not None else "Date not set.")
        else:
            dates[stage.key] = Deadline(stage.planned_on, f"Planned for {format_date(stage.planned_on)}")
    return dates


def plan(stages: Sequence, *, started_on: datetime.date, calendar: Calendar) -> list[Deadline]:
    """Return a planned date for each stage of a review with a given start, assuming that each is done on its date.

    A stage without a rule gets no date: the panel decides it.
    """
    expected: dict[object, StageProgress] = {}
    planned = []
    for stage in stages:
        start = _event_date(stage, stages, expected, started_on, planning=True)
        date = _count(stage.rule, start, stage, calendar) if stage.rule else Deadline(None, "Date not set.")
        planned.append(date)
        if date.on:
            expected[stage.key] = StageProgress(done_on=date.on)
    return planned


def _count(rule: DeadlineRule, start: datetime.date | None, stage: Any, calendar: Calendar) -> Deadline:
    return count(rule, start, EVENTS[stage.deadline_from or CountsFrom.PREVIOUS], stage.deadline_panel_id, calendar)


def count(
    rule: DeadlineRule, start: datetime.date | None, event: str, panel_id: int | None, calendar: Calendar
) -> Deadline:
    """Return the deadline of a rule, reading from the calendar only what the rule needs.

    :param panel_id: the panel whose next meeting a rule may refer to.
    """
    meetings = calendar.meetings.get(panel_id or 0, ()) if rule.unit == DeadlineUnit.NEXT_MEETING else ()
    nation = calendar.nation if rule.unit == DeadlineUnit.WORKING_DAYS else ""
    return deadline(rule, start=start, event=event, nation=nation, meetings=meetings)


def _event_date(
    stage: Any, stages: Sequence, happened: Mapping, started_on: datetime.date | None, *, planning: bool = False
) -> datetime.date | None:
    """Return the date of the event that a stage's deadline counts from, or None if it has not happened."""
    match stage.deadline_from or CountsFrom.PREVIOUS:
        case CountsFrom.REVIEW:
            return started_on
        case CountsFrom.STAGE if not planning:
            return happened.get(stage.key, NOTHING).started_on
        case CountsFrom.PREVIOUS | CountsFrom.STAGE:
            before = [other for other in stages[: stages.index(stage)] if not happened.get(other.key, NOTHING).left_out]
            return happened.get(before[-1].key, NOTHING).done_on if before else started_on
        case product:
            makers = (happened.get(other.key, NOTHING).done_on for other in stages if other.produces == product)
            return max((date for date in makers if date), default=None)


def order_problem(stages: Sequence, happened: Mapping[object, StageProgress]) -> str:
    """Return an error if a sign-off precedes what it signs, or an empty text if the order is valid (case AR7).

    A sign-off has to follow the sign-offs before it, and the last product of the stages before it, which is what it
    signs. A stage that is only done if needed may be missing.

    :param stages: in order, each with ``key``, ``name``, ``produces``, ``signed_off_by_id`` and ``only_if_needed``.
    """
    for place, signed in enumerate(stages):
        signed_on = happened.get(signed.key, NOTHING).done_on if signed.signed_off_by_id else None
        for earlier in _before_sign_off(stages[:place]) if signed_on else []:
            known = happened.get(earlier.key, NOTHING)
            if signed_on and known.done_on and known.done_on > signed_on:
                done = f"done on {format_date(known.done_on)}"
                return f"“{signed.name}” is signed off on {format_date(signed_on)}, before “{earlier.name}” was {done}."
            if not known.is_over:
                return f"“{earlier.name}” comes before “{signed.name}”, and is not done. Record it first."
    return ""


def _before_sign_off(ahead: Sequence) -> list:
    needed = [stage for stage in ahead if not stage.only_if_needed]
    signed = [stage for stage in needed if stage.signed_off_by_id]
    return signed + [stage for stage in needed if stage.produces and not stage.signed_off_by_id][-1:]


def open_before_public(stages: Sequence, happened: Mapping[object, StageProgress]) -> list[str]:
    """Return the names of the open stages that block the publication of a report (W9, H 7.2, K 11.4, G 7)."""
    return [stage.name for stage in stages if stage.before_public and not happened.get(stage.key, NOTHING).is_over]


def current(stages: Sequence, happened: Mapping[object, StageProgress]) -> list:
    """Return the current stages of a review: those started and not over, else the first that is not over."""
    ahead = [stage for stage in stages if not happened.get(stage.key, NOTHING).is_over]
    started = [stage for stage in ahead if happened.get(stage.key, NOTHING).started_on]
    return started or ahead[:1]
