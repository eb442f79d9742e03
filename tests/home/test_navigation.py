"""Every footer links to the statement, privacy, contact and complaints about data, whatever is in its menu."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction

from cms.core.models import SiteSettings
from home.models import Navigation
from tests.factories import pages, records
from tests.factories.forms import FormPageFactory

pytestmark = pytest.mark.django_db

REQUIRED = {
    "Contact": "/contact/",
    "Accessibility statement": "/accessibility/",
    "Privacy": "/privacy/",
    "Complain about your data": "/privacy/#data-protection-complaint",
}


@pytest.fixture
def site(home):
    settings = SiteSettings.for_site(home.get_site())
    told = {
        "phone": "03069 990 142",
        "other_formats": "Ask for large print.",
        "not_for": "Not for repairs, damp and mould or complaints.",
        "regulator": "The Housing Ombudsman can help.",
        "opening_hours": "Weekdays, 9am to 5pm.",
        "team_name": "Involvement team",
    }
    for name, value in told.items():
        setattr(settings, name, value)
    settings.save()
    for factory in (pages.ContactPageFactory, pages.PrivacyPageFactory, pages.AccessibilityStatementPageFactory):
        factory()
    settings.told = told
    home.refresh_from_db()  # it has children now
    return settings


def footer(client, address: str) -> str:
    return client.get(address).content.decode().split("<footer")[1].split("</footer>")[0]


def links(html: str) -> list[tuple[str, str]]:
    found = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html, re.S)
    return [(words.strip(), address) for address, words in found if not address.startswith(("tel:", "mailto:"))]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/search/?q=a",
        "/nothing-here/",
        "/recommendations/?year=x",
        "/meetings/1/",
        f"/?q={5000 * 'x'}",
        "/form/",
    ],
)
def test_every_page_has_the_links_and_the_help(site, client, address):
    pages.TrackerPageFactory()
    FormPageFactory(slug="form")
    records.MeetingFactory(pk=1)
    html = footer(client, address)
    assert dict(links(html)) == REQUIRED
    assert all(words in html for words in site.told.values())


def test_the_error_that_needs_nothing_has_them_too(site, client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("home.views.visible_to", lambda *_: 1 / 0)
    html = footer(client, "/search/?q=x")
    assert [words for words, _ in links(html)] == list(REQUIRED)
    for words, address in links(html):
        assert client.get(address)["Location"] == REQUIRED[words]


def test_a_link_that_is_in_the_menu_too_is_there_once(site, client, home):
    about = pages.StandardPageFactory(title="About us", slug="about")
    contact = home.get_children().get(slug="contact")
    navigation = Navigation.for_site(home.get_site())
    navigation.footer = [
        ("link", {"page": contact, "url": "", "label": "Write to us"}),
        ("link", {"page": about, "url": "", "label": ""}),
        ("link", {"page": None, "url": "/privacy/", "label": "Data"}),
    ]
    navigation.save()
    assert links(footer(client, "/")) == [("About us", "/about/"), *REQUIRED.items()]


def test_a_page_that_cannot_be_seen_is_not_linked_to(site, client, home):
    home.get_children().get(slug="contact").unpublish()
    PageViewRestriction.objects.create(page=home.get_children().get(slug="privacy"), restriction_type="login")
    assert list(dict(links(footer(client, "/")))) == ["Accessibility statement"]
    assert client.get("/go/contact/").status_code == 404


def test_a_form_for_complaints_takes_the_place_of_the_words(site, client, home):
    form = FormPageFactory(title="Complain", slug="complain")
    privacy = home.get_children().get(slug="privacy").specific
    privacy.complaint_form = form
    privacy.save()
    assert dict(links(footer(client, "/")))["Complain about your data"] == "/complain/"
    assert client.get("/go/data-protection-complaint/")["Location"] == "/complain/"
    assert "Complain online" in client.get("/privacy/").content.decode()
    form.unpublish()
    assert dict(links(footer(client, "/"))) == REQUIRED
    assert "Complain online" not in client.get("/privacy/").content.decode()


def test_the_privacy_page_says_whom_to_ask_and_by_when_they_answer(site, client):
    site.data_protection_contact = "Data Protection Officer, data@fernmoor.example"
    site.save()
    words = client.get("/privacy/").content.decode()
    section = words.split('id="data-protection-complaint"')[1]
    assert "Data Protection Officer" in section
    assert "Within 30 days" in section
    site.data_protection_contact = ""
    site.save()
    assert "03069 990 142" in client.get("/privacy/").content.decode().split('id="data-protection-complaint"')[1]


def test_the_contact_page_shows_the_contacts_of_the_settings(site, client):
    main = client.get("/contact/").content.decode().split("<main")[1].split("</main>")[0]
    for name in ("team_name", "phone", "opening_hours"):
        assert site.told[name] in main


@pytest.mark.parametrize("name", ["nothing", "admin", "x" * 300])
def test_no_other_name_leads_anywhere(site, client, name):
    assert client.get(f"/go/{name}/").status_code == 404


def test_the_menu_marks_where_the_visitor_is(site, client, home):
    for slug in ("one", "two", "three"):
        page = pages.StandardPageFactory(title=slug.capitalize(), slug=slug)
    below = pages.StandardPageFactory(parent=page, slug="below")
    navigation = Navigation.for_site(home.get_site())
    shown = Page.objects.filter(slug__in=["one", "two", "three"])
    navigation.main = [("link", {"page": item, "url": "", "label": ""}) for item in shown]
    navigation.save()
    for address, mark in (("/one/", "page"), (below.get_url(), "true")):
        menu = client.get(address).content.decode().split('<nav class="app-menu"')[1].split("</nav>")[0]
        assert re.findall(r'aria-current="(\w+)"', menu) == [mark]
        # The last link stays in sight on a phone: it stands outside the part that folds away.
        folded, beside = menu.split("</details>")
        assert [words for words, _ in links(folded)] == ["One", "Two"]
        assert [words for words, _ in links(beside)] == ["Three"]


def test_a_logo_costs_nothing_more(site, client, home):
    page = pages.StandardPageFactory()
    client.get(page.get_url())
    with CaptureQueriesContext(connection) as without:
        client.get(page.get_url())
    site.logo = get_image_model().objects.create(title="Logo", description="Logo", file=get_test_image_file())
    site.save()
    client.get(page.get_url())
    with CaptureQueriesContext(connection) as with_logo:
        client.get(page.get_url())
    assert len(with_logo) == len(without)
