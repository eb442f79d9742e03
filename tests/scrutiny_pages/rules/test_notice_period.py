"""The notice period of meetings, also for a year whose bank holidays are not known yet."""

import datetime

import pytest

from cms.core.dates.bank_holidays import Nation
from scrutiny_pages.rules.meetings import meeting_breaches
from scrutiny_pages.rules.panel_rules import read_rules
from scrutiny_pages.rules.rule_types import PlannedMeeting

day = datetime.date.fromisoformat
FIVE_WORKING_DAYS = read_rules(
    [{"type": "notice", "value": {"meeting_kind": "extra", "amount": 5, "unit": "working_days"}}]
)


@pytest.mark.parametrize(
    ("told_on", "meets_on", "earliest"),
    [
        ("2026-04-02", "2026-04-13", None),
        ("2026-04-02", "2026-04-10", "Monday 13 April 2026"),  # Good Friday and Easter Monday are no working days
        ("2040-04-02", "2040-04-09", None),  # Monday to Monday; the calendar of 2040 may yet make it too early
        ("2040-04-02", "2040-04-08", "Monday 9 April 2040"),
        ("2040-04-07", "2040-04-12", "Friday 13 April 2040"),  # told on a Saturday
    ],
)
def test_a_meeting_too_soon_is_refused_though_its_bank_holidays_are_not_known(told_on, meets_on, earliest):
    planned = PlannedMeeting(kind="extra", day=day(meets_on), told_on=day(told_on), nation=Nation.ENGLAND_AND_WALES)
    found = meeting_breaches(planned, rules=FIVE_WORKING_DAYS)
    assert len(found) == (earliest is not None)
    assert all(earliest in breach.problem for breach in found)
