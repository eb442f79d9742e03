"""The reference that a recommendation had in an older tracker: shown, searched, exported, matched (case I8)."""

import pytest

from tests.factories import pages, records

pytestmark = pytest.mark.django_db
EARLIER = ["SR (25/26) 01", "22 P 02", "60.10"]


@pytest.fixture
def tracker(home):
    return pages.TrackerPageFactory()


@pytest.mark.parametrize("earlier", EARLIER)
def test_it_is_shown_beside_ours_and_found(tracker, client, earlier):
    """Case I8."""
    item = records.RecommendationFactory(earlier_reference=earlier, title="Mend the lift")
    records.RecommendationFactory(title="Paint the lift")
    html = client.get(item.get_absolute_url()).content.decode()
    assert "Earlier reference" in html
    assert earlier in html
    assert f"Recommendation {item.ref}" in html
    found = client.get("/search/", {"q": earlier}).context["results"]
    assert [result.url for result in found] == [item.get_absolute_url()]


def test_programs_read_it_and_look_one_up_by_it(tracker, client):
    """Case I8."""
    item = records.RecommendationFactory(earlier_reference="SR (25/26) 01")
    records.RecommendationFactory()
    answer = client.get("/api/v2/recommendations/", {"earlier_reference": "sr (25/26) 01"}).json()
    assert [(found["ref"], found["earlier_reference"]) for found in answer["items"]] == [(item.ref, "SR (25/26) 01")]


def test_one_without_it_says_nothing_of_it(tracker, client):
    item = records.RecommendationFactory()
    assert "Earlier reference" not in client.get(item.get_absolute_url()).content.decode()


def test_where_it_was_asked_for_is_said_only_when_it_is_known(tracker, client):
    """Case I19: neither a report nor a meeting is on record."""
    unknown, at_a_meeting = records.RecommendationFactory(), records.RecommendationFactory()
    at_a_meeting.made_at = records.MeetingFactory(panel=at_a_meeting.panel)
    at_a_meeting.save()
    in_a_report = records.RecommendationFactory(report=pages.ReportPageFactory(title="Damp"))
    said = [item.public_history()[-1].text for item in (unknown, at_a_meeting, in_a_report)]
    assert said == ["", "At a meeting of the panel.", "In our report: Damp."]
    assert "At a meeting of the panel" not in client.get(unknown.get_absolute_url()).content.decode()
