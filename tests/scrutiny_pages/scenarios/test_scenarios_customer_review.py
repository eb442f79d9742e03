"""A whole review by customers, from the vote on its topic to the check whether it helped."""

import datetime

import pytest
from wagtail.test.utils.form_data import inline_formset

from scrutiny_pages.enums import Delivery, Impact, Step
from scrutiny_pages.models import Membership, Panel, Role, Trigger, WorkProgramme
from scrutiny_pages.starters.loader import load_starter
from scrutiny_pages.starters.reader import read
from tests.factories.pages import ReviewIndexPageFactory

from .walkthrough import Staff

pytestmark = pytest.mark.django_db


def day(month: int, day: int, year: int = 2024) -> datetime.date:
    return datetime.date(year, month, day)


@pytest.fixture
def staff(home, admin_in):
    load_starter(read("customer-review"), on=day(1, 1), pages=False)
    return Staff(admin_in)


def test_a_review_goes_from_the_vote_to_the_check_whether_it_helped(staff):
    customers, board = Panel.objects.get(slug="customer-reviewers"), Panel.objects.get(slug="board")
    manager, year = Role.objects.get(title="Service manager"), WorkProgramme.objects.get()

    # Topics come from the survey and are scored; customers vote, and what is not chosen has its reason.
    ReviewIndexPageFactory()
    vote = {"trigger": Trigger.objects.get().pk, "came_from": "The survey", "votes": 14}
    lost = {"title": "Lifts", "came_from": "The survey", "votes": 6, "state": "not_chosen"}
    topic = vote | {"title": "Getting through to us"}
    staff.propose(year, [topic, lost], refused="Say why this topic was not chosen.")
    topic, lost = staff.propose(year, [topic, lost | {"because": "Few homes have one."}])
    staff.score(year, {topic: [5, 4, 4, 6], lost: [1, 2, 3, 4]}, refused="less than or equal to 5")
    staff.score(year, {topic: [5, 4, 4, 5], lost: [1, 2, 3, 4]})
    assert year.totals() == {topic.pk: 27, lost.pk: 13}
    review = staff.choose(topic)
    assert not review.live
    review = staff.publish_review(review)
    assert (review.live, review.programme, review.trigger.name) == (True, year, "Chosen by customers")

    # Each review has a team of its own; who joins agrees to share their email address.
    review = staff.start_review(review, process=customers.usual_process, on=day(1, 8))
    team = {"joined_on": day(1, 8), "review": review}
    refusal = "Not accepted yet: Sharing my email address."
    staff.add_member(customers, name="Kim Example", acceptances=inline_formset([]), refused=refusal, **team)
    for number in range(3):
        staff.add_member(customers, name=f"Customer {number}", **team)
    assert Membership.objects.filter(review=review).count() == 3

    # The scope, then twelve weeks of work.
    staff.stage(review, "Agreeing the scope", on=day(1, 19), words="We leave out letters about court cases.")
    staff.stage(review, "Sharing out the work", on=day(1, 24))
    assert staff.due(review, "Writing the report") == day(4, 1)
    staff.stage(review, "Finding things out", on=day(3, 8))
    staff.stage(review, "Agreeing what we ask for", on=day(3, 15))

    # What is asked for has its evidence, its end, its benefit and its owner.
    report = staff.add_report(review, title="What we found about getting through")
    words = {
        "evidence": "Survey, question 3.",
        "completion_measure": "Nine of ten calls are answered in two minutes.",
        "who_benefits": "Customers who ring",
        "owner": manager,
    }
    asked = {"panel": customers, "report": report, "asked_on": day(3, 22)}
    item = staff.add_recommendation(title="Answer calls in two minutes", **asked)
    staff.publish_recommendation(item, refused="“Evidence” is empty. The process asks for it.")
    staff.publish_recommendation(item, refused="“Who must do it” is empty.", **words | {"owner": ""})
    staff.stage(review, "Writing the report", on=day(3, 29))

    # The Board signs it off at its next meeting before anything is public.
    board_meets = staff.add_meeting(board, on=day(5, 14), theme="What the customers ask for").day
    staff.publish_report(report, refused="Still to be done in the review: The Board signs it off.")
    assert staff.due(review, "The Board signs it off") == board_meets
    staff.stage(review, "The Board signs it off", on=board_meets)
    staff.publish_report(report)
    item = staff.publish_recommendation(item, **words)

    # At the roundtable it is answered; what is promised is promised for the end of a quarter.
    table = staff.add_meeting(customers, on=day(5, 21), kind="roundtable", theme="What will be done")
    staff.stage(review, "Roundtable", on=table.day, refused=f"no answer yet: {item.ref}")
    staff.record(item, Step.ACCEPT, on=table.day, date=day(8, 1), refused="is not the end of a quarter")
    staff.record(item, Step.ACCEPT, on=table.day, date=day(6, 30))
    action = {"on": table.day, "words": "Train the team", "owner": manager}
    staff.record(item, Step.PLAN_ACTION, date=day(6, 1), refused="is not the end of a quarter", **action)
    item = staff.record(item, Step.PLAN_ACTION, date=day(6, 30), **action)
    staff.stage(review, "Roundtable", on=table.day)
    staff.stage(review, "The report is public", on=day(5, 24))
    assert staff.due(review, "The first check of what was done") == day(7, 1)

    # More time is asked for with a reason, and the customers agree: the first date stays on record.
    staff.record(item, Step.ASK_FOR_TIME, on=day(6, 20), date=day(9, 30), words="Two people left.")
    staff.record(item, Step.GRANT_TIME, on=day(6, 24), refused="Choose the meeting.", meeting=None)
    item = staff.record(item, Step.GRANT_TIME, on=day(6, 24))
    assert (item.tracking.first_target, item.tracking.current_target) == (day(6, 30), day(9, 30))

    # Each quarter there is a meeting, told a week before; the customers decide whether the evidence is enough.
    first, second = day(7, 4), day(10, 3)
    late = {"kind": "tracking", "notice_given_on": day(6, 28), "refused": "at least 7 days before"}
    staff.add_meeting(customers, on=first, **late)
    first, second = (
        staff.add_meeting(customers, on=on, kind="tracking", notice_given_on=on - datetime.timedelta(days=7))
        for on in (first, second)
    )
    staff.stage(review, "The first check of what was done", on=first.day)
    staff.record(item, Step.FINISH_ACTION, on=day(9, 2), action=item.tracking.actions.get())
    staff.record(item, Step.CLAIM, on=day(9, 27), words="Eight of ten calls, in August.")
    staff.record(item, Step.SEND_BACK, on=second.day, meeting=second, words="It has to be nine of ten.")
    item = staff.record(item, Step.CLAIM, on=day(12, 20), words="Nine of ten calls, in December.")
    assert item.tracking.delivery == Delivery.CLAIMED
    item = staff.record(item, Step.CONFIRM, on=day(1, 7, 2025), date=day(6, 30, 2025))
    assert (item.tracking.confirmed_on, item.tracking.impact_check_on) == (day(1, 7, 2025), day(6, 30, 2025))
    told = {"on": day(7, 1, 2025), "words": "Calls are still answered.", "how": ""}
    item = staff.record(item, Step.CHECK_IMPACT, impact=Impact.HELPED, **told)
    assert item.tracking.impact == Impact.HELPED
    review.refresh_from_db()
    assert review.progress.sentence == "All 9 stages are done."
