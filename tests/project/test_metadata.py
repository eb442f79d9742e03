"""Metadata for search engines and link previews."""

import datetime

import pytest
from django.test import override_settings
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from cms.core.models import SiteSettings
from cms.core.models.metadata import as_data
from tests.factories import pages, records
from tests.reading import Head, head_of

pytestmark = pytest.mark.django_db

NASTY = 'Ends </script><script>alert(1)</script> <!-- & "quotes" \u2028'
FACTORIES = [item for item in vars(pages).values() if isinstance(item, type) and issubclass(item, pages.PageFactory)]
FACTORIES = [factory for factory in FACTORIES if not factory._meta.abstract]


@pytest.fixture
def site(home):
    settings = SiteSettings.for_site(home.get_site())
    settings.name, settings.organisation = "Scrutiny", "Fernmoor Homes"
    settings.save()
    return settings


@pytest.fixture
def picture():
    return get_image_model().objects.create(
        title="A roof", description="A drawing of a roof", file=get_test_image_file()
    )


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_every_page_tells_what_it_is_once(site, client, factory):
    page = factory(title=NASTY, summary=f"In short: {NASTY}")
    answer = client.get(page.get_url())
    head = Head(answer.content.decode())
    assert head.lang == "en-GB"
    assert head.title == " ".join(f"{NASTY} - Scrutiny".split())
    assert head.canonical == head.one("og:url") == f"http://testserver{page.get_url()}"
    assert head.one("og:title") == NASTY
    assert head.one("description") == head.one("og:description") == f"In short: {NASTY}"
    assert head.one("og:site_name") == "Scrutiny, Fernmoor Homes"
    assert head.one("twitter:card") == "summary"
    assert "robots" not in head.meta
    thing = head.fact(page.schema_type)
    assert (thing["name"], thing["url"], thing["inLanguage"]) == (NASTY, head.canonical, "en-GB")
    steps = head.fact("BreadcrumbList")["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    assert (steps[0]["item"], steps[-1]["item"]) == ("http://testserver/", head.canonical)
    # What was typed is in the page as words, and never as markup.
    assert b"<script>alert" not in answer.content


def test_facts_are_inert_in_a_script_element():
    written = as_data({"name": NASTY})
    assert not set("<>&\u2028\u2029") & set(written)


@pytest.mark.parametrize(
    ("factory", "kind"),
    [
        (pages.ReportPageFactory, "Report"),
        (pages.OutcomePageFactory, "Article"),
        (pages.NewsletterPageFactory, "PublicationIssue"),
    ],
)
def test_what_was_published_says_when_and_by_whom(site, client, factory, kind):
    first, last = (datetime.datetime(2026, month, 1, 9, tzinfo=datetime.UTC) for month in (3, 4))
    head = head_of(client, factory(first_published_at=first, last_published_at=last).get_url())
    assert head.one("og:type") == "article"
    assert head.one("article:published_time").startswith("2026-03-01T09:00:00")
    assert head.one("article:modified_time").startswith("2026-04-01T10:00:00+01:00")
    thing = head.fact(kind)
    assert thing["author"]["name"] == "Scrutiny"
    assert thing["dateModified"].startswith("2026-04-01")
    assert thing["publisher"]["@id"] == head.fact("Organization")["@id"]


def test_the_home_page_says_how_to_search_the_site(site, client):
    head = head_of(client, "/")
    assert head.title == "Scrutiny at Fernmoor Homes"
    search = head.fact("WebSite")["potentialAction"]
    assert search["query-input"] == "required name=words"
    address = search["target"]["urlTemplate"].replace("{words}", "damp")
    assert "damp" in client.get(address.removeprefix("http://testserver")).content.decode()
    assert {link["href"] for link in head.links["alternate"]} == {
        "/feeds/reports/",
        "/feeds/outcomes/",
        "/feeds/newsletters/",
    }


def test_a_meeting_is_an_event_and_tells_only_what_is_public(site, client):
    meeting = records.MeetingFactory(
        theme=NASTY, place="The hall", minutes="<p>SECRET minutes</p>", panel__name="Scrutiny Panel"
    )
    answer = client.get(meeting.get_absolute_url())
    event = Head(answer.content.decode()).fact("Event")
    assert (event["name"], event["location"]["name"]) == (NASTY, "The hall")
    assert event["organizer"]["name"] == "Scrutiny Panel"
    assert abs(datetime.datetime.fromisoformat(event["startDate"]) - meeting.starts_at) < datetime.timedelta(seconds=1)
    assert b"SECRET" not in answer.content
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    meeting.minutes, meeting.called_off_because = "", "Snow."
    meeting.save()
    event = head_of(client, meeting.get_absolute_url()).fact("Event")
    assert event["eventStatus"] == "https://schema.org/EventCancelled"
    meeting.is_public = False
    meeting.save()
    assert client.get(meeting.get_absolute_url()).status_code == 404


def test_a_recommendation_tells_where_it_stands(site, client):
    item = records.RecommendationFactory(title="Text residents", text="On the same day.")
    head = head_of(client, item.get_absolute_url())
    assert head.one("description") == "Waiting for an answer. On the same day."
    assert head.canonical == f"http://testserver{item.get_absolute_url()}"
    assert "Text residents" in head.one("og:title")


def test_a_picture_is_the_pages_own_or_the_logo_or_none(site, client, picture):
    page = pages.StandardPageFactory()
    assert "og:image" not in head_of(client, page.get_url()).meta
    site.logo = picture
    site.save()
    head = head_of(client, page.get_url())
    assert head.one("og:image") == "http://testserver/icons/share.png"
    assert client.get("/icons/share.png")["Content-Type"] == "image/png"
    page.social_image = picture
    page.save()
    head = head_of(client, page.get_url())
    assert head.one("og:image").endswith(".jpg")
    assert head.one("og:image:alt") == "A drawing of a roof"
    assert head.one("twitter:card") == "summary_large_image"
    picture.file.storage.delete(picture.file.name)
    picture.renditions.all().delete()
    assert client.get(page.get_url()).status_code == 200


@pytest.mark.parametrize("address", ["/search/?q=a", "/nothing-here/", "/recommendations/?year=x"])
def test_what_answers_a_question_or_says_no_is_not_listed(site, client, address):
    pages.TrackerPageFactory()
    assert head_of(client, address).one("robots") == "noindex"


def test_a_preview_and_a_developers_machine_are_not_listed(site, client):
    page = pages.StandardPageFactory()
    preview = Head(page.make_preview_request().render().content.decode())
    assert preview.one("robots") == "noindex"
    with override_settings(ALLOW_INDEXING=False):
        assert head_of(client, page.get_url()).one("robots") == "noindex"


def test_the_sites_own_address_is_told_whatever_name_it_is_asked_by(site, client):
    page = pages.StandardPageFactory()
    with override_settings(BASE_URL="https://scrutiny.example"):
        head = head_of(client, page.get_url(), headers={"host": "other.example"})
    assert head.canonical == f"https://scrutiny.example{page.get_url()}"
    assert head.fact("Organization")["url"] == "https://scrutiny.example/"


def test_a_list_is_known_by_itself_and_its_second_page_by_its_own_address(site, client):
    for _ in range(21):
        records.RecommendationFactory()
    address = pages.TrackerPageFactory().get_url()
    assert head_of(client, f"{address}?page=2").canonical == f"http://testserver{address}?page=2"
    assert "page 2 of 2" in head_of(client, f"{address}?page=2").title
    assert head_of(client, f"{address}?year=2026&page=2").canonical == f"http://testserver{address}"


def test_an_alias_sends_search_engines_to_its_original(site, client):
    page = pages.StandardPageFactory(slug="first")
    alias = page.create_alias(update_slug="second", parent=page.get_parent())
    assert head_of(client, alias.get_url()).canonical == "http://testserver/first/"


def test_words_in_another_language_say_so(site, client):
    words = ("other_language", {"language": "ur", "text": "<p>خوش آمدید</p>"})
    page = pages.StandardPageFactory(body=[words])
    assert '<div class="app-prose" lang="ur" dir="rtl">' in client.get(page.get_url()).content.decode()
