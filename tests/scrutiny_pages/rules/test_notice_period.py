"""Notice of a meeting: given early enough, also for a year whose bank holidays nobody knows yet."""

import datetime

import pytest

from cms.core.dates.bank_holidays import Nation
from scrutiny_pages.rules.notice_period import notice_breach
from scrutiny_pages.rules.panel_rules import Rules

day = datetime.date.fromisoformat
FIVE_WORKING_DAYS = Rules.read(
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
    breach = notice_breach(
        kind="extra",
        day=day(meets_on),
        told_on=day(told_on),
        rules=FIVE_WORKING_DAYS,
        nation=Nation.ENGLAND_AND_WALES,
    )
    assert (breach is None) == (earliest is None)
    if earliest:
        assert earliest in breach.problem
