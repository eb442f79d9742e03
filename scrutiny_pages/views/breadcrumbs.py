"""Breadcrumbs of records that are not pages: the home page and the index page of such records."""

from django.http import HttpRequest
from wagtail.models import Page

from cms.core.visibility import Viewer, visible_to


def breadcrumbs_to(request: HttpRequest, viewer: Viewer, listing_type: type[Page]) -> list[dict]:
    """Return the breadcrumbs, as title and URL, to an index page; without that page if the viewer may not see it."""
    listing = visible_to(viewer, listing_type.objects.all()).first()
    home = {"title": "Home", "url": "/"}
    return [home, {"title": listing.title, "url": listing.get_url(request)}] if listing else [home]
