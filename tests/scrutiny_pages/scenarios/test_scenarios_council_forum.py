"""A whole review of a tenants' forum's scrutiny panel, from its trigger to the check whether it helped."""

import datetime

import pytest
from django.utils import timezone

from scrutiny_pages.enums import AttendanceState, Impact, MemberStanding, StageStep, Step
from scrutiny_pages.models import MemberKind, Panel, Role, Trigger
from scrutiny_pages.starters.loader import load_starter
from scrutiny_pages.starters.reader import read
from tests.factories.pages import ReviewIndexPageFactory

from .walkthrough import Staff

pytestmark = pytest.mark.django_db


def day(month: int, day: int, years: int = 0) -> datetime.date:
    """Return a day of the year before last: all that is recorded is past, and the members' terms are not over."""
    return datetime.date(timezone.localdate().year - 2 + years, month, day)


@pytest.fixture
def staff(home, admin_in):
    load_starter(read("council-forum"), on=day(1, 1), pages=False)
    return Staff(admin_in)


def test_a_review_goes_from_its_trigger_to_the_check_whether_it_helped(staff):
    panel, forum = Panel.objects.get(slug="scrutiny-panel"), Panel.objects.get(slug="tenants-forum")
    manager = Role.objects.get(title="Team manager")
    kinds = {kind.slug: kind for kind in MemberKind.objects.all()}
    members = [
        staff.add_member(
            panel, name=f"Member {number}", joined_on=day(1, 2), kind=kinds["forum"], training_commitment=90
        )
        for number in range(4)
    ]
    assert {member.standing for member in members} == {MemberStanding.ACTIVE}

    # 1 to 3: what set it off is talked about at a meeting; then comes the initial report, and the letter.
    review = staff.add_review(
        parent=ReviewIndexPageFactory(),
        title="Empty homes",
        panel=panel,
        trigger=Trigger.objects.get(name="Responsive"),
    )
    review = staff.start_review(review, process=panel.usual_process, on=day(1, 6))
    assert staff.due(review, "Agreeing what set it off") == day(1, 20)
    staff.stage(review, "Agreeing what set it off", on=day(1, 14), meeting=None, refused="Choose the meeting.")
    staff.stage(review, "Agreeing what set it off", on=day(1, 14))
    staff.stage(review, "Writing an initial report", on=day(1, 20))
    staff.stage(review, "Telling the manager", on=day(1, 22))

    # 4: 28 days for the information; the manager gives a reason and another date.
    staff.stage(review, "Asking for information", StageStep.START, on=day(1, 24))
    assert staff.due(review, "Asking for information") == day(2, 21)
    moved = {"on": day(2, 19), "to": day(3, 7)}
    staff.stage(review, "Asking for information", StageStep.MOVE, refused="This field is required", **moved)
    staff.stage(review, "Asking for information", StageStep.MOVE, words="The figures are audited.", **moved)
    assert staff.due(review, "Asking for information") == day(3, 7)
    staff.stage(review, "Asking for information", on=day(3, 5))

    # 5 to 11: what is needed is done, the rest is left out with its reason.
    staff.stage(review, "Reading what we were given", on=day(3, 20))
    staff.stage(review, "A day with the staff", on=day(3, 25))
    for name in ("Mystery shopping", "Asking tenants", "Peer reviews", "Visits"):
        staff.stage(review, name, StageStep.LEAVE_OUT, refused="This field is required")
        staff.stage(review, name, StageStep.LEAVE_OUT, words="The figures were enough.")
    staff.stage(review, "Interviews", on=day(4, 2))

    # 12: the manager has 14 days from the report, and answers each recommendation.
    report = staff.add_report(review, title="What we found in empty homes")
    item = staff.add_recommendation(
        panel=panel, title="Tell applicants when a home is ready", report=report, owner=manager, asked_on=day(4, 10)
    )
    answer = "The report and the manager's comments"
    staff.stage(review, answer, StageStep.START, on=day(4, 10))
    assert staff.due(review, answer) == day(4, 24)
    item.refresh_from_db()
    assert item.tracking.answer_due == day(4, 24)
    staff.stage(review, answer, on=day(4, 22), refused=f"no answer yet: {item.ref}")
    item = staff.record(item, Step.ACCEPT, on=day(4, 22), date=day(9, 30))
    staff.stage(review, answer, on=day(4, 22))
    staff.stage(review, "Changing the report where we should", on=day(5, 2))

    # 14 and 15: nothing is public before the Head of Housing has commented and the forum has signed off.
    gates = ["The Head of Housing's comments", "The forum signs the report off"]
    staff.publish_report(report, refused=f"Still to be done in the review: {'; '.join(gates)}.")
    forum_meets = staff.add_meeting(forum, on=day(6, 10), theme="The panel's report").day
    staff.stage(review, gates[0], on=day(5, 13))
    assert staff.due(review, gates[1]) == forum_meets
    staff.publish_report(report, refused=f"Still to be done in the review: {gates[1]}.")
    staff.stage(review, gates[1], on=forum_meets)
    staff.publish_report(report, agreed_on=day(5, 2))
    item = staff.publish_recommendation(item)

    # 16: what was accepted is followed, and confirmed where enough members are.
    staff.record(item, Step.CLAIM, on=day(9, 15), words="A text goes out with each offer.")
    few, enough = (staff.add_meeting(panel, on=on, theme="Empty homes") for on in (day(9, 17), day(10, 1)))
    came = dict.fromkeys(members, AttendanceState.ABSENT) | {members[0]: AttendanceState.PRESENT}
    staff.who_came(few, came)
    staff.record(item, Step.CONFIRM, on=few.day, meeting=few, refused="2 were needed")
    staff.who_came(enough, came | {members[1]: AttendanceState.PRESENT})
    item = staff.record(item, Step.CONFIRM, on=enough.day, meeting=enough)
    assert item.tracking.impact_check_on == day(10, 1, 1)
    staff.stage(review, "Following what was accepted", on=day(10, 1))

    # 17: after a year, the panel asks whether it helped.
    assert staff.due(review, "Asking whether it helped") == day(6, 10, 1)
    checked = {"on": day(10, 1, 1), "how": "Survey of new tenants"}
    item = staff.record(item, Step.CHECK_IMPACT, impact=Impact.HELPED, words="We asked ten people.", **checked)
    staff.stage(review, "Asking whether it helped", on=day(10, 1, 1), words="Nine of ten were told.")
    assert (item.tracking.impact, item.tracking.impact_checked_on) == (Impact.HELPED, day(10, 1, 1))
    review.refresh_from_db()
    assert review.progress.sentence == "All 17 stages are done."


def test_what_too_few_agreed_is_ratified_on_the_meeting_form(staff):
    panel = Panel.objects.get(slug="scrutiny-panel")
    members = [
        staff.add_member(panel, name=f"Member {number}", joined_on=day(1, 2), training_commitment=80)
        for number in range(3)
    ]
    few = staff.add_meeting(panel, on=day(2, 3), decisions=["We look at repairs next."])
    later = staff.add_meeting(panel, on=day(3, 3))
    came = dict.fromkeys(members, AttendanceState.ABSENT) | {members[0]: AttendanceState.PRESENT}
    few = staff.who_came(few, came)
    staff.who_came(later, came)
    staff.ratify(few, at=later, refused="was not ratified at that meeting")
    staff.who_came(later, came | {members[1]: AttendanceState.PRESENT})
    few = staff.ratify(few, at=later)
    assert [row.state_words for row in few.decisions.all()] == [f"Confirmed at the meeting on 3 March {later.day.year}"]


@pytest.mark.on_day("2026-11-22")
def test_an_extra_meeting_needs_five_working_days(staff):
    panel = Panel.objects.get(slug="scrutiny-panel")
    told = day(6, 2)  # no bank holiday is near
    extra = {"panel": panel, "kind": "extra", "notice_given_on": told}
    staff.add_meeting(on=told + datetime.timedelta(days=4), refused="at least 5 working days before", **extra)
    assert staff.add_meeting(on=told + datetime.timedelta(days=9), **extra).kind == "extra"
