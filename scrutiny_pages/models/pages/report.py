"""Reports of residents' findings, with their recommendations."""

from functools import cached_property
from typing import Any, cast

from django.db import models
from django.db.models.functions import Length, Substr
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index

from cms.core.blocks import StoryBlocks, contents_of
from cms.core.dates.formatting import format_month
from cms.core.editing.publish_gate import GatedPageForm, PublishGate
from cms.core.models import BasePage, ListingPage
from cms.core.pdf.pages import PdfMixin
from cms.core.visibility import Viewer, visible_to

from ...enums import Delivery
from ...rules.publication import published
from ..querysets import RecommendationQuerySet
from ..recommendation import Recommendation
from .easy_read import easy_read_formats
from .outcome import OutcomePage
from .review import ReviewPage


class ReportIndexPage(ListingPage):
    """Index page of every published report, anywhere in the page tree."""

    feed_name = "report_feed"
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Return the reports, latest first."""
        return latest_reports(viewer)


class ReportPageQuerySet(PageQuerySet):
    """Reports."""

    def with_results(self, viewer: Viewer) -> "ReportPageQuerySet":
        """Annotate ``asked`` and ``confirmed``: the numbers of public recommendations made and confirmed as done."""
        public = published(viewer, "recommendations__")
        confirmed = public & models.Q(recommendations__tracking__delivery=Delivery.CONFIRMED)
        return self.annotate(
            asked=models.Count("recommendations", filter=public),
            confirmed=models.Count("recommendations", filter=confirmed),
        )

    def of_panel(self, panel: Any) -> "ReportPageQuerySet":
        """Filter to reports of a panel's reviews: a report is a child page of its review."""
        reviews = ReviewPage.objects.filter(panel=panel)
        parent = Substr("path", 1, Length("path") - ReportPage.steplen)
        return self.annotate(review_at=parent).filter(review_at__in=reviews.values("path"))


class ReportPage(PublishGate, PdfMixin, BasePage):
    """A report of findings. Its table of recommendations comes from their records."""

    body = StreamField(
        StoryBlocks(),
        blank=True,
        help_text="Tell it in parts. Headings and findings make the list “On this page”; findings number themselves.",
    )
    agreed_on = models.DateField(
        "agreed by the panel on", null=True, blank=True, help_text="The day on which the panel agreed these words."
    )
    response_summary = models.TextField(
        "the landlord's answer, in short",
        blank=True,
        help_text="One or two sentences. Each recommendation keeps its own answer.",
    )

    objects: Any = PageManager.from_queryset(ReportPageQuerySet)()  # type: ignore[misc]  # Wagtail has no types

    schema_type = "Report"
    base_form_class = GatedPageForm
    parent_page_types = ["scrutiny_pages.ReviewPage"]
    subpage_types = ["scrutiny_pages.EasyReadPage"]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("agreed_on"), FieldPanel("response_summary")], heading="What was agreed, and what was answered"
        ),
        FieldPanel("body"),
        *PdfMixin.pdf_panels,
    ]
    api_fields = [
        *BasePage.api_fields,
        *PdfMixin.paper_api_fields,
        APIField("agreed_on"),
        APIField("body"),
        APIField("response_summary"),
        APIField("recommendation_refs"),
    ]

    @cached_property
    def review(self) -> ReviewPage:
        """Return the review of this report."""
        return ReviewPage.objects.select_related("panel", "process__checked_by").get(path=self.review_path)

    @property
    def review_path(self) -> str:
        """Return the tree path of the review, which is the parent page."""
        return self.path[: -self.steplen]

    def publishing_problems(self, parent: Any = None) -> list[str]:
        """Return the stages of the review that have to be done before publication (W9, H 7.2, K 11.4, G 7)."""
        review = parent.specific if parent else self.review
        if not (stages := review.open_before_public):
            return []
        return [f"This report cannot be published yet. Still to be done in the review: {'; '.join(stages)}."]

    @property
    def result_words(self) -> str:
        """Return the publication date and results as text. Needs the counts of ``latest_reports()``."""
        asked = f"{self.asked} recommendation" if self.asked == 1 else f"{self.asked} recommendations"
        result = f"{asked}, {self.confirmed} confirmed."
        came_out = self.first_published_at and timezone.localdate(self.first_published_at)
        return f"{format_month(came_out)}. {result}" if came_out else result

    @property
    def recommendation_refs(self) -> list[str]:
        """Return the references of its published recommendations, in order."""
        return [item.ref for item in self.published_recommendations(Viewer.anonymous())]

    def published_recommendations(self, viewer: Viewer) -> RecommendationQuerySet:
        """Return its published recommendations, in order; an unsaved report has none.

        The report itself need not be public, so that a preview shows what the page will show.
        """
        if not self.pk:
            return Recommendation.objects.none()
        return Recommendation.objects.filter(published(viewer), report_id=self.pk).order_by("number")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the review and panel, the recommendations with their status, the outcomes and the table of contents."""
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
            "panel_page": self.panel_page(review, context["viewer"]),
            "outcomes": (outcomes := self.outcomes(context["viewer"])),
            "contents": self.contents(recommends=bool(listed), plan=bool(plan), outcomes=bool(outcomes)),
        }

    def panel_page(self, review: ReviewPage | None, viewer: Viewer) -> Page | None:
        """Return the page of the panel that wrote this report, if the viewer may see it."""
        if review is None or review.panel_id is None:
            return None
        return visible_to(viewer, cast("Any", review.panel).pages.all()).first()

    def outcomes(self, viewer: Viewer) -> list[Page]:
        """Return the outcomes of this report's recommendations that the viewer may see."""
        if not self.pk:
            return []
        public = self.published_recommendations(viewer).order_by().values("pk")
        came = OutcomePage.objects.filter(recommendations__in=public).distinct()
        return list(visible_to(viewer, came).order_by("-first_published_at", "title"))

    def alternative_formats(self, viewer: Viewer, request: HttpRequest | None = None) -> list[dict]:
        """Return the alternative formats of this page, Easy Read first."""
        return easy_read_formats(self, viewer, request) + super().alternative_formats(viewer, request)

    def contents(self, *, recommends: bool, plan: bool, outcomes: bool) -> list[dict]:
        """Return the table of contents as titles and anchors, with the headings of the findings."""
        after = [
            (recommends, "What we recommend", "#what-we-recommend"),
            (plan, "The landlord’s plan", "#the-landlords-plan"),
            (self.response_summary, "The landlord’s answer", "#the-landlords-answer"),
            (outcomes, "What came of it", "#what-came-of-it"),
        ]
        return contents_of(self.body) + [{"title": title, "url": url} for there, title, url in after if there]


def latest_reports(viewer: Viewer) -> models.QuerySet:
    """Return the reports that a viewer may see, latest first, annotated with ``asked`` and ``confirmed``."""
    return visible_to(viewer, ReportPage.objects.all()).with_results(viewer).order_by("-first_published_at", "title")
