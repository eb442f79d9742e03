"""Outcomes take their state from their recommendations; one without any says when it was checked."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from scrutiny_pages.enums import Answer, Delivery
from scrutiny_pages.models import OutcomePage
from tests.factories.pages import OutcomePageFactory
from tests.factories.records import RecommendationFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 4, 2)
KINDS = {
    "confirmed": {"answer": Answer.ACCEPTED, "delivery": Delivery.CONFIRMED, "confirmed_on": DAY},
    "claimed": {"answer": Answer.ACCEPTED, "delivery": Delivery.CLAIMED, "claimed_on": DAY},
    "progress": {"answer": Answer.ACCEPTED},
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
