"""How far a review has got, told in order: stages done, current and to come, and every date that moved. Pure."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from django.utils.text import get_text_list

from cms.core.dates.formatting import format_date

from ..enums import Product, StageChangeKind
from ..rules.deadlines import Deadline
from ..rules.stage_dates import NOTHING, current
from .timeline import TimelineEntry, sentences


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a review has got: its stages as turns, and those that it is in now, each as its number and name."""

    turns: list[TimelineEntry]
    now: list[tuple[int, str]]
    due: datetime.date | None
    report_due: datetime.date | None = None
    on: datetime.date | None = None

    @property
    def sentence(self) -> str:
        """Describe where the review is.

        Stage 4 of 10: testing what we read. Stages 4 and 6 of 10: reading; interviews.
        """
        total = len(self.turns)
        if not total:
            return ""
        if not self.now:
            is_to_come = any(turn.tone == "todo" for turn in self.turns)
            return f"{total} stages." if is_to_come else f"All {total} stages are done."
        numbers = get_text_list([str(number) for number, _name in self.now], "and")
        names = "; ".join(f"{name[0].lower()}{name[1:]}" for _number, name in self.now)
        return f"Stage{'s' if len(self.now) > 1 else ''} {numbers} of {total}: {names}."

    @property
    def is_late(self) -> bool:
        """Return whether a stage that the review is in should be over on the day that is told of."""
        return bool(self.on and self.due and self.due < self.on)

    @property
    def next_words(self) -> str:
        """Describe what to expect, and what is late: Report due 30 June 2026."""
        if not self.now:
            return ""
        late = f"This stage was due on {format_date(self.due)} and is late" if self.due and self.is_late else ""
        if self.report_due:
            was_due = self.on and self.report_due < self.on
            return sentences(late, f"Report {'was due on' if was_due else 'due'} {format_date(self.report_due)}")
        return sentences(late or (f"Due {format_date(self.due)}" if self.due else ""))

    @property
    def track(self) -> "Track | None":
        """Draw the stages as marks on a line; nothing while there are none."""
        if not self.turns:
            return None
        dots = [Dot(turn.tone, DOT_WIDTH * place + DOT_WIDTH // 2) for place, turn in enumerate(self.turns)]
        tones = [turn.tone for turn in self.turns]
        counts = [(tone, f"{tones.count(tone)} {words}") for tone, words in TONE_WORDS.items() if tone in tones]
        return Track(dots, DOT_WIDTH * len(dots), dots[-1].x, counts)


DOT_WIDTH = 40
TONE_WORDS = {"done": "done", "late": "now, and late", "current": "now", "todo": "to come", "skipped": "not used"}


@dataclasses.dataclass(frozen=True)
class Dot:
    """The mark of one stage: how far it is, and where it stands on the line."""

    tone: str
    x: int


@dataclasses.dataclass(frozen=True)
class Track:
    """A picture of a review: a mark for each stage, and how many there are of each, in words."""

    dots: list[Dot]
    width: int
    line_end: int
    counts: list[tuple[str, str]]


def progress_of(
    stages: Sequence,
    records: Mapping,
    dates: Mapping[object, Deadline],
    changes: Sequence = (),
    on: datetime.date | None = None,
    is_to_come: bool = False,
) -> Progress:
    """Return the stages of a review in order.

    :param stages: rows with ``key``, ``name``, ``description``, ``produces``, ``who`` and ``signed_off_by``.
    :param records: of stages, by key: rows with ``happened``, ``note``, ``how`` and ``left_out_because``.
    :param dates: by when each stage is due, by its key.
    :param changes: rows with ``stage_key``, ``kind``, ``from_date``, ``to_date`` and ``reason``, oldest first.
    :param on: the day on which something can be late; without one nothing is.
    :param is_to_come: whether the review has not started, so that no stage is under way.
    """
    happened = {key: record.happened for key, record in records.items()}
    current_keys = set() if is_to_come else {stage.key for stage in current(stages, happened)}
    turns, now = [], []
    for number, stage in enumerate(stages, 1):
        moves = [_change(change) for change in changes if change.stage_key == stage.key]
        is_current = stage.key in current_keys
        tone = "todo"
        if is_current:
            day = dates[stage.key].on
            tone = "late" if on and day and day < on else "current"
        turns.append(_turn(stage, records.get(stage.key), dates[stage.key], moves, tone))
        if is_current:
            now.append((number, stage.name))
    due = min((dates[key].on for key in current_keys if dates[key].on), default=None)
    return Progress(turns, now, due, _report_due(stages, happened, dates), on)


def _report_due(stages: Sequence, happened: Mapping, dates: Mapping[object, Deadline]) -> datetime.date | None:
    """Return by when residents can read the report.

    When it is published, else when it is agreed; nothing once it is.
    """
    for product in (Product.PUBLICATION, Product.FINAL_REPORT, Product.DRAFT_REPORT):
        for stage in stages:
            if stage.produces == product:
                return None if happened.get(stage.key, NOTHING).is_over else dates[stage.key].on
    return None


def _turn(stage, record, due: Deadline, moves: list[str], tone: str) -> TimelineEntry:
    happened = record.happened if record else NOTHING
    note = record.note if record else ""
    if happened.done_on:
        told = (stage.description, *moves, agreed_words(stage, record), note)
        return _told(
            TimelineEntry(happened.done_on, stage.name, tone="done", date_words=format_date(happened.done_on)), told
        )
    if happened.left_out:
        return _told(
            TimelineEntry(None, stage.name, tone="skipped", date_words="Not used"), (*moves, record.left_out_because)
        )
    by_when = "Due" if stage.rule or happened.moved_to else "Planned for"
    words = f"{by_when} {format_date(due.on)}" if due.on else "Date not set"
    words = {"current": f"Now. {words}", "late": f"Now, and late. {words}"}.get(tone, words)
    reckoned = due.sentence if tone != "todo" and stage.rule and due.on and not happened.moved_to else ""
    told = (stage.description, stage.who, *moves, reckoned, note)
    return _told(TimelineEntry(due.on, stage.name, tone=tone, date_words=words), told)


def _told(turn: TimelineEntry, parts: Sequence[str]) -> TimelineEntry:
    """Return a turn the words that tell of it: as one text, and line by line."""
    return dataclasses.replace(turn, text=sentences(*parts), lines=tuple(sentences(part) for part in parts if part))


def agreed_words(stage, record) -> str:
    """Describe who signed off a stage that is done, and how; nothing if nobody has to."""
    if not stage.signed_off_by:
        return ""
    return f"Signed off by the {stage.signed_off_by}{f': {record.how}' if record.how else ''}"


def _change(change) -> str:
    """Describe what moved, and why: no date changes quietly."""
    if change.kind == StageChangeKind.RETURNED:
        return sentences(f"Returned on {format_date(change.on)} to be put right", change.reason)
    was = f" from {format_date(change.from_date)}" if change.from_date else ""
    return sentences(f"The date was moved{was} to {format_date(change.to_date)}", change.reason)
