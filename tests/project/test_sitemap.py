"""The sitemap lists public pages, robots.txt excludes the rest, and old URLs redirect."""

import datetime
import re
import uuid

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from forms.models import PublicEntry
from scrutiny_pages.feeds import sitemaps
from scrutiny_pages.models import WorkProgramme
from tests.factories import pages, records
from tests.factories.forms import FormPageFactory, RegimeFactory
from tests.factories.state import arrange
from tests.reading import head_of

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


def listed(client) -> dict[str, str]:
    """Return the paths in the sitemap, with the last modification of each."""
    rows = re.findall(
        r"<loc>http://testserver(.*?)</loc>(?:<lastmod>(.*?)</lastmod>)?", client.get("/sitemap.xml").content.decode()
    )
    return dict(rows)


def programme(**fields) -> WorkProgramme:
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + datetime.timedelta(days=364)}
    panel = records.PanelFactory()
    return WorkProgramme.objects.create(panel=panel, title="This year", agreed_by=panel, **days | fields)


def public_entry(**fields) -> PublicEntry:
    today, now = timezone.localdate(), timezone.now()
    facts = {"regime": RegimeFactory(), "form_key": uuid.uuid4(), "received_on": today, "published_at": now}
    return arrange(PublicEntry.objects.create, subject="Lifts", **facts | fields)


def test_it_lists_every_public_address_and_each_is_known_by_it(home, client, admin_in):
    report = pages.ReportPageFactory()
    item = records.RecommendationFactory(report=report)
    meeting = records.MeetingFactory()
    FormPageFactory()
    pages.TrackerPageFactory()
    code, year = records.AgreementFactory(), programme(agreed_on=timezone.localdate())
    request = public_entry()
    found = listed(client)
    records_listed = {one.get_absolute_url() for one in (item, meeting, code, year, request)}
    assert {"/", report.get_url(), "/recommendations/"} | records_listed <= set(found)
    for address in found:
        head = head_of(client, address)
        assert "robots" not in head.meta
        assert head.canonical == f"http://testserver{address}"


def test_it_says_when_each_last_changed(home, client, admin_in):
    day = datetime.datetime(2026, 3, 1, 9, tzinfo=datetime.UTC)
    report = pages.ReportPageFactory(last_published_at=day)
    item = records.RecommendationFactory(last_published_at=day)
    arrange(item.tracking.events.create, on=day.date(), kind="note", title="Told only to staff", is_public=False)
    assert listed(client)[report.get_url()] == listed(client)[item.get_absolute_url()] == "2026-03-01T09:00:00+00:00"
    event = arrange(item.tracking.events.create, on=day.date(), kind="note", title="Told to all")
    assert (
        listed(client)[item.get_absolute_url()]
        == timezone.localtime(event.recorded_at).replace(microsecond=0).isoformat()
    )


def test_nothing_hidden_is_in_it_whoever_asks(home, client, admin_in):
    expired = pages.StandardPageFactory(expire_at=timezone.now() - HOUR)
    draft = pages.StandardPageFactory(live=False)
    below = pages.StandardPageFactory(parent=draft)
    locked = pages.StandardPageFactory()
    PageViewRestriction.objects.create(page=locked, restriction_type="login")
    alias = pages.StandardPageFactory().create_alias(update_slug="alias", parent=home)
    hidden = [page.get_url() for page in (expired, draft, below, locked, alias)]
    report = pages.ReportPageFactory(live=False)
    hidden += [records.RecommendationFactory(report=report).get_absolute_url()]
    hidden += [records.RecommendationFactory(live=False).get_absolute_url()]
    hidden += [records.MeetingFactory(is_public=False).get_absolute_url()]
    hidden += [records.AgreementFactory(is_public=False).get_absolute_url()]
    hidden += [public_entry(published_at=None).get_absolute_url()]
    hidden += [programme(agreed_on=None).get_absolute_url()]
    assert not set(hidden) & set(listed(client))


@pytest.mark.parametrize("number", [2, 20])
def test_it_costs_the_same_however_much_there_is(home, client, number):
    for _ in range(number):
        pages.ReportPageFactory()
        records.RecommendationFactory()
        records.MeetingFactory()
        records.AgreementFactory()
        public_entry()
        programme(agreed_on=timezone.localdate())
    client.get("/sitemap.xml")
    with CaptureQueriesContext(connection) as captured:
        assert len(listed(client)) > 5 * number
    assert len(captured) == 18


@pytest.mark.parametrize(("number", "parts"), [(0, 1), (3, 2), (6, 3)])
def test_case_p12_a_large_site_has_an_index_of_parts(home, client, monkeypatch, number, parts):
    """Every URL is in exactly one part, and a part costs no more queries than the whole of a small site."""
    monkeypatch.setattr(sitemaps, "PART", 3)
    items = [records.RecommendationFactory() for _ in range(number)]
    expected = {"/", *(item.get_absolute_url() for item in items)}
    whole = client.get("/sitemap.xml").content.decode()
    links = re.findall(r"<loc>http://testserver(.*?)</loc>", whole)
    if parts == 1:
        assert set(links) == expected
        return
    assert links == [f"/sitemap.xml?part={part}" for part in range(1, parts + 1)]
    assert "<sitemapindex" in whole
    found = []
    for link in links:
        with CaptureQueriesContext(connection) as captured:
            found += re.findall(r"<loc>http://testserver(.*?)</loc>", client.get(link).content.decode())
        assert len(captured) <= 18
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("part", ["0", "2", "-1", "x", "1e3", "٣", "9" * 40])
def test_a_part_of_the_sitemap_that_there_is_not_is_a_404(home, client, part):
    assert client.get("/sitemap.xml", {"part": part}).status_code == 404


def test_it_is_not_sent_again_to_who_has_it(home, client):
    first = client.get("/sitemap.xml")
    assert "max-age" in first["Cache-Control"]
    assert client.get("/sitemap.xml", headers={"if-none-match": first["ETag"]}).status_code == 304


def test_machines_are_told_where_it_is_and_what_to_leave(home, client):
    words = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in words
    refused = re.findall(r"^Disallow: (.+)$", words, re.M)
    assert {"/admin/", "/search/", "/api/"} <= set(refused)
    pages.TrackerPageFactory()
    assert not [address for address in listed(client) if address.startswith(tuple(refused))]
    with override_settings(ALLOW_INDEXING=False):
        assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


# --- Old addresses ------------------------------------------------------------------------------------


@pytest.fixture
def moved(home, django_capture_on_commit_callbacks):
    """A page with one below it, first renamed and then moved."""
    above = pages.StandardPageFactory(slug="about")
    page = pages.StandardPageFactory(slug="old")
    child = pages.StandardPageFactory(parent=page, slug="child")
    page.refresh_from_db()
    page.slug = "new"
    with django_capture_on_commit_callbacks(execute=True):  # Wagtail tells of it when that is sure
        page.save_revision().publish()
    page.refresh_from_db()
    above.refresh_from_db()
    page.move(above, pos="last-child")
    page.refresh_from_db()
    child.refresh_from_db()
    return page, child


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/old/", "/about/new/"),
        ("/new/", "/about/new/"),
        ("/old/child/", "/about/new/child/"),
        ("/new/child/", "/about/new/child/"),
        ("/old/?page=2", "/about/new/"),
    ],
)
def test_every_old_address_leads_to_where_the_page_is_now(moved, client, old, new):
    answer = client.get(old)
    assert (answer.status_code, answer["Location"].removeprefix("http://localhost")) == (301, new)
    assert client.get(new).status_code == 200


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("/old page", "/old%20page/"),
        ("/old page", "/old%20page"),
        ("/old%20page", "/old%20page/"),
        (" /old-page ", "/old-page/"),
        ("/Old-Page", "/old-page/"),
        ("/old-page", "/OLD-Page/"),
        ("/old-page", "/old-page/?from=letter"),
        ("/old-page?id=3", "/Old-page/?id=3"),
        ("/caf\u00e9", "/caf%C3%A9/"),
    ],
)
def test_case_p11_a_redirect_matches_however_its_address_is_typed(home, client, admin_in, typed, asked):
    page = pages.StandardPageFactory(slug="new")
    given = {"old_path": typed, "site": "", "is_permanent": "on", "redirect_page": page.pk, "redirect_link": ""}
    assert admin_in.post("/admin/redirects/add/", given).status_code == 302

    answer = client.get(asked)

    assert (answer.status_code, answer["Location"].removeprefix("http://localhost")) == (301, "/new/")


def test_the_closest_spelling_of_a_redirect_comes_first(home, client):
    for path, link in (("/Plan", "/in-capitals/"), ("/plan", "/as-typed/")):
        Redirect.objects.create(old_path=path, redirect_link=link)

    assert client.get("/plan/")["Location"] == "/as-typed/"
    assert client.get("/Plan/")["Location"] == "/in-capitals/"


@pytest.mark.parametrize("hide", ["unpublish", "expire", "restrict"])
def test_an_old_address_does_not_tell_of_a_page_that_is_hidden(moved, client, hide):
    page, _ = moved
    if hide == "unpublish":
        page.unpublish()
    elif hide == "expire":
        page.expire_at = timezone.now() - HOUR
        page.save()
    else:
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    for old in ("/old/", "/new/", "/old/child/", "/old/?page=2"):
        answer = client.get(old)
        assert answer.status_code == 404
        assert "about/new" not in answer.content.decode()


def test_an_address_without_its_last_slash_leads_to_the_one_with(home, client):
    pages.StandardPageFactory(slug="about")
    item = records.RecommendationFactory()
    for address in ("/about", item.get_absolute_url().rstrip("/"), "/feeds/reports"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, f"{address}/")
