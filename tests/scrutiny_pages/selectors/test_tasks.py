"""Tasks on the admin's home page: recipients, order and number of queries."""

import datetime
import itertools

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import STATUS, Email
from wagtail.models import GroupPagePermission

from cms.core.emails import queue
from scrutiny_pages.enums import Answer, Delivery, Impact
from scrutiny_pages.models import (
    Acceptance,
    Action,
    Decision,
    DutyDone,
    Escalation,
    Extension,
    Interest,
    ReviewStage,
    ReviewTask,
    StageRecord,
)
from scrutiny_pages.selectors.tasks import todos
from tests.factories import pages, records
from tests.factories.state import arrange

pytestmark = [pytest.mark.django_db, pytest.mark.on_day("2026-11-22")]
D = datetime.date


def words(user, today) -> str:
    return "\n".join(todo.words for todo in todos(user, today))


def fresh(user):
    """Return the same user without cached permissions."""
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

    numbers = itertools.count(1)  # what has no date is in the order of the words, which begin with the number

    def make(title, target, **fields):
        dates = {"tracking__first_target": target, "tracking__current_target": target}
        return records.RecommendationFactory(title=title, number=next(numbers), **accepted, **dates, **fields)

    records.RecommendationFactory(title="Unanswered", number=next(numbers), tracking__answer_due=D(2026, 11, 1))
    make("Late", D(2026, 9, 30))
    make("Soon", D(2026, 12, 6))
    make("Far", D(2026, 12, 7))
    claimed = {"tracking__delivery": Delivery.CLAIMED, "tracking__claimed_on": D(2026, 11, 3)}
    make("Claimed", D(2026, 9, 30), **claimed)
    asking = make("Asking", D(2027, 3, 31))
    arrange(Extension.objects.create, tracking=asking.tracking, asked_on=today, asked_for=D(2027, 6, 30))
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


def lines(user, today) -> list[tuple[str, datetime.date | None]]:
    return [(todo.words, todo.due) for todo in todos(user, today)]


DONE = {
    "tracking__answer": Answer.ACCEPTED,
    "tracking__answered_on": D(2026, 4, 2),
    "tracking__delivery": Delivery.CONFIRMED,
    "tracking__confirmed_on": D(2026, 7, 1),
}


@pytest.mark.parametrize(
    ("check_on", "impact", "told"),
    [
        (D(2026, 11, 21), "", True),
        (D(2026, 12, 6), "", True),
        (D(2026, 12, 7), "", False),
        (D(2026, 11, 21), Impact.TOO_SOON, True),
        (D(2026, 11, 21), Impact.HELPED, False),
        (None, "", False),
    ],
)
def test_whether_it_helped_is_asked_on_its_day(staff, today, check_on, impact, told):
    """W21, K 11.4 stage 17."""
    item = records.RecommendationFactory(**DONE, tracking__impact_check_on=check_on, tracking__impact=impact)
    assert lines(fresh(staff("record_step")), today) == [(f"{item}: ask whether it helped", check_on)][: int(told)]


@pytest.mark.parametrize(
    ("due", "replied", "told"),
    [
        (D(2026, 11, 1), None, True),
        (D(2026, 12, 6), None, True),
        (D(2026, 12, 7), None, False),
        (None, None, True),
        (D(2026, 11, 1), D(2026, 11, 2), False),
    ],
)
def test_a_reply_that_is_due(staff, today, due, replied, told):
    """W47, H 5.4."""
    item = records.RecommendationFactory()
    arrange(
        Escalation.objects.create,
        tracking=item.tracking,
        rung=1,
        to_whom="the Board",
        asks="Say.",
        on=D(2026, 10, 1),
        reply_due=due,
        replied_on=replied,
    )
    assert lines(fresh(staff("record_step")), today) == [(f"{item}: reply from the Board", due)][: int(told)]


@pytest.mark.parametrize(
    ("due", "done", "delivery", "told"),
    [
        (D(2026, 11, 21), None, Delivery.IN_PROGRESS, True),
        (D(2026, 11, 21), None, Delivery.CLAIMED, True),
        (D(2026, 11, 22), None, Delivery.IN_PROGRESS, False),
        (D(2026, 11, 21), D(2026, 11, 20), Delivery.IN_PROGRESS, False),
        (D(2026, 11, 21), None, Delivery.CONFIRMED, False),
        (D(2026, 11, 21), None, Delivery.NOT_DELIVERED, False),
    ],
)
def test_an_action_that_is_late(staff, today, due, done, delivery, told):
    """H 6.2, G 8."""
    item = records.RecommendationFactory(**DONE | {"tracking__delivery": delivery})
    role = records.RoleFactory(title="Head of Repairs")
    arrange(Action.objects.create, tracking=item.tracking, text="Buy lifts", owner=role, due=due, done_on=done)
    told_of = [line for line in lines(fresh(staff("record_step")), today) if "Buy lifts" in line[0]]
    assert told_of == [(f"{item}: Buy lifts (Head of Repairs)", due)][: int(told)]


@pytest.fixture
def publisher(staff, home):
    """Return a function that signs in a user who can only add and publish pages."""

    def sign_in():
        user = staff()
        group = Group.objects.create(name="Publishers")
        for codename in ("add_page", "change_page", "publish_page"):
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            GroupPagePermission.objects.create(group=group, page=home, permission=permission)
        user.groups.add(group)
        return fresh(user)

    return sign_in


def add_stage(review, name: str, planned_on, **happened):
    stage = ReviewStage.objects.create(review=review, name=name, planned_on=planned_on)
    if happened:
        arrange(StageRecord.objects.create, review=review, stage_key=stage.key, **happened)


@pytest.mark.parametrize(("state", "told"), [("under_way", True), ("finished", False), ("chosen", False)])
def test_stages_that_are_late_or_due_soon(publisher, client, home, today, state, told):
    review = pages.ReviewPageFactory(title="Lifts", state=state, started_on=D(2026, 10, 1))
    add_stage(review, "Read", D(2026, 11, 1))
    add_stage(review, "Ask", D(2026, 12, 6))
    add_stage(review, "Write", D(2026, 12, 7))
    add_stage(review, "Scope", D(2026, 10, 1), done_on=D(2026, 10, 2))
    add_stage(review, "Visit", D(2026, 10, 1), left_out_because="No need.")
    add_stage(review, "Talk", D(2026, 10, 1), moved_to=D(2026, 12, 1))
    expected = [("Lifts: Read", D(2026, 11, 1)), ("Lifts: Talk", D(2026, 12, 1)), ("Lifts: Ask", D(2026, 12, 6))]
    user = publisher()
    assert lines(user, today) == (expected if told else [])
    assert all(client.get(todo.url).status_code == 200 for todo in todos(user, today))


def test_what_is_confirmed_is_told(publisher, client, today):
    item = records.RecommendationFactory(**DONE)
    user = publisher()
    assert lines(user, today) == [(f"{item}: confirmed, and residents are not told yet", None)]
    assert client.get(todos(user, today)[0].url).status_code == 200
    pages.OutcomePageFactory(recommendations=[item])
    assert lines(user, today) == []


def test_what_should_be_public_by_now_waits(publisher, client, home, today):
    hour = datetime.timedelta(hours=1)
    for title, at in (("Late page", timezone.now() - hour), ("Later page", timezone.now() + hour)):
        page = pages.StandardPageFactory(title=title, live=False)
        page.save_revision(approved_go_live_at=at)
    item = records.RecommendationFactory(live=False)
    item.save_revision(approved_go_live_at=timezone.now() - hour)
    user = publisher()
    found = [todo for todo in todos(user, today) if "as planned" in todo.words]
    assert sorted(todo.words.split(" could not be")[0] for todo in found) == sorted(["Late page", str(item)])
    assert client.get(next(todo.url for todo in found if "Late" in todo.words)).status_code == 200


def test_mail_that_is_stuck_is_told_without_names(staff, today):
    queue("private@example.org", "Subject", "decision_recorded", {})
    user = fresh(staff("record_step"))
    Email.objects.update(created=timezone.now() - datetime.timedelta(hours=1))
    assert lines(user, today) == []  # it waits for the next tick
    Email.objects.update(status=STATUS.requeued)
    assert lines(user, today) == [("Emails that could not be sent: 1. Ask whoever looks after the mail server", None)]
    Email.objects.update(status=STATUS.sent)
    assert lines(user, today) == []


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
        assert review.panel is not None
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
        item = records.RecommendationFactory(tracking__answer_due=D(2026, 11, 1))
        arrange(
            Escalation.objects.create,
            tracking=item.tracking,
            rung=1,
            to_whom="the Board",
            asks="Say.",
            on=D(2026, 10, 1),
        )
        arrange(
            Action.objects.create,
            tracking=item.tracking,
            text="Buy lifts",
            due=D(2026, 11, 1),
            owner=records.RoleFactory(),
        )
        records.RecommendationFactory(**DONE, tracking__impact_check_on=D(2026, 11, 1))
        started = pages.ReviewPageFactory(state="under_way", started_on=D(2026, 10, 1))
        add_stage(started, "Read", None)
        rule = {"deadline_amount": 5, "deadline_unit": "working_days", "deadline_from": "review"}
        ReviewStage.objects.filter(review=started).update(**rule)
        add_stage(started, "Write", D(2026, 11, 1), moved_to=D(2026, 11, 2))
        page = pages.StandardPageFactory(live=False)
        page.save_revision(approved_go_live_at=timezone.now() - datetime.timedelta(hours=1))


@pytest.mark.parametrize("number", [2, 20])
def test_reviews_cost_an_editor_the_same_however_many_there_are(publisher, today, number):
    user = publisher()
    for n in range(number):
        review = pages.ReviewPageFactory(title=f"Review {n}", state="under_way", started_on=D(2026, 10, 1))
        add_stage(review, "Read", D(2026, 11, 1))
    with CaptureQueriesContext(connection) as captured:
        found = todos(user, today)
    assert len(found) == number
    assert len(captured) == 9, "\n".join(query["sql"][:120] for query in captured)


@pytest.mark.parametrize("number", [2, 20])
def test_it_costs_the_same_however_much_waits(home, admin_user, today, number):
    fill(number)
    user = fresh(admin_user)
    with CaptureQueriesContext(connection) as captured:
        found = todos(user, today)
    assert len(found) >= 16 * number
    assert len(captured) == 42, "\n".join(query["sql"][:120] for query in captured)


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
