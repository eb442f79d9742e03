"""Reviews: the editable plan, the separate records, and the public status."""

import datetime
import re
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.core.dates.formatting import format_date
from scrutiny_pages import services
from scrutiny_pages.enums import Product, ReviewState
from scrutiny_pages.models import ReviewPage, ReviewStage, StageRecord
from tests.factories import pages, records
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
    assert [turn.tone for turn in progress.timeline] == tones
    assert progress.timeline[2].date_words == (f"{DAY.day} April 2026" if done == 3 else "Date not set")


def test_stages_can_be_done_out_of_order(review):
    services.record_stage(review=review, stage=review.stages.all()[1], on=DAY)
    assert [turn.tone for turn in fresh(review).progress.timeline] == ["current", "done", "todo"]


def test_publishing_an_older_draft_keeps_what_happened(review):
    older = review.save_revision()
    services.record_stage(review=review, stage=review.stages.first(), on=DAY, note="All came.")
    older.publish()
    assert fresh(review).progress.timeline[0].tone == "done"
    assert fresh(review).progress.timeline[0].text == "All came."


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
        ({"on": "soon"}, "This is not a day that we can read."),
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


# --- What the public is told ---------------------------------------------------------------------------


def told(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    main = answer.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


REPORT = {"produces": Product.PUBLICATION}


@pytest.mark.parametrize(
    ("days", "words", "late"),
    [
        (-1, "Stage 1 of 2: reading. This stage was due on {due} and is late. Report due {report}.", True),
        (0, "Stage 1 of 2: reading. Report due {report}.", False),
        (1, "Stage 1 of 2: reading. Report due {report}.", False),
    ],
)
def test_a_review_says_what_to_expect_and_what_is_late(home, client, days, words, late):
    today = timezone.localdate()
    due, report = today + datetime.timedelta(days=days), today + datetime.timedelta(days=30)
    page = ReviewPageFactory(state=ReviewState.UNDER_WAY)
    page.stages = [
        ReviewStage(name="Reading", planned_on=due),
        ReviewStage(name="Our report", planned_on=report, **REPORT),
    ]
    page.save()
    words = words.format(due=format_date(due), report=format_date(report))
    for url in (page.get_parent().get_url(), page.get_url()):
        assert words in told(client, url)
    assert ("Now, and late." in told(client, page.get_url())) == late
    drawn = fresh(page).progress_on(today).track
    assert [dot.tone for dot in drawn.dots] == ["late" if late else "current", "todo"]
    assert drawn.counts == [("late", "1 now, and late") if late else ("current", "1 now"), ("todo", "1 to come")]


def test_reviews_are_listed_now_next_past_and_not_chosen(home, client):
    for state in ReviewState:
        ReviewPageFactory(title=f"Review {state.value}", state=state, not_chosen_because="It was looked at last year.")
    said = told(client, ReviewPage.objects.first().get_parent().get_url())
    places = [
        said.index(words)
        for words in (
            *("Now Review under_way", "Next Review", "Review chosen", "Past Review finished"),
            *("Not chosen Review not_chosen", "Not chosen, because: It was looked at last year."),
        )
    ]
    assert places == sorted(places)
    assert "Proposed. It is not decided yet." in said


@pytest.mark.parametrize(("days", "said"), [(1, True), (0, False), (None, False)])
def test_a_review_that_has_not_begun_says_when_it_starts(home, client, days, said):
    day = timezone.localdate() + datetime.timedelta(days=days or 0)
    page = ReviewPageFactory(state=ReviewState.CHOSEN, started_on=day if days is not None else None)
    page.stages = [ReviewStage(name="Reading")]
    page.save()
    words = told(client, page.get_url())
    assert (f"Starts on {format_date(day)}." in words) == said
    assert ("Not started yet." in words) == (days is None)
    assert ("Stage 1 of 1" in words) == (days == 0)


def test_reviews_are_narrowed_to_a_panel(home, client):
    ours, theirs = ReviewPageFactory(title="Ours"), ReviewPageFactory(title="Theirs")
    address = ours.get_parent().get_url()
    assert "All panels" in told(client, address)
    said = told(client, f"{address}?panel={ours.panel.slug}")
    assert (ours.title in said, theirs.title in said) == (True, False)
    assert client.get(f"{address}?panel=nobody").status_code == 400


def test_a_review_leads_to_what_came_of_it_and_only_to_what_is_public(home, client):
    panel = pages.PanelPageFactory(slug="our-panel-page").panel
    page = ReviewPageFactory(panel=panel)
    report = pages.ReportPageFactory(parent=page, title="What we read")
    item = records.RecommendationFactory(report=report, title="Answer the phone")
    outcome = pages.OutcomePageFactory(title="They answer")
    outcome.recommendations.set([item])
    outcome.save()
    part = ReviewPageFactory(title="A smaller part", part_of=page)
    public = [report.get_url(), item.get_absolute_url(), outcome.get_url(), part.get_url(), "/panels/our-panel-page/"]
    for days in (-1, 1):
        moment = timezone.now() + datetime.timedelta(days=days)
        public.append(records.MeetingFactory(panel=panel, review=page, starts_at=moment).get_absolute_url())
    hidden = [
        records.MeetingFactory(panel=panel, review=page, is_public=False).get_absolute_url(),
        records.RecommendationFactory(report=report, live=False).get_absolute_url(),
        ReviewPageFactory(part_of=page, live=False).get_url(),
        pages.ReportPageFactory(parent=page, live=False).get_url(),
    ]
    html = client.get(page.get_url()).content.decode()
    assert [url for url in public if f'href="{url}"' not in html] == []
    assert [url for url in hidden if f'href="{url}"' in html] == []
    assert f'href="{page.get_url()}"' in client.get(public[-1]).content.decode()
