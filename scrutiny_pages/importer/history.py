"""The history of a recommendation from an older tracker, as the steps that staff would have recorded. Pure.

A spreadsheet has a state only; here a state always follows from its history. ``steps_of`` returns the steps that
lead to the state, in the form in which the staff view submits them. ``replay`` returns what the services would
write for them, by the rules of ``scrutiny_pages/rules/history_replay.py``, without a query for each.
"""

import dataclasses
import datetime
from typing import Any

from cms.core.dates.formatting import format_date
from cms.core.text.terminology import lazy_words

from ..enums import AGREED, STEP_OF, Answer, Delivery, Step
from ..rules.history_replay import Contradiction, Entry, State, apply, entry_text

EARLIER = "Recorded in an earlier tracker"
NOT_KEPT = "The earlier tracker does not say when: this is the latest day it can have been."
GIVEN = "The earlier tracker does not say when: this day was given for all of its rows that had none."
GIVEN_TARGET = "The earlier tracker has no target date: this one was given for all of its rows that had none."
# The days that a state cannot be without, and what is said of a row that lacks one.
REQUIRED_DAYS = {
    "asked_on": "Say on which day it was asked for.",
    "answered_on": "Say on which day the landlord answered.",
    "first_target": "Say by when it was to be done.",
    "claimed_on": "Say on which day the landlord said that it was done.",
    "confirmed_on": lazy_words("Say on which day {residents} confirmed it."),
}
# What comes after a day, and so says which is the latest that it can have been.
COMES_BEFORE = {
    "answered_on": ("first_target", "started_on", "moved_on", "claimed_on", "confirmed_on", "closed_on"),
    "claimed_on": ("confirmed_on", "closed_on"),
    "confirmed_on": ("closed_on",),
}
ANSWERS: dict[Any, Step] = {
    Answer.ACCEPTED: Step.ACCEPT,
    Answer.PARTLY_ACCEPTED: Step.ACCEPT_PARTLY,
    Answer.NOT_ACCEPTED: Step.REFUSE,
}
OptionalDate = datetime.date | None


@dataclasses.dataclass
class Facts:
    """The state of a recommendation in one row; ``status_text`` is the status as the row has it.

    While its status is not understood, ``answer`` or ``delivery`` is None: such facts can be validated, not replayed.
    """

    asked_on: OptionalDate
    today: datetime.date
    answer: Answer | None = Answer.AWAITED
    answer_reason: str = ""
    answered_on: OptionalDate = None
    answer_due: OptionalDate = None
    delivery: Delivery | None = Delivery.NOT_STARTED
    status_text: str = ""
    started_on: OptionalDate = None
    first_target: OptionalDate = None
    current_target: OptionalDate = None
    moved_on: OptionalDate = None
    claimed_on: OptionalDate = None
    confirmed_on: OptionalDate = None
    closed_on: OptionalDate = None
    closed_reason: str = ""
    notes: dict[str, str] = dataclasses.field(default_factory=dict)  # of days that the row does not give, by their keys

    def with_note(self, words: str, *keys: str) -> str:
        """Return a step's text with the notes on its days."""
        return " ".join(filter(None, [words, *(self.notes.get(key, "") for key in keys)]))

    @property
    def is_moved(self) -> bool:
        """Return whether a later target date replaced the first."""
        return bool(self.first_target and self.current_target and self.current_target != self.first_target)


DatedStep = tuple[Step, dict[str, Any]]
ColumnProblem = tuple[str, str]  # the key of a column, and the words


def _given(on: OptionalDate, words: str = "", date: OptionalDate = None, how: str = "") -> dict[str, Any]:
    return {"on": on, "words": words, "date": date, "how": how}


def steps_of(facts: Facts) -> list[DatedStep]:
    """Return the steps that lead to the state of a row, oldest first, each as the staff view's form submits it.

    A step without a day in the row is dated the latest possible day, with a note.
    """
    steps: list[DatedStep] = []
    if facts.answer_due:
        steps.append((Step.ANSWER_DUE, _given(None, date=facts.answer_due)))
    if facts.answer == Answer.WITHDRAWN:
        reason = facts.answer_reason or facts.closed_reason
        on = facts.answered_on or facts.closed_on
        steps.append((Step.WITHDRAW, _given(on or facts.today, reason if on else f"{reason} {NOT_KEPT}", how=EARLIER)))
    elif facts.answer != Answer.AWAITED:
        target = facts.first_target if facts.answer in AGREED else None
        words = facts.with_note(facts.answer_reason, "answered_on", "first_target")
        steps.append((ANSWERS[facts.answer], _given(facts.answered_on, words, target)))
    steps += _work_steps(facts)
    if facts.claimed_on:
        says = (
            f"The earlier tracker says: {facts.status_text}."
            if facts.status_text
            else "The earlier tracker gives this day."
        )
        steps.append((Step.CLAIM, _given(facts.claimed_on, facts.with_note(says, "claimed_on"))))
    if facts.confirmed_on:
        steps.append((Step.CONFIRM, _given(facts.confirmed_on, how=EARLIER)))
    if facts.delivery == Delivery.NOT_DELIVERED:
        reason = facts.closed_reason if facts.closed_on else f"{facts.closed_reason} {NOT_KEPT}"
        steps.append((Step.CLOSE, _given(facts.closed_on or facts.today, reason, how=EARLIER)))
    return steps


def _work_steps(facts: Facts) -> list[DatedStep]:
    """Return the start and the change of date, in the order of their days."""
    steps: list[DatedStep] = []
    if facts.started_on or facts.delivery == Delivery.IN_PROGRESS:
        steps.append((Step.START, _given(facts.started_on or facts.today, "" if facts.started_on else NOT_KEPT)))
    if facts.is_moved:
        on = facts.moved_on or facts.claimed_on or facts.closed_on or facts.today
        why = "The earlier tracker does not say why." + ("" if facts.moved_on else f" {NOT_KEPT}")
        steps.append((Step.ASK_FOR_TIME, _given(on, why, facts.current_target)))
        steps.append((Step.GRANT_TIME, _given(on, how=EARLIER)))
    return sorted(steps, key=lambda step: step[1]["on"])


def days_lacking(facts: Facts) -> list[str]:
    """Return the keys of the days that the state of a row requires and the row does not have."""
    done = facts.delivery in (Delivery.CLAIMED, Delivery.CONFIRMED)
    needed = {
        "answered_on": facts.answer in ANSWERS,
        "first_target": facts.answer in AGREED,
        "claimed_on": done,
        "confirmed_on": facts.delivery == Delivery.CONFIRMED,
    }
    return [key for key, is_needed in needed.items() if is_needed and not getattr(facts, key)]


def days_maybe_lacking(facts: Facts) -> list[str]:
    """Return the keys of the days that a row does not have and may need, once its status is understood."""
    keys = ["answered_on", "first_target"] if facts.answer is None else []
    keys += ["claimed_on"] if facts.delivery is None else []
    return [key for key in keys if not getattr(facts, key)]


def latest_day(facts: Facts, key: str) -> datetime.date:
    """Return the latest possible day of a step, limited by the days of later steps."""
    return min([facts.today, *filter(None, (getattr(facts, later) for later in COMES_BEFORE[key]))])


def problems_in(facts: Facts) -> list[ColumnProblem]:
    """Return missing days, missing reasons and contradictions, as pairs of column key and message."""
    lacking = [(key, str(REQUIRED_DAYS[key])) for key in days_lacking(facts)]
    return lacking + contradictions_in(facts)


def contradictions_in(facts: Facts) -> list[ColumnProblem]:
    """Return contradictions and missing reasons, as pairs of column key and message."""
    agreed = facts.answer in AGREED
    withdrawn = facts.answer == Answer.WITHDRAWN
    delivery = facts.delivery
    found: list[ColumnProblem] = []

    def check(wrong: object, key: str, words: str) -> None:
        if wrong:
            found.append((key, words))

    reasoned = facts.answer in (Answer.PARTLY_ACCEPTED, Answer.NOT_ACCEPTED)
    check(reasoned and not facts.answer_reason, "answer_reason", "Say why it was not accepted, or only in part.")
    no_reason = not (facts.answer_reason or facts.closed_reason)
    check(withdrawn and no_reason, "closed_reason", "Say why it was withdrawn.")
    silent = facts.answer == Answer.AWAITED
    check(silent and facts.answered_on, "answer", "There is a day for the answer, but no answer.")
    check(silent and facts.first_target, "answer", "There is a target date, but no answer.")
    refused = withdrawn or facts.answer == Answer.NOT_ACCEPTED
    check(refused and facts.first_target, "first_target", "Something not accepted has no target date.")
    worked = delivery != Delivery.NOT_STARTED or facts.started_on or facts.claimed_on or facts.confirmed_on
    settled = facts.answer is not None and delivery is not None  # what is not understood is not held against it
    unagreed = settled and not agreed
    check(unagreed and worked, "delivery", "Only something that the landlord accepted can be under way or done.")
    closed = delivery == Delivery.NOT_DELIVERED
    check(closed and not facts.closed_reason, "closed_reason", "Say why it was closed without being done.")
    unclosed = settled and not closed and not withdrawn
    check(unclosed and facts.closed_on, "closed_on", "It has a day of closing but is not closed.")
    under_way = delivery in (Delivery.NOT_STARTED, Delivery.IN_PROGRESS)
    done_on = facts.claimed_on or facts.confirmed_on
    check(under_way and done_on, "delivery", "It has a day on which it was done, but its status says not.")
    check(delivery == Delivery.NOT_STARTED and facts.started_on, "delivery", "It has a start, but says not started.")
    check(closed and facts.confirmed_on, "delivery", "It cannot be both confirmed and closed as not delivered.")
    confirming = lazy_words("What {residents} confirmed has a day of confirming, and nothing else has.")
    check(facts.confirmed_on and delivery == Delivery.CLAIMED, "confirmed_on", confirming)
    return found + _date_problems(facts)


def _date_problems(facts: Facts) -> list[ColumnProblem]:
    """Return the days that are out of order or in the future, as pairs of column key and message."""
    asked_on, today = facts.asked_on, facts.today
    found: list[ColumnProblem] = []

    def check(wrong: object, key: str, words: str) -> None:
        if wrong:
            found.append((key, words))

    too_early = facts.answer_due and asked_on and facts.answer_due < asked_on
    check(too_early, "answer_due", "This is before it was asked for.")
    first_target, current_target = facts.first_target, facts.current_target
    too_soon = first_target and facts.answered_on and first_target < facts.answered_on
    check(too_soon, "first_target", "This is before the day of the answer.")
    earlier = first_target and current_target and current_target < first_target
    check(earlier, "current_target", "This is before the first target date.")
    last = asked_on
    days = ["answered_on", *sorted(["started_on", "moved_on"], key=lambda key: getattr(facts, key) or today)]
    for key in (*days, "claimed_on", "confirmed_on", "closed_on"):
        day = getattr(facts, key)
        if day and day > today:
            found.append((key, "This day has not come yet."))
        elif day and last and day < last:
            found.append((key, f"This is before {format_date(last)}, the day of what came before it."))
        last = max(filter(None, (last, day)), default=None)
    check(asked_on and asked_on > today, "asked_on", "This day has not come yet.")
    return found


@dataclasses.dataclass
class History:
    """The rows that a recommendation's steps produce: its tracking's values, and its dependent rows.

    In dependent rows, ``event`` is the index of their entry in ``events``.
    """

    tracking: dict[str, Any]
    events: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    extensions: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    evidence: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    actions: list[dict[str, Any]] = dataclasses.field(default_factory=list)  # each with its owner's title
    escalations: list[dict[str, Any]] = dataclasses.field(default_factory=list)


class IllegalHistory(ValueError):
    """The rules do not allow these steps in this order."""


def replay(steps: list[DatedStep]) -> History:
    """Return what the services write for these steps; raise ``IllegalHistory`` if the rules do not allow them."""
    state, initial_answer_due = State(), None
    events: list[dict[str, Any]] = []
    for step, given in steps:
        if step == Step.ANSWER_DUE:  # it comes with the tracker, and needs no entry
            state.answer_due = initial_answer_due = given["date"]
            continue
        kind, facts = KINDS[step], _facts_of(step, given, state)
        title, text = entry_text(kind, "" if step == Step.GRANT_TIME else given["words"], facts)
        try:
            apply(state, Entry(len(events), kind, given["on"], text, given["how"], facts, title))
        except Contradiction as found:
            raise IllegalHistory(found.reason) from found
        events.append(
            {"on": given["on"], "kind": kind, "title": title, "text": text, "how": given["how"], "facts": facts}
        )
    tracking = state.columns | {"initial_answer_due": initial_answer_due}
    return History(tracking, events, state.extensions, state.evidence)


KINDS = {step: kind for kind, step in STEP_OF.items()}


def _facts_of(step: Step, given: dict[str, Any], state: State) -> dict[str, Any]:
    """Return the facts of a step's entry, as its service stores them."""
    date = given["date"].isoformat() if given["date"] else None
    match step:
        case Step.ACCEPT | Step.ACCEPT_PARTLY | Step.REFUSE:
            return {"reason": given["words"], "target": date}
        case Step.ASK_FOR_TIME:
            return {"reason": given["words"], "until": date}
        case Step.GRANT_TIME:
            request = state.open_request or {"asked_for": state.current_target}
            until, before = request["asked_for"], state.current_target
            return {"before": before and before.isoformat(), "until": until and until.isoformat()}
        case Step.CLAIM:
            return {"link": ""}
        case Step.CONFIRM:
            return {"impact_check_on": None}
    return {}
