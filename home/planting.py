"""Plants the site's tree: the home page in place of Wagtail's welcome, and the pages that list things."""

from wagtail.models import Page, Site

from scrutiny_pages.models import (
    MeetingIndexPage,
    NewsletterIndexPage,
    OutcomeIndexPage,
    PanelIndexPage,
    ReportIndexPage,
    ReviewIndexPage,
    TrackerPage,
)

from .models import HomePage

LISTINGS = {
    "reports": ReportIndexPage,
    "tracker": TrackerPage,
    "outcomes": OutcomeIndexPage,
    "reviews": ReviewIndexPage,
    "panels": PanelIndexPage,
    "meetings": MeetingIndexPage,
    "newsletters": NewsletterIndexPage,
}


def plant_home(*, title: str, slug: str, **words) -> HomePage:
    """Put a home page, unpublished, in place of the one that Wagtail comes with, and give it the default site."""
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
