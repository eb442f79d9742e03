"""Tests of escalations along a route, and of referrals to another panel."""

import datetime

import pytest
from django.utils import timezone

from scrutiny_pages import services
from scrutiny_pages.enums import Answer, DeadlineUnit
from scrutiny_pages.models import EscalationRoute, EscalationStep, ReviewPage
from scrutiny_pages.services import TransitionNotAllowed
from tests.factories.decisions import decide
from tests.factories.pages import ReviewIndexPageFactory
from tests.factories.records import (
    MeetingFactory,
    PanelFactory,
    RecommendationFactory,
    ReviewProcessFactory,
    StandardFactory,
)

pytestmark = pytest.mark.django_db

ASKED = datetime.date(2026, 1, 12)


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2026, month, number)


@pytest.fixture
def board():
    body = PanelFactory(name="Board", kind="deciding_body")
    for on in (day(3, 5), day(6, 4)):
        MeetingFactory(panel=body, starts_at=timezone.make_aware(datetime.datetime.combine(on, datetime.time(18))))
    return body


@pytest.fixture
def refused_item(board):
    route = EscalationRoute(name="Taking it further")
    route.steps = [
        EscalationStep(
            to_whom="the Board",
            asks="Answer us.",
            deadline_unit=DeadlineUnit.NEXT_MEETING,
            deadline_panel=board,
        ),
        EscalationStep(to_whom="a mediator", asks="Help us agree."),
    ]
    route.save()
    panel = PanelFactory(usual_process=ReviewProcessFactory(escalation_route=route))
    item = RecommendationFactory(panel=panel, asked_on=ASKED)
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=day(2, 2), reason="It costs too much.")
    return item


def take_further(item, on, **more):
    decide(services.escalate, recommendation=item, on=on, reason="We do not agree.", **more)


def test_it_goes_up_rung_by_rung_and_each_reply_has_its_date(refused_item):
    take_further(refused_item, day(2, 20))
    rung = refused_item.tracking.escalations.get()
    assert (rung.to_whom, rung.reply_due) == ("the Board", day(3, 5))
    services.record_reply(recommendation=refused_item, on=day(3, 5), text="The Board agrees with the manager.")
    take_further(refused_item, day(3, 9))
    assert [each.to_whom for each in refused_item.tracking.escalations.all()] == ["the Board", "a mediator"]
    services.record_reply(recommendation=refused_item, on=day(4, 1), text="There was no agreement.")
    with pytest.raises(TransitionNotAllowed, match="every step"):
        take_further(refused_item, day(4, 2))


def test_a_refusal_can_be_answered_again_and_the_first_answer_stays(refused_item):
    with pytest.raises(TransitionNotAllowed, match="answered already"):
        services.record_answer(recommendation=refused_item, answer=Answer.ACCEPTED, on=day(2, 9), target=day(6, 30))
    take_further(refused_item, day(2, 20))
    services.record_answer(
        recommendation=refused_item, answer=Answer.ACCEPTED, on=day(3, 5), reason="We will.", target=day(6, 30)
    )
    tracking = refused_item.tracking
    assert (tracking.answer, tracking.first_answer, tracking.first_answered_on) == (
        Answer.ACCEPTED,
        Answer.NOT_ACCEPTED,
        day(2, 2),
    )
    assert tracking.open_escalation is None
    assert [event.get_kind_display() for event in refused_item.public_history()] == [
        "Accepted",
        "Taken further",
        "Not accepted",
        "Asked for",
    ]


def test_a_changed_route_changes_nothing_that_was_taken_up(refused_item):
    take_further(refused_item, day(2, 20))
    EscalationStep.objects.all().delete()
    assert refused_item.tracking.escalations.get().to_whom == "the Board"


def test_without_a_route_it_says_so():
    with pytest.raises(TransitionNotAllowed, match="Choose an escalation route"):
        take_further(RecommendationFactory(asked_on=ASKED), day(2, 20))


def test_only_one_rung_at_a_time(refused_item):
    take_further(refused_item, day(2, 20))
    with pytest.raises(TransitionNotAllowed, match="the reply is awaited"):
        take_further(refused_item, day(2, 27))


def test_another_panel_gets_the_draft_of_a_review(home):
    index = ReviewIndexPageFactory()
    other = PanelFactory(name="Scrutiny Panel")
    item = RecommendationFactory(asked_on=ASKED, refers_to=other)
    item.standards.add(StandardFactory())
    decide(services.refer, recommendation=item, on=day(2, 20), reason="It touches two services.")
    review = ReviewPage.objects.child_of(index).get()
    assert (review.panel, review.state, review.live) == (other, "proposed", False)
    with pytest.raises(TransitionNotAllowed, match="referred already"):
        decide(services.refer, recommendation=item, on=day(2, 21), reason="Again.")


def test_a_matter_is_referred_to_a_panel_that_is_named():
    with pytest.raises(TransitionNotAllowed, match="which panel"):
        decide(
            services.refer,
            recommendation=RecommendationFactory(asked_on=ASKED),
            on=day(2, 20),
            reason="Two services.",
        )
