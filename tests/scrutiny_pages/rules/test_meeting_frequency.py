"""Case AR13: the frequency of a panel's meetings is counted, and staff get a task when it falls behind."""

import datetime

import pytest

from scrutiny_pages.models import Meeting
from scrutiny_pages.rules.meetings import activity_breaches
from scrutiny_pages.rules.rule_types import Activity, Frequency, Rules
from scrutiny_pages.selectors.tasks import todos
from tests.factories import records

D = datetime.date
TEN = Frequency(times_a_year=10, how="at_least")  # K 7.1
MONTHLY_AT_FIRST = (Frequency(times_a_year=12, first_months=6), Frequency(times_a_year=4))  # W33
AT_MOST = Frequency(times_a_year=12, how="at_most")  # C Meetings
START = D(2026, 1, 1)


def monthly(number: int, year: int = 2026) -> list[datetime.date]:
    """Return the tenth of each of the first months of a year."""
    return [D(year, month, 10) for month in range(1, number + 1)]


@pytest.mark.parametrize(
    ("rules", "met_on", "first_day", "on", "told"),
    [
        # At least ten a year: the share that is due by now.
        ((TEN,), monthly(10), D(2020, 1, 1), D(2026, 12, 31), ""),
        ((TEN,), monthly(9), D(2020, 1, 1), D(2026, 12, 31), "It met 9 times since 31 December 2025, and 10 were due"),
        ((TEN,), [], START, D(2026, 2, 5), ""),  # 35 days: none is due yet
        ((TEN,), [], START, D(2026, 2, 7), "It met 0 times since 1 January 2026, and 1 were due by now."),
        ((TEN,), [D(2026, 3, 1)], START, D(2026, 2, 7), "It met 0 times"),  # one to come is not held
        # Twelve months are looked back on, the day itself among them.
        ((TEN,), monthly(10), START, D(2027, 1, 10), ""),
        ((TEN,), monthly(10), START, D(2027, 1, 11), "It met 9 times since 11 January 2026, and 10 were due by now."),
        # W33: monthly for the first six months, then quarterly, each counted from when it began.
        (MONTHLY_AT_FIRST, monthly(2), START, D(2026, 4, 10), ""),
        (
            MONTHLY_AT_FIRST,
            monthly(1),
            START,
            D(2026, 4, 10),
            "and 3 were due by now. The rule: “For the panel's first",
        ),
        (MONTHLY_AT_FIRST, monthly(6), START, D(2026, 7, 1), ""),
        (MONTHLY_AT_FIRST, monthly(6), START, D(2026, 12, 30), ""),  # one of two: about
        (MONTHLY_AT_FIRST, monthly(6), START, D(2027, 1, 5), "It met 0 times since 1 July 2026, and 2 were due"),
        (MONTHLY_AT_FIRST, [*monthly(6), D(2026, 9, 1)], START, D(2027, 1, 5), ""),
        # Not more than.
        ((AT_MOST,), monthly(12), D(2020, 1, 1), D(2026, 12, 31), ""),
        ((AT_MOST,), [*monthly(12), D(2026, 12, 20)], D(2020, 1, 1), D(2026, 12, 31), "It met 13 times"),
        ((), [], START, D(2027, 1, 1), ""),
        # A leap day on which the rule changes.
        (MONTHLY_AT_FIRST, [], D(2027, 8, 29), D(2028, 2, 29), ""),
    ],
)
def test_meetings_are_counted_against_the_rule(rules, met_on, first_day, on, told):
    found = activity_breaches(Activity(met_on, first_day, on), rules=Rules(rules))
    assert len(found) == bool(told)
    assert all(told in breach.sentence for breach in found)


@pytest.mark.parametrize(
    ("on", "number"), [(D(2026, 6, 30), 12), (D(2026, 7, 1), 4), (D(2030, 1, 1), 4), (D(2026, 1, 1), 12)]
)
def test_the_rule_of_the_first_months_comes_first(on, number):
    rule, _since = Frequency.in_force(Rules(MONTHLY_AT_FIRST), first_day=START, on=on)
    assert rule.times_a_year == number


@pytest.mark.django_db
@pytest.mark.on_day("2026-11-22")
class TestTodo:
    @pytest.fixture
    def user(self, staff):
        return staff("handle_membership", "view_meeting")

    def lines(self, user, on) -> list[str]:
        return [todo.words for todo in todos(user, on) if "It met" in todo.words]

    def test_staff_are_told_when_a_panel_falls_behind(self, user, client, today):
        rules = [("frequency", {"times_a_year": 10, "how": "at_least", "first_months": None})]
        panel = records.PanelFactory(name="Lifts", starts_on=D(2025, 1, 1), rules=rules)
        words = "Lifts: It met 0 times since 22 November 2025, and 10 were due by now. "
        words += "The rule: “It meets at least 10 times a year.”"
        assert self.lines(user, today) == [words]
        told = next(todo for todo in todos(user, today) if "It met" in todo.words)
        assert client.get(told.url).status_code == 200
        for month in range(1, 11):
            records.MeetingFactory(panel=panel, starts_at=datetime.datetime(2026, month, 3, 18, tzinfo=datetime.UTC))
        assert self.lines(user, today) == []
        called_off = Meeting.objects.order_by("starts_at").first()
        Meeting.objects.filter(pk=called_off.pk).update(called_off_because="Snow")
        assert "It met 9 times" in self.lines(user, today)[0]

    @pytest.mark.parametrize("kind", ["open_day", "walkabout", "training", "interview"])
    def test_only_meetings_at_which_it_decides_are_counted(self, user, today, kind):
        rules = [("frequency", {"times_a_year": 1, "how": "at_least", "first_months": None})]
        panel = records.PanelFactory(starts_on=D(2025, 1, 1), rules=rules)
        records.MeetingFactory(panel=panel, kind=kind, starts_at=datetime.datetime(2026, 3, 3, 18, tzinfo=datetime.UTC))
        assert len(self.lines(user, today)) == 1

    @pytest.mark.parametrize(
        "panel",
        [
            {"starts_on": D(2025, 1, 1), "ends_on": D(2026, 11, 21)},  # it has finished
            {"starts_on": D(2026, 12, 1)},  # it has not begun
            {},  # nobody knows when it began
        ],
    )
    def test_a_panel_that_does_not_work_now_is_left_alone(self, user, today, panel):
        rules = [("frequency", {"times_a_year": 10, "how": "at_least", "first_months": None})]
        records.PanelFactory(rules=rules, **panel)
        assert self.lines(user, today) == []
