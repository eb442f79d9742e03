"""A whole review of a tenants' forum's scrutiny panel, from its trigger to the check whether it helped."""

import datetime

import pytest
from django.utils import timezone

from scrutiny_pages.enums import Impact, StageStep, Step
from scrutiny_pages.models import Panel, ReviewProcess, Role, Trigger
from scrutiny_pages.starters.loading import load_starter
from scrutiny_pages.starters.reading import read
from tests.factories.pages import ReviewIndexPageFactory

from .walking import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(home, admin_in):
    load_starter(read("council-forum"), on=datetime.date(2024, 1, 1), pages=False)
    return Staff(admin_in)


def day(month: int, day: int, year: int = 2025) -> datetime.date:
    return datetime.date(year, month, day)


def test_a_review_goes_from_its_trigger_to_the_check_whether_it_helped(staff):
    panel, forum = Panel.objects.get(slug="scrutiny-panel"), Panel.objects.get(slug="tenants-forum")
    process, manager = ReviewProcess.objects.get(), Role.objects.get(title="Team manager")
    review = staff.add_review(
        parent=ReviewIndexPageFactory(),
        title="Empty homes",
        panel=panel,
        trigger=Trigger.objects.get(name="Responsive"),
    )
    meeting = staff.add_meeting(forum, on=day(6, 10), theme="The panel's report")
    review = staff.start_review(review, process=process, on=day(1, 6))

    assert staff.due(review, "Agreeing what set it off") == day(1, 20)
    staff.stage(review, "Agreeing what set it off", on=day(1, 14), words="Empty homes take too long.")
    staff.stage(review, "Writing an initial report", on=day(1, 20))
    staff.stage(review, "Telling the manager", on=day(1, 22))
    # 28 days for the information; the manager gives a reason and another date (11.4 stage 4).
    staff.stage(review, "Asking for information", StageStep.START, on=day(1, 24))
    assert staff.due(review, "Asking for information") == day(2, 21)
    moved = {"on": day(2, 19), "words": "The figures are audited.", "to": day(3, 7)}
    staff.stage(review, "Asking for information", StageStep.MOVE, **moved)
    assert staff.due(review, "Asking for information") == day(3, 7)
    staff.stage(review, "Asking for information", on=day(3, 5))
    staff.stage(review, "Reading what we were given", on=day(3, 20))
    staff.stage(review, "A day with the staff", on=day(3, 25))
    for name in ("Mystery shopping", "Asking tenants", "Looking at how others do it", "Visits"):
        staff.stage(review, name, StageStep.LEAVE_OUT, words="The figures were enough.")
    staff.stage(review, "Interviews", on=day(4, 2))

    report = staff.add_report(review, title="What we found in empty homes")
    item = staff.add_recommendation(
        panel=panel, title="Tell applicants when a home is ready", report=report, owner=manager, asked_on=day(4, 10)
    )
    staff.stage(review, "Writing the report", on=day(4, 10))
    # The manager comments within 14 days, and so has to answer by then (11.4 stage 12).
    assert staff.due(review, "The manager's comments") == day(4, 24)
    item.refresh_from_db()
    assert item.tracking.answer_due == day(4, 24)
    staff.stage(review, "The manager's comments", on=day(4, 22), refused="no answer yet: 2025-01/1")
    item = staff.record(item, Step.ACCEPT, on=day(4, 22), date=day(9, 30))
    staff.stage(review, "The manager's comments", on=day(4, 22))
    staff.stage(review, "Changing the report where we should", on=day(5, 2))

    staff.publish_report(report, refused="The Head of Housing's comments; The forum signs the report off")
    staff.stage(review, "The Head of Housing's comments", on=day(5, 13))
    assert staff.due(review, "The forum signs the report off") == meeting.day
    staff.stage(review, "The forum signs the report off", on=day(6, 10), refused="This field is required")
    staff.stage(review, "The forum signs the report off", on=day(6, 10), how="Forum meeting, item 4")
    assert staff.publish_report(report, agreed_on=day(5, 2)).live
    staff.publish_recommendation(item)

    # What was accepted is followed, and after a year we ask whether it helped (11.4 stages 16 and 17).
    staff.record(item, Step.CLAIM, on=day(9, 15), words="A text goes out with each offer.")
    item = staff.record(item, Step.CONFIRM, on=day(10, 1), how="Panel meeting")
    assert item.tracking.impact_check_on == day(10, 1, 2026)
    staff.stage(review, "Following what was accepted", on=day(10, 1))
    assert staff.due(review, "Asking whether it helped") == day(6, 10, 2026)
    item = staff.record(
        item, Step.CHECK_IMPACT, on=day(6, 9, 2026), impact=Impact.HELPED, words="We asked ten people.", how="Survey"
    )
    staff.stage(review, "Asking whether it helped", on=day(6, 9, 2026), words="Nine of ten were told.")
    assert (item.tracking.impact, item.tracking.impact_checked_on) == (Impact.HELPED, day(6, 9, 2026))
    review.refresh_from_db()
    assert review.progress.sentence == "All 17 stages are done."
    assert timezone.localdate() > day(6, 9, 2026)
