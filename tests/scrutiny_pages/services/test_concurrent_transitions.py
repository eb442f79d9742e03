"""Tests of concurrent steps on one recommendation, review or programme: the result is that of some serial order.

Case R1: state never contradicts history, whatever ran at once. Case R3: of two for the last place in a year, one is
refused.
"""

import datetime
import itertools
from collections.abc import Callable

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, PageLogEntry, ReferenceIndex, Revision

from scrutiny_pages import services
from scrutiny_pages.enums import Answer, AttendanceState, CountsFrom, EventKind, Impact, Level, Product, ReviewState
from scrutiny_pages.models import (
    Action,
    Attendance,
    Escalation,
    Event,
    Evidence,
    Extension,
    Meeting,
    OutcomePage,
    OutcomeRecommendation,
    Recommendation,
    ReportPage,
    ReviewPage,
    ReviewStage,
    StageChange,
    StageRecord,
    Topic,
    Tracking,
    WorkProgramme,
)
from tests.factories.decisions import meeting_of
from tests.factories.pages import OutcomeIndexPageFactory, ReportPageFactory, ReviewPageFactory, make_home
from tests.factories.records import (
    MembershipFactory,
    PanelFactory,
    RecommendationFactory,
    ReviewProcessFactory,
    RoleFactory,
)
from tests.two_connections import Pair, Trial, check_pairs, kept_database, on_postgres, tables_of, values

pytestmark = [on_postgres, pytest.mark.django_db]

ON = datetime.date(2026, 5, 4)
PAGES = (Page, ReviewPage, ReviewStage, Revision, ReferenceIndex, PageLogEntry, ModelLogEntry, OutcomePage)
WORDS = (Recommendation, OutcomeRecommendation, Recommendation.service_areas.through)
TABLES = tables_of(*PAGES, Meeting, Topic, *WORDS)


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2026, month, number)


class World:
    """A review under way with two recommendations, and a year with one place left."""

    def __init__(self):
        make_home()
        OutcomeIndexPageFactory()
        self.other, self.owner = PanelFactory(), RoleFactory()
        panel = PanelFactory(rules=[("quorum", {"number": 1})])
        counted = {"deadline_amount": 28, "deadline_unit": "calendar_days", "deadline_from": CountsFrom.STAGE}
        stages = [
            {"name": "Report", "produces": Product.DRAFT_REPORT},
            {"name": "Shopping", "only_if_needed": True},
            {"name": "Answer", "produces": Product.RESPONSE, **counted},
        ]
        process = ReviewProcessFactory(
            escalation_steps=["the Board", "a mediator"],
            stages=stages,
            reviews_a_year=1,
            reviews_a_year_level=Level.REFUSE,
        )
        review = ReviewPageFactory(title="Empty homes", panel=panel)
        services.start_review(review=review, process=process, on=day(3, 2))
        self.review_pk = review.pk
        MembershipFactory(panel=panel)
        self.held_pk = meeting_of(panel, ON).pk
        proposed = ReviewPageFactory(title="Damp", panel=panel, state=ReviewState.PROPOSED)
        self.proposed_pk, self.process = proposed.pk, process
        report = ReportPageFactory(parent=ReviewPage.objects.get(pk=review.pk), live=False)
        self.other_report = ReportPageFactory(parent=proposed, live=False)
        facts = {"report": report, "panel": panel, "owner": self.owner, "refers_to": self.other}
        self.item_pk, self.second_pk = (RecommendationFactory(series="2026-03", number=n, **facts).pk for n in (1, 2))
        year = WorkProgramme(
            panel=panel,
            process=process,
            title="2026",
            starts_on=datetime.date(2027, 1, 1),
            ends_on=day(12, 31).replace(year=2027),
        )
        year.topics = [Topic(title="Lifts"), Topic(title="Bins")]
        year.save()
        self.year_pk = year.pk

    @property
    def held(self) -> Meeting:
        return Meeting.objects.get(pk=self.held_pk)

    @property
    def item(self) -> Recommendation:
        return Recommendation.objects.get(pk=self.item_pk)

    @property
    def review(self) -> ReviewPage:
        return ReviewPage.objects.get(pk=self.review_pk)

    def stage(self, name: str) -> dict:
        return {"review": self.review, "stage": self.review.stages.get(name=name)}

    def topic(self, title: str) -> Topic:
        return Topic.objects.get(programme=self.year_pk, title=title)

    def look(self) -> tuple:
        """Return all state and all history, in the order in which it was written."""
        rows = (Tracking, Extension, Action, Escalation, Evidence, Event, StageRecord, StageChange, Topic, Attendance)
        kept = tuple(
            values(model.objects.all(), "tracking_id", "recommendation_id", "review_id")  # type: ignore[misc]  # of many models
            for model in rows
        )
        made = (
            ReviewPage.objects.order_by("title").values_list("title", "state"),
            ReviewStage.objects.order_by("pk").values_list("review__title", "name", "planned_on"),
            OutcomePage.objects.values_list("title"),
        )
        return (*kept, *map(tuple, made))


def answer(w: World, answer: Answer, **more) -> None:
    services.record_answer(recommendation=w.item, answer=answer, on=ON, reason="We looked.", **more)


def plan_by_hand(w: World) -> None:
    """Put a review under the year, as an editor does on its page."""
    review = ReviewPage.objects.get(pk=w.proposed_pk)
    review.programme_id, review.state = w.year_pk, ReviewState.CHOSEN
    review.save()


def correct(w: World, kind: EventKind) -> None:
    """Record that the last entry of a kind was a mistake."""
    entry = w.item.tracking.events.filter(kind=kind).last()
    services.correct_entry(recommendation=w.item, entry=entry, on=ON, reason="It was another lift.")


NUMBERS = itertools.count(3)


def add_recommendation(w: World, report: ReportPage | None) -> None:
    facts = {"panel": w.item.panel, "owner": w.owner, "report": report, "asked_on": day(3, 10)}
    Recommendation(series="2026-03", number=next(NUMBERS), title="Mend it", **facts).save()


def nobody_came(w: World) -> None:
    """Correct the attendance to nobody, so that the meeting's decisions are undone."""
    states = dict.fromkeys(services.expected_at(w.held), AttendanceState.ABSENT)
    services.record_attendance(meeting=w.held, states=states, at=timezone.now(), undo=True)


STEPS: dict[str, Callable[[World], object]] = {
    "accept": lambda w: answer(w, Answer.ACCEPTED, target=day(9, 30)),
    "accept the other": lambda w: services.record_answer(
        recommendation=Recommendation.objects.get(pk=w.second_pk), answer=Answer.ACCEPTED, on=ON, target=day(9, 30)
    ),
    "refuse": lambda w: answer(w, Answer.NOT_ACCEPTED),
    "withdraw": lambda w: services.withdraw(recommendation=w.item, on=ON, reason="No need.", meeting=w.held),
    "set the answer's day": lambda w: services.set_answer_due(recommendation=w.item, due=day(6, 30), on=ON),
    "take further": lambda w: services.escalate(recommendation=w.item, on=ON, reason="No.", meeting=w.held),
    "reply": lambda w: services.record_reply(recommendation=w.item, on=ON, text="We will look."),
    "refer": lambda w: services.refer(recommendation=w.item, on=ON, reason="Theirs.", meeting=w.held),
    "reword": lambda w: services.reword(recommendation=w.item, on=ON, reason="Clearer.", meeting=w.held),
    "start work": lambda w: services.start_work(recommendation=w.item, on=ON),
    "ask for time": lambda w: services.ask_for_time(recommendation=w.item, on=ON, until=day(12, 31), reason="Parts."),
    "grant time": lambda w: services.decide_time(recommendation=w.item, granted=True, on=ON, meeting=w.held),
    "refuse time": lambda w: services.decide_time(recommendation=w.item, granted=False, meeting=w.held, reason="No."),
    "say done": lambda w: services.claim_done(recommendation=w.item, on=ON, evidence="Photos."),
    "send back": lambda w: services.send_back(recommendation=w.item, on=ON, reason="Half.", meeting=w.held),
    "confirm": lambda w: services.confirm(recommendation=w.item, on=ON, meeting=w.held, impact_check_on=day(11, 4)),
    "close": lambda w: services.close_undelivered(recommendation=w.item, on=ON, reason="Sold.", meeting=w.held),
    "check": lambda w: services.check_impact(recommendation=w.item, impact=Impact.HELPED, text="Yes.", meeting=w.held),
    "check too soon": lambda w: services.check_impact(
        recommendation=w.item, impact=Impact.TOO_SOON, on=ON, text="Wait.", meeting=w.held, again_on=day(11, 30)
    ),
    "plan": lambda w: services.plan_action(recommendation=w.item, text="Buy", owner=w.owner, due=day(8, 1), on=ON),
    "finish": lambda w: services.finish_action(recommendation=w.item, action=w.item.tracking.actions.first(), on=ON),
    "correct that it was done": lambda w: correct(w, EventKind.CLAIMED),
    "tell the outcome": lambda w: services.start_outcome(recommendation=w.item),
    "add one": lambda w: add_recommendation(w, w.item.report),
    "add one to the other": lambda w: add_recommendation(w, ReportPage.objects.get(pk=w.other_report.pk)),
    "start the other": lambda w: services.start_review(
        review=ReviewPage.objects.get(pk=w.proposed_pk), process=w.process, on=ON
    ),
    "start the answer's stage": lambda w: services.start_stage(**w.stage("Answer"), on=ON),
    "end the answer's stage": lambda w: services.record_stage(**w.stage("Answer"), on=ON),
    "move the answer's stage": lambda w: services.move_stage(**w.stage("Answer"), to=day(7, 15), on=ON, reason="Ill."),
    "end the report's stage": lambda w: services.record_stage(**w.stage("Report"), on=ON),
    "start the shopping": lambda w: services.start_stage(**w.stage("Shopping"), on=ON),
    "leave out the shopping": lambda w: services.leave_out_stage(**w.stage("Shopping"), because="No time."),
    "end the shopping": lambda w: services.record_stage(**w.stage("Shopping"), on=ON),
    "send back the shopping": lambda w: services.send_back_stage(**w.stage("Shopping"), on=ON, reason="Half."),
    "nobody came": nobody_came,
    "choose lifts": lambda w: services.choose_topic(topic=w.topic("Lifts")),
    "choose bins": lambda w: services.choose_topic(topic=w.topic("Bins")),
    "plan one by hand": plan_by_hand,
}

# What came before, and the steps of which every two touch one row.
ACCEPTED = ("accept", "start work")
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "waits for an answer": (
        (),
        ("accept", "refuse", "withdraw", "set the answer's day", "take further", "refer", "reword"),
    ),
    "waits for an answer, and its review goes on": (
        (),
        (
            "accept",
            "set the answer's day",
            "add one",
            "start the answer's stage",
            "move the answer's stage",
        ),
    ),
    "was answered, and its review goes on": (
        ("accept", "accept the other"),
        ("end the answer's stage", "add one"),
    ),
    "was refused and taken further": (
        ("refuse", "take further"),
        ("accept", "refuse", "reply", "refer"),
    ),
    "is owed, more time is asked for": (
        (*ACCEPTED, "ask for time", "plan"),
        ("grant time", "refuse time", "say done", "close", "plan", "finish", "take further"),
    ),
    "is owed": ((*ACCEPTED,), ("ask for time", "say done", "close")),
    "is said to be done": (
        (*ACCEPTED, "say done"),
        ("send back", "confirm", "close", "correct that it was done", "plan", "nobody came"),
    ),
    "is confirmed": ((*ACCEPTED, "say done", "confirm"), ("check", "check too soon", "tell the outcome")),
    "the stages of a review": (
        (),
        ("end the report's stage", "start the shopping", "leave out the shopping", "end the shopping"),
    ),
    "a review that starts": ((), ("start the other", "add one to the other")),
    "a stage that is done": (
        ("end the shopping",),
        ("send back the shopping", "end the shopping"),
    ),
    "the last place in a year": ((), ("choose lifts", "choose bins", "plan one by hand", "refer")),
}


@pytest.fixture
def _django_db_helper():
    """Leave the database to ``world``: there is no transaction round these tests."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), kept_database():
        yield World()


@pytest.fixture(scope="module")
def pair(world):
    pair = Pair()
    yield pair
    pair.close()


@pytest.mark.parametrize("group", GROUPS)
def test_two_steps_at_once_give_what_one_after_the_other_gives(world, pair, group):
    before, names = GROUPS[group]
    with kept_database(TABLES):
        for name in before:
            STEPS[name](world)
        with kept_database(TABLES) as start:
            check_pairs(Trial(pair, start, world.look), {name: lambda name=name: STEPS[name](world) for name in names})
