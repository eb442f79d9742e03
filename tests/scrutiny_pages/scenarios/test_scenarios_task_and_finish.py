"""A whole review of a task-and-finish panel, from the programme to the check whether it helped, and a light touch."""

import datetime

import pytest

from scrutiny_pages.enums import AttendanceState, Impact, StageStep, Step
from scrutiny_pages.models import Panel, ReviewProcess, Role, Trigger
from scrutiny_pages.starters.loader import load_starter
from scrutiny_pages.starters.reader import read
from tests.factories.pages import ReviewIndexPageFactory

from .walkthrough import Staff, said_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(home, admin_in):
    load_starter(read("task-and-finish"), on=datetime.date(2024, 1, 1), pages=False)
    return Staff(admin_in)


def day(month: int, day: int, year: int = 2025) -> datetime.date:
    return datetime.date(year, month, day)


def test_a_review_goes_from_the_programme_to_the_check_whether_it_helped(staff):
    reviewers, committee, board = (
        Panel.objects.get(slug=slug) for slug in ("review-panel", "assurance-committee", "board")
    )
    lead, process = Role.objects.get(title="Service Lead"), ReviewProcess.objects.get()
    people = [staff.add_member(reviewers, name=f"Member {n}", joined_on=day(1, 6)) for n in range(4)]
    review = staff.add_review(
        parent=ReviewIndexPageFactory(),
        title="Waiting for a repair",
        panel=reviewers,
        trigger=Trigger.objects.get(name="In the yearly programme"),
        programme=committee.programmes.get().pk,
        commissioned_by="The Assurance Committee",
    )
    review = staff.start_review(review, process=process, on=day(1, 6))

    # 4.3 (1): the committee agrees the scope.
    staff.stage(review, "Agreeing what to look at", on=day(1, 13), meeting=None, refused="Choose the meeting.")
    staff.stage(review, "Agreeing what to look at", on=day(1, 13))
    staff.stage(review, "Planning the project", on=day(1, 20))
    # 6.1: ten working days for information, and for staff who are asked to come; Easter is in between.
    staff.stage(review, "Asking for information", StageStep.START, on=day(4, 14))
    assert staff.due(review, "Asking for information") == day(4, 30)
    staff.stage(review, "Asking for information", on=day(4, 29))
    staff.stage(review, "Reading what we were given", on=day(5, 5))
    interview = {"kind": "interview", "theme": "Repairs staff", "review": review, "notice_given_on": day(5, 6)}
    staff.add_meeting(reviewers, on=day(5, 19), refused="It can be on 20 May 2025 at the earliest.", **interview)
    staff.add_meeting(reviewers, on=day(5, 20), **interview)
    staff.stage(review, "Testing what we read", on=day(5, 20))

    # 4.3 (5): recommendations with their evidence, and what they save or gain (2.1).
    report = staff.add_report(review, title="What we found about repairs")
    staff.stage(review, "Writing our report", on=day(5, 30))
    asks = {"panel": reviewers, "report": report, "owner": lead, "asked_on": day(5, 30)}
    item = staff.add_recommendation(title="Say on which day somebody comes", evidence="Twelve interviews.", **asks)
    other = staff.add_recommendation(title="Send one person twice", number=2, evidence="Visits.", **asks)
    # 4.3 (6), 5.1: the committee agrees the draft, then managers have 28 days (6.2).
    staff.stage(review, "The committee agrees the draft", on=day(6, 2))
    staff.stage(review, "The draft goes to senior managers", on=day(6, 3))
    assert staff.due(review, "The landlord's plan") == day(6, 30)
    item.tracking.refresh_from_db()
    assert item.tracking.answer_due == day(6, 30)
    staff.stage(review, "Making things clear with staff", on=day(6, 17))

    # 4.3 (7): the plan answers every recommendation, with who leads and by when (6.2).
    item = staff.record(item, Step.ACCEPT, on=day(6, 27), date=day(9, 30))
    item = staff.record(item, Step.PLAN_ACTION, on=day(6, 27), words="Text each customer", owner=lead, date=day(8, 29))
    staff.stage(review, "The landlord's plan", on=day(6, 27), refused="no answer yet: 2025-01/2")
    staff.record(other, Step.REFUSE, on=day(6, 27), words="The teams are too small.")
    staff.stage(review, "The landlord's plan", on=day(6, 27))
    final = staff.stage(review, "The final report goes to the committee", on=day(6, 30))
    assert "The process wants at least 4 meetings of the review. 0 are recorded." in said_by(
        staff.client.get(final.url)
    )

    # 6.2: the committee signs off within ten days of receipt, or sends it back.
    assert staff.due(review, "The committee signs the plan off") == day(7, 7)
    missing = {"on": day(7, 4), "words": "Nobody says what is done for small teams."}
    staff.stage(review, "The landlord's plan", StageStep.SEND_BACK, **missing)
    staff.stage(review, "The landlord's plan", on=day(7, 11))
    assert staff.due(review, "The committee signs the plan off") == day(7, 21)
    staff.publish_report(report, refused="The committee signs the plan off; The Company Secretary clears the report.")
    staff.stage(review, "The committee signs the plan off", on=day(7, 14))
    # 7: nothing goes out before the Company Secretary has cleared it.
    staff.publish_report(report, refused="The Company Secretary clears the report")
    staff.stage(review, "The Company Secretary clears the report", on=day(7, 16))
    staff.publish_report(report, agreed_on=day(6, 2))
    staff.publish_recommendation(item, refused="“Value for money” is empty")
    for each in (item, other):
        staff.publish_recommendation(each, value_for_money="Fewer visits; work for local people.")
    staff.add_meeting(board, on=day(9, 9), theme="Board meeting")
    assert staff.due(review, "The plan goes to the Board") == day(9, 9)
    staff.stage(review, "The plan goes to the Board", on=day(9, 9))
    staff.stage(review, "Telling everybody", on=day(9, 12))

    # 5.4: not satisfied, the panel goes to the committee, and the committee to a mediator.
    for on, who in ((day(9, 15), "the Assurance Committee"), (day(9, 29), "an independent mediator")):
        other = staff.record(other, Step.ESCALATE, on=on, words="It is not enough.")
        assert other.tracking.open_escalation.to_whom == who
        other = staff.record(other, Step.ESCALATION_REPLY, on=on, words="They talked.")

    # 4.3 (9): the committee checks what was promised, not the panel that is finished.
    item = staff.record(item, Step.FINISH_ACTION, on=day(8, 29), action=item.tracking.actions.get())
    item = staff.record(item, Step.CLAIM, on=day(9, 26), words="Each customer gets a text.")
    checked = staff.add_meeting(committee, on=day(10, 6), theme="What was promised")
    item = staff.record(item, Step.CONFIRM, on=day(10, 6), meeting=checked, date=day(4, 6, 2026))
    staff.stage(review, "The committee follows the plan", on=day(10, 6))
    given = {"impact": Impact.HELPED, "words": "Fewer visits are missed.", "how": "Committee meeting"}
    item = staff.record(item, Step.CHECK_IMPACT, on=day(4, 7, 2026), **given)
    assert (item.tracking.impact_check_on, item.tracking.impact) == (day(4, 6, 2026), Impact.HELPED)
    staff.stage(review, "Asking whether it helped", on=day(4, 7, 2026))
    review.refresh_from_db()
    assert review.progress.sentence == "All 17 stages are done."
    assert len(people) == 4


def test_a_light_touch_is_short_but_is_cleared_all_the_same(staff):
    reviewers = Panel.objects.get(slug="review-panel")
    people = [staff.add_member(reviewers, name=f"Member {n}", joined_on=day(1, 6)) for n in range(4)]
    review = staff.add_review(
        parent=ReviewIndexPageFactory(),
        title="Letters",
        panel=reviewers,
        trigger=Trigger.objects.get(name="The committee thinks that a light touch is enough"),
    )
    review = staff.start_review(review, process=ReviewProcess.objects.get(), on=day(1, 6), light_touch=True)
    staff.stage(review, "Agreeing what to look at", on=day(1, 13))
    for number, on in enumerate((day(1, 14), day(1, 28))):
        meeting = staff.add_meeting(reviewers, on=on, theme=f"Letters {number}", review=review)
        staff.who_came(meeting, dict.fromkeys(people, AttendanceState.PRESENT))
    for name in ("Reading what we were given", "Testing what we read", "Writing our report"):
        staff.stage(review, name, on=day(2, 3))
    staff.stage(review, "The committee agrees the draft", on=day(2, 5))
    staff.stage(review, "The draft goes to senior managers", on=day(2, 5))
    assert staff.due(review, "The landlord's plan") == day(3, 5)
    staff.stage(review, "Making things clear with staff", on=day(2, 12))
    staff.stage(review, "The landlord's plan", on=day(2, 28))
    final = staff.stage(review, "The final report goes to the committee", on=day(3, 3))
    assert "The process wants at least" not in said_by(staff.client.get(final.url))
    assert staff.due(review, "The committee signs the plan off") == day(3, 10)
    staff.stage(review, "The committee signs the plan off", on=day(3, 7))
    report = staff.add_report(review, title="What we found in letters")
    staff.publish_report(report, refused="The Company Secretary clears the report")
    staff.stage(review, "The Company Secretary clears the report", on=day(3, 10))
    staff.publish_report(report)
    review.refresh_from_db()
    assert review.progress.sentence == "All 11 stages are done."
