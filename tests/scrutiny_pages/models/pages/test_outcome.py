"""Outcomes: status derived from recommendations, or stated with the date of a check."""

import datetime
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse

from cms.core.visibility import Viewer
from scrutiny_pages.enums import Answer, Delivery
from scrutiny_pages.models import OutcomePage, OutcomeRecommendation, Recommendation
from tests.factories.pages import (
    OutcomeIndexPageFactory,
    OutcomePageFactory,
    PanelPageFactory,
    ReportPageFactory,
    ReviewPageFactory,
)
from tests.factories.records import RecommendationFactory, ServiceAreaFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 4, 2)
KINDS = {
    "confirmed": {"answer": Answer.ACCEPTED, "delivery": Delivery.CONFIRMED, "confirmed_on": DAY},
    "claimed": {"answer": Answer.ACCEPTED, "delivery": Delivery.CLAIMED, "claimed_on": DAY},
    "progress": {"answer": Answer.ACCEPTED, "delivery": Delivery.IN_PROGRESS},
    "not_started": {"answer": Answer.ACCEPTED},
    "late": {"answer": Answer.ACCEPTED, "first_target": DAY, "current_target": DAY},
    "refused": {"answer": Answer.NOT_ACCEPTED, "answered_on": DAY},
}


@pytest.mark.parametrize(
    ("behind", "state"),
    [
        (["confirmed"], "confirmed"),
        (["confirmed", "confirmed"], "confirmed"),
        (["confirmed", "claimed"], "claimed"),
        (["confirmed", "progress"], "progress"),
        (["progress", "not_started"], "not_started"),
        (["claimed", "late", "progress"], "late"),
        (["confirmed", "refused"], "refused"),
        ([], None),
    ],
)
def test_the_least_finished_recommendation_decides(home, client, behind, state):
    outcome = OutcomePageFactory()
    outcome.recommendations.set(
        [
            RecommendationFactory(**{f"tracking__{name}": value for name, value in KINDS[kind].items()})
            for kind in behind
        ]
    )
    outcome.save()
    # On its own page, in the list, and so wherever it is shown.
    for address in (outcome.get_url(), outcome.get_parent().get_url()):
        words = client.get(address).content.decode()
        assert (f"app-outcome--{state}" in words) == bool(state)


def test_without_a_recommendation_the_state_is_as_stated_and_checked(home, client):
    outcome = OutcomePageFactory(stated_state="done", checked_on=DAY)
    words = client.get(outcome.get_url()).content.decode()
    assert "Checked 2 April 2026" in words
    assert "did not come from a recommendation" in words


def test_a_stated_state_needs_the_day_it_was_checked(home):
    with pytest.raises(ValidationError, match="last checked"):
        OutcomePage(title="x", slug="x", path="0001", depth=1, you_said="a", we_did="b", stated_state="done").clean()


def test_a_recommendation_that_is_not_public_decides_nothing(home, client):
    outcome = OutcomePageFactory()
    outcome.recommendations.set([RecommendationFactory(live=False)])
    outcome.save()
    assert "app-outcome--waiting" not in client.get(outcome.get_url()).content.decode()


def test_outcomes_stand_under_their_years_and_can_be_narrowed(home, client):
    repairs = ServiceAreaFactory(name="Repairs", slug="repairs")
    for year in (2024, 2025, 2025):
        at = datetime.datetime(year, 12, 31, 23, 30, tzinfo=datetime.UTC)
        page = OutcomePageFactory(title=f"Told in {year}", first_published_at=at)
    page.service_areas = [repairs]
    page.save()
    listing = page.get_parent().get_url()

    def told(query: str) -> list[str]:
        html = client.get(f"{listing}?{query}").content.decode().split("<main")[1]
        return [re.sub(r"<[^>]+>", "", text).strip() for text in re.findall(r"<h[23].*?</h[23]>", html, re.DOTALL)]

    assert told("")[:5] == ["2025", "Told in 2025", "Told in 2025", "2024", "Told in 2024"]
    assert told("year=2024")[:2] == ["2024", "Told in 2024"]
    assert told("service=repairs&year=2025")[:2] == ["2025", "Told in 2025"]
    nothing = client.get(f"{listing}?service=repairs&year=2024").content.decode()
    assert "Nothing matches: Repairs, 2024." in nothing
    assert client.get(f"{listing}?service=none").status_code == 400
    assert client.get(f"{listing}?year=soon").status_code == 400


def test_an_outcome_leads_to_what_it_came_from(home, client):
    panel_page = PanelPageFactory()
    report = ReportPageFactory(parent=ReviewPageFactory(panel=panel_page.panel))
    item = RecommendationFactory(report=report, panel=panel_page.panel)
    outcome = OutcomePageFactory()
    outcome.recommendations.set([item])
    html = client.get(outcome.get_url()).content.decode()
    for url in (item.get_absolute_url(), report.url, report.review.url, panel_page.url):
        assert f'href="{url}"' in html
    walked = OutcomePageFactory(came_from="Our walk round Bramble Court", stated_state="done", checked_on=DAY)
    assert "Our walk round Bramble Court" in client.get(walked.get_url()).content.decode()


def test_the_recommendations_of_an_outcome_belong_to_its_draft(home, client):
    outcome = OutcomePageFactory()
    item = RecommendationFactory(title="Mend the lamp")
    outcome.promises = [OutcomeRecommendation(recommendation=item)]
    draft = outcome.save_revision()
    assert "Mend the lamp" not in client.get(outcome.get_url()).content.decode()
    assert [item] == draft.as_object().visible_recommendations(Viewer.anonymous())
    draft.publish()
    assert "Mend the lamp" in client.get(outcome.get_url()).content.decode()
    assert list(item.outcomes.all()) == [outcome]


class TestTelling:
    """Creating an outcome from a confirmed recommendation with one click."""

    @pytest.fixture
    def item(self, home):
        OutcomeIndexPageFactory()
        return RecommendationFactory(
            title="Tell people when a repair is late",
            reason="Nobody told us.",
            tracking__answer=Answer.ACCEPTED,
            tracking__delivery=Delivery.CONFIRMED,
            tracking__confirmed_on=DAY,
        )

    def test_it_waits_until_an_outcome_tells_of_it(self, item, admin_in):
        RecommendationFactory()  # not confirmed
        assert list(Recommendation.objects.without_outcome()) == [item]
        assert item.title in admin_in.get(reverse("without_outcome")).content.decode()
        outcome = OutcomePageFactory()
        outcome.recommendations.set([item])
        outcome.save()
        assert not Recommendation.objects.without_outcome().exists()

    def test_one_click_makes_the_draft_with_what_is_known(self, item, admin_in):
        answer = admin_in.post(reverse("without_outcome"), {"recommendation": item.pk})
        outcome = OutcomePage.objects.get()
        assert answer.url == reverse("wagtailadmin_pages:edit", args=[outcome.pk])
        assert (outcome.live, outcome.you_said, list(outcome.recommendations.all())) == (
            False,
            "Nobody told us.",
            [item],
        )
        assert outcome.get_latest_revision_as_object().you_said == "Nobody told us."
        again = admin_in.post(reverse("without_outcome"), {"recommendation": item.pk}, follow=True)
        assert "An outcome was started already" in again.content.decode()
        assert OutcomePage.objects.count() == 1

    @pytest.mark.parametrize("asked", ["", "abc", "0", "99999999999999999999", "\x00"])
    def test_a_number_that_is_none_is_not_found(self, home, admin_in, asked):
        assert admin_in.post(reverse("without_outcome"), {"recommendation": asked}).status_code == 404

    def test_without_a_page_for_outcomes_it_says_so(self, home, admin_in):
        item = RecommendationFactory(
            tracking__answer=Answer.ACCEPTED, tracking__delivery=Delivery.CONFIRMED, tracking__confirmed_on=DAY
        )
        answer = admin_in.post(reverse("without_outcome"), {"recommendation": item.pk}, follow=True)
        assert "has no page “You said, we did” yet" in answer.content.decode()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_it_is_for_who_adds_pages(self, item, client, django_user_model, method):
        somebody = django_user_model.objects.create_user("somebody")
        somebody.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(somebody)
        answer = getattr(client, method)(reverse("without_outcome"), {"recommendation": item.pk})
        assert (answer.status_code, answer.url) == (302, "/admin/")
        assert not OutcomePage.objects.exists()
