"""The public status of a recommendation on a day: one definition, as a pure function and as a database expression.

``tests/scrutiny_pages/rules/test_recommendation_status.py`` checks that they agree on the day before, the day and
the day after.
"""

import dataclasses
import datetime
from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When

from cms.core.dates.formatting import format_date, format_time_since

from ..enums import AGREED, EXPLANATIONS, LATE_ANSWER, LATE_DELIVERY, UNDELIVERED, Answer, Delivery, Standing


def due_date(
    *, answer: str, delivery: str, answer_due: datetime.date | None, target: datetime.date | None
) -> datetime.date | None:
    """Return the due date of the next obligation, the answer and then the delivery; None once it is settled."""
    if answer == Answer.AWAITED:
        return answer_due
    if answer in AGREED and delivery in UNDELIVERED:
        return target
    return None


def standing(*, answer: str, delivery: str, due: datetime.date | None, on: datetime.date) -> Standing:
    """Return the status of a recommendation on a day. A recommendation due today is not overdue today."""
    if answer == Answer.WITHDRAWN:
        return Standing.WITHDRAWN
    if answer == Answer.NOT_ACCEPTED:
        return Standing.REFUSED
    settled: dict[str, Standing] = {
        Delivery.CONFIRMED: Standing.CONFIRMED,
        Delivery.NOT_DELIVERED: Standing.CLOSED,
        Delivery.CLAIMED: Standing.CLAIMED,
    }
    if delivery in settled:
        return settled[delivery]
    if due and due < on:
        return Standing.LATE
    if answer == Answer.AWAITED:
        return Standing.WAITING
    return Standing.NOT_STARTED if delivery == Delivery.NOT_STARTED else Standing.PROGRESS


# Too few came to the meeting that made it, and no full meeting has said yes since (K 7.2, case AR8).
UNRATIFIED = Q(made_at__members_came__lt=F("made_at__members_needed"), tracking__ratified_on=None)
_ANSWER_OWED = Q(tracking__answer=Answer.AWAITED)
_DELIVERY_OWED = Q(tracking__answer__in=AGREED, tracking__delivery__in=UNDELIVERED)


def overdue_condition(on: datetime.date) -> Q:
    """Return the condition, over recommendations, that an answer or a delivery is owed and its date has passed."""
    late_answer = _ANSWER_OWED & Q(tracking__answer_due__lt=on)
    late_delivery = _DELIVERY_OWED & Q(tracking__current_target__lt=on)
    return (late_answer | late_delivery) & ~_made_without_quorum()


def _made_without_quorum() -> Q:
    """Return a condition whose negation is true, not unknown, for recommendations without a meeting."""
    return Q(made_at__isnull=False, made_at__members_needed__isnull=False) & UNRATIFIED


def standing_expression(on: datetime.date) -> Case:
    """Return ``Tracking.standing`` as an expression over recommendations."""
    whens = [
        (Q(tracking__answer=Answer.WITHDRAWN), Standing.WITHDRAWN),
        (UNRATIFIED, Standing.UNRATIFIED),
        (Q(tracking__answer=Answer.NOT_ACCEPTED), Standing.REFUSED),
        (Q(tracking__delivery=Delivery.CONFIRMED), Standing.CONFIRMED),
        (Q(tracking__delivery=Delivery.NOT_DELIVERED), Standing.CLOSED),
        (Q(tracking__delivery=Delivery.CLAIMED), Standing.CLAIMED),
        (overdue_condition(on), Standing.LATE),
        (_ANSWER_OWED, Standing.WAITING),
        (Q(tracking__delivery=Delivery.NOT_STARTED), Standing.NOT_STARTED),
    ]
    return Case(
        *(When(condition, then=Value(result.value)) for condition, result in whens),
        default=Value(Standing.PROGRESS.value),
        output_field=CharField(),
    )


def due_expression() -> Case:
    """Return ``Tracking.due`` as an expression over recommendations."""
    return Case(
        When(UNRATIFIED, then=None),
        When(_ANSWER_OWED, then=F("tracking__answer_due")),
        When(_DELIVERY_OWED, then=F("tracking__current_target")),
    )


@dataclasses.dataclass(frozen=True)
class Status:
    """A public status: the key of its icon, its label, its meaning, and a line with a date or reason."""

    key: str
    words: str
    explanation: str = ""
    note: str = ""


def status_of(tracking: Any, on: datetime.date) -> Status:
    """Return the public status of a tracking row on a day."""
    where = tracking.standing(on)
    words, note, meaning = where.label, "", EXPLANATIONS[where]
    match where:
        case Standing.CONFIRMED:
            note = format_date(tracking.confirmed_on)
        case Standing.CLAIMED:
            note = f"Evidence received {format_date(tracking.claimed_on)}"
        case Standing.LATE:
            late = format_time_since(tracking.due, on)
            is_answer = tracking.answer == Answer.AWAITED
            words = f"Answer late by {late}" if is_answer else f"Late by {late}"
            meaning = LATE_ANSWER if is_answer else LATE_DELIVERY
            note = f"Due {format_date(tracking.due)}"
        case Standing.PROGRESS | Standing.NOT_STARTED | Standing.WAITING:
            note = f"Due {format_date(tracking.due)}" if tracking.due else "Date not set"
        case Standing.REFUSED:
            note = f"Reason given {format_date(tracking.answered_on)}"
    return Status(key=where.value, words=words, explanation=meaning, note=note)
