"""Tests of attendance, quorum and ratification (W25, K 7)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from scrutiny_pages.enums import AttendanceState, DecisionState, MeetingKind
from scrutiny_pages.models import Attendance, Decision, Meeting, SiteCalendar
from scrutiny_pages.rules.quorum import Turnout, state_of_decision, turnout
from scrutiny_pages.rules.rule_types import Quorum, Rules
from scrutiny_pages.services import expected_at, record_attendance
from tests.factories import pages, records
from tests.factories.state import arrange
from tests.screens import filled_in

SIX = Rules((Quorum(number=6),))
HALF = Rules((Quorum(percent=50, ratify=True),))


@pytest.mark.parametrize(
    ("rules", "members", "present", "enough", "sentence"),
    [
        (SIX, 12, 7, True, "7 members came: enough for a decision."),
        (SIX, 12, 6, True, "6 members came: enough for a decision."),
        (SIX, 12, 5, False, "5 members came. 6 were needed, so nothing could be decided."),
        (HALF, 8, 4, True, "4 members came: enough for a decision."),
        (HALF, 7, 3, False, "3 members came. 4 were needed, so what was agreed waits for the next full meeting."),
        (HALF, 1, 0, False, "No members came. 1 was needed, so what was agreed waits for the next full meeting."),
        (HALF, 0, 0, False, "No members came. 1 was needed, so what was agreed waits for the next full meeting."),
        (Rules(), 8, 1, None, "1 member came."),
    ],
    ids=["W25 over", "W25 just", "W25 under", "K 7.2 half", "K 7.2 rounded up", "nobody", "no members", "no quorum"],
)
def test_how_many_came_and_whether_it_was_enough(rules, members, present, enough, sentence):
    came = turnout(kind=MeetingKind.MEETING, rules=rules, members=members, present=present)
    assert (came.enough, came.sentence) == (enough, sentence)


@pytest.mark.parametrize("kind", ["open_day", "walkabout", "training", "interview"])
def test_where_nothing_is_decided_nobody_asks_for_a_quorum(kind):
    assert turnout(kind=kind, rules=SIX, members=12, present=2).sentence == "2 members came."


@pytest.mark.parametrize(
    ("came", "has_quorum", "ratified", "state"),
    [
        (None, True, False, DecisionState.UNKNOWN),
        (None, False, False, DecisionState.AGREED),
        (Turnout(6, 12, 6), True, False, DecisionState.AGREED),
        (Turnout(5, 12, 6, ratify=True), True, False, DecisionState.WAITING),
        (Turnout(5, 12, 6, ratify=True), True, True, DecisionState.RATIFIED),
        (Turnout(5, 12, 6), True, False, DecisionState.VOID),
        (Turnout(5, 12), False, False, DecisionState.AGREED),
    ],
)
def test_whether_what_was_agreed_counts(came, has_quorum, ratified, state):
    """K 7.2, "not for sub-groups": a panel whose rule does not ratify has decided nothing."""
    assert state_of_decision(came, has_quorum=has_quorum, ratified=ratified) == state


# --- With rows -----------------------------------------------------------------------------------------


def day(number: int, **fields) -> Meeting:
    """Return a meeting on a day of May 2026."""
    moment = datetime.datetime(2026, 5, number, 18, 0, tzinfo=datetime.UTC)
    return records.MeetingFactory(starts_at=moment, **fields)


@pytest.fixture
def panel(db):
    panel = records.PanelFactory(rules=[("quorum", {"percent": 50, "ratify": True})])
    for number in range(4):
        records.MembershipFactory(panel=panel, person__name=f"Private Person {number}")
    return panel


def hold(meeting: Meeting, came: int) -> Meeting:
    rows = expected_at(meeting)
    states = {row: AttendanceState.PRESENT if n < came else AttendanceState.ABSENT for n, row in enumerate(rows)}
    record_attendance(meeting=meeting, states=states, at=timezone.now())
    return Meeting.objects.get(pk=meeting.pk)


def test_a_decision_without_a_quorum_waits_and_is_ratified_by_the_next_full_meeting(home, client, panel):
    short, full = hold(day(5, panel=panel), 1), hold(day(12, panel=panel), 3)
    short.minutes_agreed_on = full.day
    short.decisions = [Decision(text="We look at lifts.")]
    short.full_clean()
    short.save()
    assert "1 member came. 2 were needed" in short.may_decide()
    assert full.may_decide() == ""

    def page():
        return client.get(short.get_absolute_url()).content.decode()

    assert "1 member came. 2 were needed, so what was agreed waits for the next full meeting." in page()
    assert "Waits for the next full meeting." in page()
    short.decisions.first().ratified_at = full
    decision = short.decisions.first()
    decision.ratified_at = full
    short.decisions.add(decision)
    short.full_clean()
    short.save()
    assert "Confirmed at the meeting on 12 May 2026." in page()
    assert "Private Person" not in page()


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (lambda panel: hold(day(4, panel=panel), 4), "by a later meeting"),
        (lambda panel: hold(day(12, panel=panel), 1), "was not ratified at that meeting"),
        (lambda panel: day(12, panel=panel), "First record who came"),
        (lambda panel: hold(day(12, panel=panel, kind="training"), 4), "Nothing is decided"),
        (lambda panel: day(12), "by a meeting of the"),
    ],
    ids=["earlier", "itself too small", "not recorded", "training", "another panel"],
)
def test_where_a_decision_cannot_be_ratified(panel, later, words):
    short = hold(day(5, panel=panel), 1)
    short.decisions = [Decision(text="We look at lifts.", ratified_at=later(panel))]
    with pytest.raises(ValidationError, match=words):
        short.full_clean()


def test_what_needs_no_ratifying_or_cannot_have_it_is_refused(panel):
    later = hold(day(12, panel=panel), 4)
    full = hold(day(5, panel=panel), 3)
    full.decisions = [Decision(text="We look at lifts.", ratified_at=later)]
    with pytest.raises(ValidationError, match="needs no ratifying"):
        full.full_clean()
    panel.rules = [("quorum", {"number": 4})]
    panel.save()
    sub_group = hold(day(6, panel=panel), 3)
    sub_group.decisions = [Decision(text="We look at lifts.", ratified_at=later)]
    with pytest.raises(ValidationError, match="do not allow it"):
        sub_group.full_clean()


def test_an_old_meeting_keeps_its_members_when_the_panel_changes(panel):
    meeting = hold(day(5, panel=panel), 2)
    assert meeting.turnout.enough
    for _ in range(8):
        records.MembershipFactory(panel=panel)
    assert Meeting.objects.get(pk=meeting.pk).turnout.enough


@pytest.mark.parametrize(
    ("fields", "votes"),
    [
        ({}, True),
        ({"role": "chair"}, True),
        ({"role": "deputy"}, False),
        ({"role": "co_optee"}, False),
        ({"standing": "joining"}, False),
    ],
)
def test_who_counts_towards_a_quorum(db, fields, votes):
    """K 4.1, K 6, K 7.7."""
    panel = records.PanelFactory(rules=[("quorum", {"number": 1}), ("co_optees", {"voting": "no"})])
    records.MembershipFactory(panel=panel, **fields)
    meeting = hold(day(5, panel=panel), 1)
    assert Attendance.objects.get().votes == votes
    assert meeting.turnout.enough == votes


def test_a_co_optee_votes_if_the_rules_say_so(db):
    """H 8.6."""
    panel = records.PanelFactory(rules=[("co_optees", {"voting": "yes"})])
    records.MembershipFactory(panel=panel, role="co_optee")
    hold(day(5, panel=panel), 1)
    assert Attendance.objects.get().votes


def test_those_who_sat_that_day_are_asked_for(panel):
    on = day(5, panel=panel)
    records.MembershipFactory(panel=panel, joined_on=on.day + datetime.timedelta(days=1))
    records.MembershipFactory(panel=panel, standing="left", left_on=on.day - datetime.timedelta(days=1))
    left_later = records.MembershipFactory(panel=panel, standing="left", left_on=on.day)
    records.MembershipFactory(panel=panel, standing="reserve")
    assert len(expected_at(on)) == 5
    assert left_later in expected_at(on)
    review = pages.ReviewPageFactory(panel=panel)
    member = records.MembershipFactory(panel=panel, review=review)
    assert expected_at(day(6, panel=panel, review=review)) == [member]


# --- The screen ----------------------------------------------------------------------------------------


def address(meeting: Meeting) -> str:
    return f"/admin/snippets/scrutiny_pages/meeting/attendance/{meeting.pk}/"


def test_staff_record_who_came_and_correct_it(staff, client, panel):
    staff("handle_membership")
    meeting = day(5, panel=panel)
    rows = expected_at(meeting)
    assert "Private Person 0" in client.get(address(meeting)).content.decode()
    came = {f"member_{row.pk}": "present" for row in rows}
    assert client.post(address(meeting), came).status_code == 302
    assert "4 members came: enough" in client.get(address(meeting)).content.decode()
    assert client.post(address(meeting), came | {f"member_{rows[0].pk}": "excused"}).status_code == 302
    assert Attendance.objects.filter(state="present").count() == 3
    missing = client.post(address(meeting), {f"member_{rows[0].pk}": "present"}).content.decode()
    assert "Say whether Private Person 1 came." in missing
    assert client.post(address(meeting), came | {f"member_{rows[0].pk}": "asleep"}).status_code == 200
    assert Attendance.objects.filter(state="present").count() == 3


def test_attendance_that_somebody_else_recorded_meanwhile_is_not_undone(staff, client, panel):
    """Case R7: two tabs, the second out of date."""
    staff("handle_membership")
    meeting = day(5, panel=panel)
    rows = [f"member_{row.pk}" for row in expected_at(meeting)]
    mine = filled_in(client.get(address(meeting)).content.decode())
    theirs = mine | dict.fromkeys(rows, "present")
    assert client.post(address(meeting), theirs).status_code == 302
    assert client.post(address(meeting), theirs).status_code == 302  # a second click
    answer = client.post(address(meeting), theirs | {rows[0]: "excused"})
    assert "It is saved now as: Came" in answer.content.decode()
    assert Attendance.objects.filter(state="present").count() == 4
    again = filled_in(answer.content.decode())
    assert again[rows[0]] == "excused"
    assert client.post(address(meeting), again).status_code == 302
    assert Attendance.objects.filter(state="present").count() == 3


def test_a_meeting_to_come_has_nobody_yet(staff, client, panel):
    staff("handle_membership")
    meeting = records.MeetingFactory(panel=panel)
    came = {f"member_{row.pk}": "present" for row in expected_at(meeting)}
    assert "not been held yet" in client.post(address(meeting), came).content.decode()
    assert not Attendance.objects.exists()
    assert meeting.may_decide() == "This meeting has not been held yet."


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_came_is_closed_to_whoever_does_not_keep_members(staff, client, panel, method):
    staff("change_meeting", "record_step")
    answer = getattr(client, method)(address(day(5, panel=panel)))
    assert (answer.status_code, answer.url) == (302, "/admin/")


def test_more_than_may_come_is_told(staff, client, panel):
    """W14, W24."""
    staff("handle_membership")
    panel.rules = [("attending", {"at_most": 3, "level": "warn"})]
    panel.save()
    meeting = day(5, panel=panel)
    came = {f"member_{row.pk}": "present" for row in expected_at(meeting)}
    assert "4 people came. The rule:" in client.post(address(meeting), came, follow=True).content.decode()


def test_a_meeting_that_somebody_came_to_is_not_deleted(admin_in, panel):
    meeting = hold(day(5, panel=panel), 1)
    assert admin_in.post(f"/admin/snippets/scrutiny_pages/meeting/delete/{meeting.pk}/").status_code == 302
    assert admin_in.post(f"/admin/bulk/scrutiny_pages/meeting/delete/?id={meeting.pk}").status_code == 302
    assert Meeting.objects.filter(pk=meeting.pk).exists()


def test_the_public_is_told_nothing_before_it_is_recorded_or_agreed(home, client, panel):
    meeting = day(5, panel=panel)
    meeting.decisions = [Decision(text="We look at lifts.")]
    meeting.save()
    words = client.get(meeting.get_absolute_url()).content.decode()
    assert "came" not in words
    assert "lifts" not in words


# --- Notice and dates ----------------------------------------------------------------------------------

MAY_DAY_WEEK = "2026-04-28"  # a Tuesday; Monday 4 May is a bank holiday


def post(panel, **fields) -> dict:
    plain = {"panel": panel.pk, "kind": "extra", "theme": "Lifts", "place": "The hall", "is_public": "on"}
    plain |= {"starts_at": "2026-05-05 18:00", "notice_given_on": MAY_DAY_WEEK}
    rows = {"decisions": inline_formset([]), "agenda": rich_text(""), "minutes": rich_text("")}
    return nested_form_data(plain | rows | fields)


@pytest.mark.parametrize(
    ("told_on", "level", "words"),
    [
        ("2026-04-27", "refuse", ""),
        ("2026-04-28", "refuse", "6 May 2026 at the earliest"),
        ("", "refuse", "Say on which day people were told"),
        ("2026-05-06", "refuse", "This is after the meeting."),
    ],
    ids=["five working days", "four, for a bank holiday", "not said", "too late"],
)
def test_an_extra_meeting_needs_five_working_days(home, admin_in, told_on, level, words):
    """K 7.1."""
    rule = {"meeting_kind": "extra", "amount": 5, "unit": "working_days", "level": level}
    panel = records.PanelFactory(rules=[("notice", rule)])
    answer = admin_in.post("/admin/snippets/scrutiny_pages/meeting/add/", post(panel, notice_given_on=told_on))
    assert Meeting.objects.exists() == (not words)
    if words:
        assert words in answer.context["form"].errors["notice_given_on"][0]


def test_short_notice_may_only_be_told(home, admin_in):
    """H 6.1."""
    rule = {"meeting_kind": "interview", "amount": 10, "unit": "working_days", "level": "warn"}
    panel = records.PanelFactory(rules=[("notice", rule)])
    data = post(panel, kind="interview")
    answer = admin_in.post("/admin/snippets/scrutiny_pages/meeting/add/", data, follow=True)
    assert "at the earliest" in answer.content.decode()
    assert Meeting.objects.exists()


def test_a_new_rule_on_notice_does_not_judge_an_old_meeting(panel):
    meeting = day(5, panel=panel, kind="extra")
    panel.rules = [("notice", {"meeting_kind": "extra", "amount": 5, "unit": "working_days", "level": "refuse"})]
    panel.save()
    meeting = Meeting.objects.get(pk=meeting.pk)
    meeting.minutes = "<p>Later.</p>"
    meeting.full_clean()
    meeting.starts_at += datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="people were told"):
        meeting.full_clean()


def test_minutes_are_not_agreed_before_the_meeting(panel):
    meeting = day(5, panel=panel)
    meeting.minutes_agreed_on = datetime.date(2026, 5, 4)
    with pytest.raises(ValidationError, match="before the meeting"):
        meeting.full_clean()


def test_minutes_are_not_agreed_on_a_day_to_come(client, panel):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    meeting = day(5, panel=panel, minutes="<p>We met.</p>", minutes_agreed_on=tomorrow)
    meeting.decisions.create(text="Mend the lift.")
    with pytest.raises(ValidationError, match="has not come yet") as refused:
        meeting.full_clean()
    assert set(refused.value.message_dict) == {"minutes_agreed_on"}
    shown = client.get(meeting.get_absolute_url()).content.decode()
    for words in ("We met.", "Mend the lift."):
        assert words not in shown + meeting.said_in_public
    meeting.minutes_agreed_on = timezone.localdate()
    meeting.full_clean()
    assert "We met." in meeting.said_in_public


# --- Found, and called off -----------------------------------------------------------------------------


def test_meetings_are_found_by_panel_and_year(home, client):
    address = pages.MeetingIndexPageFactory().get_url()
    ours = day(12, theme="Ours in May")
    older = records.MeetingFactory(panel=ours.panel, theme="Ours before", starts_at=ours.starts_at.replace(year=2024))
    theirs = records.MeetingFactory(theme="Theirs to come")

    def found(query: str) -> list[bool]:
        words = client.get(address + query).content.decode()
        return [f'href="{meeting.get_absolute_url()}"' in words for meeting in (ours, older, theirs)]

    assert found("") == [True, True, True]
    assert found(f"?panel={ours.panel.slug}") == [True, True, False]
    assert found(f"?panel={ours.panel.slug}&year=2024") == [False, True, False]
    for query in ("?panel=nobody", "?year=soon", "?year=3000", "?panel=%00"):
        assert client.get(address + query).status_code == 400


def test_a_meeting_that_is_called_off_says_so_and_counts_for_nothing(home, client, staff):
    meeting = day(12, theme="Walk", called_off_because="Snow.")
    coming = records.MeetingFactory(panel=meeting.panel, called_off_because="The hall is shut.")
    assert "was called off. Snow." in " ".join(client.get(meeting.get_absolute_url()).content.decode().split())
    assert "The minutes will be here" not in client.get(meeting.get_absolute_url()).content.decode()
    listed = client.get(pages.MeetingIndexPageFactory().get_url()).content.decode()
    assert "The hall is shut." in listed
    assert meeting.may_decide() == "This meeting was called off."
    assert coming.day not in SiteCalendar().meetings.get(meeting.panel_id, [])
    with pytest.raises(ValidationError, match="called off"):
        record_attendance(meeting=meeting, states={}, at=timezone.now())
    meeting.minutes = "<p>We met.</p>"
    with pytest.raises(ValidationError, match="so it was held"):
        meeting.full_clean()


def test_a_meeting_leads_to_its_panel_its_review_and_what_was_asked_or_decided_there(home, client):
    panel = pages.PanelPageFactory().panel
    review = pages.ReviewPageFactory(panel=panel)
    meeting = day(12, panel=panel, review=review)
    made = records.RecommendationFactory(made_at=meeting, panel=panel)
    decided, noted, hidden = (records.RecommendationFactory(panel=panel) for _ in range(3))
    for item, is_public in ((decided, True), (noted, False)):
        arrange(
            item.tracking.events.create,
            on=meeting.day,
            kind="confirmed",
            title="Done",
            meeting=meeting,
            is_public=is_public,
        )
    html = client.get(meeting.get_absolute_url()).content.decode()
    led_to = [f'href="{item.get_absolute_url()}"' in html for item in (made, decided, noted, hidden)]
    assert led_to == [True, True, False, False]
    assert f'href="{review.get_url()}"' in html
    assert f'href="{panel.pages.get().get_url()}"' in html
    review.live = False
    review.save()
    assert review.title not in client.get(meeting.get_absolute_url()).content.decode()
