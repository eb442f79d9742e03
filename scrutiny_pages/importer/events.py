"""The facts of the entries in an own export, parsed from their text, so that they can be replayed. Pure.

``history_replay.entry_text`` formats facts as text; this module is its inverse. An entry with other text gets no facts:
the state is then as the file has it, but nothing earlier can be recorded or corrected, since a replay needs the facts.
"""

import datetime
import re
from typing import Any

from cms.core.dates.formatting import format_date

from ..enums import EventKind, Impact
from .history import History

_DATE = r"(\d{1,2} [A-Z][a-z]+ \d{4})"
_PROMISE = re.compile(rf"(?:(.*) )?To be done by {_DATE}\.", re.DOTALL)
_DUE = re.compile(rf"Answer due by {_DATE}(?:, moved from {_DATE})?")
_UNTIL = re.compile(rf"The landlord asked for until {_DATE}\. (.*)", re.DOTALL)
_MOVED = re.compile(rf"Date changed from {_DATE} to {_DATE}")
_IMPACTS = {str(impact.label): impact.value for impact in Impact}
# Which entries make the rows that hang on a recommendation.
_MADE_BY = {
    "extensions": EventKind.TIME_ASKED,
    "evidence": EventKind.CLAIMED,
    "escalations": EventKind.ESCALATED,
}


def add_facts(history: History) -> None:
    """Set the facts of each entry of a history, and the entry number of each dependent row."""
    mistakes = {event["corrects"] for event in history.events}
    made: dict[str, list[int]] = {}
    for number, event in enumerate(history.events):
        event["facts"] = _facts_of(event)
        if number not in mistakes:
            made.setdefault(event["kind"], []).append(number)
    for name, kind in _MADE_BY.items():
        rows, numbers = getattr(history, name), made.get(kind, [])
        for place, row in enumerate(rows):
            row["event"] = numbers[place] if len(numbers) == len(rows) else None
            if row["event"] is not None:
                history.events[row["event"]]["facts"] |= _facts_of_row(name, row)
    for action in history.actions:
        _find_entries_of_action(action, history, made)
    tracking = history.tracking
    for kind, fact, day in (
        (EventKind.CONFIRMED, "impact_check_on", "impact_check_on"),
        (EventKind.IMPACT_CHECKED, "again_on", "impact_check_on"),
    ):
        if found := made.get(kind):
            history.events[found[-1]]["facts"][fact] = _iso(tracking[day])
    ratified = made.get(EventKind.RATIFIED)
    tracking["ratified_on"] = history.events[ratified[-1]]["on"] if ratified else None
    moved = made.get(EventKind.ANSWER_DUE)
    first = history.events[moved[0]]["facts"].get("before") if moved else _iso(tracking["answer_due"])
    tracking["initial_answer_due"] = datetime.date.fromisoformat(first) if first else None


def _facts_of(event: dict[str, Any]) -> dict[str, Any]:
    """Return the changes that an entry's text describes."""
    title, text = event["title"], event["text"]
    match event["kind"]:
        case EventKind.ACCEPTED | EventKind.PARTLY_ACCEPTED if found := _PROMISE.fullmatch(text):
            return {"reason": found[1] or "", "target": _day(found[2])}
        case EventKind.NOT_ACCEPTED:
            return {"reason": text, "target": None}
        case EventKind.ANSWER_DUE if found := _DUE.fullmatch(title):
            return {"due": _day(found[1]), "before": _day(found[2])}
        case EventKind.TIME_ASKED if found := _UNTIL.fullmatch(text):
            return {"until": _day(found[1]), "reason": found[2]}
        case EventKind.TIME_GRANTED if found := _MOVED.fullmatch(title):
            return {"before": _day(found[1]), "until": _day(found[2])}
        case EventKind.IMPACT_CHECKED:
            return {"impact": _IMPACTS.get(title, "")}
        case EventKind.CLAIMED:
            return {"link": ""}
    return {}


def _facts_of_row(name: str, row: dict[str, Any]) -> dict[str, Any]:
    if name == "evidence":
        return {"link": row["link"]}
    if name == "escalations":
        facts = {key: row[key] for key in ("rung", "to_whom", "asks")}
        return facts | {"reply_due": _iso(row["reply_due"]), "reply_due_words": ""}
    return {}


def _find_entries_of_action(action: dict[str, Any], history: History, made: dict[str, list[int]]) -> None:
    """Find the entries that planned and finished an action, which repeat its text."""
    sentence = f"{action['text'].rstrip('.')}."
    planned = f"{sentence} {action['owner'] or None}, by {format_date(action['due'])}."
    action["event"] = _first(history, made.get(EventKind.ACTION_PLANNED, []), planned)
    if action["event"] is None:
        return
    facts = {"text": action["text"], "owner": action["owner"], "due": _iso(action["due"])}
    history.events[action["event"]]["facts"] = facts
    if action["done_on"]:
        done = [
            number
            for number in made.get(EventKind.ACTION_DONE, [])
            if history.events[number]["on"] == action["done_on"]
        ]
        finished = _first(history, done, sentence)
        if finished is not None:
            history.events[finished]["facts"] = {"action": action["event"], "text": action["text"]}


def _first(history: History, numbers: list[int], words: str) -> int | None:
    """Return the first of some entries that starts with a text and has no facts yet, or None."""
    found = (number for number in numbers if history.events[number]["text"].startswith(words))
    return next((number for number in found if not history.events[number]["facts"]), None)


def _day(words: str | None) -> str | None:
    return datetime.datetime.strptime(words, "%d %B %Y").date().isoformat() if words else None  # noqa: DTZ007 - a day has no zone


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
