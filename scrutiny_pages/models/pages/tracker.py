"""The page that tracks every recommendation."""

from django.db import models
from django.http import HttpRequest

from cms.core.models import ListingPage
from cms.core.visibility import Viewer, visible_to

from ...presenters.overdue import lateness_of
from ...presenters.recommendations import Picture, standing_picture
from ..recommendation import Recommendation
from .filters import RecommendationFilter

# The picture tells where each stands, so what is chosen of that does not narrow it.
OF_THE_PICTURE = ("standing", "overdue")


class TrackerPage(ListingPage):
    """Every recommendation, who must do it, and where it stands today."""

    per_page = 20
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Return the recommendations that the filters leave, those owed soonest first."""
        return narrowed(RecommendationFilter.of(request, public_recommendations(viewer))).for_listing().with_reasons()

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the filters, the picture of where everything stands, and each row's status."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        chosen = RecommendationFilter.of(request, public_recommendations(viewer))
        rest = chosen.without(*OF_THE_PICTURE)
        return context | {
            "chosen": chosen,
            "query": chosen.address(),
            "standings": standing_picture(
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


def public_recommendations(viewer: Viewer) -> models.QuerySet:
    """Return the recommendations that a viewer may see."""
    return visible_to(viewer, Recommendation.objects.all())


def narrowed(chosen: RecommendationFilter) -> models.QuerySet:
    """Return what the filters leave, in the order of the tracker: the one list of the page and of its downloads."""
    return chosen.qs.soonest_due_first()


def tracker_url(viewer: Viewer) -> str:
    """Return where the tracker is; nothing if the site has none."""
    tracker = visible_to(viewer, TrackerPage.objects.all()).first()
    return tracker.url if tracker else ""


def tracker_picture(viewer: Viewer) -> Picture:
    """Return where every public recommendation stands today, each part with its way to the tracker."""
    counts = public_recommendations(viewer).standing_counts(viewer.today)
    return standing_picture(counts, tracker_url=tracker_url(viewer))
