"""Copying the stages of a process to a review, which then has stages and dates of its own."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from scrutiny_pages import services
from scrutiny_pages.enums import Answer, LightTouch, Product, ReviewState
from scrutiny_pages.models import ReportPage, ReviewPage, ReviewStage, StageChange
from scrutiny_pages.services import TransitionNotAllowed
from tests.factories.pages import ReportPageFactory, ReviewIndexPageFactory, ReviewPageFactory
from tests.factories.records import PanelFactory, RecommendationFactory, ReviewProcessFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2026, 3, 2)
STAGES = (
    {"name": "Scope", "produces": Product.SCOPE, "deadline_amount": 10, "deadline_unit": "working_days"},
    {"name": "Mystery shopping", "only_if_needed": True, "light_touch": LightTouch.NO},
    {"name": "Our report", "produces": Product.DRAFT_REPORT, "deadline_amount": 1, "deadline_unit": "months"},
    {
        "name": "The landlord's answer",
        "produces": Product.RESPONSE,
        "deadline_amount": 28,
        "deadline_unit": "calendar_days",
        "deadline_from": Product.DRAFT_REPORT,
    },
    {"name": "The forum agrees", "before_public": True},
)


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2026, month, number)


@pytest.fixture
def process():
    return ReviewProcessFactory(stages=STAGES)


@pytest.fixture
def review(home):
    return ReviewPageFactory(title="Empty homes", panel=PanelFactory())


@pytest.fixture
def started(review, process):
    services.start_review(review=review, process=process, on=MONDAY)
    return fresh(review)


def fresh(review) -> ReviewPage:
    return ReviewPage.objects.get(pk=review.pk)


def stage(review, name: str) -> ReviewStage:
    return fresh(review).stages.get(name=name)


def done(review, name: str, on: datetime.date, **more):
    return services.record_stage(review=fresh(review), stage=stage(review, name), on=on, **more)


class TestStarting:
    def test_it_copies_the_stages_and_plans_what_the_rules_can_count(self, started):
        planned = {stage.name: stage.planned_on for stage in started.stages.all()}
        assert planned == {
            "Scope": day(3, 16),
            "Mystery shopping": None,
            "Our report": None,  # counts from the stage before, which has no date
            "The landlord's answer": None,
            "The forum agrees": None,
        }
        assert (started.state, started.started_on, started.process.name) == (
            ReviewState.UNDER_WAY,
            MONDAY,
            started.process.name,
        )

    def test_a_light_touch_leaves_out_what_such_a_review_does_not_have(self, review, process):
        services.start_review(review=review, process=process, on=MONDAY, light_touch=True)
        assert "Mystery shopping" not in [stage.name for stage in fresh(review).stages.all()]
        assert fresh(review).light_touch

    def test_changing_the_process_changes_no_review_under_way(self, started, process):
        before = list(started.stages.values())
        process.stages = []
        process.save()
        assert list(fresh(started).stages.values()) == before

    def test_the_draft_that_an_editor_has_open_keeps_the_stages_when_it_is_published(self, review, process):
        review.title = "Homes that stand empty"
        review.save_revision()
        services.start_review(review=review, process=process, on=MONDAY)
        keys = [stage.key for stage in fresh(review).stages.all()]
        fresh(review).get_latest_revision().publish()
        again = fresh(review)
        assert (again.title, [stage.key for stage in again.stages.all()]) == ("Homes that stand empty", keys)

    def test_twice_is_refused_and_so_is_a_process_without_stages(self, started, review, process):
        with pytest.raises(TransitionNotAllowed, match="has its stages already"):
            services.start_review(review=started, process=process, on=MONDAY)
        other = ReviewPageFactory(panel=PanelFactory())
        with pytest.raises(TransitionNotAllowed, match="has no stages"):
            services.start_review(review=other, process=ReviewProcessFactory(), on=MONDAY)

    def test_on_the_staff_screen_too(self, admin_in, review, process):
        address = reverse("start_review", args=[review.pk])
        assert "Start this review" in admin_in.get(f"/admin/pages/{review.pk}/edit/").content.decode()
        empty = ReviewProcessFactory()
        answer = admin_in.post(address, {"process": empty.pk, "on": "2026-03-02"})
        assert "has no stages" in answer.content.decode()
        assert admin_in.post(address, {"process": process.pk, "on": "2026-03-02"}).status_code == 302
        assert fresh(review).stages.count() == len(STAGES)


class TestDates:
    def test_each_counts_from_what_really_happened(self, started):
        done(started, "Scope", day(3, 20))
        services.leave_out_stage(
            review=started, stage=stage(started, "Mystery shopping"), because="Nobody had the time."
        )
        dates = {each.name: fresh(started).due_dates[each.key] for each in fresh(started).stages.all()}
        assert dates["Our report"].on == day(4, 20)
        done(started, "Our report", day(4, 10))
        answer = fresh(started).due_dates[stage(started, "The landlord's answer").key]
        assert answer.on == day(5, 8)
        assert "28 days after" in answer.sentence

    def test_the_landlords_date_is_given_to_the_recommendations_when_it_can_be_counted(self, started):
        report = ReportPageFactory(parent=started, live=False)
        early = RecommendationFactory(report=report, panel=started.panel)
        assert early.tracking.answer_due is None
        done(started, "Our report", day(4, 10))
        early.tracking.refresh_from_db()
        assert early.tracking.answer_due == day(5, 8)
        later = RecommendationFactory(report=ReportPage.objects.get(pk=report.pk), panel=started.panel)
        assert later.tracking.answer_due == day(5, 8)

    def test_a_moved_date_keeps_the_old_one_and_its_reason_in_public(self, started, client):
        services.move_stage(
            review=started, stage=stage(started, "Scope"), to=day(3, 30), on=day(3, 12), reason="The manager was ill."
        )
        change = StageChange.objects.get()
        assert (change.from_date, change.to_date) == (day(3, 16), day(3, 30))
        page = client.get(started.url).content.decode()
        assert "The date was moved from 16 March 2026 to 30 March 2026. The manager was ill." in page
        assert "Due 30 March 2026" in page

    def test_what_is_sent_back_is_to_be_done_again(self, started):
        done(started, "Our report", day(4, 10))
        services.send_back_stage(
            review=started, stage=stage(started, "Our report"), on=day(4, 14), reason="Two facts are wrong."
        )
        assert not fresh(started).happened[stage(started, "Our report").key].is_over
        assert "Two facts are wrong." in fresh(started).progress_with_changes.timeline[2].text

    def test_several_stages_can_be_current_at_once(self, started):
        for name in ("Mystery shopping", "Our report"):
            services.start_stage(review=started, stage=stage(started, name), on=MONDAY)
        tones = [turn.tone for turn in fresh(started).progress.timeline]
        assert tones == ["todo", "current", "current", "todo", "todo"]


REFUSED = {
    "done before it was started": (
        lambda review: services.start_stage(review=review, stage=stage(review, "Scope"), on=day(3, 10)),
        lambda review: done(review, "Scope", day(3, 9)),
        "started on 10 March 2026",
    ),
    "left out though it is always needed": (
        None,
        lambda review: services.leave_out_stage(review=review, stage=stage(review, "Scope"), because="No time."),
        "cannot be left out",
    ),
    "left out without a reason": (
        None,
        lambda review: services.leave_out_stage(review=review, stage=stage(review, "Mystery shopping"), because=" "),
        "Say why",
    ),
    "moved without a reason": (
        None,
        lambda review: services.move_stage(
            review=review, stage=stage(review, "Scope"), to=day(4, 1), on=MONDAY, reason=""
        ),
        "Say why",
    ),
    "moved once it is done": (
        lambda review: done(review, "Scope", day(3, 9)),
        lambda review: services.move_stage(
            review=review, stage=stage(review, "Scope"), to=day(4, 1), on=day(3, 10), reason="Late."
        ),
        "done already",
    ),
    "sent back before it is done": (
        None,
        lambda review: services.send_back_stage(
            review=review, stage=stage(review, "Scope"), on=MONDAY, reason="Not good."
        ),
        "Only what is done",
    ),
}


@pytest.mark.parametrize(("before", "attempt", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_refused_in_words(started, before, attempt, words):
    if before:
        before(started)
    kept = list(started.stage_records.values()), StageChange.objects.count()
    with pytest.raises(ValidationError, match=words), transaction.atomic():
        attempt(started)
    assert (list(started.stage_records.values()), StageChange.objects.count()) == kept


def test_the_answer_is_not_in_before_every_recommendation_has_one(started):
    report = ReportPageFactory(parent=started, live=False)
    item = RecommendationFactory(report=report, panel=started.panel, asked_on=MONDAY)
    with pytest.raises(TransitionNotAllowed, match=item.ref):
        done(started, "The landlord's answer", day(5, 1))
    services.record_answer(recommendation=item, answer=Answer.NOT_ACCEPTED, on=day(4, 1), reason="No money.")
    assert done(started, "The landlord's answer", day(5, 1)).done_on == day(5, 1)


class TestGate:
    def test_an_editor_is_told_what_keeps_a_report_from_being_published(self, started, admin_in):
        report = ReportPageFactory(parent=started, live=False, title="What we found")
        address = f"/admin/pages/{report.pk}/edit/"
        sent = {
            "title": "What we found",
            "slug": report.slug,
            "summary": "",
            "agreed_on": "",
            "response_summary": "",
            "body-count": 0,
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
        }
        answer = admin_in.post(address, sent | {"action-publish": "1"})
        assert "Still to be done in the review: The forum agrees." in answer.content.decode()
        assert not ReportPage.objects.get().live
        assert admin_in.post(address, sent).status_code == 302  # a draft is always kept
        done(started, "The forum agrees", day(5, 10))
        assert admin_in.post(address, sent | {"action-publish": "1"}).status_code == 302
        assert ReportPage.objects.get().live

    def test_code_and_schedule_are_refused_too(self, started):
        report = ReportPageFactory(parent=started, live=False)
        with pytest.raises(ValidationError, match="The forum agrees"), transaction.atomic():
            report.save_revision().publish()
        assert not ReportPage.objects.get().live


def test_a_list_of_reviews_with_rules_costs_the_same_however_many(client, home, process, django_assert_max_num_queries):
    index = ReviewIndexPageFactory()
    counts = []
    for number in (2, 8):
        while ReviewPage.objects.count() < number:
            services.start_review(review=ReviewPageFactory(parent=index), process=process, on=MONDAY)
        client.get(index.url)
        with django_assert_max_num_queries(30) as captured:
            client.get(index.url)
        counts.append(len(captured))
    assert counts[0] == counts[1]
