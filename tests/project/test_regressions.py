"""Regression tests of bugs, and of mistakes that are easily made."""

import datetime
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.core.visibility import visible_to
from scrutiny_pages.enums import PanelKind
from scrutiny_pages.models import Panel, Recommendation
from tests.factories import pages, records
from tests.factories.state import arrange

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


def test_every_link_of_the_contents_leads_somewhere(home, client):
    report = pages.ReportPageFactory(
        body=[("heading", "How we did it"), ("text", "<p>a</p>"), ("heading", "How we did it")]
    )
    records.RecommendationFactory(report=report)
    words = client.get(report.get_url()).content.decode()
    contents = re.search(r'<nav class="app-contents".*?</nav>', words, re.S)[0]
    links = re.findall(r'href="#([^"]+)"', contents)
    ids = re.findall(r'\bid="([^"]+)"', words)
    assert len(links) == 3
    assert all(ids.count(link) == 1 for link in links)


def test_a_form_without_its_safety_token_is_refused_in_our_words(home):
    answer = Client(enforce_csrf_checks=True).post(home.get_url(), {"a": "1"})
    assert answer.status_code == 403
    assert b"open too long" in answer.content
    assert b"<style" not in answer.content


@pytest.mark.parametrize("address", ["/", "/admin/login/", "/search/?q=a"])
def test_a_cookie_with_a_nul_is_a_400(home, client, address):
    client.cookies.load('sessionid="abcdefgh\\000x"')
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("name", ["documents/private.html", "anything.txt", "a" * 300, "images/" + "a" * 300])
def test_only_pictures_are_served_from_media(home, client, name):
    if len(name) < 100:
        default_storage.save(name, ContentFile(b"secret"))
    assert client.get(f"/media/{name}", follow=True).status_code == 404


@pytest.mark.parametrize("value", ["maybe", "1", "yes", "on", "2"])
def test_an_unknown_overdue_is_refused(home, client, value):
    tracker = pages.TrackerPageFactory()
    assert client.get(f"{tracker.get_url()}?overdue={value}").status_code == 400
    assert client.get(f"/api/v2/recommendations/?overdue={value}").status_code == 400


@pytest.mark.parametrize("value", ["1_990", "2.026e3", "0000", "99", "20266"])
def test_a_year_is_four_digits(home, client, value):
    assert client.get(f"/api/v2/recommendations/?year={value}").status_code == 400


def test_fields_cannot_go_deep_enough_to_break_anything(home, client):
    assert client.get("/api/v2/pages/?fields=" + "a(" * 1200).status_code == 400


def test_a_panel_that_is_not_public_has_no_page(home, client, anonymous):
    page = pages.PanelPageFactory(title="Zebra panel", panel__live=False)
    assert client.get(page.get_url()).status_code == 404
    assert not visible_to(anonymous, Page.objects.filter(pk=page.pk)).exists()
    assert client.get(f"/api/v2/pages/{page.pk}/").status_code == 404
    assert page.get_url() not in client.get("/search/?q=zebra").content.decode()
    assert "Zebra" not in client.get(page.get_parent().get_url()).content.decode()


def test_records_expire_by_the_clock(home, client, anonymous):
    report = pages.ReportPageFactory()
    item = records.RecommendationFactory(report=report, title="Expired promise")
    for record in (item, item.panel):
        record.expire_at = timezone.now() - HOUR
        record.save()
    index = pages.ReportIndexPageFactory()
    assert client.get(item.get_absolute_url()).status_code == 404
    assert "Expired promise" not in client.get(report.get_url()).content.decode()
    assert "0 recommendations" in client.get(index.get_url()).content.decode()
    assert not visible_to(anonymous, Panel.objects.filter(pk=item.panel.pk)).exists()
    assert client.get(f"/api/v2/panels/{item.panel.slug}/").status_code == 404


def test_a_report_that_was_asked_for_something_cannot_be_deleted_with_its_review(home, admin_in):
    report = pages.ReportPageFactory()
    records.RecommendationFactory(report=report)
    review = report.get_parent()
    for answer in (
        admin_in.post(f"/admin/pages/{review.pk}/delete/"),
        admin_in.post(f"/admin/bulk/wagtailcore/page/delete/?id={review.pk}"),
    ):
        assert answer.status_code == 302
        assert Page.objects.filter(pk=report.pk).exists()


def test_a_promise_with_a_history_cannot_be_deleted_in_the_admin(home, admin_in):
    item, other = records.RecommendationFactory(), records.RecommendationFactory()
    arrange(item.tracking.events.create, on=item.asked_on, kind="note", title="Something happened")
    base = "/admin/snippets/scrutiny_pages/recommendation"
    admin_in.post(f"{base}/delete/{item.pk}/")
    admin_in.post(f"/admin/bulk/scrutiny_pages/recommendation/delete/?id={item.pk}")
    assert Recommendation.objects.filter(pk=item.pk).exists()
    admin_in.post(f"{base}/delete/{other.pk}/")
    assert not Recommendation.objects.filter(pk=other.pk).exists()


def test_a_deciding_body_has_no_seats_to_speak_of(home, client):
    page = pages.PanelPageFactory(panel__kind=PanelKind.DECIDING_BODY, panel__rules=[])
    assert "Seats" not in client.get(page.get_url()).content.decode()


def test_every_meeting_to_come_is_listed(home, client):
    for n in range(25):
        records.MeetingFactory(theme=f"Meeting number {n}")
    words = client.get(pages.MeetingIndexPageFactory().get_url()).content.decode()
    assert words.count("Meeting number") == 25


def test_the_month_of_a_report_is_londons(home, client):
    late_on_30_june = datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC)
    pages.ReportPageFactory(first_published_at=late_on_30_june)
    pages.ReportPageFactory(first_published_at=None)
    words = client.get(pages.ReportIndexPageFactory().get_url()).content.decode()
    assert "July 2026" in words
    assert "June 2026" not in words


@pytest.fixture
def locked(home):
    page = pages.StandardPageFactory(title="Draft findings", body=[("text", "<p>SECRET-WORDS</p>")])
    return page, PageViewRestriction.objects.create(page=page, restriction_type="password", password="open-please")


@pytest.mark.parametrize(
    ("password", "back_to", "status", "goes_to"),
    [
        ("open-please", "/draft/", 302, "/draft/"),
        ("open-please", "https://elsewhere.example/", 400, None),
        ("open-please", "//elsewhere.example/", 302, "/"),
        ("open-please", "word", 400, None),
        ("wrong", "/draft/", 200, None),
    ],
)
def test_a_pages_password_leads_only_back_to_this_site(client, locked, password, back_to, status, goes_to):
    page, restriction = locked
    asked = client.get(page.get_url())
    assert b"Password needed" in asked.content
    assert b"SECRET" not in asked.content
    address = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    answer = client.post(address, {"password": password, "return_url": back_to})
    assert (answer.status_code, answer.get("Location")) == (status, goes_to)
    assert (b"SECRET" in client.get(page.get_url()).content) == (status == 302)
