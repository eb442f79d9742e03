"""Permanent pages of recommendations, meetings and agreements, which are not in the page tree."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cms.core.visibility import Viewer, visible_to

from ..models import Agreement, Meeting, MeetingIndexPage, PanelIndexPage, Recommendation, TrackerPage
from ..presenters.recommendation_links import recommendation_context
from ..presenters.recommendations import facts_of_meeting
from ..selectors.related_content import rows_decided_at
from .breadcrumbs import breadcrumbs_to
from .metadata import metadata_of_agreement, metadata_of_meeting, metadata_of_recommendation


@require_safe
def recommendation(request: HttpRequest, series: str, number: int) -> HttpResponse:
    """Show one recommendation with its status and timeline."""
    viewer = Viewer.of(request)
    public = visible_to(viewer, Recommendation.objects.for_page())
    item: Recommendation = get_object_or_404(public, series=series, number=number)
    crumbs = breadcrumbs_to(request, viewer, TrackerPage)
    if item.report:
        crumbs.append({"title": f"Report: {item.report.title}", "url": item.report.get_url(request)})
    context = recommendation_context(item, viewer) | {"crumbs": crumbs}
    context["metadata"] = metadata_of_recommendation(request, item, context["status"].words, crumbs)
    return render(request, "scrutiny_pages/recommendation.html", context)


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one meeting: date, place, ways to join, and the minutes once they are agreed."""
    viewer = Viewer.of(request)
    item = get_object_or_404(visible_to(viewer, Meeting.objects.for_page()), pk=pk)
    crumbs = breadcrumbs_to(request, viewer, MeetingIndexPage)
    review = item.review if item.review and viewer.sees_page(item.review) else None
    context = {
        "meeting": item,
        "facts": facts_of_meeting(item, item.panel.address(viewer, request)),
        "is_past": item.starts_at < viewer.at,
        "review": review,
        "rows": rows_decided_at(item, viewer),
        "crumbs": crumbs,
        "metadata": metadata_of_meeting(request, item, crumbs),
    }
    return render(request, "scrutiny_pages/meeting.html", context)


@require_safe
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the version of an agreement that is in force today."""
    viewer = Viewer.of(request)
    item = get_object_or_404(visible_to(viewer, Agreement.objects.all()), slug=slug)
    version = item.version_in_force(viewer.today)
    if version is None:
        raise Http404("No version is in force yet")
    crumbs = breadcrumbs_to(request, viewer, PanelIndexPage)
    metadata = metadata_of_agreement(request, item, crumbs)
    context = {"agreement": item, "version": version, "crumbs": crumbs, "metadata": metadata}
    return render(request, "scrutiny_pages/agreement.html", context)
