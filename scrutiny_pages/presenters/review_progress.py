"""Progress of a review: its stages done, current and upcoming, and every change of a date. Pure."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import get_text_list

from cms.core.dates.formatting import format_date

from ..enums import Product, StageChangeKind
from ..rules.deadlines import Deadline
from ..rules.stage_dates import NOTHING, current
from .timeline import TimelineEntry, sentences


@dataclasses.dataclass(frozen=True)
class Progress:
    """Progress of a review: its stages as timeline entries, and the current ones as pairs of number and name."""

    timeline: list[TimelineEntry]
    now: list[tuple[int, str]]
    due: datetime.date | None
    report_due: datetime.date | None = None
    on: datetime.date | None = None

    @property
    def sentence(self) -> str:
        """Return the current stages as text.

        Stage 4 of 10: testing what we read. Stages 4 and 6 of 10: reading; interviews.
        """
        total = len(self.timeline)
        if not total:
            return ""
        if not self.now:
            is_to_come = any(entry.tone == "todo" for entry in self.timeline)
            return f"{total} stages." if is_to_come else f"All {total} stages are done."
        numbers = get_text_list([str(number) for number, _name in self.now], "and")
        names = "; ".join(f"{name[0].lower()}{name[1:]}" for _number, name in self.now)
        return f"Stage{'s' if len(self.now) > 1 else ''} {numbers} of {total}: {names}."

    @property
    def is_late(self) -> bool:
        """Return whether the earliest due date of the current stages is before ``on``."""
        return bool(self.on and self.due and self.due < self.on)

    @property
    def next_words(self) -> str:
        """Return the next expected event and any delay: Report due 30 June 2026."""
        if not self.now:
            return ""
        late = f"This stage was due on {format_date(self.due)} and is late" if self.due and self.is_late else ""
        if self.report_due:
            was_due = self.on and self.report_due < self.on
            return sentences(late, f"Report {'was due on' if was_due else 'due'} {format_date(self.report_due)}")
        return sentences(late or (f"Due {format_date(self.due)}" if self.due else ""))

    @property
    def track(self) -> "Track | None":
        """Return the stages as dots on a line, or None if there are none."""
        if not self.timeline:
            return None
        dots = [Dot(entry.tone, DOT_WIDTH * place + DOT_WIDTH // 2) for place, entry in enumerate(self.timeline)]
        tones = [entry.tone for entry in self.timeline]
        counts = [(tone, f"{tones.count(tone)} {words}") for tone, words in TONE_WORDS.items() if tone in tones]
        return Track(dots, DOT_WIDTH * len(dots), dots[-1].x, counts)


DOT_WIDTH = 40
TONE_WORDS = {"done": "done", "late": "now, and late", "current": "now", "todo": "to come", "skipped": "not used"}


@dataclasses.dataclass(frozen=True)
class Dot:
    """The mark of one stage: its tone, and its position on the line."""

    tone: str
    x: int


@dataclasses.dataclass(frozen=True)
class Track:
    """A diagram of a review: a dot for each stage, and the number of stages by state as text."""

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
    """Return the progress of a review, with its stages in order.

    :param stages: rows with ``key``, ``name``, ``description``, ``produces``, ``who`` and ``signed_off_by``.
    :param records: stage records by key: rows with ``happened``, ``note``, ``how`` and ``left_out_because``.
    :param dates: the deadline of each stage, by key.
    :param changes: rows with ``stage_key``, ``kind``, ``from_date``, ``to_date`` and ``reason``, oldest first.
    :param on: the day on which delays are judged; without it nothing is late.
    :param is_to_come: whether the review has not started, so that no stage is current.
    """
    happened = {key: record.happened for key, record in records.items()}
    current_keys = set() if is_to_come else {stage.key for stage in current(stages, happened)}
    entries, now = [], []
    for number, stage in enumerate(stages, 1):
        moves = [_change(change) for change in changes if change.stage_key == stage.key]
        is_current = stage.key in current_keys
        tone = "todo"
        if is_current:
            day = dates[stage.key].on
            tone = "late" if on and day and day < on else "current"
        entries.append(_timeline_entry(stage, records.get(stage.key), dates[stage.key], moves, tone))
        if is_current:
            now.append((number, stage.name))
    due = min((date for key in current_keys if (date := dates[key].on)), default=None)
    return Progress(entries, now, due, _report_due(stages, happened, dates), on)


def _report_due(stages: Sequence, happened: Mapping, dates: Mapping[object, Deadline]) -> datetime.date | None:
    """Return the date by which residents can read the report, or None once it is published.

    It is the deadline of the publication stage, else of the final report's, else of the draft's.
    """
    for product in (Product.PUBLICATION, Product.FINAL_REPORT, Product.DRAFT_REPORT):
        for stage in stages:
            if stage.produces == product:
                return None if happened.get(stage.key, NOTHING).is_over else dates[stage.key].on
    return None


def _timeline_entry(stage: Any, record: Any, due: Deadline, moves: list[str], tone: str) -> TimelineEntry:
    happened = record.happened if record else NOTHING
    note = record.note if record else ""
    if happened.done_on:
        told = (stage.description, *moves, agreed_words(stage, record), note)
        return _with_text(
            TimelineEntry(happened.done_on, stage.name, tone="done", date_words=format_date(happened.done_on)), told
        )
    if happened.left_out:
        return _with_text(
            TimelineEntry(None, stage.name, tone="skipped", date_words="Not used"), (*moves, record.left_out_because)
        )
    by_when = "Due" if stage.rule or happened.moved_to else "Planned for"
    words = f"{by_when} {format_date(due.on)}" if due.on else "Date not set"
    words = {"current": f"Now. {words}", "late": f"Now, and late. {words}"}.get(tone, words)
    reckoned = due.sentence if tone != "todo" and stage.rule and due.on and not happened.moved_to else ""
    told = (stage.description, stage.who, *moves, reckoned, note)
    return _with_text(TimelineEntry(due.on, stage.name, tone=tone, date_words=words), told)


def _with_text(entry: TimelineEntry, parts: Sequence[str]) -> TimelineEntry:
    """Return a timeline entry with its text set: as one paragraph, and line by line."""
    return dataclasses.replace(entry, text=sentences(*parts), lines=tuple(sentences(part) for part in parts if part))


def agreed_words(stage: Any, record: Any) -> str:
    """Return who signed off a completed stage and how; empty if no sign-off is needed."""
    if not stage.signed_off_by:
        return ""
    return f"Signed off by the {stage.signed_off_by}{f': {record.how}' if record.how else ''}"


def _change(change: Any) -> str:
    """Return a sentence on a changed date and the reason: every change is published."""
    if change.kind == StageChangeKind.RETURNED:
        return sentences(f"Returned on {format_date(change.on)} to be put right", change.reason)
    was = f" from {format_date(change.from_date)}" if change.from_date else ""
    return sentences(f"The date was moved{was} to {format_date(change.to_date)}", change.reason)
