"""Layout of public pages with little or much content: cases that need no browser."""

import re

import pytest
from django.template.loader import render_to_string

from home.models import HomePage
from tests.factories import pages, records

pytestmark = pytest.mark.django_db


def numbers_on(home: HomePage, client, heading: str = "changes asked for") -> str:
    """Return the heading of the block of numbers on the home page."""
    home.body = [("tracker_numbers", {"heading": heading})]
    home.save_revision().publish()
    html = client.get("/").content.decode()
    found = re.search(r'<section class="app-section">\s*<h2[^>]*>(.*?)</h2>', html, re.S)
    assert found
    return " ".join(found[1].split())


def test_case_p2_a_site_where_nothing_was_asked_for_says_so(home, client):
    assert numbers_on(home, client) == "No changes asked for yet"
    records.RecommendationFactory()
    assert numbers_on(home, client) == "1 changes asked for"


@pytest.mark.parametrize(("number", "folded"), [(1, 0), (8, 0), (9, 4), (40, 35)])
def test_case_p9_a_long_list_of_contents_is_folded(number, folded):
    items = [{"title": f"Part {n}", "url": f"#part-{n}"} for n in range(number)]

    html = render_to_string("components/contents.html", {"heading": "On this page", "items": items})

    assert html.count("<a ") == number
    inside = html.partition("<details")[2]
    assert inside.count("<a ") == folded
    assert (f"The other {folded} parts" in html) == bool(folded)


@pytest.mark.parametrize(("difference", "cells"), [("All ten had the sheet.", 3), ("", 2)])
def test_case_p10_an_outcome_has_a_column_for_the_difference_only_if_it_is_told(home, client, difference, cells):
    outcome = pages.OutcomePageFactory(difference=difference)

    html = client.get(outcome.get_url()).content.decode()

    assert html.count('<div class="app-outcome__cell">') == cells
    assert ("The difference" in html) == bool(difference)


def test_case_p5_the_line_of_a_chart_has_room_for_its_ends():
    points = [{"x": 0, "y": 0}, {"x": 1000, "y": 240}]

    html = render_to_string(
        "blocks/time_chart.html", {"points": points, "line": "0,0 1000,240", "value": {"title": "Calls"}}
    )

    left, top, width, height = map(int, re.search(r'viewBox="([^"]+)"', html)[1].split())
    assert left <= -7
    assert top <= -7
    assert left + width >= 1007
    assert top + height >= 247


def test_case_p6_easy_read_pictures_do_not_wait_to_be_scrolled_to():
    source = (pages.__file__).rsplit("/tests/", 1)[0] + "/templates/blocks/easy_read_pair.html"

    with open(source, encoding="utf-8") as template:
        assert "lazy" not in template.read()
