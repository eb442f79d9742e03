"""Reviews: the plan is the editor's, what happened is kept apart, and the public can tell where it is."""

import datetime
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError

from scrutiny_pages import services
from scrutiny_pages.models import ReviewPage, ReviewStage, StageRecord
from tests.factories.pages import ReviewPageFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 4, 15)


@pytest.fixture
def review(home):
    page = ReviewPageFactory(title="Moving in")
    page.stages = [
        ReviewStage(name="Agreeing what to look at", planned_on=DAY),
        ReviewStage(name="Testing what we read", planned_on=datetime.date(2026, 6, 30)),
        ReviewStage(name="Agreeing our report"),
    ]
    page.save()
    return page


def fresh(review) -> ReviewPage:
    return ReviewPage.objects.get(pk=review.pk)


@pytest.mark.parametrize(
    ("done", "sentence", "tones"),
    [
        (0, "Stage 1 of 3: agreeing what to look at.", ["current", "todo", "todo"]),
        (1, "Stage 2 of 3: testing what we read.", ["done", "current", "todo"]),
        (3, "All 3 stages are done.", ["done", "done", "done"]),
    ],
)
def test_a_review_says_where_it_is(review, done, sentence, tones):
    for stage in review.stages.all()[:done]:
        services.record_stage(review=review, stage=stage, on=DAY)
    progress = fresh(review).progress
    assert progress.sentence == sentence
    assert [turn.tone for turn in progress.turns] == tones
    assert progress.turns[2].date_words == (f"{DAY.day} April 2026" if done == 3 else "Date not set")


def test_stages_can_be_done_out_of_order(review):
    services.record_stage(review=review, stage=review.stages.all()[1], on=DAY)
    assert [turn.tone for turn in fresh(review).progress.turns] == ["current", "done", "todo"]


def test_publishing_an_older_draft_keeps_what_happened(review):
    older = review.save_revision()
    services.record_stage(review=review, stage=review.stages.first(), on=DAY, note="All came.")
    older.publish()
    assert fresh(review).progress.turns[0].tone == "done"
    assert fresh(review).progress.turns[0].text == "All came."


def test_a_stage_is_recorded_once_and_can_be_corrected(review):
    for day in (DAY, DAY + datetime.timedelta(days=1)):
        services.record_stage(review=review, stage=review.stages.first(), on=day)
    assert [record.done_on for record in StageRecord.objects.all()] == [DAY + datetime.timedelta(days=1)]


def test_only_a_stage_of_this_review_can_be_recorded(review):
    with pytest.raises(ValidationError, match="no such stage"):
        services.record_stage(review=review, stage=ReviewStage(key=uuid.uuid4(), name="Elsewhere"), on=DAY)


def test_a_copied_review_starts_with_no_stages(review):
    copied = fresh(review).copy(update_attrs={"slug": "again", "title": "Again"})
    assert list(copied.stages.all()) == []


def test_staff_record_a_stage_and_correct_it(admin_in, review):
    stage = review.stages.first()
    address = f"/admin/reviews/{review.pk}/stages/"
    assert "Stage 1 of 3" in admin_in.get(address).content.decode()
    asked = admin_in.get(address, {"stage": stage.key, "what": "done"}).content.decode()
    assert "Agreeing what to look at: it is done" in asked
    for on in ("2026-04-14", "2026-04-15"):
        answer = admin_in.post(address, {"stage": stage.key, "what": "done", "on": on, "words": "All came."})
        assert answer.status_code == 302
    assert "Stage 2 of 3" in admin_in.get(address).content.decode()
    assert [record.done_on for record in StageRecord.objects.all()] == [DAY]
    assert "Record a stage" in admin_in.get(f"/admin/pages/{review.pk}/edit/").content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"stage": "nonsense", "on": "2026-04-14"}, "Choose a stage"),
        ({"what": "nonsense", "on": "2026-04-14"}, "Choose a stage"),
        ({"on": "2999-01-01"}, "has not come yet"),
        ({"on": "soon"}, "Enter a valid date"),
    ],
)
def test_a_stage_that_cannot_be_recorded_is_said_in_words(admin_in, review, sent, words):
    stage = str(review.stages.first().key)
    answer = admin_in.post(f"/admin/reviews/{review.pk}/stages/", {"stage": stage, "what": "done"} | sent)
    assert words in answer.content.decode()
    assert not StageRecord.objects.exists()


def test_only_who_publishes_a_review_records_its_stages(client, django_user_model, review):
    somebody = django_user_model.objects.create_user("somebody")
    somebody.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(somebody)
    sent = {"stage": review.stages.first().key, "what": "done", "on": "2026-04-14"}
    answer = client.post(f"/admin/reviews/{review.pk}/stages/", sent)
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert not StageRecord.objects.exists()
