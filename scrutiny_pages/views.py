"""The permanent pages of records that are not part of the page tree."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cms.core.visibility import Viewer, visible_to

from .models import Meeting, MeetingIndexPage, Recommendation, TrackerPage
from .stories import facts_of_meeting, recommendation_context


def _crumbs(request: HttpRequest, viewer: Viewer, listing_type: type) -> list[dict]:
    listing = visible_to(viewer, listing_type.objects.all()).first()
    home = {"title": "Home", "url": "/"}
    return [home, {"title": listing.title, "url": listing.get_url(request)}] if listing else [home]


@require_safe
def recommendation(request: HttpRequest, series: str, number: int) -> HttpResponse:
    """Show one recommendation: where it stands and how it got there."""
    viewer = Viewer.of(request)
    public = visible_to(viewer, Recommendation.objects.for_page())
    item = get_object_or_404(public, series=series, number=number)
    context = recommendation_context(item, viewer) | {"crumbs": _crumbs(request, viewer, TrackerPage)}
    return render(request, "scrutiny_pages/recommendation.html", context)


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one meeting: when, where, how to join, and the minutes once they are agreed."""
    viewer = Viewer.of(request)
    item = get_object_or_404(visible_to(viewer, Meeting.objects.for_page()), pk=pk)
    context = {
        "meeting": item,
        "facts": facts_of_meeting(item),
        "is_past": item.starts_at < viewer.at,
        "crumbs": _crumbs(request, viewer, MeetingIndexPage),
    }
    return render(request, "scrutiny_pages/meeting.html", context)
