"""How far a review has got, told in order: stages done, current and to come, and every date that moved. Pure."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from cms.core.dates import say_date

from .deadlines import Deadline
from .enums import StageChangeKind
from .review_dates import NOTHING, current
from .turns import Turn, sentences


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a review has got: its stages as turns, and the current one in a sentence."""

    turns: list[Turn]
    number: int
    total: int
    current: str
    due: datetime.date | None

    @property
    def sentence(self) -> str:
        """Say where the review is: Stage 4 of 10: testing what we read."""
        if not self.total:
            return ""
        if not self.current:
            return f"All {self.total} stages are done."
        return f"Stage {self.number} of {self.total}: {self.current[0].lower()}{self.current[1:]}."


def progress_of(
    stages: Sequence, records: Mapping, dates: Mapping[object, Deadline], changes: Sequence = ()
) -> Progress:
    """Tell the stages of a review in order.

    :param stages: rows with ``key``, ``name``, ``description`` and ``role``.
    :param records: of stages, by key: rows with ``happened``, ``note`` and ``left_out_because``.
    :param dates: by when each stage is due, by its key.
    :param changes: rows with ``stage_key``, ``kind``, ``from_date``, ``to_date`` and ``reason``, oldest first.
    """
    happened = {key: record.happened for key, record in records.items()}
    now = {stage.key for stage in current(stages, happened)}
    turns, first = [], None
    for position, stage in enumerate(stages, 1):
        moves = [_change(change) for change in changes if change.stage_key == stage.key]
        turns.append(_turn(stage, records.get(stage.key), dates[stage.key], moves, is_current=stage.key in now))
        if first is None and stage.key in now:
            first = (position, stage)
    if first is None:
        return Progress(turns, 0, len(stages), "", None)
    return Progress(turns, first[0], len(stages), first[1].name, dates[first[1].key].on)


def _turn(stage, record, due: Deadline, moves: list[str], *, is_current: bool) -> Turn:
    happened = record.happened if record else NOTHING
    note = record.note if record else ""
    who = f"{stage.role} acts" if stage.role and not happened.is_over else ""
    text = sentences(stage.description, who, *moves, note)
    if happened.done_on:
        return Turn(happened.done_on, stage.name, text, "done", say_date(happened.done_on))
    if happened.left_out:
        return Turn(None, stage.name, sentences(*moves, record.left_out_because), "skipped", "Not used")
    by_when = "Due" if stage.rule or happened.moved_to else "Planned for"
    words = f"{by_when} {say_date(due.on)}" if due.on else "Date not set"
    tone = "current" if is_current else "todo"
    return Turn(due.on, stage.name, text, tone, f"Now. {words}" if is_current else words)


def _change(change) -> str:
    """Say what moved, and why: no date changes quietly."""
    if change.kind == StageChangeKind.RETURNED:
        return sentences(f"Sent back on {say_date(change.on)}", change.reason)
    was = f" from {say_date(change.from_date)}" if change.from_date else ""
    return sentences(f"The date was moved{was} to {say_date(change.to_date)}", change.reason)
