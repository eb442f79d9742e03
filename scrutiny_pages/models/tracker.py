"""The page that tracks every recommendation."""

from django.core.exceptions import BadRequest
from django.db import models
from django.http import HttpRequest

from cms.core.models import ListingPage
from cms.core.visibility import Viewer, visible_to

from ..filters import RecommendationFilter
from ..stories import Picture, standing_picture
from .recommendation import Recommendation


class TrackerPage(ListingPage):
    """Every recommendation, who must do it, and where it stands today."""

    per_page = 20
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Give the recommendations that the filters leave, those owed soonest first."""
        return self.filtered(viewer, request).qs.soonest_due_first().for_listing()

    def filtered(self, viewer: Viewer, request: HttpRequest) -> RecommendationFilter:
        """Give the filters as asked for in the address; an impossible value is a 400."""
        public = visible_to(viewer, Recommendation.objects.all())
        chosen = RecommendationFilter(request.GET, queryset=public, request=request)
        if not chosen.is_valid():
            raise BadRequest("Unknown filter value")
        return chosen

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the filters, the picture of where everything stands, and each row's status."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        query = request.GET.copy()
        query.pop("page", None)
        return context | {
            "filter_fields": choices_offered(self.filtered(viewer, request), viewer),
            "standings": tracker_picture(viewer),
            "query": query.urlencode(),
            "rows": [
                {"recommendation": item, "status": item.tracking.status(viewer.today)} for item in context["page_obj"]
            ],
        }


def choices_offered(chosen: RecommendationFilter, viewer: Viewer) -> list[dict]:
    """Give the filters as select fields, each with what may be chosen and what is."""
    public = visible_to(viewer, Recommendation.objects.all())
    years = [day.year for day in public.dates("asked_on", "year", order="DESC")]
    fields = []
    for name in ("standing", "service", "panel", "year"):
        bound = chosen.form[name]
        choices = [("", "All years"), *((year, year) for year in years)] if name == "year" else bound.field.choices
        value = str(bound.value() or "")
        options = [{"value": key, "label": label, "checked": str(key) == value} for key, label in choices]
        # "Optional" goes without saying for a filter.
        fields.append(
            {"id": f"filter-{name}", "name": name, "label": bound.label, "options": options, "required": True}
        )
    return fields


def tracker_picture(viewer: Viewer) -> Picture:
    """Give where every public recommendation stands today, each part with its way to the tracker."""
    counts = visible_to(viewer, Recommendation.objects.all()).standing_counts(viewer.today)
    tracker = visible_to(viewer, TrackerPage.objects.all()).first()
    return standing_picture(counts, tracker_url=tracker.url if tracker else "")
