"""Tests of the staff views that record events: each form gets the assets that its fields need."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from scrutiny_pages import services
from tests.factories.pages import ReviewPageFactory
from tests.factories.records import RecommendationFactory, RegularDutyFactory, ReviewProcessFactory
from tests.reading import loaded, needed

pytestmark = pytest.mark.django_db
STAGE = {"name": "Scope"}


def forms_below(client, address: str) -> list[str]:
    """Return the addresses of the forms to which a view links, or its own."""
    page = client.get(address).content.decode()
    ways = {unescape(way) for way in re.findall(rf'href="({re.escape(address)}\?[^"]+|\?[^"]+)"', page)}
    return [client.get(way if way.startswith("/") else address + way).content.decode() for way in ways] or [page]


def step_screen() -> str:
    return reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[RecommendationFactory().pk])


def start_screen() -> str:
    return reverse("start_review", args=[ReviewPageFactory().pk])


def stage_screen() -> str:
    review = ReviewPageFactory()
    services.start_review(review=review, process=ReviewProcessFactory(stages=[STAGE]), on=timezone.localdate())
    return reverse("record_stage", args=[review.pk])


def duty_screen() -> str:
    return reverse("wagtailsnippets_scrutiny_pages_regularduty:done", args=[RegularDutyFactory().pk])


@pytest.mark.parametrize("screen", [step_screen, start_screen, stage_screen, duty_screen])
def test_a_day_can_be_chosen_from_a_calendar(home, admin_in, screen):
    found = forms_below(admin_in, screen())
    assert any("date-time-chooser.js" in needed(page) for page in found)
    for page in found:
        assert needed(page) <= loaded(page)
