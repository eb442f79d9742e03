"""The public status of a recommendation: one table of cases for the function and the database expression."""

import datetime
from itertools import permutations

import pytest

from cms.core.dates.formatting import format_date, format_days, format_time, format_time_since
from scrutiny_pages.enums import Answer, Delivery, Standing
from scrutiny_pages.models import Recommendation
from scrutiny_pages.presenters.recommendations import BAR_LENGTH, LEAST_PART, bar_widths
from tests.factories.records import RecommendationFactory

DUE = datetime.date(2026, 6, 30)
DAY = datetime.timedelta(days=1)

ACCEPTED = {"answer": Answer.ACCEPTED, "answered_on": datetime.date(2026, 4, 2)}
DATED = {"first_target": DUE, "current_target": DUE}

# What is recorded; where it stands the day before it is due, on the day, and the day after.
CASES = {
    "awaited": ({"answer_due": DUE}, Standing.WAITING, Standing.WAITING, Standing.LATE),
    "awaited, no date": ({}, Standing.WAITING, Standing.WAITING, Standing.WAITING),
    "case P7 accepted": (ACCEPTED | DATED, Standing.NOT_STARTED, Standing.NOT_STARTED, Standing.LATE),
    "accepted, no date": (ACCEPTED, *[Standing.NOT_STARTED] * 3),
    "accepted, old answer date": (
        ACCEPTED | {"answer_due": DUE},
        *[Standing.NOT_STARTED] * 3,
    ),
    "partly accepted": (
        ACCEPTED | DATED | {"answer": Answer.PARTLY_ACCEPTED},
        Standing.NOT_STARTED,
        Standing.NOT_STARTED,
        Standing.LATE,
    ),
    "in progress": (
        ACCEPTED | DATED | {"delivery": Delivery.IN_PROGRESS},
        Standing.PROGRESS,
        Standing.PROGRESS,
        Standing.LATE,
    ),
    "date moved": (
        ACCEPTED | {"first_target": DUE - 90 * DAY, "current_target": DUE},
        Standing.NOT_STARTED,
        Standing.NOT_STARTED,
        Standing.LATE,
    ),
    "claimed": (
        ACCEPTED | DATED | {"delivery": Delivery.CLAIMED, "claimed_on": DUE},
        *[Standing.CLAIMED] * 3,
    ),
    "confirmed": (
        ACCEPTED | DATED | {"delivery": Delivery.CONFIRMED, "confirmed_on": DUE},
        *[Standing.CONFIRMED] * 3,
    ),
    "closed": (ACCEPTED | DATED | {"delivery": Delivery.NOT_DELIVERED}, *[Standing.CLOSED] * 3),
    "not accepted": (
        {"answer": Answer.NOT_ACCEPTED, "answered_on": DUE, "answer_due": DUE},
        *[Standing.REFUSED] * 3,
    ),
    "withdrawn": ({"answer": Answer.WITHDRAWN, "answered_on": DUE, "answer_due": DUE}, *[Standing.WITHDRAWN] * 3),
}


@pytest.mark.parametrize(("recorded", "before", "on_the_day", "after"), CASES.values(), ids=CASES.keys())
def test_a_thing_is_late_the_day_after_it_is_due_and_the_database_agrees(db, recorded, before, on_the_day, after):
    item = RecommendationFactory(**{f"tracking__{name}": value for name, value in recorded.items()})
    for day, expected in ((DUE - DAY, before), (DUE, on_the_day), (DUE + DAY, after)):
        assert item.tracking.standing(day) == expected
        assert Recommendation.objects.with_standing(day).get().standing_then == expected
        assert Recommendation.objects.in_standing(expected, day).get() == item
        assert (
            Recommendation.objects.overdue(day).exists() == item.tracking.is_overdue(day) == (expected == Standing.LATE)
        )
        assert Recommendation.objects.standing_counts(day) == {expected: 1}
        assert item.tracking.status(day).key == expected


def test_lists_put_what_is_owed_first(db):
    settled = RecommendationFactory(tracking__answer=Answer.NOT_ACCEPTED, tracking__answered_on=DUE)
    later = RecommendationFactory(tracking__answer_due=DUE + DAY)
    sooner = RecommendationFactory(**{f"tracking__{key}": value for key, value in (ACCEPTED | DATED).items()})
    assert list(Recommendation.objects.soonest_due_first()) == [sooner, later, settled]
    due = {item.pk: item.due for item in Recommendation.objects.soonest_due_first()}
    assert due == {item.pk: item.tracking.due for item in (settled, later, sooner)}


def test_lateness_says_what_is_owed():
    from scrutiny_pages.models import Tracking

    answer = Tracking(answer_due=DUE).status(DUE + 12 * DAY)
    delivery = Tracking(**ACCEPTED, **DATED).status(DUE + DAY)
    assert (answer.words, delivery.words) == ("Answer late by 12 days", "Late by 1 day")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (format_date(datetime.date(2026, 4, 2)), "2 April 2026"),
        (format_days(1), "1 day"),
        (format_days(52), "52 days"),
        (format_time_since(DUE, DUE + DAY), "1 day"),
        (format_time_since(DUE, DUE + 60 * DAY), "60 days"),
        (format_time_since(DUE, DUE + 61 * DAY), "2 months"),
        (format_time_since(datetime.date(2025, 12, 31), datetime.date(2026, 3, 1)), "60 days"),
        (format_time_since(datetime.date(2025, 12, 31), datetime.date(2026, 3, 30)), "2 months"),
        (format_time_since(datetime.date(2024, 2, 29), datetime.date(2025, 2, 27)), "11 months"),
        (format_time_since(datetime.date(2024, 2, 29), datetime.date(2025, 2, 28)), "1 year"),
        (format_time_since(datetime.date(2025, 1, 22), datetime.date(2026, 11, 22)), "1 year and 10 months"),
        (format_time_since(datetime.date(2023, 3, 23), datetime.date(2026, 11, 22)), "3 years and 7 months"),
        (format_time(datetime.time(18, 0)), "6pm"),
        (format_time(datetime.time(0, 30)), "12:30am"),
        (format_time(datetime.time(12, 0)), "12pm"),
    ],
)
def test_dates_and_lengths_of_time_are_said_as_people_do_case_p8(said, words):
    assert said == words


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([490, 3, 12, 2, 5, 0, 1, 1, 0], id="case P8, 514 of them"),
        pytest.param([0] * 9, id="none"),
        pytest.param([0, 0, 1, 0, 0, 0, 0, 0, 0], id="one"),
        pytest.param([1] * 9, id="one of each"),
        pytest.param([10_000, *[1] * 8], id="one of each beside ten thousand"),
        pytest.param([27, 1, 1, 1, 0, 0, 0, 0, 0], id="just below what is widened"),
    ],
)
def test_every_state_that_is_there_can_be_seen_in_the_bar(counts):
    widths = bar_widths(counts)

    assert all(width >= LEAST_PART if count else width == 0 for count, width in zip(counts, widths, strict=True))
    assert sum(widths) == (BAR_LENGTH if sum(counts) else 0)
    assert all(a >= b for (n, a), (m, b) in permutations(zip(counts, widths, strict=True), 2) if n > m and n and m)
