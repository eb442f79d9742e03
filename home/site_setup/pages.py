"""Creation of the site's tree: the home page in place of Wagtail's welcome page, listings and standard pages."""

import datetime
from collections.abc import Callable
from typing import Any

from wagtail.models import Page, Site

from cms.core.streamfield_builder import Finder, stream
from scrutiny_pages.models import (
    MeetingIndexPage,
    NewsletterIndexPage,
    OutcomeIndexPage,
    PanelIndexPage,
    ReportIndexPage,
    ReviewIndexPage,
    TrackerPage,
)

from ..models import AccessibilityStatementPage, ContactPage, HomePage, PrivacyPage, StandardPage

LISTINGS = {
    "reports": ReportIndexPage,
    "tracker": TrackerPage,
    "outcomes": OutcomeIndexPage,
    "reviews": ReviewIndexPage,
    "panels": PanelIndexPage,
    "meetings": MeetingIndexPage,
    "newsletters": NewsletterIndexPage,
}
PLAIN = {
    "plain": StandardPage,
    "contact": ContactPage,
    "privacy": PrivacyPage,
    "statement": AccessibilityStatementPage,
}
STREAMS = ("body", "not_accessible", "improving")
WORDS = ("compliance", "answered_in", "tested_by", "how_tested")
DATES = ("prepared", "reviewed", "tested")


def create_home(*, title: str, slug: str, **words: Any) -> HomePage:
    """Create an unpublished home page in place of Wagtail's welcome page, as the root of the default site."""
    for welcome in Page.objects.filter(depth=2, slug=slug):
        # Renamed before it goes: its site has to move to the new home first, or would go with it.
        welcome.slug = "welcome-to-wagtail"
        welcome.save(clean=False)
    home = HomePage(title=title, slug=slug, live=False, **words)
    Page.get_first_root_node().add_child(instance=home)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 8000, "site_name": title, "root_page": home},
    )
    for welcome in Page.objects.filter(depth=2, slug="welcome-to-wagtail"):
        welcome.delete()
    return HomePage.objects.get(pk=home.pk)


def fill_plain_page(page: Page, data: dict, key: str, find: Finder, day: Callable[[str], datetime.date]) -> None:
    """Set the content of a page that is no listing, from a row of data.

    :param key: the key from which its blocks' ids are derived.
    :param day: returns the date for a name in the data.
    """
    for name in STREAMS:
        if name in data:
            place = key if name == "body" else f"{key}-{name}"
            setattr(page, name, stream(page._meta.get_field(name), data[name], place, find))
    for name in WORDS:
        if name in data:
            setattr(page, name, data[name])
    for name in DATES:
        if name in data:
            setattr(page, f"{name}_on", day(data[name]))
