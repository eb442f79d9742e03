"""Days that a state cannot be without, and rows that lack them: answered once for all rows of a file.

A row lacks a day if its cell is empty, or holds words such as "TBC". What is on the site already is not asked for.
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


Quote = datetime.date | Remedy  # of all rows that lack one day


def may_be_latest(key: str) -> bool:
    """Return whether a day that is not known can be dated the latest that it can have been."""
    return key in COMES_BEFORE


def pack_days(days: Mapping[str, Quote]) -> dict[str, str]:
    """Return what was said of days that are lacking, as JSON."""
    return {key: said.isoformat() if isinstance(said, datetime.date) else said.value for key, said in days.items()}


def unpack_days(packed: Mapping[str, str]) -> dict[str, Quote]:
    """Return what was packed, or typed on the command line; raise `ValueError` for what is neither day nor remedy."""
    remedies = {remedy.value: remedy for remedy in Remedy}
    return {key: remedies.get(said) or datetime.date.fromisoformat(said) for key, said in packed.items()}


@dataclasses.dataclass
class MissingDay:
    """A day that rows of a file lack.

    `maybe` are rows that may need it once their status is understood, and `said` is what was said of all of them.
    """

    key: str
    said: Quote | None
    rows: list[int] = dataclasses.field(default_factory=list)
    maybe: list[int] = dataclasses.field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Return whether something still has to be said of it."""
        return bool(self.rows) and self.said is None

    @property
    def counted(self) -> str:
        """Return how many rows lack it: 40 rows have no target date."""
        many = len(self.rows or self.maybe)
        have = "has" if many == 1 else "have"
        return f"{many:,} row{'' if many == 1 else 's'} {have if self.rows else 'may need a'}" + (
            f" no {NAMES[self.key]}" if self.rows else f" {NAMES[self.key]}"
        )

    @property
    def notice(self) -> str:
        """Return what is done with the rows that lack it; nothing while that is open."""
        if not self.rows or self.said is None:
            return ""
        if self.said == Remedy.LEAVE_OUT:
            done = f"You leave {'it' if len(self.rows) == 1 else 'them'} out"
        elif self.said == Remedy.LATEST:
            done = "Each is dated the latest day that it can have been"
        else:
            done = f"You gave {format_date(self.said)} for the whole file"
        return f"{self.counted}. {done}: {format_rows(self.rows)}."


def settle(draft: Draft, item: Any, days: Mapping[str, Quote], today: datetime.date) -> None:
    """Fill in the days that a row lacks, from the site or as answered for the file, and check its facts.

    :param item: the recommendation on the site that the row means, or None.
    """
    _settle_day_of_asking(draft, item, days)
    facts = draft.facts
    if facts is None:
        return
    facts.asked_on = draft.asked_on
    before = {words for _, words in contradictions_in(facts)}
    lacking = days_lacking(facts)
    for key in (key for key in ORDER if key in lacking):
        known = getattr(item.tracking, key) if item else None
        if key in draft.unread and key not in draft.wordy:
            continue  # of a cell that cannot be used its own problem says enough
        if known:
            _take(draft, key, known)
            setattr(facts, key, known)
            continue
        draft.without.append(key)
        said = days.get(key)
        if isinstance(said, datetime.date) or said == Remedy.LATEST:
            day = latest_day(facts, key) if said == Remedy.LATEST else said
            _take(draft, key, day)
            setattr(facts, key, day)
            facts.notes[key] = _note(key, said)
            draft.supplied[key] = day
    asked = [key for key in lacking if key in draft.without and key not in days and key not in draft.wordy]
    draft.problems += [(key, str(REQUIRED_DAYS[key])) for key in asked]
    if facts.first_target and not facts.current_target:
        facts.current_target = facts.first_target
    draft.maybe_without = [key for key in days_maybe_lacking(facts) if key not in draft.unread or key in draft.wordy]
    for key, words in contradictions_in(facts):
        if key not in draft.unread:
            draft.problems.append((key, words if words in before else words + _because(draft)))


def _settle_day_of_asking(draft: Draft, item: Any, days: Mapping[str, Quote]) -> None:
    """Fill in the day on which a row was asked for, if it lacks one."""
    if not draft.is_undated:
        return
    if item:
        draft.supplied.pop("asked_on", None)
        draft.asked_on = item.asked_on
        _take(draft, "asked_on", item.asked_on)
        return
    draft.without.append("asked_on")
    if draft.asked_on:
        _take(draft, "asked_on", draft.asked_on)
    elif days.get("asked_on") is None and "asked_on" not in draft.wordy:
        draft.problems.append(("asked_on", REQUIRED_DAYS["asked_on"]))


def _take(draft: Draft, key: str, day: datetime.date) -> None:
    """Take a day in the place of a cell's words."""
    if key in draft.wordy:
        draft.unread.discard(key)
        draft.problems.remove((key, draft.wordy.pop(key)))


def _note(key: str, said: Quote) -> str:
    if said == Remedy.LATEST:
        return NOT_KEPT
    return GIVEN_TARGET if key == "first_target" else GIVEN


def _because(draft: Draft) -> str:
    """Return which days were given for the file, for a row to which they do not fit."""
    given = [f"{format_date(day)} as the {NAMES[key]}" for key, day in draft.supplied.items()]
    return f" For rows without one you gave {', and '.join(given)}." if given else ""


def is_left_out(draft: Draft, days: Mapping[str, Quote]) -> bool:
    """Return whether a row lacks a day without which rows are left out."""
    return any(days.get(key) == Remedy.LEAVE_OUT for key in draft.without)


def find_missing_days(drafts: Iterable[Draft], days: Mapping[str, Quote]) -> dict[str, MissingDay]:
    """Return the days that rows lack, or may lack, in the order of what happens to a recommendation."""
    found = {key: MissingDay(key, days.get(key)) for key in REQUIRED_DAYS}
    for draft in drafts:
        for key in draft.without:
            found[key].rows.append(draft.row)
        for key in draft.maybe_without:
            found[key].maybe.append(draft.row)
    return {key: day for key, day in found.items() if day.rows or day.maybe}
