"""The index page of meetings and events."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from cms.core.models import ListingPage
from cms.core.visibility import Viewer, visible_to

from ..meeting import Meeting
from .filters import MeetingFilter


class MeetingIndexPage(ListingPage):
    """Index page of meetings and events: upcoming ones, then past ones."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Return the filtered past meetings, latest first."""
        return self.chosen(viewer, request).qs.past(viewer.at).select_related("panel")

    def chosen(self, viewer: Viewer, request: HttpRequest) -> MeetingFilter:
        """Return the filter set of the request; raise a 400 error for an invalid value."""
        return MeetingFilter.of(request, visible_to(viewer, Meeting.objects.all()))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the upcoming meetings, the filters and the calendar subscription."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        chosen = self.chosen(viewer, request)
        panel = chosen.form.cleaned_data["panel"]
        feed = reverse("calendar_feed") + (f"?panel={panel.slug}" if panel else "")
        return context | {
            "coming": chosen.qs.coming(viewer.at).select_related("panel"),
            "chosen": chosen,
            "query": chosen.address(),
            "calendar_url": request.build_absolute_uri(feed),
        }
