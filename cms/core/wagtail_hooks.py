"""What Wagtail is asked to do differently, for every page."""

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.models import Page

from cms.core.visibility import Viewer


@hooks.register("before_serve_page")
def serve_only_what_is_visible(page: Page, request: HttpRequest, serve_args: list, serve_kwargs: dict) -> None:
    """Answer 404 for what has expired by the clock, or stands under a page that is not public.

    Wagtail looks only at the page itself, and at its expiry only when a scheduler runs.
    """
    if not Viewer.of(request).may_be_served(page):
        raise Http404("Not public")
