"""Working days in real years: Easter, Christmas on a weekend, one nation's own holidays, and years not on record."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.core.dates.bank_holidays import Nation, holidays, known_years
from cms.core.dates.formatting import add_months
from cms.core.dates.working_days import NoHolidayData, count_weekdays, count_working_days, is_working_day

ENGLAND, SCOTLAND, NORTHERN_IRELAND = Nation.ENGLAND_AND_WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND
EASTER = ("Good Friday", "Easter Monday")
CHRISTMAS_MOVED = ("Christmas Day (substitute day)", "Boxing Day (substitute day)")
BOYNE = "Battle of the Boyne (Orangemen’s Day)"
day = datetime.date.fromisoformat

COUNTS = [
    # nation, from, working days, to, passed over
    (ENGLAND, "2026-04-02", 10, "2026-04-20", EASTER),
    (ENGLAND, "2026-04-20", -10, "2026-04-02", EASTER),
    (SCOTLAND, "2026-04-02", 10, "2026-04-17", ("Good Friday",)),  # Easter Monday is worked in Scotland
    (ENGLAND, "2026-04-04", 1, "2026-04-07", ("Easter Monday",)),  # from a Saturday
    (ENGLAND, "2026-03-25", 3, "2026-03-30", ()),  # the clocks go forward on the 29th
    (ENGLAND, "2026-10-23", 1, "2026-10-26", ()),  # and back on 25 October
    (ENGLAND, "2021-12-24", 1, "2021-12-29", CHRISTMAS_MOVED),  # Christmas Day on a Saturday
    (ENGLAND, "2021-12-31", 1, "2022-01-04", ("New Year’s Day (substitute day)",)),
    (ENGLAND, "2022-12-23", 1, "2022-12-28", ("Boxing Day", "Christmas Day (substitute day)")),  # on a Sunday
    (ENGLAND, "2027-12-24", 1, "2027-12-29", CHRISTMAS_MOVED),
    (ENGLAND, "2024-02-28", 2, "2024-03-01", ()),  # a leap day that is worked
    (ENGLAND, "2028-02-28", 1, "2028-02-29", ()),
    (ENGLAND, "2028-03-01", -1, "2028-02-29", ()),
    (SCOTLAND, "2026-01-01", 1, "2026-01-05", ("2nd January",)),
    (ENGLAND, "2026-01-01", 1, "2026-01-02", ()),
    (SCOTLAND, "2026-11-27", 1, "2026-12-01", ("St Andrew’s Day",)),
    (SCOTLAND, "2025-11-28", 1, "2025-12-02", ("St Andrew’s Day (substitute day)",)),
    (ENGLAND, "2026-11-27", 1, "2026-11-30", ()),
    (NORTHERN_IRELAND, "2026-03-16", 1, "2026-03-18", ("St Patrick’s Day",)),
    (NORTHERN_IRELAND, "2027-07-09", 1, "2027-07-13", (BOYNE,)),
    (NORTHERN_IRELAND, "2026-07-10", 1, "2026-07-14", (f"{BOYNE} (substitute day)",)),  # the 12th is a Sunday
    (ENGLAND, "2026-07-10", 1, "2026-07-13", ()),
    (ENGLAND, "2022-06-01", 1, "2022-06-06", ("Spring bank holiday", "Platinum Jubilee bank holiday")),
    (ENGLAND, "2023-05-05", 1, "2023-05-09", ("Bank holiday for the coronation of King Charles III",)),
    (ENGLAND, "2028-12-22", 3, "2028-12-29", ("Christmas Day", "Boxing Day")),  # the last on record
]


@pytest.mark.parametrize(("nation", "start", "number", "end", "skipped"), COUNTS)
def test_working_days_pass_over_weekends_and_the_nations_own_holidays(nation, start, number, end, skipped):
    count = count_working_days(day(start), number, nation)
    assert (count.on.isoformat(), count.skipped) == (end, skipped)


@pytest.mark.parametrize("nation", Nation)
def test_every_year_on_record_is_whole(nation):
    assert known_years(nation)[0] == 2012
    assert 2028 in known_years(nation)
    for year in known_years(nation):
        named = {title for date, title in holidays(nation).items() if date.year == year}
        for holiday in ("New Year’s Day", "Good Friday", "Christmas Day", "Boxing Day"):
            assert any(title.startswith(holiday) for title in named), (year, holiday)
        assert len(named) >= 8


@pytest.mark.parametrize(("date", "on_record"), [("2027-12-31", [2026, 2027]), ("2027-08-30", [2026])])
def test_a_list_that_stops_before_christmas_is_no_record_of_its_year(monkeypatch, date, on_record):
    known = {on: title for on, title in holidays(ENGLAND).items() if day("2026-01-01") <= on <= day(date)}
    monkeypatch.setattr("cms.core.dates.bank_holidays.holidays", lambda nation: known)
    assert list(known_years.__wrapped__(ENGLAND)) == on_record


@pytest.mark.parametrize(
    ("nation", "start", "number", "told"),
    [
        (SCOTLAND, "2031-05-01", 1, "for Scotland in 2031,"),
        (ENGLAND, "2028-12-29", 1, "for England and Wales in 2029,"),
        (NORTHERN_IRELAND, "2012-01-03", -1, "for Northern Ireland in 2011,"),
    ],
)
def test_a_year_not_on_record_is_not_guessed(monkeypatch, nation, start, number, told):
    monkeypatch.setattr("cms.core.dates.working_days.known_years", lambda nation: range(2012, 2029))
    with pytest.raises(NoHolidayData, match=f"no bank holidays on record {told} so working days cannot be counted"):
        count_working_days(day(start), number, nation)


@pytest.mark.parametrize(
    ("date", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(date, months, end):
    assert add_months(day(date), months).isoformat() == end


nations = st.sampled_from(Nation)
days = st.dates(day("2014-01-01"), day("2026-12-31"))
numbers = st.integers(1, 250)


@given(nations, days, numbers)
def test_counting_forward_and_back_comes_home(nation, start, number):
    start = count_working_days(start, 1, nation).on  # any working day
    there = count_working_days(start, number, nation)
    back = count_working_days(there.on, -number, nation)
    assert back.on == start
    assert back.skipped == there.skipped


@given(nations, days, numbers, st.sampled_from([1, -1]))
def test_a_count_ends_on_a_working_day_and_one_more_goes_further(nation, start, number, way):
    on = count_working_days(start, way * number, nation).on
    assert on.weekday() < 5
    assert on not in holidays(nation)
    assert (count_working_days(start, way * (number + 1), nation).on - on).days * way > 0


@given(nations, days, numbers)
def test_a_count_is_the_number_of_working_days_on_the_way(nation, start, number):
    end = count_working_days(start, number, nation).on
    way = [start + datetime.timedelta(days=n + 1) for n in range((end - start).days)]
    assert sum(is_working_day(date, nation) for date in way) == number


@given(nations, days, numbers)
def test_weekdays_are_counted_without_any_calendar_and_never_come_later_than_working_days(nation, start, number):
    on = count_weekdays(start, number)
    assert sum((start + datetime.timedelta(days=n + 1)).weekday() < 5 for n in range((on - start).days)) == number
    assert on.weekday() < 5
    assert on <= count_working_days(start, number, nation).on
