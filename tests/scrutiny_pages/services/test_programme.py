"""Tests of work programmes: topics, scores, choice, and the limit of reviews (G 1, K 11.1, W38)."""

import datetime
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from scrutiny_pages.enums import Level, ReviewState, TopicState
from scrutiny_pages.models import (
    ReviewIndexPage,
    ReviewPage,
    SelectionCriterion,
    Topic,
    TopicScore,
    Trigger,
    WorkProgramme,
)
from tests.factories.pages import ReviewIndexPageFactory, ReviewPageFactory
from tests.factories.records import PanelFactory, ReviewProcessFactory
from tests.screens import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(home):
    ReviewIndexPageFactory()
    process = ReviewProcessFactory(reviews_a_year=2, reviews_a_year_level=Level.REFUSE)
    programme = WorkProgramme(
        panel=PanelFactory(),
        process=process,
        title="2026",
        starts_on=datetime.date(2026, 1, 1),
        ends_on=datetime.date(2026, 12, 31),
    )
    programme.criteria = [
        SelectionCriterion(question="How many does it touch?", weight=3),
        SelectionCriterion(question="Can we change it?", weight=1),
    ]
    programme.topics = [Topic(title="Repairs"), Topic(title="Bins"), Topic(title="Rent letters")]
    programme.save()
    return programme


def address(year) -> str:
    return reverse("wagtailsnippets_scrutiny_pages_workprogramme:scores", args=[year.pk])


def scores(year, **given) -> dict:
    """Return the form data of the matrix: for each topic its scores, in the order of the criteria."""
    topics = {topic.title: topic for topic in year.topics.all()}
    return {
        f"score-{topics[title.replace('_', ' ')].pk}-{criterion.pk}": score
        for title, numbers in given.items()
        for criterion, score in zip(year.criteria.all(), numbers, strict=True)
    }


def test_a_total_counts_each_score_as_often_as_its_question_weighs(admin_in, year):
    sent = scores(year, Repairs=[5, 1], Bins=[2, 5], Rent_letters=["", 4])
    assert admin_in.post(address(year), sent).status_code == 302
    totals = {Topic.objects.get(pk=pk).title: total for pk, total in year.totals().items()}
    assert totals == {"Repairs": 16, "Bins": 11, "Rent letters": 4}
    rows = [str(row.topic) for row in admin_in.get(address(year)).context["rows"]]
    assert rows == ["Repairs", "Bins", "Rent letters"]


def test_scores_that_somebody_else_kept_meanwhile_are_not_undone(admin_in, year):
    """Case R7: two tabs, the second out of date."""
    opened = filled_in(admin_in.get(address(year)).content.decode())
    assert admin_in.post(address(year), opened | scores(year, Repairs=[5, 1])).status_code == 302
    answer = admin_in.post(address(year), opened | scores(year, Bins=[2, 5]))
    assert "It is saved now as: 5" in answer.content.decode()
    assert set(TopicScore.objects.values_list("topic__title", "score")) == {("Repairs", 5), ("Repairs", 1)}
    again = filled_in(answer.content.decode()) | scores(year, Repairs=[5, 1])
    assert admin_in.post(address(year), again).status_code == 302
    assert TopicScore.objects.count() == 4


@pytest.mark.parametrize("score", ["6", "-1", "many", "1e9", "\x00"])
def test_a_score_that_is_none_is_refused_and_none_is_kept(admin_in, year, score):
    answer = admin_in.post(address(year), scores(year, Repairs=[score, 1]))
    assert answer.status_code == 200
    assert not TopicScore.objects.exists()


def test_a_topic_that_is_chosen_becomes_the_draft_of_a_review_once(admin_in, year):
    topic = year.topics.first()
    answer = admin_in.post(address(year), {"review": topic.pk})
    review = ReviewPage.objects.get(programme=year)
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[review.pk])
    assert (review.title, review.live, review.state) == ("Repairs", False, ReviewState.CHOSEN)
    topic.refresh_from_db()
    assert topic.state == TopicState.CHOSEN
    admin_in.post(address(year), {"review": topic.pk})
    assert ReviewPage.objects.count() == 1


def test_a_year_has_only_so_many_reviews(admin_in, year):
    for topic in year.topics.all():
        admin_in.post(address(year), {"review": topic.pk})
    assert ReviewPage.objects.filter(programme=year).count() == 2
    page = admin_in.get(address(year)).content.decode()
    assert "at most 2 reviews a year. This would make 3." in page


@pytest.mark.parametrize(("level", "refused"), [(Level.REFUSE, True), (Level.WARN, False), (Level.AIM, False)])
def test_what_sets_a_review_off_may_do_so_only_so_often(home, level, refused):
    trigger = Trigger.objects.create(name="The Board asks", at_most_a_year=1, level=level)
    programme = WorkProgramme.objects.create(
        panel=PanelFactory(), title="2026", starts_on=datetime.date(2026, 1, 1), ends_on=datetime.date(2026, 12, 31)
    )
    ReviewPageFactory(trigger=trigger, programme=programme)
    second = ReviewPage(title="Second", slug="second", trigger=trigger, programme=programme, panel=PanelFactory())
    told = [problem.words for problem in second.limit_problems()]
    assert told == ["“The Board asks” may set off at most 1 a year. This would make 2."]
    if refused:
        with pytest.raises(ValidationError, match="may set off"):
            second.clean()
    else:
        second.clean()


@pytest.mark.parametrize("method", ["get", "post"])
def test_scores_are_for_who_keeps_the_programme(client, django_user_model, year, method):
    somebody = django_user_model.objects.create_user("somebody")
    somebody.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(somebody)
    answer = getattr(client, method)(address(year), scores(year, Repairs=[1, 1]))
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert not TopicScore.objects.exists()


# --- The page of the year ------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "public"), [(None, False), (1, False), (0, True), (-1, True)])
def test_a_year_is_public_from_the_day_it_was_agreed(client, year, days, public):
    """K 11.1, H 3.1: nobody reads topics that are still being talked about."""
    if days is not None:
        year.agreed_by, year.agreed_on = year.panel, timezone.localdate() + datetime.timedelta(days=days)
        year.save()
    assert client.get(year.get_absolute_url()).status_code == (200 if public else 404)
    listed = client.get(ReviewIndexPage.objects.get().get_url()).content.decode()
    assert (f'href="{year.get_absolute_url()}"' in listed) == public


def test_the_year_of_a_hidden_panel_is_hidden(client, year):
    year.agreed_by, year.agreed_on = year.panel, timezone.localdate()
    year.save()
    year.panel.live = False
    year.panel.save()
    assert client.get(year.get_absolute_url()).status_code == 404


def test_the_year_tells_what_was_put_forward_how_it_scored_and_what_came_of_it(admin_in, client, year):
    admin_in.post(address(year), scores(year, Repairs=[5, 1], Bins=[2, 5]))
    admin_in.post(address(year), {"review": year.topics.first().pk})
    review = ReviewPage.objects.get(programme=year)
    year = WorkProgramme.objects.get(pk=year.pk)
    year.agreed_by, year.agreed_on, year.agreed_how = year.panel, timezone.localdate(), "By email"
    year.save()
    extra = ReviewPageFactory(title="Asked for by the Board", programme=year)
    older = WorkProgramme.objects.create(
        panel=year.panel,
        title="2025",
        starts_on=datetime.date(2025, 1, 1),
        ends_on=datetime.date(2025, 12, 31),
        agreed_by=year.panel,
        agreed_on=datetime.date(2025, 1, 9),
    )
    admin_in.logout()
    html = client.get(year.get_absolute_url()).content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    # The review is still a draft, so it is not led to; nor is it counted.
    assert f'href="{review.get_url()}"' not in html
    assert "1 review so far. There are no more than 2 a year." in words
    assert "Repairs 16 of 20 Chosen" in words
    assert "Bins 11 of 20 Proposed" in words
    assert "Rent letters Proposed" in words
    assert "How many does it touch? It counts 3 times." in words
    assert "How By email" in words
    assert f'href="{extra.get_url()}"' in html
    assert f'href="{older.get_absolute_url()}"' in html
    review.save_revision().publish()
    html = client.get(year.get_absolute_url()).content.decode()
    assert f'href="{review.get_url()}"' in html
    assert "2 reviews so far." in html
    assert f'href="{year.get_absolute_url()}"' in client.get(review.get_url()).content.decode()
