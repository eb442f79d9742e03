"""Reads the state and the whole history of a recommendation from the tracker's own spreadsheet.

Other systems export a state only, from which steps are derived (``history.py``). An own export has every public entry,
so nothing is derived: it is read as it is, once state and history have been checked against each other.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.db.models import Field

from cms.core.dates.formatting import format_date
from cms.core.text.cleaning import clean_text

from ..enums import AGREED, Answer, Delivery, EventKind
from ..models import Meeting, Tracking
from ..presenters.history_lines import ACTIONS, ESCALATIONS, EVIDENCE, EXTENSIONS, HISTORY, UnreadableLine, rows_in
from ..selectors.tracker_rows import READERS, read_rows
from .events import add_facts
from .history import ColumnProblem, History

RECORDS = {
    "history": HISTORY,
    "extensions": EXTENSIONS,
    "actions": ACTIONS,
    "evidence_shown": EVIDENCE,
    "escalations": ESCALATIONS,
}
_CHOICES = ("answer", "first_answer", "delivery", "impact")
_WORDS = {
    name: {str(label): value for value, label in cast("Field", Tracking._meta.get_field(name)).flatchoices}
    for name in _CHOICES
}
_DAYS: tuple[str, ...] = (
    "answer_due",
    "answered_on",
    "first_answered_on",
    "first_target",
    "current_target",
    "claimed_on",
)
_DAYS += ("confirmed_on", "impact_check_on", "impact_checked_on")
STATE = (*_CHOICES, *_DAYS, "answer_reason")
_EVENT_OF_ANSWER = {
    Answer.ACCEPTED: EventKind.ACCEPTED,
    Answer.PARTLY_ACCEPTED: EventKind.PARTLY_ACCEPTED,
    Answer.NOT_ACCEPTED: EventKind.NOT_ACCEPTED,
    Answer.WITHDRAWN: EventKind.WITHDRAWN,
}
_DELIVERED_ON = {
    Delivery.CLAIMED: (EventKind.CLAIMED, "claimed_on"),
    Delivery.CONFIRMED: (EventKind.CONFIRMED, "confirmed_on"),
}
_UNLIKE = "The history says something else. Leave both as they were, or empty the cells from History on."


def has_record(given: dict[str, Any]) -> bool:
    """Return whether a row has a history; a state without one is read as in any other file."""
    return any(given.get(key) for key in RECORDS)


def read_record(
    given: dict[str, Any], meetings: Mapping[str, Meeting]
) -> tuple[History, list[ColumnProblem], list[str]]:
    """Return a row's history, its problems, and the meetings that are not on this site."""
    problems: list[ColumnProblem] = []
    tracking: dict[str, Any] = {name: given.get(name) for name in _DAYS}
    tracking["answer_reason"] = given.get("answer_reason", "")
    for name in _CHOICES:
        words = given.get(name) or ""
        tracking[name] = _WORDS[name].get(words, "")
        if words and not tracking[name]:
            problems.append((name, f"“{words[:40]}” is not one of {', '.join(_WORDS[name])}."))
    tracking["answer"] = tracking["answer"] or Answer.AWAITED
    tracking["delivery"] = tracking["delivery"] or Delivery.NOT_STARTED
    rows: dict[str, list[dict[str, Any]]] = {}
    for key, parts in RECORDS.items():
        try:
            rows[key] = rows_in(parts, given.get(key) or "")
        except UnreadableLine as error:
            problems.append((key, str(error)))
            rows[key] = []
    history = History(
        tracking,
        events=[_filled(row, "title", "text", "how") for row in rows["history"]],
        extensions=[_extension(row) for row in rows["extensions"]],
        evidence=[_filled(row, "text", "link") for row in rows["evidence_shown"]],
        actions=[_filled(row, "text", "owner") for row in rows["actions"]],
        escalations=[_filled(row, "to_whom", "asks") for row in rows["escalations"]],
    )
    for number, row in enumerate(history.escalations, 1):
        row["rung"] = number
    if wrong := [event for number, event in enumerate(history.events) if not _may_correct(event, number)]:
        problems.append(("history", f"“{wrong[0]['text'][:40]}” corrects no line before it."))
    else:
        add_facts(history)
    missing = []
    for event in history.events:
        if name := event["meeting"]:
            event["meeting"] = meetings.get(clean_text(name))
            missing += [] if event["meeting"] else [name]
    return history, problems, missing


def _filled(row: dict[str, Any], *texts: str) -> dict[str, Any]:
    return row | {name: row[name] or "" for name in texts}


def _may_correct(event: dict[str, Any], number: int) -> bool:
    """Return whether an entry corrects an earlier one, or none."""
    return event["corrects"] is None or 0 <= event["corrects"] < number


def _extension(row: dict[str, Any]) -> dict[str, Any]:
    agreed_on, refused_on = row.pop("agreed_on"), row.pop("refused_on")
    row["granted"] = True if agreed_on else False if refused_on else None
    row["decided_on"] = agreed_on or refused_on
    return _filled(row, "reason", "decided_how", "decision_reason")


def problems_of_record(history: History, asked_on: datetime.date | None, today: datetime.date) -> list[ColumnProblem]:
    """Return contradictions between a row's state and its history, and days in the future.

    The day of the recommendation may have been corrected since, so entries may be older.
    """
    tracking, found = history.tracking, []
    mistakes = {event["corrects"] for event in history.events}
    recorded = {(event["kind"], event["on"]) for number, event in enumerate(history.events) if number not in mistakes}
    kinds = {kind for kind, _ in recorded}

    def check(wrong: object, key: str, words: str = _UNLIKE) -> None:
        if wrong:
            found.append((key, words))

    answer, delivery = tracking["answer"], tracking["delivery"]
    agreed = answer in AGREED
    if kind := _EVENT_OF_ANSWER.get(answer):
        check((kind, tracking["answered_on"]) not in recorded, "answer")
    check(agreed and not tracking["first_target"], "first_target", "Say by when it was to be done.")
    check(bool(tracking["first_target"]) != bool(tracking["current_target"]), "current_target")
    check(not agreed and (delivery != Delivery.NOT_STARTED or tracking["first_target"]), "delivery")
    if delivery in _DELIVERED_ON:
        kind, day = _DELIVERED_ON[delivery]
        check((kind, tracking[day]) not in recorded, "delivery")
    check(delivery == Delivery.NOT_DELIVERED and EventKind.CLOSED not in kinds, "delivery")
    check(
        delivery == Delivery.IN_PROGRESS and not kinds & {EventKind.STARTED, EventKind.SENT_BACK},
        "delivery",
    )
    check(tracking["impact"] and delivery != Delivery.CONFIRMED, "impact")
    promised = {tracking["first_target"], *(row["asked_for"] for row in history.extensions if row["granted"])}
    check(tracking["current_target"] not in promised, "current_target")
    check(sum(row["granted"] is None for row in history.extensions) > 1, "extensions")
    check(sum(row["replied_on"] is None for row in history.escalations) > 1, "escalations")
    check(asked_on and asked_on > today, "asked_on", "This day has not come yet.")
    late = [day for day in (event["on"] for event in history.events) if day > today]
    check(late, "history", f"{format_date(max(late))} has not come yet." if late else "")
    return found


def differing(given: dict[str, Any], exported: dict[str, Any]) -> list[str]:
    """Return the keys of the columns whose values differ from what the site would export now."""
    keys = [key for key in (*STATE, *RECORDS) if key in given]
    return [key for key in keys if _same(given[key]) != _same(exported[key])]


def _same(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) else value or ""


def exported_now(keys: Iterable[int], on: datetime.date) -> dict[int, dict[str, Any]]:
    """Return what the site would export now, by the primary keys of recommendations and the keys of columns."""
    values = [(column.key, read) for column, read in READERS.items() if column.key in (*STATE, *RECORDS)]
    return {row.values["pk"]: {key: value(row) for key, value in values} for row in read_rows(keys, on, "")}
