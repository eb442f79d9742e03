"""Loads what dates are counted with: the landlord's nation, and the days on which panels meet."""

import datetime
from collections import defaultdict
from functools import cached_property

from django.utils import timezone

from cms.core.models import SiteSettings

from .meeting import Meeting


class SiteCalendar:
    """The calendar of the landlord's default site; each part is fetched once, when a date first needs it."""

    @cached_property
    def nation(self) -> str:
        """Return the nation whose bank holidays are no working days."""
        stored = SiteSettings.objects.filter(site__is_default_site=True).values_list("nation", flat=True).first()
        return stored or SiteSettings().nation

    @cached_property
    def meetings(self) -> dict[int, list[datetime.date]]:
        """Return the days on which each panel meets, by its id."""
        meetings = defaultdict(list)
        for panel_id, starts_at in (
            Meeting.objects.held_or_to_come().order_by("starts_at").values_list("panel_id", "starts_at")
        ):
            meetings[panel_id].append(timezone.localdate(starts_at))
        return dict(meetings)
