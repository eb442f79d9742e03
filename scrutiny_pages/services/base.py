"""The base of steps of recommendations: lock, check the rules, add an entry, write the new state.

The state follows from the history by ``rules/history_replay.py``. A last entry is applied to the stored state; for one
that is entered late, or corrected, the whole history is replayed in the order of days.
"""

import datetime
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from django.db import models
from wagtail.models import Page

from cms.core.dates.formatting import format_date
from cms.core.service_writes import lock_rows, service_write

from ..enums import EventKind, Level, Step
from ..models import Action, Escalation, Event, Evidence, Extension, Recommendation, Tracking
from ..models.tracking import WRITTEN_BY
from ..rules.history_replay import (
    COLUMNS,
    NEW,
    ROWS,
    Contradiction,
    Entry,
    State,
    apply,
    entry_text,
    in_order,
    replay,
    steps_possible_before,
)
from ..rules.review_limits import target_violation
from ..rules.transitions import refusal
from .exceptions import TransitionNotAllowed, require
from .notifications import notify_chairs

ROW_MODELS: dict[str, type[models.Model]] = {
    "extensions": Extension,
    "evidence": Evidence,
    "actions": Action,
    "escalations": Escalation,
}
# The columns of each kind of row, as ``rules/history_replay.py`` knows them.
ROW_COLUMNS = {
    "extensions": (
        "asked_on",
        "asked_for",
        "reason",
        "granted",
        "decided_on",
        "decided_how",
        "decision_reason",
    ),
    "evidence": ("on", "text", "link"),
    "actions": ("text", "owner_id", "due", "done_on"),
    "escalations": ("rung", "to_whom", "asks", "on", "reply_due", "reply_due_words", "replied_on"),
}

Row = TypeVar("Row", bound=models.Model)

INCOMPLETE = (
    "Part of this history came from a file that does not have all its facts, so the rest cannot be worked out again "
    "from it. Record what is right as it stands today, with a note that says why."
)


class History:
    """The locked history of one recommendation, positioned for a new entry."""

    def __init__(self, tracking: Tracking, on: datetime.date | None = None):
        events = list(tracking.events.all())
        mistakes = {event.corrects_id for event in events}
        self.tracking = tracking
        self.entries = [event.entry for event in events if event.pk not in mistakes]
        self.on = on
        ordered = in_order(self.entries)
        self.later = [entry for entry in ordered if on and entry.on > on]
        self._before = ordered[: len(ordered) - len(self.later)]
        self.state = self._stored()
        if self.later:
            require(self.explains_state, INCOMPLETE)
            self.state = self._replayed(self._before)

    @property
    def explains_state(self) -> bool:
        """Return whether a replay of the entries results in the stored state.

        That holds for all that was recorded here. An imported history may lack facts that a replay needs.
        """
        try:
            replayed = self._replayed(self.entries)
        except Contradiction:
            return False
        return _comparable(replayed) == _comparable(self._stored())

    def steps_before(self) -> list[Step]:
        """Return the steps that are not allowed now, but were at an earlier position, in the order of ``Step``."""
        if not self.explains_state:
            return []
        found = steps_possible_before(self.entries, answer_due=self.tracking.initial_answer_due)
        return [step for step in found if refusal(step, **self.state.current_state)]

    def _replayed(self, entries: Iterable[Entry]) -> State:
        return replay(entries, answer_due=self.tracking.initial_answer_due)

    def _stored(self) -> State:
        """Return the stored state."""
        columns: dict[str, Any] = {name: getattr(self.tracking, name) for name in COLUMNS}
        rows: dict[str, Any] = {
            name: [
                {"pk": row.pk, "event": row.event_id} | {column: getattr(row, column) for column in ROW_COLUMNS[name]}
                for row in getattr(self.tracking, name).all()
            ]
            for name in ROWS
        }
        referred = any(entry.kind == EventKind.REFERRED for entry in self.entries)
        return State(**columns, **rows, referred=referred)

    def check(self, step: Step) -> None:
        """Raise ``TransitionNotAllowed`` if the rules do not allow a step at this position.

        If a later entry would allow it, the message names that entry.
        """
        if reason := refusal(step, **self.state.current_state, unratified=self.tracking.is_unratified):
            raise TransitionNotAllowed(f"{reason} {self._not_yet(step)}".strip())

    def _not_yet(self, step: Step) -> str:
        """Return a sentence on the later entry after which the step would be allowed, or ""."""
        if not (self.on and self.later):
            return ""
        state = self._replayed(self._before)
        for entry in self.later:
            apply(state, entry)
            if not refusal(step, **state.current_state):
                return f"“{entry.headline}” is recorded for {format_date(entry.on)}, after {format_date(self.on)}."
        return ""

    def with_entry(self, entry: Entry) -> State:
        """Return the state with a new entry.

        :raises TransitionNotAllowed: if it and another entry contradict each other.
        """
        try:
            if not self.later:
                apply(self.state, entry)
                return self.state
            return self._replayed([*self._before, entry, *self.later])
        except Contradiction as found:
            raise TransitionNotAllowed(contradiction_message(found, entry.key)) from found

    def without(self, key: int) -> State:
        """Return the state without one entry.

        :raises TransitionNotAllowed: if another entry depends on it; the message names that entry.
        """
        require(self.explains_state, INCOMPLETE)
        try:
            return self._replayed(entry for entry in self.entries if entry.key != key)
        except Contradiction as found:
            raise TransitionNotAllowed(contradiction_message(found, key)) from found


def _comparable(state: State) -> tuple:
    """Return a state without the primary keys of its rows, so that equal states compare as equal."""
    rows = [[tuple(row[column] for column in ROW_COLUMNS[name]) for row in getattr(state, name)] for name in ROWS]
    return state.columns, [sorted(found, key=str) for found in rows]


def contradiction_message(found: Contradiction, key: Any) -> str:
    """Return the message of a contradiction; it names the entry if that is not the current one."""
    if found.entry.key == key:
        return found.reason
    other = f"“{found.entry.headline}” of {format_date(found.entry.on)}"
    return f"This does not fit with {other}. {found.reason} If that entry is wrong, correct it first."


def lock_row(row: Row) -> Row:
    """Lock a row until the transaction ends, and return it as stored."""
    (locked,) = lock_rows(type(row)._default_manager.filter(pk=row.pk))
    return locked


def lock_tracking(recommendation: Recommendation) -> Tracking:
    """Lock the tracking of a recommendation until the transaction ends, and return it as stored."""
    (tracking,) = lock_rows(Tracking.objects.filter(recommendation=recommendation))
    return tracking


def begin_step(recommendation: Recommendation, step: Step, on: datetime.date | None = None) -> History:
    """Return the locked history, positioned for a step; raise ``TransitionNotAllowed`` if the step is not allowed."""
    tracking = lock_tracking(recommendation)
    if on and on < recommendation.asked_on and step != Step.NOTE:
        raise TransitionNotAllowed(f"This is dated before it was asked for, on {format_date(recommendation.asked_on)}.")
    history = History(tracking, None if step == Step.NOTE else on)
    history.check(step)
    return history


def steps_before(tracking: Tracking) -> list[Step]:
    """Return the steps that are possible only before an existing entry."""
    return History(tracking).steps_before()


def current_state(tracking: Tracking) -> dict:
    """Return the state of a recommendation, as arguments of the rules in ``transitions.py``."""
    return {
        "answer": tracking.answer,
        "delivery": tracking.delivery,
        "time_asked": tracking.open_request is not None,
        "escalated": tracking.open_escalation is not None,
        "actions_open": tracking.actions.filter(done_on__isnull=True).exists(),
        "recorded": tracking.events.correctable().exists(),
        "unratified": tracking.is_unratified,
    }


def check_target(recommendation: Recommendation, target: datetime.date) -> None:
    """Raise ``TransitionNotAllowed`` for a target date that the process does not allow (G 8: only ends of quarters)."""
    process = recommendation.process
    problem = target_violation(target, process.quarter_ends) if process else None
    if problem and problem.level == Level.REFUSE:
        raise TransitionNotAllowed(problem.words)


def lock_parent(page_type: type[Page], missing: str) -> Page:
    """Lock and return the index page of a page type, so that concurrent new pages get different paths.

    :raises TransitionNotAllowed: with the message ``missing``, if the site has no such page.
    """
    first = page_type.objects.values_list("pk", flat=True).first()
    require(first, missing)
    (parent,) = lock_rows(page_type.objects.filter(pk=first))
    return parent


def transition(function: Callable[..., None]) -> Callable[..., None]:
    """Turn a function into a step: run it in one transaction, and drop the recommendation's cached tracking after it.

    The meeting of a decision is locked first, as the correction of an attendance does, so that they are serialised.
    """

    @wraps(function)
    def stepped(*, recommendation: Recommendation, **details: Any) -> None:
        with service_write(WRITTEN_BY):
            if meeting := details.get("meeting"):
                details["meeting"] = lock_row(meeting)
            function(recommendation=recommendation, **details)
        tracked = Recommendation._meta.get_field("tracking")
        if tracked.is_cached(recommendation):
            tracked.delete_cached_value(recommendation)

    return stepped


def add_entry(
    history: History,
    kind: EventKind,
    on: datetime.date,
    words: str,
    by: Any,
    *,
    title: str = "",
    facts: dict[str, Any] | None = None,
    **decision: Any,
) -> None:
    """Add an entry to a history, and write the resulting state.

    :param words: the entered text, to which a text for the facts is added.
    :param facts: the changes, as ``rules/history_replay.py`` reads them.
    :param decision: the proof of a decision of the panel, if it is one; the panel's chair is then notified.
    :raises TransitionNotAllowed: if it and another entry contradict each other.
    """
    facts = (
        {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in facts.items()}
        if facts
        else {}
    )
    own_title, text = entry_text(kind, words, facts)
    title = title or own_title
    entry = Entry(NEW, kind, on, text, decision.get("how", ""), facts, title)
    state = history.with_entry(entry)
    event = Event.objects.create(
        tracking=history.tracking, on=on, kind=kind, title=title, text=text, facts=facts, recorded_by=by, **decision
    )
    write(history.tracking, state, new=event.pk)
    if decision and by:
        notify_chairs(history.tracking.recommendation, by=by)


def _stored_as(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def write(tracking: Tracking, state: State, *, new: int | None = None, corrected: bool = False) -> None:
    """Write a state: the tracking row, and its dependent rows, each identified by its entry.

    :param new: the primary key of the entry that was just stored.
    :param corrected: an entry was found to be a mistake, which may remove the first target date.
    """
    for name, value in state.columns.items():
        setattr(tracking, name, value)
    tracking.save(corrected=corrected)
    for name in ROWS:
        _write_rows(tracking, name, getattr(state, name), new)


def _write_rows(tracking: Tracking, name: str, rows: list[dict[str, Any]], new: int | None) -> None:
    model, columns = ROW_MODELS[name], ROW_COLUMNS[name]
    stored = {row.pk: row for row in getattr(tracking, name).all()}
    by_event = {row.event_id: row for row in stored.values() if row.event_id}
    wanted = []
    for row in rows:
        event = new if row["event"] == NEW else row["event"]
        wanted.append(
            (stored.get(row.get("pk")) or by_event.get(event) or model(tracking=tracking, event_id=event), row)
        )
    kept = {found.pk for found, _ in wanted}
    model._default_manager.filter(pk__in=[pk for pk in stored if pk not in kept]).delete()
    for found, row in wanted:
        if found.pk is None or any(getattr(found, column) != row[column] for column in columns):
            for column in columns:
                setattr(found, column, row[column])
            found.save()
