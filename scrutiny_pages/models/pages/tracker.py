"""The tracker page: a filterable list of all recommendations."""

from typing import Any

from django.db import models
from django.http import HttpRequest

from cms.core.models import ListingPage
from cms.core.visibility import Viewer, visible_to

from ...presenters.overdue import lateness_of
from ...presenters.recommendations import StatusChart, status_chart
from ..querysets import RecommendationQuerySet
from ..recommendation import Recommendation
from .filters import RecommendationFilter

# The picture tells where each stands, so what is chosen of that does not narrow it.
CHART_FILTERS = ("standing", "overdue")


class TrackerPage(ListingPage):
    """The list of every recommendation, with its owner and its status today."""

    per_page = 20
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Return the filtered recommendations, soonest due first."""
        return (
            filter_queryset(RecommendationFilter.of(request, public_recommendations(viewer)))
            .for_listing()
            .with_reasons()
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the filters, the status chart, and the status of each row."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        chosen = RecommendationFilter.of(request, public_recommendations(viewer))
        rest = chosen.without(*CHART_FILTERS)
        return context | {
            "chosen": chosen,
            "query": chosen.address(),
            "standings": status_chart(
                rest.qs.standing_counts(viewer.today), tracker_url=self.get_url(request), query=rest.address()
            ),
            "standings_of": rest.chosen_words,
            "rows": [
                {
                    "recommendation": item,
                    "status": item.tracking.status(viewer.today),
                    "late": lateness_of(item.tracking, viewer.today) if chosen.shows_late else None,
                }
                for item in context["page_obj"]
            ],
        }


def public_recommendations(viewer: Viewer) -> RecommendationQuerySet:
    """Return the recommendations that a viewer may see."""
    return visible_to(viewer, Recommendation.objects.all())


def filter_queryset(chosen: RecommendationFilter) -> RecommendationQuerySet:
    """Return the filtered recommendations in the tracker's order, for the page and its downloads."""
    return chosen.qs.soonest_due_first()


def tracker_url(viewer: Viewer) -> str:
    """Return the URL of the tracker page, empty if the site has none."""
    tracker = visible_to(viewer, TrackerPage.objects.all()).first()
    return tracker.url if tracker else ""


def tracker_status_chart(viewer: Viewer) -> StatusChart:
    """Return the status chart of all public recommendations, linked to the tracker."""
    counts = public_recommendations(viewer).standing_counts(viewer.today)
    return status_chart(counts, tracker_url=tracker_url(viewer))
