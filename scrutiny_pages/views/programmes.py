"""The public page of a work programme: proposed topics, their scores, and the decisions with reasons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cms.core.visibility import Viewer, visible_to

from ..models import ReviewIndexPage, WorkProgramme
from ..presenters.programmes import facts_of_programme
from ..selectors.programmes import topics_and_reviews
from .breadcrumbs import breadcrumbs_to
from .metadata import metadata_of_programme


@require_safe
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an agreed work programme (H 3.1, K 11.1, K 11.3, G 1, C terms of reference)."""
    viewer = Viewer.of(request)
    public = visible_to(viewer, WorkProgramme.objects.select_related("panel", "process", "agreed_by"))
    year = get_object_or_404(public.prefetch_related("topics", "criteria"), pk=pk)
    crumbs = breadcrumbs_to(request, viewer, ReviewIndexPage)
    context = {
        "programme": year,
        "facts": facts_of_programme(year, panel_url=year.panel.address(viewer, request)),
        "crumbs": crumbs,
        "metadata": metadata_of_programme(request, year, crumbs),
        "other_years": visible_to(viewer, year.panel.programmes.exclude(pk=year.pk)),
    }
    return render(request, "scrutiny_pages/programme.html", context | topics_and_reviews(year, viewer))
