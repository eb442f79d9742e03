"""The Atom feeds: public content only, under permanent ids, and with all input escaped."""

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, compare_xml  # type: ignore[attr-defined]  # not in the stubs
from django.utils import timezone
from django.utils.http import http_date
from wagtail.models import PageViewRestriction

from cms.core.models import SiteSettings
from tests.factories import pages, records
from tests.reading import head_of

pytestmark = pytest.mark.django_db

KINDS = {
    "/feeds/reports/": pages.ReportPageFactory,
    "/feeds/outcomes/": pages.OutcomePageFactory,
    "/feeds/newsletters/": pages.NewsletterPageFactory,
}
every_feed = pytest.mark.parametrize(("address", "factory"), KINDS.items(), ids=[*KINDS])


def entries(client, address: str) -> list[dict]:
    """Return the entries of a feed, each as the text of its elements."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    written = answer.content.decode()
    assert compare_xml(written, written)  # which reads it as XML
    parts = r'<(\w+)(?: [^>]*?href="([^"]*)")?[^>]*>([^<]*)'
    found = re.findall(r"<entry>(.*?)</entry>", written, re.S)
    return [{name: unescape(href or words) for name, href, words in re.findall(parts, entry)} for entry in found]


@every_feed
def test_it_tells_what_is_published_latest_first(home, client, address, factory):
    at = datetime.datetime(2026, 3, 1, 9, tzinfo=datetime.UTC)
    for day in range(3):
        factory(title=f"Number {day} & <b>more</b>", first_published_at=at + datetime.timedelta(days=day))
    found = entries(client, address)
    assert [entry["title"] for entry in found] == [f"Number {day} & <b>more</b>" for day in (2, 1, 0)]
    for entry in found:
        assert entry["link"].startswith("http://testserver/")
        assert client.get(entry["link"].removeprefix("http://testserver")).status_code == 200
        assert entry["updated"] >= entry["published"]


@every_feed
def test_an_entry_keeps_its_id_when_its_page_is_renamed(home, client, address, factory):
    page = factory()
    [before] = entries(client, address)
    page.slug = "renamed"
    page.save()
    [after] = entries(client, address)
    assert before["id"] == after["id"]
    assert before["link"] != after["link"]


@every_feed
def test_it_tells_nothing_hidden_whoever_asks(home, admin_in, address, factory):
    factory(live=False)
    factory(expire_at=timezone.now() - datetime.timedelta(hours=1))
    PageViewRestriction.objects.create(page=factory(), restriction_type="login")
    assert entries(admin_in, address) == []


def test_what_was_typed_is_words_and_not_markup(home, client):
    pages.OutcomePageFactory(you_said="<script>alert(1)</script>", we_did="A & B", difference="")
    [entry] = entries(client, "/feeds/outcomes/")
    assert entry["summary"] == "<p>You said: &lt;script&gt;alert(1)&lt;/script&gt;</p><p>We did: A &amp; B</p>"


@every_feed
def test_it_is_not_sent_again_to_who_has_it(home, client, address, factory):
    page = factory()
    first = client.get(address)
    assert "public" in first["Cache-Control"]
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    page.title = "Changed"
    page.save()
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("address", [*KINDS, "/sitemap.xml", "/meetings/calendar.ics"])
def test_who_has_what_was_taken_away_is_not_told_to_keep_it(home, client, address):
    newest = [factory() for factory in KINDS.values()]
    records.MeetingFactory()
    later = {"if-modified-since": http_date(timezone.now().timestamp() + 60)}
    assert client.get(address, headers=later).status_code == 200
    for page in newest:
        page.unpublish()
    assert client.get(address, headers=later).status_code == 200


@every_feed
def test_signs_that_xml_does_not_allow_are_left_out(home, client, address, factory):
    settings = SiteSettings.for_site(home.get_site())
    settings.name = settings.organisation = "Fern\x0bmoor\ufffe"
    settings.save()
    words = {"title": "Da\x0bmp\x1b", "summary": "Mo\x0culd\uffff"}
    if factory is pages.OutcomePageFactory:
        words |= {"you_said": "Re\x0bpairs", "we_did": "Do\x08ne", "difference": "Fa\x1fster"}
    factory(**words)
    [entry] = entries(client, address)
    assert entry["title"] == "Da mp"


@every_feed
@pytest.mark.parametrize("number", [2, 20])
def test_it_costs_the_same_however_much_it_tells(home, client, address, factory, number):
    for _ in range(number):
        factory()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert len(entries(client, address)) == number
    assert len(captured) == 7


@pytest.mark.parametrize(
    ("factory", "address"),
    [
        (pages.ReportIndexPageFactory, "/feeds/reports/"),
        (pages.OutcomeIndexPageFactory, "/feeds/outcomes/"),
        (pages.NewsletterIndexPageFactory, "/feeds/newsletters/"),
    ],
)
def test_the_page_that_lists_the_same_leads_to_it(home, client, factory, address):
    page = factory()
    [link] = head_of(client, page.get_url()).links["alternate"]
    assert (link["href"], link["type"]) == (address, "application/atom+xml")
    assert f'<a href="{address}">' in client.get(page.get_url()).content.decode()


@every_feed
def test_an_empty_one_is_a_feed_all_the_same(home, client, address, factory):
    assert entries(client, address) == []
