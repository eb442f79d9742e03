"""Reports: what residents found, with the recommendations that came of it."""

from collections.abc import Iterable
from functools import cached_property

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from cms.core.blocks import StoryBlocks, anchor, is_heading
from cms.core.dates import say_month
from cms.core.models import BasePage, ListingPage
from cms.core.publishing import GatedPageForm, PublishGate
from cms.core.visibility import Viewer, visible_to

from ..enums import Delivery
from ..querysets import published
from .review import ReviewPage


class ReportIndexPage(ListingPage):
    """Lists every published report, wherever its review is."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Give the reports, latest first."""
        return latest_reports(viewer)


class ReportPage(PublishGate, BasePage):
    """Published findings. Its table of recommendations comes from the records."""

    body = StreamField(StoryBlocks(), blank=True)
    agreed_on = models.DateField("agreed by the panel on", null=True, blank=True)
    response_summary = models.TextField(
        "the landlord's answer, in short",
        blank=True,
        help_text="One or two sentences. Each recommendation keeps its own answer.",
    )

    base_form_class = GatedPageForm
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

    @cached_property
    def review(self) -> ReviewPage:
        """Give the review that this report is of."""
        return ReviewPage.objects.select_related("panel", "process__checked_by").get(path=self.review_path)

    @property
    def review_path(self) -> str:
        """Give where in the page tree its review is: right above it."""
        return self.path[: -self.steplen]

    def publishing_problems(self, parent: models.Model | None = None) -> list[str]:
        """Name the stages of the review that have to be done before this is public (W9, H 7.2, K 11.4, G 7)."""
        review = parent.specific if parent else self.review
        if not (stages := review.open_before_public):
            return []
        return [f"This report cannot be published yet. Still to be done in the review: {'; '.join(stages)}."]

    @property
    def result_words(self) -> str:
        """Say when it came out and what became of it. Needs the counts of ``latest_reports()``."""
        asked = f"{self.asked} recommendation" if self.asked == 1 else f"{self.asked} recommendations"
        result = f"{asked}, {self.confirmed} confirmed."
        came_out = self.first_published_at and timezone.localdate(self.first_published_at)
        return f"{say_month(came_out)}. {result}" if came_out else result

    @property
    def recommendation_refs(self) -> list[str]:
        """Give the references of this report's published recommendations, in order."""
        return [item.ref for item in self.published_recommendations(Viewer.stranger())]

    def published_recommendations(self, viewer: Viewer) -> models.QuerySet:
        """Give this report's published recommendations, in order; a report not yet saved has none.

        Whether the report itself is public is not asked: a preview shows what the page will show.
        """
        records = self._meta.get_field("recommendations").related_model.objects
        return records.filter(published(viewer), report_id=self.pk).order_by("number") if self.pk else records.none()

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the review with its panel and stages, the recommendations as they stand today, and the contents."""
        context = super().get_context(request, *args, **kwargs)
        today = context["today"]
        reviews = ReviewPage.objects.for_listing().select_related("process")
        review = reviews.filter(path=self.review_path).first()
        listed = self.published_recommendations(context["viewer"]).for_listing()
        plan = []
        if review and review.process and review.process.publish_plan:
            listed = listed.prefetch_related("tracking__actions__owner")
            plan = [
                {"recommendation": item, "actions": item.tracking.actions.all()}
                for item in listed
                if item.tracking.actions.all()
            ]
        return context | {
            "review": review,
            "rows": [{"recommendation": item, "status": item.tracking.status(today)} for item in listed],
            "plan": plan,
            "contents": self.contents(has_recommendations=bool(listed), has_plan=bool(plan)),
        }

    def contents(self, *, has_recommendations: bool, has_plan: bool) -> list[dict]:
        """Give the parts of the page, as titles and addresses within it."""
        parts = [{"title": str(block.value), "url": f"#{anchor(block)}"} for block in self.body if is_heading(block)]
        if has_recommendations:
            parts.append({"title": "What we recommend", "url": "#what-we-recommend"})
        if has_plan:
            parts.append({"title": "The landlord's plan", "url": "#the-landlords-plan"})
        if self.response_summary:
            parts.append({"title": "The landlord's answer", "url": "#the-landlords-answer"})
        return parts


def fetch_reviews(reports: Iterable[ReportPage]) -> None:
    """Fetch the reviews of several reports at once, for lists that ask what process each follows."""
    reviews = ReviewPage.objects.select_related("panel", "process__checked_by")
    by_path = {review.path: review for review in reviews.filter(path__in=[report.review_path for report in reports])}
    for report in reports:
        report.review = by_path[report.review_path]


def latest_reports(viewer: Viewer) -> models.QuerySet:
    """Give the reports that a viewer may see, latest first, each with ``asked`` and ``confirmed`` counted."""
    reports = visible_to(viewer, ReportPage.objects.all()).order_by("-first_published_at", "title")
    public = published(viewer, "recommendations__")
    confirmed = public & models.Q(recommendations__tracking__delivery=Delivery.CONFIRMED)
    return reports.annotate(
        asked=models.Count("recommendations", filter=public),
        confirmed=models.Count("recommendations", filter=confirmed),
    )
