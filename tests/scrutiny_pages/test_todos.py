"""What waits on the admin's home: for whom, in which order, and at what cost."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scrutiny_pages.enums import Answer, Delivery
from scrutiny_pages.models import Acceptance, Decision, DutyDone, Extension, Interest, ReviewTask
from scrutiny_pages.todos import todos
from tests.factories import pages, records

pytestmark = pytest.mark.django_db
D = datetime.date


def words(user, today) -> str:
    return "\n".join(todo.words for todo in todos(user, today))


def fresh(user):
    """Give the same person with nothing remembered of their permissions."""
    return get_user_model().objects.get(pk=user.pk)


# --- Members -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"joined_on": D(2026, 5, 1)}, "trial period ends on 1 November 2026"),
        ({"joined_on": D(2026, 6, 6)}, "trial period ends on 6 December 2026"),
        ({"joined_on": D(2026, 6, 7)}, ""),
        ({"joined_on": D(2026, 5, 1), "trial_ended_on": D(2026, 11, 2)}, ""),
    ],
    ids=["over", "in 14 days", "in 15 days", "talked about"],
)
def test_a_trial_period_that_ends(admin_user, today, fields, told):
    """C Membership."""
    panel = records.PanelFactory(rules=[("probation", {"months": 6})])
    records.MembershipFactory(panel=panel, **fields)
    assert told in words(admin_user, today)
    assert bool(told) == ("trial period" in words(admin_user, today))


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (D(2024, 11, 21), "term as chair ended on 21 November 2026. The rule: “The chair serves for up to 2 years.”"),
        (D(2025, 1, 21), "term as chair ends on 21 January 2027"),
        (D(2025, 1, 22), ""),
    ],
)
def test_a_chairs_term_that_ends(admin_user, today, since, told):
    """W27, K 8."""
    panel = records.PanelFactory(rules=[("term", {"role": "chair", "years": 2, "level": "warn"})])
    records.MembershipFactory(panel=panel, role="chair", joined_on=D(2020, 1, 1), role_since=since)
    assert told in words(admin_user, today)
    assert bool(told) == ("term as" in words(admin_user, today))


@pytest.mark.parametrize(
    ("rule", "states", "told"),
    [
        ({"number": 3, "consequence": "may_replace"}, "aaa", "may be asked to give up their seat"),
        ({"number": 3, "consequence": "lapses"}, "paaa", "loses their seat"),
        ({"number": 3, "consequence": "lapses"}, "aapa", ""),
        ({"number": 3, "excusable": True}, "aea", ""),
        ({"number": 3, "excusable": False}, "aea", "may be asked"),
    ],
    ids=["W41", "K 4.3b", "came in between", "K 10.4 good reason", "no excuse"],
)
def test_absences_that_a_rule_speaks_of(admin_user, today, rule, states, told):
    panel = records.PanelFactory(rules=[("absences", rule)])
    row = records.MembershipFactory(panel=panel, person__name="Robin Example")
    full = {"a": "absent", "e": "excused", "p": "present"}
    for month, state in enumerate(states, 6):
        moment = datetime.datetime(2026, month, 2, 18, tzinfo=datetime.UTC)
        meeting = records.MeetingFactory(panel=panel, starts_at=moment)
        records.AttendanceFactory(meeting=meeting, membership=row, state=full[state])
    found = words(admin_user, today)
    assert told in found
    assert bool(told) == ("Robin Example" in found)


def test_an_interest_waits_until_something_follows(admin_user, today):
    row = records.MembershipFactory(person__name="Robin Example")
    interest = Interest.objects.create(membership=row, declared_on=D(2026, 3, 1), about="Private matter")
    assert "Robin Example declared an interest" in words(admin_user, today)
    assert "Private matter" not in words(admin_user, today)
    interest.followed = "noted"
    interest.save()
    assert "interest" not in words(admin_user, today)


# --- Meetings, tasks, recommendations ------------------------------------------------------------------


def test_meetings_wait_for_who_came_and_for_ratifying(admin_user, today):
    panel = records.PanelFactory(rules=[("quorum", {"number": 2, "ratify": True})])
    row = records.MembershipFactory(panel=panel)
    moment = datetime.datetime(2026, 11, 17, 18, tzinfo=datetime.UTC)
    meeting = records.MeetingFactory(panel=panel, theme="Lifts", starts_at=moment)
    Decision.objects.create(meeting=meeting, text="We look at lifts.")
    assert "Record who came: Meeting: Lifts" in words(admin_user, today)
    assert "ratified" not in words(admin_user, today)
    records.AttendanceFactory(meeting=meeting, membership=row)
    assert "Record who came" not in words(admin_user, today)
    assert "To be ratified, from 17 November 2026: We look at lifts." in words(admin_user, today)


def test_tasks_wait_until_they_are_done(home, admin_user, today):
    """G 3."""
    review = pages.ReviewPageFactory(title="Lifts")
    row = records.MembershipFactory(panel=review.panel, person__name="Robin Example")
    for due in (D(2026, 11, 1), D(2026, 12, 6), D(2026, 12, 7)):
        ReviewTask.objects.create(review=review, member=row, task=f"Task for {due}", due=due)
    assert [todo.due for todo in todos(admin_user, today)] == [D(2026, 11, 1), D(2026, 12, 6)]
    ReviewTask.objects.update(done_on=today)
    assert todos(admin_user, today) == []


def test_recommendations_that_wait(admin_user, today):
    accepted = {"tracking__answer": Answer.ACCEPTED, "tracking__answered_on": D(2026, 4, 2)}

    def make(title, target, **fields):
        dates = {"tracking__first_target": target, "tracking__current_target": target}
        return records.RecommendationFactory(title=title, **accepted, **dates, **fields)

    records.RecommendationFactory(title="Unanswered", tracking__answer_due=D(2026, 11, 1))
    make("Late", D(2026, 9, 30))
    make("Soon", D(2026, 12, 6))
    make("Far", D(2026, 12, 7))
    claimed = {"tracking__delivery": Delivery.CLAIMED, "tracking__claimed_on": D(2026, 11, 3)}
    make("Claimed", D(2026, 9, 30), **claimed)
    asking = make("Asking", D(2027, 3, 31))
    Extension.objects.create(tracking=asking.tracking, asked_on=today, asked_for=D(2027, 6, 30))
    found = [todo.words for todo in todos(admin_user, today)]
    assert [each.split(" ", 1)[1].split(":")[0] for each in found] == [
        "Late",
        "Unanswered",
        "Soon",
        "Claimed",
        "Asking",
    ]
    assert "more time is asked for" in found[4]
    assert "the landlord says it is done, since 3 November 2026" in found[3]


# --- For whom, and at what cost ------------------------------------------------------------------------


@pytest.fixture
def something_of_everything(home):
    return fill(2)


def fill(number: int) -> None:
    rules = [
        ("probation", {"months": 6}),
        ("quorum", {"number": 90, "ratify": True}),
        ("absences", {"number": 1}),
        ("term", {"role": "member", "years": 1, "level": "warn"}),
    ]
    for n in range(number):
        review = pages.ReviewPageFactory(panel=records.PanelFactory(rules=rules))
        agreement = records.AgreementFactory()
        review.panel.agreements = [agreement]
        review.panel.trainings = [records.TrainingFactory()]
        review.panel.save()
        row = records.MembershipFactory(panel=review.panel, joined_on=D(2025, 1, 5), person__name=f"Private Person {n}")
        records.MembershipFactory(panel=review.panel, standing="joining")
        Acceptance.objects.create(membership=row, version=agreement.versions.get(), accepted_on=D(2025, 1, 5))
        Interest.objects.create(membership=row, declared_on=D(2026, 3, 1), about="Private matter")
        ReviewTask.objects.create(review=review, member=row, task="Read", due=D(2026, 11, 1))
        moment = datetime.datetime(2026, 11, 10, 18, tzinfo=datetime.UTC)
        for recorded in (True, False):
            meeting = records.MeetingFactory(panel=review.panel, starts_at=moment)
            Decision.objects.create(meeting=meeting, text="We look at lifts.")
            if recorded:
                records.AttendanceFactory(meeting=meeting, membership=row, state="absent")
        duty = records.RegularDutyFactory(for_each_member=True)
        DutyDone.objects.create(duty=duty, membership=row, done_on=D(2025, 1, 5))
        records.RegularDutyFactory()
        records.RecommendationFactory(tracking__answer_due=D(2026, 11, 1))


@pytest.mark.parametrize("number", [2, 20])
def test_it_costs_the_same_however_much_waits(home, admin_user, today, number):
    fill(number)
    user = fresh(admin_user)
    with CaptureQueriesContext(connection) as captured:
        found = todos(user, today)
    assert len(found) >= 9 * number
    assert len(captured) == 26, "\n".join(query["sql"][:120] for query in captured)


@pytest.mark.parametrize(
    ("permissions", "kinds", "names"),
    [
        (["handle_membership"], {"member", "meeting", "task"}, True),
        (["change_regularduty"], {"duty"}, False),
        (["record_step"], {"recommendation"}, False),
        (["change_panel"], set(), False),
    ],
)
def test_only_what_they_may_handle_and_names_only_for_those_who_keep_them(
    staff, client, today, something_of_everything, permissions, kinds, names
):
    user = fresh(staff(*permissions))
    assert {str(todo.kind) for todo in todos(user, today)} == kinds
    shown = client.get("/admin/").content.decode()
    assert ("Private Person" in shown) == names
    assert ("Due, overdue and new" in shown) == bool(kinds)
    answer = client.get("/admin/todos/")
    assert answer.status_code == (200 if kinds else 302)
    assert ("Private Person" in answer.content.decode()) == names


def test_the_home_shows_ten_with_counts_and_leads_to_all(staff, client, home):
    staff("record_step")
    for _ in range(12):
        records.RecommendationFactory(tracking__answer_due=timezone.localdate() - datetime.timedelta(days=1))
    shown = client.get("/admin/").content.decode()
    assert "12 overdue" in shown
    assert "See all: 2 more" in shown
    assert client.get("/admin/todos/").content.decode().count("Do thing") == 12


def test_the_order_is_by_date_and_what_has_none_is_last(admin_user, today, something_of_everything):
    dates = [todo.due for todo in todos(admin_user, today)]
    dated = [due for due in dates if due]
    assert dates == sorted(dated) + [None] * (len(dates) - len(dated))
