"""The inputs of date calculations from the database: the landlord's nation, and the panels' meeting days."""

import datetime
from collections import defaultdict
from functools import cached_property

from django.utils import timezone

from cms.core.models import SiteSettings

from .meeting import Meeting


class SiteCalendar:
    """The calendar of the landlord's default site; each part is loaded on first use."""

    @cached_property
    def nation(self) -> str:
        """Return the nation whose bank holidays are not working days."""
        stored = SiteSettings.objects.filter(site__is_default_site=True).values_list("nation", flat=True).first()
        return stored or SiteSettings().nation

    @cached_property
    def meetings(self) -> dict[int, list[datetime.date]]:
        """Return the meeting days of each panel, by panel id."""
        meetings = defaultdict(list)
        for panel_id, starts_at in (
            Meeting.objects.not_cancelled().order_by("starts_at").values_list("panel_id", "starts_at")
        ):
            meetings[panel_id].append(timezone.localdate(starts_at))
        return dict(meetings)
