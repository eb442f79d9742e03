"""What is late: by how much, why as far as anybody has said, and by when it is now expected. Derived, never stored."""

import dataclasses
import datetime

from cms.core.dates.formatting import format_date

from ..enums import Answer, EventKind
from .records import Extension, Reason, Tracking

NO_REASON = "No reason given yet"
NO_DATE = "No new date agreed"


@dataclasses.dataclass(frozen=True)
class Quote:
    """What was said of it, and by whom or when."""

    on: datetime.date
    words: str
    source: str


@dataclasses.dataclass(frozen=True)
class Lateness:
    """How late a promise or an answer is. The reason is the last one given; what was heard since says less than why."""

    days: int
    first: datetime.date
    due: datetime.date
    given: Quote | None
    heard: Quote | None
    expected: str
    of_answer: bool = False

    @property
    def reason(self) -> str:
        """Describe why it is late, as far as anybody has said."""
        known = self.given or self.heard
        return known.words if known else NO_REASON


def lateness_of(tracking: Tracking, on: datetime.date) -> Lateness | None:
    """Describe how late a recommendation is on a day; nothing if it is not."""
    if not tracking.is_overdue(on):
        return None
    is_answer = tracking.answer == Answer.AWAITED
    request = None if is_answer else _last_request(tracking)
    given, heard = _reason_given(tracking, request), _last_heard(tracking)
    return Lateness(
        days=(on - tracking.due).days,
        first=tracking.due if is_answer else tracking.first_target,
        due=tracking.due,
        given=given,
        heard=heard if heard and (given is None or heard.on > given.on) else None,
        expected=_expected(request),
        of_answer=is_answer,
    )


def _last_request(tracking: Tracking) -> Extension | None:
    return max(tracking.extensions.all(), key=lambda request: (request.asked_on, request.pk), default=None)


def _reason_given(tracking: Tracking, request: Extension | None) -> Quote | None:
    """Return the newer of what the landlord said when it asked for time, and what residents found missing."""
    given = [_said(event) for event in tracking.told_reasons if event.kind == EventKind.SENT_BACK]
    if request:
        source = f"Said on {format_date(request.asked_on)}, when more time was asked for"
        given.append(Quote(request.asked_on, request.reason, source))
    return max(given, key=lambda said: said.on, default=None)


def _last_heard(tracking: Tracking) -> Quote | None:
    told = [event for event in tracking.told_reasons if event.kind != EventKind.SENT_BACK]
    return _said(told[-1]) if told else None


def _said(event: Reason) -> Quote:
    """Return an entry of the history; one that says all in its title has only its day beside it."""
    words, title = (event.text, f"{event.headline}, ") if event.text else (event.headline, "")
    return Quote(event.on, words, f"{title}{format_date(event.on)}")


def _expected(request: Extension | None) -> str:
    """Describe by when it is expected: a date that was agreed and has passed is no expectation."""
    if request is None or request.granted:
        return NO_DATE
    date = format_date(request.asked_for)
    if request.granted is None:
        return f"{NO_DATE}. The landlord asks for {date}"
    return f"{NO_DATE}. The landlord asked for {date} and was told no"
