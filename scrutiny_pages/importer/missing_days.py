"""Days that a state requires and rows lack: answered once for all rows of a file.

A row lacks a day if its cell is empty, or holds a placeholder such as "TBC". Days that the site has already are used.
"""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from cms.core.dates.formatting import format_date
from cms.core.text.terminology import lazy_words

from .history import (
    COMES_BEFORE,
    GIVEN,
    GIVEN_TARGET,
    NOT_KEPT,
    REQUIRED_DAYS,
    contradictions_in,
    days_lacking,
    days_maybe_lacking,
    latest_day,
)
from .problems import format_rows
from .rows import Draft

# Later days first: they say which is the latest that an earlier one can have been.
ORDER = ("first_target", "confirmed_on", "claimed_on", "answered_on")
NAMES = {
    "asked_on": "day on which it was asked for",
    "answered_on": "day of the answer",
    "first_target": "target date",
    "claimed_on": "day on which the landlord said that it was done",
    "confirmed_on": lazy_words("day on which {residents} confirmed it"),
}


class Remedy(StrEnum):
    """Choices for rows that lack a day, besides one day for all of them."""

    LATEST = "latest"
    LEAVE_OUT = "leave_out"


DayAnswer = datetime.date | Remedy  # of all rows that lack one day


def may_be_latest(key: str) -> bool:
    """Return whether an unknown day of this key can be dated the latest possible day."""
    return key in COMES_BEFORE


def pack_days(days: Mapping[str, DayAnswer]) -> dict[str, str]:
    """Return the answers for missing days as JSON."""
    return {
        key: answer.isoformat() if isinstance(answer, datetime.date) else answer.value for key, answer in days.items()
    }


def unpack_days(packed: Mapping[str, str]) -> dict[str, DayAnswer]:
    """Return the answers from JSON or from the command line; raise `ValueError` for neither day nor remedy."""
    remedies = {remedy.value: remedy for remedy in Remedy}
    return {key: remedies.get(answer) or datetime.date.fromisoformat(answer) for key, answer in packed.items()}


@dataclasses.dataclass
class MissingDay:
    """A day that rows of a file lack.

    `maybe` are rows that may need it once their status is understood, and `answer` is the one for all of them.
    """

    key: str
    answer: DayAnswer | None
    rows: list[int] = dataclasses.field(default_factory=list)
    maybe: list[int] = dataclasses.field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Return whether it still needs an answer."""
        return bool(self.rows) and self.answer is None

    @property
    def counted(self) -> str:
        """Return the number of rows that lack it: 40 rows have no target date."""
        many = len(self.rows or self.maybe)
        have = "has" if many == 1 else "have"
        return f"{many:,} row{'' if many == 1 else 's'} {have if self.rows else 'may need a'}" + (
            f" no {NAMES[self.key]}" if self.rows else f" {NAMES[self.key]}"
        )

    @property
    def notice(self) -> str:
        """Return the remedy for the rows that lack it, in words; empty while it is open."""
        if not self.rows or self.answer is None:
            return ""
        if self.answer == Remedy.LEAVE_OUT:
            done = f"You leave {'it' if len(self.rows) == 1 else 'them'} out"
        elif self.answer == Remedy.LATEST:
            done = "Each is dated the latest day that it can have been"
        else:
            done = f"You gave {format_date(self.answer)} for the whole file"
        return f"{self.counted}. {done}: {format_rows(self.rows)}."


def settle(draft: Draft, item: Any, days: Mapping[str, DayAnswer], today: datetime.date) -> None:
    """Fill in the days that a row lacks, from the site or from the answers for the file, and validate its facts.

    :param item: the recommendation on the site that the row refers to, or None.
    """
    _settle_asked_on(draft, item, days)
    facts = draft.facts
    if facts is None:
        return
    facts.asked_on = draft.asked_on
    before = {words for _, words in contradictions_in(facts)}
    lacking = days_lacking(facts)
    for key in (key for key in ORDER if key in lacking):
        known = getattr(item.tracking, key) if item else None
        if key in draft.unread and key not in draft.placeholders:
            continue  # of a cell that cannot be used its own problem says enough
        if known:
            _clear_placeholder(draft, key)
            setattr(facts, key, known)
            continue
        draft.without.append(key)
        answer = days.get(key)
        if isinstance(answer, datetime.date) or answer == Remedy.LATEST:
            day = latest_day(facts, key) if answer == Remedy.LATEST else answer
            _clear_placeholder(draft, key)
            setattr(facts, key, day)
            facts.notes[key] = _note(key, answer)
            draft.supplied[key] = day
    unanswered = [key for key in lacking if key in draft.without and key not in days and key not in draft.placeholders]
    draft.problems += [(key, str(REQUIRED_DAYS[key])) for key in unanswered]
    if facts.first_target and not facts.current_target:
        facts.current_target = facts.first_target
    draft.maybe_without = [
        key for key in days_maybe_lacking(facts) if key not in draft.unread or key in draft.placeholders
    ]
    for key, words in contradictions_in(facts):
        if key not in draft.unread:
            draft.problems.append((key, words if words in before else words + _because(draft)))


def _settle_asked_on(draft: Draft, item: Any, days: Mapping[str, DayAnswer]) -> None:
    """Fill in the day on which the recommendation was made, if the row lacks it."""
    if not draft.is_undated:
        return
    if item:
        draft.supplied.pop("asked_on", None)
        draft.asked_on = item.asked_on
        _clear_placeholder(draft, "asked_on")
        return
    draft.without.append("asked_on")
    if draft.asked_on:
        _clear_placeholder(draft, "asked_on")
    elif days.get("asked_on") is None and "asked_on" not in draft.placeholders:
        draft.problems.append(("asked_on", REQUIRED_DAYS["asked_on"]))


def _clear_placeholder(draft: Draft, key: str) -> None:
    """Remove the problem of a placeholder, which a day has replaced."""
    if key in draft.placeholders:
        draft.unread.discard(key)
        draft.problems.remove((key, draft.placeholders.pop(key)))


def _note(key: str, answer: DayAnswer) -> str:
    if answer == Remedy.LATEST:
        return NOT_KEPT
    return GIVEN_TARGET if key == "first_target" else GIVEN


def _because(draft: Draft) -> str:
    """Return the days that were entered for the file, to explain a contradiction in a row."""
    given = [f"{format_date(day)} as the {NAMES[key]}" for key, day in draft.supplied.items()]
    return f" For rows without one you gave {', and '.join(given)}." if given else ""


def is_left_out(draft: Draft, days: Mapping[str, DayAnswer]) -> bool:
    """Return whether a row lacks a day for which the remedy is to leave rows out."""
    return any(days.get(key) == Remedy.LEAVE_OUT for key in draft.without)


def find_missing_days(drafts: Iterable[Draft], days: Mapping[str, DayAnswer]) -> dict[str, MissingDay]:
    """Return the days that rows lack, or may lack, by their keys in the order of a recommendation's life."""
    found = {key: MissingDay(key, days.get(key)) for key in REQUIRED_DAYS}
    for draft in drafts:
        for key in draft.without:
            found[key].rows.append(draft.row)
        for key in draft.maybe_without:
            found[key].maybe.append(draft.row)
    return {key: day for key, day in found.items() if day.rows or day.maybe}
