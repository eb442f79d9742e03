"""Outcomes: you said, we did, and the difference it made."""

import datetime
from itertools import groupby
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, MultipleChooserPanel
from wagtail.api import APIField
from wagtail.search import index

from cms.core.dates.formatting import format_date
from cms.core.models import BasePage, ListingPage
from cms.core.models.ordered import Ordered
from cms.core.visibility import Viewer, visible_to

from ...enums import Standing, StatedState
from ...presenters.recommendations import combined_status
from ...rules.recommendation_status import Status
from ..panel import Panel
from ..recommendation import Recommendation
from .filters import OutcomeFilter
from .panel import PanelPage
from .review import fetch_reviews


class OutcomeIndexPage(ListingPage):
    """Index page of outcomes by year, latest first, with filters for service and year."""

    feed_name = "outcome_feed"
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["scrutiny_pages.OutcomePage"]

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Return the filtered outcomes, with the relations that their status is derived from."""
        return OutcomeFilter.of(request, latest_outcomes(viewer)).qs

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the filters, and the outcomes by year with their derived statuses."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        chosen = OutcomeFilter.of(request, latest_outcomes(viewer))
        rows = with_statuses(context["page_obj"], viewer)
        years = groupby(rows, key=lambda row: row["outcome"].published_year)
        return context | {
            "chosen": chosen,
            "query": chosen.address(),
            "years": [{"year": year, "rows": list(of_year)} for year, of_year in years],
        }


class OutcomePage(BasePage):  # type: ignore[django-manager-missing]  # the stubs know no managers of querysets with a base
    """The residents' request, the action taken and its effect. Its status is derived from its recommendations."""

    you_said = models.TextField(max_length=400)
    we_did = models.TextField(max_length=400)
    difference = models.TextField("the difference it made", max_length=400, blank=True)
    recommendations = models.ManyToManyField(
        Recommendation, through="scrutiny_pages.OutcomeRecommendation", related_name="outcomes"
    )
    service_areas = ParentalManyToManyField("scrutiny_pages.ServiceArea", blank=True, related_name="outcomes")
    came_from = models.CharField(
        "where it came from", max_length=160, blank=True, help_text="Such as: our walk round Bramble Court in June."
    )
    stated_state = models.CharField("state", max_length=12, choices=StatedState, blank=True)
    checked_on = models.DateField(null=True, blank=True)

    schema_type = "Article"
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
        MultipleChooserPanel(
            "promises",
            chooser_field_name="recommendation",
            heading="The promises behind it",
            label="Recommendation",
            help_text="Its state comes from these. Choose one or more, in the order to show them.",
        ),
        FieldPanel("service_areas"),
        MultiFieldPanel(
            [FieldPanel("came_from"), FieldRowPanel([FieldPanel("stated_state"), FieldPanel("checked_on")])],
            heading="Only for an outcome with no recommendation: from a survey, complaints or a walkabout",
        ),
    ]
    api_fields = [
        *BasePage.api_fields,
        APIField("you_said"),
        APIField("we_did"),
        APIField("difference"),
        APIField("recommendation_refs"),
        APIField("came_from"),
        APIField("stated_state"),
        APIField("checked_on"),
    ]

    def clean(self) -> None:
        """Raise ValidationError for a stated state without evidence of a check."""
        super().clean()
        if self.stated_state and not self.checked_on:
            raise ValidationError({"checked_on": "Say when somebody last checked this."})

    @property
    def published_year(self) -> int | None:
        """Return the year of first publication, or None."""
        return timezone.localdate(self.first_published_at).year if self.first_published_at else None

    @property
    def recommendation_refs(self) -> list[str]:
        """Return the references of its published recommendations, in order."""
        return [item.ref for item in self.visible_recommendations(Viewer.anonymous())]

    def visible_recommendations(self, viewer: Viewer) -> list[Recommendation]:
        """Return its recommendations that the viewer may see, in order; for a draft, those of the draft."""
        keys = [promise.recommendation_id for promise in self.promises.all()]
        seen = visible_to(viewer, Recommendation.objects.filter(pk__in=keys)).for_listing()
        return sorted(seen, key=lambda item: keys.index(item.pk))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the status, the recommendations and their sources."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        rows: list[dict[str, Any]] = [
            {"recommendation": item, "status": item.tracking.status(viewer.today)}
            for item in self.visible_recommendations(viewer)
        ]
        return context | {
            "rows": rows,
            "status": self.status([row["status"] for row in rows]),
            "areas": self.service_areas.all(),
            "listing_url": context["crumbs"][-1]["url"] if context["crumbs"] else "",
            **sources([row["recommendation"] for row in rows], viewer),
        }

    def status(self, statuses: list[Status]) -> Status | None:
        """Return the status derived from its recommendations' statuses, else the stated one."""
        if statuses:
            return combined_status(statuses)
        if not self.stated_state:
            return None
        done = self.stated_state == StatedState.DONE
        return Status(
            key=Standing.CONFIRMED if done else Standing.PROGRESS,
            words=self.get_stated_state_display(),
            explanation="This did not come from a recommendation.",
            note=f"Checked {format_date(cast('datetime.date', self.checked_on))}",
        )


class OutcomeRecommendation(Ordered):
    """A recommendation of an outcome page, in order. It is part of the page's draft."""

    outcome = ParentalKey(OutcomePage, on_delete=models.CASCADE, related_name="promises")
    # Plain, and without a way back: the page's own field gives that.
    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("recommendation")]

    class Meta(Ordered.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "recommendation"],
                name="outcome_tells_of_each_once",
                violation_error_message="This recommendation is here already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome_id} tells of {self.recommendation_id}"


def sources(items: list[Recommendation], viewer: Viewer) -> dict:
    """Return the reports, reviews and panels of recommendations, without duplicates."""
    reports = {item.report.pk: item.report for item in items if item.report}
    fetch_reviews([item.report for item in items if item.report])
    reviews = {report.review.pk: report.review for report in reports.values()}
    panels: dict[int, Panel] = {item.panel.pk: item.panel for item in items}
    panel_pages = visible_to(viewer, PanelPage.objects.filter(panel__in=panels)).order_by("title")
    return {"reports": list(reports.values()), "reviews": list(reviews.values()), "panel_pages": panel_pages}


def latest_outcomes(viewer: Viewer) -> models.QuerySet:
    """Return the outcomes that a viewer may see, latest first, with the relations that their status is derived from."""
    outcomes = OutcomePage.objects.prefetch_related("recommendations__tracking")
    return visible_to(viewer, outcomes).order_by("-first_published_at", "title")


def with_statuses(outcomes: Any, viewer: Viewer) -> list[dict]:
    """Return outcomes from ``latest_outcomes``, each with its derived status and its recommendations."""
    outcomes = list(outcomes)
    shown = Recommendation.objects.filter(outcomes__in=[outcome.pk for outcome in outcomes])
    public = set(visible_to(viewer, shown).values_list("pk", flat=True))
    rows = []
    for outcome in outcomes:
        behind = [item for item in outcome.recommendations.all() if item.pk in public]
        status = outcome.status([item.tracking.status(viewer.today) for item in behind])
        rows.append({"outcome": outcome, "status": status, "behind": behind})
    return rows
