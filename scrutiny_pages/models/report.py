"""Reports: what residents found, with the recommendations that came of it."""

from django.db import models
from django.http import HttpRequest
from django.utils.text import slugify
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from cms.core.blocks import StoryBlocks
from cms.core.dates import say_month
from cms.core.models import BasePage, ListingPage
from cms.core.visibility import Viewer, visible_to

from ..enums import Delivery
from .review import ReviewPage


class ReportIndexPage(ListingPage):
    """Lists every published report, wherever its review is."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Give the reports, latest first."""
        return latest_reports(viewer)


class ReportPage(BasePage):
    """Published findings. Its table of recommendations comes from the records."""

    body = StreamField(StoryBlocks(), blank=True)
    agreed_on = models.DateField("agreed by the panel on", null=True, blank=True)
    response_summary = models.TextField(
        "the landlord's answer, in short",
        blank=True,
        help_text="One or two sentences. Each recommendation keeps its own answer.",
    )

    parent_page_types = ["scrutiny_pages.ReviewPage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("agreed_on"),
        FieldPanel("body"),
        FieldPanel("response_summary"),
    ]
    api_fields = [
        *BasePage.api_fields,
        APIField("agreed_on"),
        APIField("body"),
        APIField("response_summary"),
        APIField("recommendation_refs"),
    ]

    @property
    def result_words(self) -> str:
        """Say when it came out and what became of it. Needs the counts of ``latest_reports()``."""
        asked = f"{self.asked} recommendation" if self.asked == 1 else f"{self.asked} recommendations"
        return f"{say_month(self.first_published_at)}. {asked}, {self.confirmed} confirmed."

    @property
    def recommendation_refs(self) -> list[str]:
        """Give the references of this report's published recommendations, in order."""
        return [item.ref for item in self.recommendations.filter(live=True).order_by("number")]

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the review with its panel and stages, the recommendations as they stand today, and the contents."""
        context = super().get_context(request, *args, **kwargs)
        today = context["today"]
        reviews = ReviewPage.objects.select_related("panel").prefetch_related("stages", "stage_records")
        review = reviews.filter(path=self.path[: -self.steplen]).first()
        listed = self.recommendations.filter(live=True).for_listing().order_by("number")
        return context | {
            "review": review,
            "rows": [{"recommendation": item, "status": item.tracking.status(today)} for item in listed],
            "contents": [
                {"title": block.value, "anchor": slugify(block.value)}
                for block in self.body
                if block.block_type == "heading"
            ],
        }


def latest_reports(viewer: Viewer) -> models.QuerySet:
    """Give the reports that a viewer may see, latest first, each with ``asked`` and ``confirmed`` counted."""
    reports = visible_to(viewer, ReportPage.objects.all()).order_by("-first_published_at", "title")
    public = models.Q(recommendations__live=True)
    confirmed = public & models.Q(recommendations__tracking__delivery=Delivery.CONFIRMED)
    return reports.annotate(
        asked=models.Count("recommendations", filter=public),
        confirmed=models.Count("recommendations", filter=confirmed),
    )
