"""The browser tests leave nothing out: every page type and every public address has its line in their list."""

from django.urls import URLPattern
from wagtail.models import Page, get_page_models

from cms.urls import urlpatterns
from tests.browser.places import PLACES

# Answered with something other than a page that a person looks at: icons, files, feeds, and one that only leads on.
NOT_LOOKED_AT = {
    *("healthz", "brand_css", "letter_icon", "favicon", "icon", "share_picture", "manifest", "robots", "sitemap"),
    *("report_feed", "outcome_feed", "newsletter_feed", "calendar_feed", "calendar_event"),
    *("recommendations_csv", "recommendations_xlsx", "recommendations_json", "required_page"),
    "public_request_numbers_csv",
}


def test_every_page_type_has_its_line():
    page_types = {model._meta.label for model in get_page_models() if model is not Page}
    assert page_types - {place.shows for place in PLACES.values()} == set()


def test_every_public_address_has_its_line():
    routes = {route.name for route in urlpatterns if isinstance(route, URLPattern) and route.name}
    assert routes - NOT_LOOKED_AT - {place.shows for place in PLACES.values()} == set()


def test_every_listing_is_also_looked_at_empty():
    listings = {model._meta.label for model in get_page_models() if model.__name__.endswith("IndexPage")}
    assert listings - {place.shows for place in PLACES.values() if place.is_empty} == set()
