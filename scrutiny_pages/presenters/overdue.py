"""Overdue answers and deliveries: the delay, its stated reason and the new expected date. Derived, never stored."""

import dataclasses
import datetime
from typing import cast

from cms.core.dates.formatting import format_date

from ..enums import Answer, EventKind
from .records import Extension, Reason, Tracking

NO_REASON = "No reason given yet"
NO_DATE = "No new date agreed"


@dataclasses.dataclass(frozen=True)
class Quote:
    """A statement from the history, and its author or date."""

    on: datetime.date
    words: str
    source: str


@dataclasses.dataclass(frozen=True)
class Lateness:
    """An overdue answer or delivery. The reason is the latest one stated; ``heard`` is later news that states none."""

    days: int
    first: datetime.date
    due: datetime.date
    given: Quote | None
    heard: Quote | None
    expected: str
    of_answer: bool = False

    @property
    def reason(self) -> str:
        """Return the stated reason for the delay, else the latest news of it, else ``NO_REASON``."""
        known = self.given or self.heard
        return known.words if known else NO_REASON


def lateness_of(tracking: Tracking, on: datetime.date) -> Lateness | None:
    """Return the delay of a recommendation on a day, or None if it is not overdue."""
    if not tracking.is_overdue(on):
        return None
    due = cast("datetime.date", tracking.due)  # what is overdue has a due date, and a promise a first target
    is_answer = tracking.answer == Answer.AWAITED
    request = None if is_answer else _last_request(tracking)
    given, heard = _reason_given(tracking, request), _latest_news(tracking)
    return Lateness(
        days=(on - due).days,
        first=due if is_answer else cast("datetime.date", tracking.first_target),
        due=due,
        given=given,
        heard=heard if heard and (given is None or heard.on > given.on) else None,
        expected=_expected(request),
        of_answer=is_answer,
    )


def _last_request(tracking: Tracking) -> Extension | None:
    return max(tracking.extensions.all(), key=lambda request: (request.asked_on, request.pk), default=None)


def _reason_given(tracking: Tracking, request: Extension | None) -> Quote | None:
    """Return the later of the landlord's reason for more time and the residents' finding of what is missing."""
    given = [_quote(event) for event in tracking.delay_reasons if event.kind == EventKind.SENT_BACK]
    if request:
        source = f"Said on {format_date(request.asked_on)}, when more time was asked for"
        given.append(Quote(request.asked_on, request.reason, source))
    return max(given, key=lambda said: said.on, default=None)


def _latest_news(tracking: Tracking) -> Quote | None:
    told = [event for event in tracking.delay_reasons if event.kind != EventKind.SENT_BACK]
    return _quote(told[-1]) if told else None


def _quote(event: Reason) -> Quote:
    """Return a history entry as a quote; one without a text is quoted by its title, with only the date as source."""
    words, title = (event.text, f"{event.headline}, ") if event.text else (event.headline, "")
    return Quote(event.on, words, f"{title}{format_date(event.on)}")


def _expected(request: Extension | None) -> str:
    """Return a sentence on the expected date; an agreed date that has passed is no longer one."""
    if request is None or request.granted:
        return NO_DATE
    date = format_date(request.asked_for)
    if request.granted is None:
        return f"{NO_DATE}. The landlord asks for {date}"
    return f"{NO_DATE}. The landlord asked for {date} and was told no"
