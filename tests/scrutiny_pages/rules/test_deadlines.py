"""Deadline rules: their text, the dates that they yield, and the explanations of the dates."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cms.core.dates.bank_holidays import Nation
from cms.core.dates.formatting import is_quarter_end
from scrutiny_pages.enums import DeadlineUnit
from scrutiny_pages.rules.deadlines import Deadline, DeadlineRule, deadline, problems_of

WORKING, DAYS, WEEKS, MONTHS = (
    DeadlineUnit.WORKING_DAYS,
    DeadlineUnit.CALENDAR_DAYS,
    DeadlineUnit.WEEKS,
    DeadlineUnit.MONTHS,
)
START, END = DeadlineUnit.QUARTER_START, DeadlineUnit.QUARTER_END
MEETING, FIXED = DeadlineUnit.NEXT_MEETING, DeadlineUnit.FIXED_DATE
BOARD = DeadlineRule(MEETING, body="Board")
day = datetime.date.fromisoformat


def due(rule: DeadlineRule, start: str, *meetings: str, nation: str = Nation.ENGLAND_AND_WALES) -> Deadline:
    return deadline(
        rule,
        start=day(start) if start else None,
        event="the draft report",
        nation=nation,
        meetings=[day(meeting) for meeting in meetings],
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (DeadlineRule(WORKING, 10), "within 10 working days of the draft report"),  # H 6.1
        (DeadlineRule(DAYS, 28), "within 28 days of the draft report"),  # H 6.2, K 11.4
        (DeadlineRule(WEEKS, 1), "within 1 week of the draft report"),
        (DeadlineRule(MONTHS, 6), "within 6 months of the draft report"),
        (DeadlineRule(WORKING, 5, before=True), "at least 5 working days before the draft report"),  # K 7.1
        (DeadlineRule(WEEKS, 1, before=True), "at least 1 week before the draft report"),  # G 8
        (DeadlineRule(END), "by the first end of a quarter on or after the draft report"),  # G 8
        (DeadlineRule(END, 2), "by the first end of a quarter on or after the draft report, plus 2 quarters"),
        (DeadlineRule(START), "by the first start of a quarter on or after the draft report"),
        (DeadlineRule(START, 1, True), "by the last start of a quarter on or before the draft report, less 1 quarter"),
        (BOARD, "at the next meeting of the Board after the draft report"),  # W47
        (DeadlineRule(FIXED, fixed_on=day("2027-03-31")), "by 31 March 2027"),
        (DeadlineRule(FIXED), "by a fixed date"),
    ],
)
def test_a_rule_in_words(rule, words):
    assert rule.words("the draft report") == words


@pytest.mark.parametrize(
    ("rule", "start", "sentence"),
    [
        (
            DeadlineRule(WORKING, 10),  # H 6.1
            "2026-04-02",
            "10 working days after Thursday 2 April 2026, not counting Good Friday and Easter Monday: "
            "Monday 20 April 2026",
        ),
        (
            DeadlineRule(WORKING, 10, before=True),
            "2026-04-20",
            "10 working days before Monday 20 April 2026, not counting Good Friday and Easter Monday: "
            "Thursday 2 April 2026",
        ),
        (
            DeadlineRule(WORKING, 5, before=True),  # K 7.1
            "2026-06-18",
            "5 working days before Thursday 18 June 2026: Thursday 11 June 2026",
        ),
        (
            DeadlineRule(WORKING, 4),
            "2021-12-24",
            "4 working days after Friday 24 December 2021, not counting Christmas Day (substitute day), Boxing Day "
            "(substitute day) and New Year’s Day (substitute day): Tuesday 4 January 2022",
        ),
        (
            DeadlineRule(WORKING, 250),
            "2026-01-05",
            "250 working days after Monday 5 January 2026, not counting 7 bank holidays: Wednesday 30 December 2026",
        ),
        (DeadlineRule(DAYS, 28), "2026-03-14", "28 days after Saturday 14 March 2026: Saturday 11 April 2026"),  # H 6.2
        (DeadlineRule(DAYS, 14), "2026-10-20", "14 days after Tuesday 20 October 2026: Tuesday 3 November 2026"),
        (DeadlineRule(DAYS, 1), "2028-02-28", "1 day after Monday 28 February 2028: Tuesday 29 February 2028"),
        (DeadlineRule(WEEKS, 1, True), "2026-07-01", "1 week before Wednesday 1 July 2026: Wednesday 24 June 2026"),
        (DeadlineRule(MONTHS, 6), "2026-04-02", "6 months after Thursday 2 April 2026: Friday 2 October 2026"),
        (
            DeadlineRule(MONTHS, 1),
            "2026-01-31",
            "1 month after Saturday 31 January 2026, as February 2026 has only 28 days: Saturday 28 February 2026",
        ),
        (
            DeadlineRule(MONTHS, 1),
            "2028-01-31",
            "1 month after Monday 31 January 2028, as February 2028 has only 29 days: Tuesday 29 February 2028",
        ),
        (
            DeadlineRule(END),  # G 8
            "2026-04-02",
            "The first end of a quarter on or after Thursday 2 April 2026: Tuesday 30 June 2026",
        ),
        (
            DeadlineRule(END, 2),
            "2026-04-02",
            "The first end of a quarter on or after Thursday 2 April 2026, plus 2 quarters: Thursday 31 December 2026",
        ),
        (DeadlineRule(FIXED, fixed_on=day("2027-03-31")), "", "A fixed date: Wednesday 31 March 2027"),
    ],
)
def test_a_date_explains_itself(rule, start, sentence):
    told = due(rule, start)
    assert told
    assert told.sentence == sentence


@pytest.mark.parametrize(
    ("rule", "start", "on"),
    [
        (DeadlineRule(END), "2026-06-30", "2026-06-30"),  # today is the end of a quarter
        (DeadlineRule(END), "2026-07-01", "2026-09-30"),
        (DeadlineRule(END, 1), "2026-12-31", "2027-03-31"),
        (DeadlineRule(END, before=True), "2026-06-30", "2026-06-30"),
        (DeadlineRule(END, before=True), "2026-06-29", "2026-03-31"),
        (DeadlineRule(END, 1, before=True), "2026-03-31", "2025-12-31"),
        (DeadlineRule(START), "2026-07-01", "2026-07-01"),
        (DeadlineRule(START), "2026-07-02", "2026-10-01"),
        (DeadlineRule(START, 1), "2026-10-02", "2027-04-01"),
        (DeadlineRule(START, before=True), "2026-07-01", "2026-07-01"),
        (DeadlineRule(START, before=True), "2026-06-30", "2026-04-01"),
        (DeadlineRule(START, 1, before=True), "2026-01-01", "2025-10-01"),
    ],
)
def test_a_quarter_that_starts_or_ends_on_the_day_is_today(rule, start, on):
    assert due(rule, start).on == day(on)


def test_the_next_meeting_is_the_first_after_the_day():
    told = due(BOARD, "2026-04-02", "2026-09-15", "2026-06-16", "2026-04-02", "2026-03-10")
    assert told.sentence == "The next meeting of the Board after Thursday 2 April 2026: Tuesday 16 June 2026"
    assert told.on == day("2026-06-16")


@pytest.mark.parametrize(
    ("rule", "start", "sentence"),
    [
        (DeadlineRule(WORKING, 10), "", "Date not set: it counts from the draft report, which has not happened yet."),
        (BOARD, "", "Date not set: it counts from the draft report, which has not happened yet."),
        (BOARD, "2026-06-16", "Date not set: no later meeting of the Board is planned."),
        (
            DeadlineRule(WORKING, 10),
            "2111-05-01",
            "Date not set. There are no bank holidays on record for Scotland in 2111, so working days cannot be "
            "counted.",
        ),
        (DeadlineRule(FIXED), "2026-04-02", "Date not set: its rule is not complete."),
        (DeadlineRule(MONTHS, 1), "9999-12-31", "Date not set: 31 December 9999 is too far away to count from."),
        (DeadlineRule(END), "9999-12-31", "Date not set: 31 December 9999 is too far away to count from."),
        (DeadlineRule(DAYS, 1), "9999-12-31", "Date not set: 31 December 9999 is too far away to count from."),
    ],
)
def test_a_date_that_cannot_be_told_says_why(rule, start, sentence):
    told = due(rule, start, "2026-06-16", nation=Nation.SCOTLAND)
    assert not told
    assert told == Deadline(None, sentence)


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        ("2026-03-28T23:30+00:00", "2026-04-25"),  # the last evening of winter time
        ("2026-03-29T22:59+00:00", "2026-04-26"),
        ("2026-03-29T23:30+00:00", "2026-04-27"),  # half past midnight on the 30th in London
        ("2026-10-24T23:30+00:00", "2026-11-22"),  # half past midnight on the 25th in London
        ("2026-10-25T23:30+00:00", "2026-11-22"),  # still the 25th, now that the clocks have gone back
    ],
)
def test_a_moment_counts_from_its_day_in_london(moment, on):
    start = timezone.localdate(datetime.datetime.fromisoformat(moment))
    rule = DeadlineRule(DAYS, 28)
    assert deadline(rule, start=start, event="the request", nation=Nation.ENGLAND_AND_WALES).on == day(on)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (DeadlineRule(WORKING, 10), ""),
        (DeadlineRule(WORKING, 0), "Enter how many working days: a number above 0."),
        (DeadlineRule(MONTHS), "Enter how many months: a number above 0."),
        (DeadlineRule(DAYS, -1), "The number must be 0 or more. To count back, choose before."),
        (DeadlineRule(DAYS, 999), ""),
        (DeadlineRule(DAYS, 1000), "The number must be 999 or less."),
        (DeadlineRule(END), ""),
        (DeadlineRule(START), ""),
        (DeadlineRule(FIXED), "Enter the fixed date."),
        (DeadlineRule(FIXED, fixed_on=day("2027-03-31")), ""),
        (BOARD, ""),
        (DeadlineRule(MEETING), "Say whose next meeting it is."),
        (
            DeadlineRule(MEETING, before=True, body="Board"),
            "A next meeting comes after something. Choose after, or another kind of deadline.",
        ),
    ],
)
def test_what_is_wrong_with_a_rule(rule, problem):
    assert problems_of(rule) == problem


rules = st.builds(
    DeadlineRule,
    unit=st.sampled_from(DeadlineUnit),
    amount=st.integers(-1, 1000),
    before=st.booleans(),
    fixed_on=st.none() | st.dates(),
    body=st.sampled_from(["", "Board"]),
)


@given(rules, st.none() | st.dates(), st.sampled_from(Nation), st.lists(st.dates(), max_size=3))
def test_whatever_is_asked_there_is_a_date_or_a_reason(rule, start, nation, meetings):
    assert rule.words("the draft report")
    told = deadline(rule, start=start, event="the draft report", nation=nation, meetings=meetings)
    assert bool(told) != told.sentence.startswith("Date not set")


@given(
    st.sampled_from([WORKING, DAYS, WEEKS, MONTHS, START, END]),
    st.integers(1, 60),
    st.dates(day("2018-01-01"), day("2021-12-31")),
    st.booleans(),
)
def test_more_is_never_nearer_and_no_sooner_than_the_day(unit, amount, start, before):
    nearer, further = (due(DeadlineRule(unit, n, before), start.isoformat()).on for n in (amount, amount + 1))
    assert further < nearer < start if before else start < nearer < further
    assert unit != END or is_quarter_end(nearer)
