"""How far a review has got, told in order: stages done, current and to come, and every date that moved. Pure."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from django.utils.text import get_text_list

from cms.core.dates import say_date

from .deadlines import Deadline
from .enums import StageChangeKind
from .review_dates import NOTHING, current
from .turns import Turn, sentences


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a review has got: its stages as turns, and those that it is in now, each as its number and name."""

    turns: list[Turn]
    now: list[tuple[int, str]]
    due: datetime.date | None

    @property
    def sentence(self) -> str:
        """Say where the review is: Stage 4 of 10: testing what we read. Stages 4 and 6 of 10: reading; interviews."""
        total = len(self.turns)
        if not total:
            return ""
        if not self.now:
            return f"All {total} stages are done."
        numbers = get_text_list([str(number) for number, _name in self.now], "and")
        names = "; ".join(f"{name[0].lower()}{name[1:]}" for _number, name in self.now)
        return f"Stage{'s' if len(self.now) > 1 else ''} {numbers} of {total}: {names}."


def progress_of(
    stages: Sequence, records: Mapping, dates: Mapping[object, Deadline], changes: Sequence = ()
) -> Progress:
    """Tell the stages of a review in order.

    :param stages: rows with ``key``, ``name``, ``description``, ``who`` and ``signed_off_by``.
    :param records: of stages, by key: rows with ``happened``, ``note``, ``how`` and ``left_out_because``.
    :param dates: by when each stage is due, by its key.
    :param changes: rows with ``stage_key``, ``kind``, ``from_date``, ``to_date`` and ``reason``, oldest first.
    """
    happened = {key: record.happened for key, record in records.items()}
    current_keys = {stage.key for stage in current(stages, happened)}
    turns, now = [], []
    for number, stage in enumerate(stages, 1):
        moves = [_change(change) for change in changes if change.stage_key == stage.key]
        is_current = stage.key in current_keys
        turns.append(_turn(stage, records.get(stage.key), dates[stage.key], moves, is_current=is_current))
        if is_current:
            now.append((number, stage.name))
    due = min((dates[key].on for key in current_keys if dates[key].on), default=None)
    return Progress(turns, now, due)


def _turn(stage, record, due: Deadline, moves: list[str], *, is_current: bool) -> Turn:
    happened = record.happened if record else NOTHING
    note = record.note if record else ""
    if happened.done_on:
        text = sentences(stage.description, *moves, agreed_words(stage, record), note)
        return Turn(happened.done_on, stage.name, text, "done", say_date(happened.done_on))
    if happened.left_out:
        return Turn(None, stage.name, sentences(*moves, record.left_out_because), "skipped", "Not used")
    text = sentences(stage.description, stage.who, *moves, note)
    by_when = "Due" if stage.rule or happened.moved_to else "Planned for"
    words = f"{by_when} {say_date(due.on)}" if due.on else "Date not set"
    tone = "current" if is_current else "todo"
    return Turn(due.on, stage.name, text, tone, f"Now. {words}" if is_current else words)


def agreed_words(stage, record) -> str:
    """Say who signed off a stage that is done, and how; nothing if nobody has to."""
    if not stage.signed_off_by:
        return ""
    return f"Signed off by the {stage.signed_off_by}{f': {record.how}' if record.how else ''}"


def _change(change) -> str:
    """Say what moved, and why: no date changes quietly."""
    if change.kind == StageChangeKind.RETURNED:
        return sentences(f"Sent back on {say_date(change.on)}", change.reason)
    was = f" from {say_date(change.from_date)}" if change.from_date else ""
    return sentences(f"The date was moved{was} to {say_date(change.to_date)}", change.reason)
