"""Where a recommendation stands on a day: the one definition, as a pure function and as a database expression.

``tests/scrutiny_pages/test_standing.py`` holds the two together on the day before, the day and the day after.
"""

import dataclasses
import datetime

from django.db.models import Case, CharField, F, Q, Value, When

from cms.core.dates import say_date, say_time_since

from .enums import AGREED, EXPLANATIONS, LATE_ANSWER, LATE_DELIVERY, UNDELIVERED, Answer, Delivery, Standing


def due_date(
    *, answer: str, delivery: str, answer_due: datetime.date | None, target: datetime.date | None
) -> datetime.date | None:
    """Give the date by which the next thing is owed: the answer, then the delivery; none once it is settled."""
    if answer == Answer.AWAITED:
        return answer_due
    if answer in AGREED and delivery in UNDELIVERED:
        return target
    return None


def standing(*, answer: str, delivery: str, due: datetime.date | None, on: datetime.date) -> Standing:
    """Say where a recommendation stands on a day. A thing due today is not late today."""
    if answer == Answer.WITHDRAWN:
        return Standing.WITHDRAWN
    if answer == Answer.NOT_ACCEPTED:
        return Standing.REFUSED
    settled = {
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


def overdue_condition(on: datetime.date, prefix: str = "tracking__") -> Q:
    """Give the condition that an answer or a delivery is owed and its date has passed."""
    return Q(**{f"{prefix}answer": Answer.AWAITED, f"{prefix}answer_due__lt": on}) | Q(
        **{f"{prefix}answer__in": AGREED, f"{prefix}delivery__in": UNDELIVERED, f"{prefix}current_target__lt": on}
    )


def standing_expression(on: datetime.date, prefix: str = "tracking__") -> Case:
    """Give ``standing`` as an expression over recommendations."""
    whens = [
        (Q(**{f"{prefix}answer": Answer.WITHDRAWN}), Standing.WITHDRAWN),
        (Q(**{f"{prefix}answer": Answer.NOT_ACCEPTED}), Standing.REFUSED),
        (Q(**{f"{prefix}delivery": Delivery.CONFIRMED}), Standing.CONFIRMED),
        (Q(**{f"{prefix}delivery": Delivery.NOT_DELIVERED}), Standing.CLOSED),
        (Q(**{f"{prefix}delivery": Delivery.CLAIMED}), Standing.CLAIMED),
        (overdue_condition(on, prefix), Standing.LATE),
        (Q(**{f"{prefix}answer": Answer.AWAITED}), Standing.WAITING),
        (Q(**{f"{prefix}delivery": Delivery.NOT_STARTED}), Standing.NOT_STARTED),
    ]
    return Case(
        *(When(condition, then=Value(result.value)) for condition, result in whens),
        default=Value(Standing.PROGRESS.value),
        output_field=CharField(),
    )


def due_expression(prefix: str = "tracking__") -> Case:
    """Give ``due_date`` as an expression over recommendations."""
    return Case(
        When(Q(**{f"{prefix}answer": Answer.AWAITED}), then=F(f"{prefix}answer_due")),
        When(
            Q(**{f"{prefix}answer__in": AGREED, f"{prefix}delivery__in": UNDELIVERED}),
            then=F(f"{prefix}current_target"),
        ),
    )


@dataclasses.dataclass(frozen=True)
class Status:
    """A status as the public sees it: a sign (by key), the words, what they mean, and a date or reason below."""

    key: str
    words: str
    explanation: str = ""
    note: str = ""


def status_of(tracking, on: datetime.date) -> Status:
    """Give the public status of a recommendation's tracking row on a day."""
    where = tracking.standing(on)
    words, note, meaning = where.label, "", EXPLANATIONS[where]
    match where:
        case Standing.CONFIRMED:
            note = say_date(tracking.confirmed_on)
        case Standing.CLAIMED:
            note = f"Evidence received {say_date(tracking.claimed_on)}"
        case Standing.LATE:
            late = say_time_since(tracking.due, on)
            is_answer = tracking.answer == Answer.AWAITED
            words = f"Answer late by {late}" if is_answer else f"Late by {late}"
            meaning = LATE_ANSWER if is_answer else LATE_DELIVERY
            note = f"Due {say_date(tracking.due)}"
        case Standing.PROGRESS | Standing.NOT_STARTED | Standing.WAITING:
            note = f"Due {say_date(tracking.due)}" if tracking.due else "Date not set"
        case Standing.REFUSED:
            note = f"Reason given {say_date(tracking.answered_on)}"
    return Status(key=where.value, words=words, explanation=meaning, note=note)
