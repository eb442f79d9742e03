"""The way back up from a record that is no page: the home page, and the page that lists such records."""

from django.http import HttpRequest

from cms.core.visibility import Viewer, visible_to


def crumbs_to(request: HttpRequest, viewer: Viewer, listing_type: type) -> list[dict]:
    """Return the home page and the listing, if this viewer may see it, as titles and addresses."""
    listing = visible_to(viewer, listing_type.objects.all()).first()
    home = {"title": "Home", "url": "/"}
    return [home, {"title": listing.title, "url": listing.get_url(request)}] if listing else [home]
