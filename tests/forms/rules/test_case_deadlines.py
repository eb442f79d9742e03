"""Deadlines: real dates, each checked by hand against a calendar of England and Wales."""

import datetime

import pytest

from forms.enums import CaseState
from forms.rules.case_deadlines import (
    Stop,
    after_pause,
    after_restart,
    after_stop,
    counted,
    days_stopped,
    due_now,
    extension_problem,
    format_deadline,
    is_late,
    was_late,
)
from scrutiny_pages.enums import DeadlineUnit
from scrutiny_pages.rules.deadlines import DeadlineRule

D = datetime.date
NATION = "england-and-wales"
WORKING, CALENDAR = DeadlineUnit.WORKING_DAYS, DeadlineUnit.CALENDAR_DAYS
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("amount", "unit", "received_on", "due_on"),
    [
        # 20 working days (freedom of information), over Christmas and New Year.
        (20, WORKING, D(2026, 12, 7), D(2027, 1, 7)),
        (20, WORKING, D(2025, 12, 8), D(2026, 1, 8)),
        # ... and over Easter: Good Friday 3 April, Easter Monday 6 April 2026.
        (20, WORKING, D(2026, 3, 20), D(2026, 4, 21)),
        (20, WORKING, D(2026, 4, 2), D(2026, 5, 5)),  # ... and the bank holiday of 4 May
        # 10 working days (H 7, K 12), also when it comes on a Saturday or a bank holiday.
        (10, WORKING, D(2026, 4, 2), D(2026, 4, 20)),
        (10, WORKING, D(2026, 6, 6), D(2026, 6, 19)),
        (10, WORKING, D(2026, 5, 4), D(2026, 5, 18)),
        # 28 and 30 calendar days (W44, a data-protection complaint).
        (28, CALENDAR, D(2026, 2, 1), D(2026, 3, 1)),
        (28, CALENDAR, D(2026, 12, 10), D(2027, 1, 7)),
        (30, CALENDAR, D(2026, 1, 31), D(2026, 3, 2)),
        (30, CALENDAR, D(2028, 1, 31), D(2028, 3, 1)),
    ],
)
def test_the_date_is_fixed_at_receipt(amount, unit, received_on, due_on):
    assert counted(DeadlineRule(unit, amount), received_on, NATION).on == due_on


def test_the_date_says_what_it_was_counted_from():
    found = counted(DeadlineRule(WORKING, 20), D(2026, 12, 7), NATION)
    words = format_deadline(found)
    assert words.startswith("Due Thursday 7 January 2027: 20 working days after Monday 7 December 2026, not counting")
    assert "Christmas Day" in words
    assert "no date" in format_deadline(counted(None, D(2026, 12, 7), NATION)).lower()
    assert "no bank holidays on record" in format_deadline(counted(DeadlineRule(WORKING, 10), D(1999, 1, 4), NATION))


@pytest.mark.parametrize(
    ("unit", "asked_on", "answered_on", "days"),
    [
        (WORKING, D(2026, 4, 7), D(2026, 4, 9), 2),
        (WORKING, D(2026, 4, 2), D(2026, 4, 7), 1),  # Easter does not count
        (WORKING, D(2026, 4, 10), D(2026, 4, 12), 0),  # a weekend
        (WORKING, D(2026, 12, 23), D(2027, 1, 4), 5),
        (CALENDAR, D(2026, 4, 2), D(2026, 4, 7), 5),
        (WORKING, D(2026, 4, 7), D(2026, 4, 7), 0),
    ],
)
def test_the_clock_stands_still_for_the_days_that_are_counted(unit, asked_on, answered_on, days):
    assert days_stopped(unit, Stop(asked_on, answered_on), NATION) == days


@pytest.mark.parametrize(
    ("unit", "due_on", "asked_on", "answered_on", "then"),
    [
        (WORKING, D(2026, 4, 20), D(2026, 4, 7), D(2026, 4, 9), D(2026, 4, 22)),
        (WORKING, D(2026, 12, 24), D(2026, 12, 21), D(2026, 12, 23), D(2026, 12, 30)),
        (CALENDAR, D(2026, 3, 1), D(2026, 2, 10), D(2026, 2, 20), D(2026, 3, 11)),
        (WORKING, D(2026, 4, 20), D(2026, 4, 7), D(2026, 4, 7), D(2026, 4, 20)),
        (WORKING, None, D(2026, 4, 7), D(2026, 4, 9), None),
        # Where the days cannot be counted the date is neither guessed nor lost.
        (WORKING, D(2026, 4, 20), D(2026, 4, 7), D(2080, 4, 9), D(2026, 4, 20)),
    ],
)
def test_a_pause_moves_the_last_day_by_as_long_as_it_was(unit, due_on, asked_on, answered_on, then):
    assert after_pause(due_on, unit, Stop(asked_on, answered_on), NATION) == then


def test_a_restart_counts_the_whole_time_anew_and_never_shortens_it():
    rule = DeadlineRule(WORKING, 20)
    assert after_restart(rule, D(2026, 5, 1), D(2026, 4, 20), NATION) == D(2026, 5, 19)
    assert after_restart(rule, D(2026, 9, 1), D(2026, 4, 20), NATION) == D(2026, 9, 1)


@pytest.mark.parametrize(
    ("unit", "due_on", "withdrawn_on", "taken_up_on", "then"),
    [
        (WORKING, D(2026, 4, 20), D(2026, 4, 7), D(2026, 4, 9), D(2026, 4, 22)),
        (CALENDAR, D(2026, 3, 1), D(2026, 2, 10), D(2026, 6, 10), D(2026, 6, 29)),
        (CALENDAR, D(2026, 3, 1), D(2026, 3, 5), D(2026, 3, 9), D(2026, 3, 5)),  # late by four days before, and after
    ],
)
def test_days_on_which_it_lay_withdrawn_are_not_held_against_us_nor_given_anew(
    unit, due_on, withdrawn_on, taken_up_on, then
):
    found = after_stop(DeadlineRule(unit, 10), due_on, Stop(withdrawn_on, taken_up_on), NATION)
    assert found == then


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"until": D(2026, 5, 4)}, ""),
        ({"until": D(2026, 5, 5)}, "The rules let us take until Monday 4 May 2026, and no longer."),
        ({"latest": None, "until": D(2027, 1, 1)}, ""),
        ({"until": D(2026, 4, 20)}, "It is due on 20 April 2026 already. Choose a later day."),
        ({"may_extend": False}, "The rules for this kind of request do not let us take more time."),
        ({"due_on": None}, "There is no date to move."),
        # More time was taken already: the limit still counts from the first last day.
        (
            {"due_on": D(2026, 5, 1), "until": D(2026, 5, 8)},
            "The rules let us take until Monday 4 May 2026, and no longer.",
        ),
    ],
)
def test_more_time_is_within_the_rules_or_refused_in_words(changes, words):
    asked = {
        "may_extend": True,
        "due_on": D(2026, 4, 20),
        "latest": D(2026, 5, 4),
        "until": D(2026, 4, 27),
    }
    assert extension_problem(**(asked | changes)) == words


@pytest.mark.parametrize(("away", "late"), [(-1, False), (0, False), (1, True)])
def test_it_is_late_the_day_after_and_not_on_the_day(away, late):
    due = D(2026, 4, 20)
    assert is_late(due, due + away * DAY) == late
    assert was_late(due, due + away * DAY) == late
    assert not is_late(None, due)
    assert not was_late(None, due)
    assert not was_late(due, None)


@pytest.mark.parametrize(
    ("state", "stopped", "owed"),
    [
        (CaseState.RECEIVED, False, "answer"),
        (CaseState.CLARIFICATION, False, "answer"),
        (CaseState.CLARIFICATION, True, None),
        (CaseState.IN_REVIEW, False, "review"),
        (CaseState.OUTSIDE_BODY, False, None),
        (CaseState.ANSWERED, False, None),
    ],
)
def test_what_is_owed_now(state, stopped, owed):
    days = {"answer": D(2026, 4, 20), "review": D(2026, 6, 1), None: None}
    assert due_now(state=state, due_on=days["answer"], review_due_on=days["review"], is_stopped=stopped) == days[owed]
