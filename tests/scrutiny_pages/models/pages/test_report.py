"""The public page of a report, and its links."""

import json
import re

import pytest

from tests.factories import pages, records

pytestmark = pytest.mark.django_db


def finding(title: str) -> tuple:
    return ("finding", {"title": title, "text": "<p>We counted.</p>"})


def words_of(client, page) -> str:
    return client.get(page.get_url()).content.decode()


def test_findings_number_themselves_and_the_contents_lead_to_them(home, client):
    body = [finding("First"), ("heading", "What we found"), finding("Second"), ("good_practice", finding("Well")[1])]
    page = pages.ReportPageFactory(body=[*body, finding("Third")])
    html = words_of(client, page)
    told = re.findall(r"<h([23]) class=\"app-finding__heading\">(.*?)</h", html)
    assert told == [
        ("2", "Finding 1. First"),
        ("3", "Finding 2. Second"),
        ("3", "Good practice. Well"),
        ("3", "Finding 3. Third"),
    ]
    contents = html.split('aria-label="On this page"')[1].split("</nav>")[0]
    links = re.findall(r'href="#(part-[0-9a-f]{8})">(.*?)<', contents)
    assert [title for _, title in links] == ["1. First", "What we found", "2. Second", "3. Third"]
    for anchor, _ in links:
        assert html.count(f'id="{anchor}"') == 1


def test_a_place_in_a_report_stays_when_it_is_reworded_or_moved(home, client):
    page = pages.ReportPageFactory(body=[finding("First"), finding("Second")])
    first, second = type(page).objects.get(pk=page.pk).body.raw_data
    page.body = json.dumps([second, first | {"value": first["value"] | {"title": "Reworded"}}])
    page.save()
    html = words_of(client, page)
    places = [re.search(rf'id="part-{item["id"][:8]}">\s*<h2[^>]*>(.*?)<', html)[1] for item in (second, first)]
    assert places == ["Finding 1. Second", "Finding 2. Reworded"]


def test_it_leads_to_its_review_panel_recommendations_and_what_came_of_them(home, client):
    page = pages.ReportPageFactory()
    panel_page = pages.PanelPageFactory(panel=page.review.panel)
    item = records.RecommendationFactory(report=page)
    came, hidden, other = (pages.OutcomePageFactory(title=title) for title in ("It came", "Hidden", "Other"))
    for outcome in (came, hidden):
        outcome.recommendations.set([item])
        outcome.save()
    hidden.unpublish()
    html = words_of(client, page)
    for target in (page.review.get_url(), panel_page.get_url(), item.get_absolute_url(), came.get_url()):
        assert f'href="{target}"' in html
    assert "Hidden" not in html
    assert other.get_url() not in html


def test_evidence_says_what_it_is_where_from_and_how_large(home, client):
    about = {"title": "Our survey", "source": "The panel", "text": "", "document": None, "url": "https://example.org/x"}
    html = words_of(client, pages.ReportPageFactory(body=[("evidence", about)]))
    assert "Evidence. Our survey" in html
    assert "From: The panel" in html
    assert 'href="https://example.org/x"' in html
