"""Outcomes: you said, we did, and the difference it made."""

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.search import index

from cms.core.dates import say_date
from cms.core.models import BasePage, ListingPage
from cms.core.visibility import Viewer, visible_to

from ..enums import Standing, StatedState
from ..standing import Status
from ..stories import combined_status
from .recommendation import Recommendation


class OutcomeIndexPage(ListingPage):
    """Lists the outcomes, latest first."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["scrutiny_pages.OutcomePage"]

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Give the outcomes with what their state is derived from."""
        return latest_outcomes(viewer)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the state that each outcome is really in."""
        context = super().get_context(request, *args, **kwargs)
        return context | {"rows": with_statuses(context["page_obj"], context["viewer"])}


class OutcomePage(BasePage):
    """What residents said, what was done, and what difference it made. Its state comes from its recommendations."""

    you_said = models.TextField(max_length=400)
    we_did = models.TextField(max_length=400)
    difference = models.TextField("the difference it made", max_length=400, blank=True)
    recommendations = ParentalManyToManyField(Recommendation, blank=True, related_name="outcomes")
    service_areas = ParentalManyToManyField("scrutiny_pages.ServiceArea", blank=True, related_name="outcomes")
    stated_state = models.CharField("state", max_length=12, choices=StatedState, blank=True)
    checked_on = models.DateField(null=True, blank=True)

    parent_page_types = ["scrutiny_pages.OutcomeIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("you_said"),
        index.SearchField("we_did"),
        index.SearchField("difference"),
    ]
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("you_said"), FieldPanel("we_did"), FieldPanel("difference")],
            heading="You said, we did, the difference",
        ),
        FieldPanel("recommendations"),
        FieldPanel("service_areas"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("stated_state"), FieldPanel("checked_on")])],
            heading="Only for an outcome with no recommendation: say where it is and when that was checked",
        ),
    ]
    api_fields = [
        *BasePage.api_fields,
        APIField("you_said"),
        APIField("we_did"),
        APIField("difference"),
        APIField("stated_state"),
        APIField("checked_on"),
    ]

    def clean(self) -> None:
        """Refuse a stated state that nobody has checked."""
        super().clean()
        if self.stated_state and not self.checked_on:
            raise ValidationError({"checked_on": "Say when somebody last checked this."})

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the state, and the recommendations behind it."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        listed = visible_to(viewer, self.recommendations.get_queryset()).for_listing()
        rows = [{"recommendation": item, "status": item.tracking.status(viewer.today)} for item in listed]
        return context | {"rows": rows, "status": self.status([row["status"] for row in rows])}

    def status(self, statuses: list[Status]) -> Status | None:
        """Give the state this outcome is really in, from its recommendations' statuses or else as stated."""
        if statuses:
            return combined_status(statuses)
        if not self.stated_state:
            return None
        done = self.stated_state == StatedState.DONE
        return Status(
            key=Standing.CONFIRMED if done else Standing.PROGRESS,
            words=self.get_stated_state_display(),
            explanation="This did not come from a recommendation.",
            note=f"Checked {say_date(self.checked_on)}",
        )


def latest_outcomes(viewer: Viewer) -> models.QuerySet:
    """Give the outcomes that a viewer may see, latest first, with what their state is derived from."""
    outcomes = OutcomePage.objects.prefetch_related("recommendations__tracking")
    return visible_to(viewer, outcomes).order_by("-first_published_at", "title")


def with_statuses(outcomes, viewer: Viewer) -> list[dict]:
    """Give outcomes, fetched as ``latest_outcomes`` does, with the state each is really in."""
    outcomes = list(outcomes)
    shown = Recommendation.objects.filter(outcomes__in=[outcome.pk for outcome in outcomes])
    public = set(visible_to(viewer, shown).values_list("pk", flat=True))
    rows = []
    for outcome in outcomes:
        behind = [item for item in outcome.recommendations.all() if item.pk in public]
        rows.append(
            {"outcome": outcome, "status": outcome.status([item.tracking.status(viewer.today) for item in behind])}
        )
    return rows
