"""Property tests of random steps: no illegal state, a history that explains the state, a stable first date."""

import dataclasses
import datetime
from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from scrutiny_pages.enums import AGREED, PANEL_DECISIONS, UNDELIVERED, Answer, Delivery, EventKind, Impact, Step
from scrutiny_pages.forms.recommendation_forms import STEP_FIELDS
from scrutiny_pages.models import Event, Recommendation
from scrutiny_pages.rules.history_replay import ROWS, replay
from scrutiny_pages.rules.transitions import open_steps
from scrutiny_pages.services import TransitionNotAllowed, current_state, steps_before
from scrutiny_pages.services.base import History
from tests.factories.records import (
    MeetingFactory,
    PanelFactory,
    RecommendationFactory,
    ReviewProcessFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db

START = datetime.date(2025, 1, 6)

attempts = st.lists(
    st.fixed_dictionaries(
        {
            # Mostly something that may be done now, so that long stories come about; else anything at all.
            "allowed": st.sampled_from([True, True, True, False]),
            "pick": st.integers(0, 59),
            "days_later": st.integers(-20, 40),
            "date_in": st.integers(-10, 900),
            "words": st.sampled_from(["A reason.", "A reason.", "A reason.", " "]),
            "meets": st.sampled_from([True, True, False]),
            "impact": st.sampled_from(Impact),
        }
    ),
    min_size=15,
    max_size=40,
)


@pytest.fixture
def world():
    """A panel whose process has two rungs to go up, and a job that owns actions."""
    return PanelFactory(usual_process=ReviewProcessFactory(escalation_steps=["the Board", "a mediator"])), RoleFactory()


def attempt(item: Recommendation, step: Step, owner, tried: dict, on: datetime.date) -> None:
    """Try a step through the staff view's form, with arbitrary values."""
    step_fields = STEP_FIELDS[step]
    given: dict[str, Any] = {"on": on}
    if step_fields.words:
        given["words"] = tried["words"]
    if step_fields.date:
        given["date"] = on + datetime.timedelta(days=tried["date_in"])
    if step in PANEL_DECISIONS:
        starts_at = timezone.make_aware(datetime.datetime.combine(on, datetime.time(9)))
        given["meeting"] = MeetingFactory(panel=item.panel, starts_at=starts_at) if tried["meets"] else None
    recorded = list(item.tracking.events.correctable())
    more = {
        "link": "",
        "owner": owner,
        "impact": tried["impact"],
        "is_private": False,
        "entry": recorded[tried["pick"] % len(recorded)] if recorded else Event(),
        "action": item.tracking.actions.filter(done_on=None).first(),
    }
    given |= {name: more[name] for name in step_fields.extra}
    step_fields.apply(recommendation=item, by=None, **given)


# What ends a story, or says little: taken less often, or few stories would be long.
SELDOM = (Step.NOTE, Step.WITHDRAW, Step.CLOSE, Step.ANSWER_DUE, Step.REWORD, Step.REFUSE, Step.CORRECT)

SAYS_ANSWER = {
    EventKind.ACCEPTED: Answer.ACCEPTED,
    EventKind.PARTLY_ACCEPTED: Answer.PARTLY_ACCEPTED,
    EventKind.NOT_ACCEPTED: Answer.NOT_ACCEPTED,
    EventKind.WITHDRAWN: Answer.WITHDRAWN,
}
SAYS_DELIVERY = {
    EventKind.STARTED: Delivery.IN_PROGRESS,
    EventKind.CLAIMED: Delivery.CLAIMED,
    EventKind.SENT_BACK: Delivery.IN_PROGRESS,
    EventKind.CONFIRMED: Delivery.CONFIRMED,
    EventKind.CLOSED: Delivery.NOT_DELIVERED,
}


def told_by(events: list) -> dict:
    """Return the state of a recommendation from its history alone."""
    told: dict[str, Any] = {"answer": Answer.AWAITED, "delivery": Delivery.NOT_STARTED, "answers": []}
    told |= {"granted": 0, "asked": 0, "taken_further": 0, "impact": ""}
    for entry in events:
        told["answer"] = SAYS_ANSWER.get(entry.kind, told["answer"])
        told["delivery"] = SAYS_DELIVERY.get(entry.kind, told["delivery"])
        told["answers"] += [entry.on] if entry.kind in SAYS_ANSWER and entry.kind != EventKind.WITHDRAWN else []
        told["granted"] += entry.kind == EventKind.TIME_GRANTED
        told["asked"] += entry.kind == EventKind.TIME_ASKED
        told["taken_further"] += entry.kind == EventKind.ESCALATED
        if entry.kind == EventKind.IMPACT_CHECKED:
            told["impact"] = next(impact for impact in Impact if impact.label == entry.title)
    return told


def check(item: Recommendation) -> None:
    """Compare the stored state with the history, and with what is never allowed."""
    tracking, events = item.tracking, list(item.tracking.events.filter(correction=None))
    told = told_by(events)
    assert (tracking.answer, tracking.delivery) == (told["answer"], told["delivery"])
    assert tracking.delivery == Delivery.NOT_STARTED or tracking.answer in AGREED
    assert (tracking.first_target is not None) == (tracking.answer in AGREED)
    assert tracking.answered_on == max((e.on for e in events if e.kind in SAYS_ANSWER), default=None)
    assert tracking.first_answered_on == min(told["answers"], default=None)
    assert len(tracking.granted) == told["granted"]
    assert tracking.extensions.count() == told["asked"]
    moved = [extension.asked_for for extension in tracking.granted]
    assert tracking.current_target == (moved[-1] if moved else tracking.first_target)
    assert moved == sorted(moved)
    assert (tracking.confirmed_on is not None) == (tracking.delivery == Delivery.CONFIRMED)
    assert (tracking.claimed_on is not None) == (tracking.delivery in (Delivery.CLAIMED, Delivery.CONFIRMED)) or (
        tracking.delivery == Delivery.NOT_DELIVERED
    )
    assert tracking.evidence.count() == sum(event.kind == EventKind.CLAIMED for event in events)
    assert tracking.escalations.count() == told["taken_further"]
    assert tracking.impact == told["impact"]
    assert tracking.open_request is None or tracking.delivery in UNDELIVERED
    # The history alone comes to what is stored, column by column and row by row.
    replayed = replay([event.entry for event in events], answer_due=tracking.initial_answer_due)
    stored = History(tracking).state
    for rows in ROWS:
        known = [{name: value for name, value in row.items() if name != "pk"} for row in getattr(stored, rows)]
        setattr(stored, rows, sorted(known, key=lambda row: row["event"]))
        setattr(replayed, rows, sorted(getattr(replayed, rows), key=lambda row: row["event"]))
    assert dataclasses.asdict(replayed) == dataclasses.asdict(stored)


# Not shrunk: against a database that takes minutes, and the story that fails can be read as it is.
@settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tries=attempts)
def test_any_sequence_of_steps_keeps_the_promise(world, tries):
    panel, owner = world
    item = RecommendationFactory(panel=panel, asked_on=START)
    on, first = START, None
    for tried in tries:
        item = Recommendation.objects.get(pk=item.pk)
        allowed, before_now = open_steps(**current_state(item.tracking)), steps_before(item.tracking)
        before = (model_to_dict(item.tracking), item.tracking.events.count())
        on = max(START, on + datetime.timedelta(days=tried["days_later"]))
        steps = (
            [step for step in allowed if step not in SELDOM or tried["pick"] > 50] if tried["allowed"] else list(Step)
        )
        step = (steps or allowed)[tried["pick"] % len(steps or allowed)]
        try:
            attempt(item, step, owner, tried, on)
        except TransitionNotAllowed:
            again = Recommendation.objects.get(pk=item.pk).tracking
            assert (model_to_dict(again), again.events.count()) == before
            continue
        assert step in allowed or step in before_now
        event(step.label)
        item = Recommendation.objects.get(pk=item.pk)
        check(item)
        assert first in (None, item.tracking.first_target) or step == Step.CORRECT
        first = item.tracking.first_target
