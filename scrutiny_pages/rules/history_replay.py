"""Replay of a recommendation's history: one pure function for transitions, corrections and imports.

The state of a recommendation is a projection of its history. ``apply`` adds one entry to a state and raises
``Contradiction`` if the rules do not allow it; ``replay`` does so for a whole history, in the order of days. Every
entry holds the facts that this needs, so that the state can be recomputed when an entry is corrected or entered late.
"""

import dataclasses
import datetime
from collections.abc import Callable, Iterable
from typing import Any, cast

from cms.core.dates.formatting import format_date

from ..enums import STEP_OF, Answer, Delivery, EventKind, Step
from .transitions import open_steps, refusal

Day = datetime.date | None
NEW = "new"  # the key of an entry that is not stored yet
# Entries that change no state, and may be about an earlier day.
ASIDE = (EventKind.NOTE, EventKind.CORRECTED)


class Contradiction(ValueError):
    """An entry that the rules do not allow in the state before it; ``entry`` is that entry."""

    def __init__(self, reason: str, entry: "Entry"):
        super().__init__(reason)
        self.reason, self.entry = reason, entry


@dataclasses.dataclass(frozen=True)
class Entry:
    """One entry of a history, as the rules read it.

    :param key: the primary key of the stored entry, or another unique value.
    :param facts: the values that it set; dates are stored as ISO text.
    """

    key: Any
    kind: str
    on: datetime.date
    text: str = ""
    how: str = ""
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)
    title: str = ""

    def day(self, name: str) -> Day:
        """Return one of the facts as a date."""
        value = self.facts.get(name)
        return datetime.date.fromisoformat(value) if isinstance(value, str) else value

    @property
    def headline(self) -> str:
        """Return the title, or the label of the kind if there is no title."""
        return self.title or str(EventKind(self.kind).label)


Row = dict[str, Any]


@dataclasses.dataclass
class State:
    """The state of a recommendation: the columns of its tracking row, and its related rows.

    Each related row has under ``event`` the key of the entry that created it.
    """

    answer: str = Answer.AWAITED
    answer_due: Day = None
    answered_on: Day = None
    answer_reason: str = ""
    first_answer: str = ""
    first_answered_on: Day = None
    delivery: str = Delivery.NOT_STARTED
    first_target: Day = None
    current_target: Day = None
    claimed_on: Day = None
    confirmed_on: Day = None
    impact_check_on: Day = None
    impact: str = ""
    impact_checked_on: Day = None
    ratified_on: Day = None
    referred: bool = False
    extensions: list[Row] = dataclasses.field(default_factory=list)
    evidence: list[Row] = dataclasses.field(default_factory=list)
    actions: list[Row] = dataclasses.field(default_factory=list)
    escalations: list[Row] = dataclasses.field(default_factory=list)

    @property
    def columns(self) -> Row:
        """Return the columns of the tracking row."""
        return {name: getattr(self, name) for name in COLUMNS}

    @property
    def open_request(self) -> Row | None:
        """Return the undecided request for more time, or None."""
        return next((row for row in self.extensions if row["granted"] is None), None)

    @property
    def open_escalation(self) -> Row | None:
        """Return the escalation without a reply, or None."""
        return next((row for row in self.escalations if row["replied_on"] is None), None)

    @property
    def current_state(self) -> dict[str, Any]:
        """Return the arguments of the rules in ``transitions.py``."""
        return {
            "answer": self.answer,
            "delivery": self.delivery,
            "time_asked": self.open_request is not None,
            "escalated": self.open_escalation is not None,
            "actions_open": any(row["done_on"] is None for row in self.actions),
        }


ROWS = ("extensions", "evidence", "actions", "escalations")
COLUMNS = tuple(field.name for field in dataclasses.fields(State) if field.name not in (*ROWS, "referred"))


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries sorted by day; those of one day keep the order in which they were recorded."""
    return sorted((entry for entry in entries if entry.kind not in ASIDE), key=lambda entry: entry.on)


def replay(entries: Iterable[Entry], *, answer_due: Day = None) -> State:
    """Return the state that results from a history.

    :param answer_due: the due date of the answer that the starter set, which has no entry.
    :raises Contradiction: for the first entry that the rules do not allow after those before it.
    """
    state = State(answer_due=answer_due)
    for entry in in_order(entries):
        apply(state, entry)
    return state


def apply(state: State, entry: Entry) -> None:
    """Apply an entry to a state; raise ``Contradiction`` if the rules do not allow it there."""
    if entry.kind in ASIDE:
        return
    if reason := refusal(STEP_OF[entry.kind], **state.current_state):
        raise Contradiction(reason, entry)
    if effect := _EFFECTS.get(entry.kind):
        effect(state, entry)


def _require(holds: object, reason: str, entry: Entry) -> None:
    if not holds:
        raise Contradiction(reason, entry)


def _answer_due(state: State, entry: Entry) -> None:
    before = entry.day("before")
    _require(before == state.answer_due, "It moves another date for the answer than the one that was set.", entry)
    state.answer_due = entry.day("due")


def _answer(answer: Answer) -> Callable[[State, Entry], None]:
    def effect(state: State, entry: Entry) -> None:
        if not state.first_answer:
            state.first_answer, state.first_answered_on = answer, entry.on
        _reply(state, entry)
        state.answer, state.answered_on, state.answer_reason = answer, entry.on, entry.facts.get("reason", "")
        state.first_target = state.current_target = entry.day("target")

    return effect


def _reply(state: State, entry: Entry) -> None:
    if row := state.open_escalation:
        row["replied_on"] = entry.on


def _start(state: State, entry: Entry) -> None:
    state.delivery = Delivery.IN_PROGRESS


def _ask_for_time(state: State, entry: Entry) -> None:
    until, current = entry.day("until"), state.current_target
    if current:
        _require(until and until > current, f"The new date has to be later than {format_date(current)}.", entry)
    row = {"asked_on": entry.on, "asked_for": until, "reason": entry.facts.get("reason", ""), "granted": None}
    undecided = {"decided_on": None, "decided_how": "", "decision_reason": ""}
    state.extensions.append({"event": entry.key} | row | undecided)


def _decide_time(*, granted: bool) -> Callable[[State, Entry], None]:
    def effect(state: State, entry: Entry) -> None:
        request = cast("Row", state.open_request)  # the rules have checked that there is one
        if granted:
            moved = (entry.day("before"), entry.day("until")) == (state.current_target, request["asked_for"])
            _require(moved, "It changes another date than the one that was promised then.", entry)
            state.current_target = request["asked_for"]
        request |= {"granted": granted, "decided_on": entry.on}
        request |= {"decided_how": entry.how, "decision_reason": entry.text}

    return effect


def _let_request_lapse(state: State, entry: Entry) -> None:
    """Close an undecided request for more time: delivered or closed work needs none."""
    if request := state.open_request:
        request |= {"granted": False, "decided_on": entry.on, "decided_how": "It was no longer needed"}


def _claim(state: State, entry: Entry) -> None:
    _let_request_lapse(state, entry)
    state.evidence.append({"event": entry.key, "on": entry.on, "text": entry.text, "link": entry.facts.get("link", "")})
    state.delivery, state.claimed_on = Delivery.CLAIMED, entry.on


def _send_back(state: State, entry: Entry) -> None:
    state.delivery, state.claimed_on = Delivery.IN_PROGRESS, None


def _confirm(state: State, entry: Entry) -> None:
    state.delivery, state.confirmed_on = Delivery.CONFIRMED, entry.on
    state.impact_check_on = entry.day("impact_check_on")


def _close(state: State, entry: Entry) -> None:
    _let_request_lapse(state, entry)
    state.delivery = Delivery.NOT_DELIVERED


def _check_impact(state: State, entry: Entry) -> None:
    state.impact, state.impact_checked_on = entry.facts.get("impact", ""), entry.on
    state.impact_check_on = entry.day("again_on") or state.impact_check_on


def _plan_action(state: State, entry: Entry) -> None:
    facts = entry.facts
    row = {"text": facts.get("text", ""), "owner_id": facts.get("owner"), "due": entry.day("due"), "done_on": None}
    state.actions.append({"event": entry.key} | row)


def _finish_action(state: State, entry: Entry) -> None:
    planned, text = entry.facts.get("action"), entry.facts.get("text")
    wanted = (row for row in state.actions if row["event"] == planned and row["text"] == text and not row["done_on"])
    row: Any = next(wanted, None)
    _require(row, "This action is not one of the open actions of this recommendation.", entry)
    row["done_on"] = entry.on


def _escalate(state: State, entry: Entry) -> None:
    facts, rung = entry.facts, len(state.escalations) + 1
    _require(facts.get("rung") == rung, "It was not taken to the step of the route before this one.", entry)
    row = {"rung": rung, "to_whom": facts["to_whom"], "asks": facts["asks"], "on": entry.on, "replied_on": None}
    row |= {"reply_due": entry.day("reply_due"), "reply_due_words": facts.get("reply_due_words", "")}
    state.escalations.append({"event": entry.key} | row)


def _refer(state: State, entry: Entry) -> None:
    _require(not state.referred, "It was referred already.", entry)
    state.referred = True


def _withdraw(state: State, entry: Entry) -> None:
    _reply(state, entry)
    state.answer, state.answered_on, state.answer_reason = Answer.WITHDRAWN, entry.on, entry.text


def _ratify(state: State, entry: Entry) -> None:
    _require(state.ratified_on is None, "A full meeting said yes to it already.", entry)
    state.ratified_on = entry.on


_EFFECTS: dict[str, Callable[[State, Entry], None]] = {
    EventKind.ANSWER_DUE: _answer_due,
    EventKind.ACCEPTED: _answer(Answer.ACCEPTED),
    EventKind.PARTLY_ACCEPTED: _answer(Answer.PARTLY_ACCEPTED),
    EventKind.NOT_ACCEPTED: _answer(Answer.NOT_ACCEPTED),
    EventKind.STARTED: _start,
    EventKind.TIME_ASKED: _ask_for_time,
    EventKind.TIME_GRANTED: _decide_time(granted=True),
    EventKind.TIME_REFUSED: _decide_time(granted=False),
    EventKind.CLAIMED: _claim,
    EventKind.SENT_BACK: _send_back,
    EventKind.CONFIRMED: _confirm,
    EventKind.CLOSED: _close,
    EventKind.IMPACT_CHECKED: _check_impact,
    EventKind.ACTION_PLANNED: _plan_action,
    EventKind.ACTION_DONE: _finish_action,
    EventKind.ESCALATED: _escalate,
    EventKind.REPLIED: _reply,
    EventKind.REFERRED: _refer,
    EventKind.WITHDRAWN: _withdraw,
    EventKind.RATIFIED: _ratify,
}


def entry_text(kind: str, words: str, facts: dict[str, Any]) -> tuple[str, str]:
    """Return the title and text of an entry: the text that was entered, completed from its facts.

    :param words: the text that was entered.
    """
    fact: Callable[[str], Any] = Entry(NEW, kind, datetime.date.min, facts=facts).day
    match kind:
        case EventKind.ANSWER_DUE:
            due, before = f"Answer due by {format_date(fact('due'))}", fact("before")
            return (f"{due}, moved from {format_date(before)}" if before else due), words
        case EventKind.ACCEPTED | EventKind.PARTLY_ACCEPTED | EventKind.NOT_ACCEPTED:
            promise = f"To be done by {format_date(fact('target'))}." if fact("target") else ""
            return "", " ".join(filter(None, [words, promise]))
        case EventKind.TIME_ASKED:
            return "", f"The landlord asked for until {format_date(fact('until'))}. {words}"
        case EventKind.TIME_GRANTED:
            return f"Date changed from {format_date(fact('before'))} to {format_date(fact('until'))}", words
    return "", words


def steps_possible_before(entries: Iterable[Entry], *, answer_due: Day = None) -> list[Step]:
    """Return the steps that the rules allowed at some earlier point of a history, in the order of ``Step``."""
    state, found = State(answer_due=answer_due), set()
    for entry in in_order(entries):
        found |= set(open_steps(**state.current_state))
        apply(state, entry)
    return [step for step in Step if step in found]
