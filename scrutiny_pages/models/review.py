"""Reviews: one piece of scrutiny each, with its stages, planned and done."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from rest_framework.serializers import SlugRelatedField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

from cms.core.blocks import RICH_TEXT_FEATURES
from cms.core.models import BasePage, ListingPage
from cms.core.visibility import Viewer, visible_to

from ..enums import ReviewState
from ..stories import Progress, facts_of_review, progress_of
from .panel import Panel


class ReviewIndexPage(ListingPage):
    """Lists the reviews: under way, to come and past."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["scrutiny_pages.ReviewPage"]

    ORDER = [
        ReviewState.UNDER_WAY,
        ReviewState.CHOSEN,
        ReviewState.PROPOSED,
        ReviewState.FINISHED,
        ReviewState.NOT_CHOSEN,
    ]

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Give the reviews with their stages: those under way first."""
        place = models.Case(*(models.When(state=state, then=models.Value(n)) for n, state in enumerate(self.ORDER)))
        reviews = ReviewPage.objects.select_related("panel")
        reviews = reviews.prefetch_related("stages", "stage_records", "service_areas")
        return visible_to(viewer, reviews).order_by(place, "-first_published_at", "title")


class ReviewPage(BasePage):
    """One piece of scrutiny: why, what, who, and how far it has got. Its reports are under it."""

    panel = models.ForeignKey(Panel, null=True, on_delete=models.PROTECT, related_name="reviews")
    commissioned_by = models.CharField(
        max_length=160, blank=True, help_text="Who asked for it, if not the panel itself."
    )
    state = models.CharField(max_length=12, choices=ReviewState, default=ReviewState.CHOSEN)
    light_touch = models.BooleanField("light-touch review", default=False)
    service_areas = ParentalManyToManyField("scrutiny_pages.ServiceArea", blank=True, related_name="reviews")
    why = RichTextField("why this review", blank=True, features=RICH_TEXT_FEATURES)
    questions = RichTextField("what we want to find out", blank=True, features=RICH_TEXT_FEATURES)
    left_out = RichTextField("what is left out, and why", blank=True, features=RICH_TEXT_FEATURES)

    parent_page_types = ["scrutiny_pages.ReviewIndexPage"]
    subpage_types = ["scrutiny_pages.ReportPage"]
    # A copied review keeps no stages: their keys tie them to what happened in this one.
    exclude_fields_in_copy = ["stages"]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("why"),
        index.SearchField("questions"),
        index.FilterField("state"),
    ]
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("panel"), FieldPanel("state")]),
                FieldRowPanel([FieldPanel("commissioned_by"), FieldPanel("light_touch")]),
                FieldPanel("service_areas"),
            ],
            heading="About this review",
        ),
        MultiFieldPanel([FieldPanel("why"), FieldPanel("questions"), FieldPanel("left_out")], heading="Scope"),
        InlinePanel("stages", heading="Stages", label="Stage", help_text="The plan, in order."),
    ]
    api_select_related = ("panel",)
    api_fields = [
        *BasePage.api_fields,
        APIField("panel", serializer=SlugRelatedField(slug_field="slug", read_only=True)),
        APIField("commissioned_by"),
        APIField("state"),
        APIField("light_touch"),
        APIField("why"),
        APIField("questions"),
        APIField("left_out"),
        APIField("stages"),
    ]

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add how far the review has got, and its reports."""
        context = super().get_context(request, *args, **kwargs)
        children = self.get_children() if self.pk else Page.objects.none()
        reports = visible_to(context["viewer"], children).order_by("-first_published_at").specific()
        return context | {"progress": self.progress, "reports": reports, "facts": facts_of_review(self)}

    @property
    def progress(self) -> Progress:
        """Tell this review's stages in order, with what is done."""
        # A review being made has a plan but, before it is saved, nothing that could have happened.
        records = self.stage_records.all() if self.pk else []
        return progress_of(list(self.stages.all()), {record.stage_key: record for record in records})


class ReviewStage(Orderable):
    """One step of a review's plan. The editor's: what really happened is in ``StageRecord``, under the same key."""

    review = ParentalKey(ReviewPage, on_delete=models.CASCADE, related_name="stages")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(
        max_length=100, help_text="What happens, in words a neighbour would use: Testing what we read."
    )
    description = models.CharField(max_length=250, blank=True)
    planned_on = models.DateField("planned for", null=True, blank=True)

    panels = [FieldPanel("name"), FieldPanel("description"), FieldPanel("planned_on")]
    api_fields = [APIField("name"), APIField("description"), APIField("planned_on"), APIField("done_on")]

    def __str__(self) -> str:
        return self.name

    @property
    def done_on(self) -> datetime.date | None:
        """Give the day on which this stage was done, if it is."""
        return next((row.done_on for row in self.review.stage_records.all() if row.stage_key == self.key), None)


class StageRecord(models.Model):
    """What happened at one stage. Kept apart from the plan, so that publishing an older draft cannot undo it."""

    review = models.ForeignKey(ReviewPage, on_delete=models.CASCADE, related_name="stage_records")
    stage_key = models.UUIDField()
    done_on = models.DateField()
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "stage_key"], name="stage_record_once_a_stage")]

    def __str__(self) -> str:
        return f"Stage done on {self.done_on}"

    def clean(self) -> None:
        """Refuse a record of a stage that this review does not have."""
        super().clean()
        if self.review_id and not self.review.stages.filter(key=self.stage_key).exists():
            raise ValidationError("This review has no such stage.")
