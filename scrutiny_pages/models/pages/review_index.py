"""The index page of reviews."""

from typing import Any

from django.db import models
from django.http import HttpRequest

from cms.core.models import ListingPage
from cms.core.visibility import Viewer, visible_to

from ...enums import REVIEW_GROUPS
from ..programme import WorkProgramme
from .filters import ReviewFilter
from .review import ReviewPage, with_one_calendar

YEARS_LISTED = 6


class ReviewIndexPage(ListingPage):
    """Index page of reviews: in progress, upcoming and past."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["scrutiny_pages.ReviewPage"]

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Return the filtered reviews with their stages, those in progress first."""
        public = visible_to(viewer, ReviewPage.objects.for_listing())
        return ReviewFilter.of(request, public).qs.in_groups()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the groups on the current page, the filter, and the agreed work programmes."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        reviews = with_one_calendar(context["page_obj"])
        rows: list[dict[str, Any]] = [
            {"review": review, "is": review.review_status(viewer.today)} for review in reviews
        ]
        groups = [(title, [row for row in rows if row["is"].group == title]) for title in REVIEW_GROUPS]
        chosen = ReviewFilter.of(request, visible_to(viewer, ReviewPage.objects.all()))
        years = visible_to(viewer, WorkProgramme.objects.all()).select_related("panel")
        return context | {
            "groups": [(title, listed) for title, listed in groups if listed],
            "programmes": years[:YEARS_LISTED],
            "chosen": chosen,
            "query": chosen.address(),
        }
