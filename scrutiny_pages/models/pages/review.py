"""Reviews: pieces of scrutiny, with their stages as planned and as recorded."""

import datetime
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from rest_framework.serializers import SlugRelatedField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index

from cms.core.blocks import RICH_TEXT_FEATURES
from cms.core.models import BasePage
from cms.core.models.fetching import has_prefetched
from cms.core.visibility import visible_to

from ...enums import COUNTED_REVIEWS, DECIDING_MEETINGS, REVIEW_GROUPS, Product, ReviewState
from ...presenters.landlord_response import response_of
from ...presenters.recommendations import facts_of_review
from ...presenters.review_progress import Progress, progress_of
from ...presenters.review_status import ReviewStatus, review_status
from ...rules.deadlines import Deadline
from ...rules.review_limits import LimitViolation, meetings_violation, refusals, review_violations
from ...rules.stage_dates import StageProgress, due_dates, open_before_public
from ..calendar import SiteCalendar
from ..panel import Panel
from ..process import ReviewProcess
from ..programme import WorkProgramme
from ..stage import ReviewStage

# What telling where a review is reads of each stage.
STAGE_READS = ("role", "signed_off_by", "deadline_panel")


class ReviewPageQuerySet(PageQuerySet):
    """Reviews."""

    def for_listing(self) -> "ReviewPageQuerySet":
        """Prefetch the relations that the status of a review needs, in a fixed number of queries."""
        stages = models.Prefetch("stages", ReviewStage.objects.select_related(*STAGE_READS))
        return self.select_related("panel").prefetch_related(stages, "stage_records")

    def in_groups(self) -> "ReviewPageQuerySet":
        """Order by group: those in progress first."""
        order = [state for states in REVIEW_GROUPS.values() for state in states]
        place = models.Case(*(models.When(state=state, then=models.Value(n)) for n, state in enumerate(order)))
        return self.order_by(place, "-first_published_at", "title", "pk")


class ReviewPage(BasePage):  # type: ignore[django-manager-missing]  # the stubs know no managers of querysets with a base
    """One review: its reason, subject, members and progress. Its reports are child pages."""

    panel = models.ForeignKey(Panel, null=True, on_delete=models.PROTECT, related_name="reviews")
    commissioned_by = models.CharField(
        max_length=160, blank=True, help_text="Who asked for it, if not the panel itself."
    )
    state = models.CharField(max_length=12, choices=ReviewState, default=ReviewState.CHOSEN)
    not_chosen_because = models.CharField(
        "if not chosen, why", max_length=250, blank=True, help_text="The public reads this."
    )
    kind = models.ForeignKey(
        "scrutiny_pages.ReviewKind", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts", help_text="A larger review."
    )
    trigger = models.ForeignKey(
        "scrutiny_pages.Trigger",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviews",
        verbose_name="what set it off",
    )
    programme = models.ForeignKey(
        WorkProgramme, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews", verbose_name="year"
    )
    process = models.ForeignKey(ReviewProcess, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews")
    started_on = models.DateField(null=True, blank=True)
    light_touch = models.BooleanField("light-touch review", default=False)
    service_areas = ParentalManyToManyField("scrutiny_pages.ServiceArea", blank=True, related_name="reviews")
    why = RichTextField("why this review", blank=True, features=RICH_TEXT_FEATURES)
    questions = RichTextField("what we want to find out", blank=True, features=RICH_TEXT_FEATURES)
    left_out = RichTextField("what is left out, and why", blank=True, features=RICH_TEXT_FEATURES)
    methods = ParentalManyToManyField("scrutiny_pages.ResearchMethod", blank=True, related_name="+")
    good_practice = RichTextField(
        "what works well",
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="Good practice counts too, even where nothing has to change.",
    )

    objects: Any = PageManager.from_queryset(ReviewPageQuerySet)()  # type: ignore[misc]  # Wagtail has no types

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
                FieldPanel("not_chosen_because"),
                FieldRowPanel([FieldPanel("kind"), FieldPanel("part_of")]),
                FieldPanel("service_areas"),
            ],
            heading="About this review",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("trigger"), FieldPanel("commissioned_by")]),
                FieldPanel("programme"),
                FieldRowPanel([FieldPanel("process", read_only=True), FieldPanel("started_on", read_only=True)]),
                FieldPanel("light_touch", read_only=True),
            ],
            heading="Where it comes from",
            help_text="A review takes its stages from a process when you press “Start this review”.",
        ),
        MultiFieldPanel(
            [
                FieldPanel("why"),
                FieldPanel("questions"),
                FieldPanel("left_out"),
                FieldPanel("methods", widget=CheckboxSelectMultiple),
                FieldPanel("good_practice"),
            ],
            heading="Scope",
        ),
        InlinePanel("stages", heading="Stages", label="Stage", help_text="The plan, in order."),
    ]
    api_select_related = ("panel", "kind", "trigger", "process")
    api_fields = [
        *BasePage.api_fields,
        APIField("panel", serializer=SlugRelatedField(slug_field="slug", read_only=True)),
        APIField("commissioned_by"),
        APIField("state"),
        APIField("kind", serializer=SlugRelatedField(slug_field="name", read_only=True)),
        APIField("trigger", serializer=SlugRelatedField(slug_field="name", read_only=True)),
        APIField("process", serializer=SlugRelatedField(slug_field="name", read_only=True)),
        APIField("started_on"),
        APIField("light_touch"),
        APIField("why"),
        APIField("questions"),
        APIField("left_out"),
        APIField("good_practice"),
        APIField("stages"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the progress. The template loads related content with a tag (``templatetags/related_content.py``)."""
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        larger = self.part_of if self.part_of and viewer.sees_page(self.part_of) else None
        year = visible_to(viewer, WorkProgramme.objects.filter(pk=self.programme_id)).first()
        panel_url = self.panel.address(viewer, request) if self.panel else ""
        return context | {
            "review_status": self.review_status(viewer.today),
            "progress": self.progress_on(viewer.today, with_changes=True),
            "response": response_of(self.stages_in_order, self.records, self.due_dates, self.changes),
            "part_of": larger,
            "parts": visible_to(viewer, self.parts.all()).order_by("title") if self.pk else [],
            "facts": facts_of_review(self, year, panel_url, viewer.today),
        }

    def review_status(self, on: datetime.date) -> ReviewStatus:
        """Return the status of this review on a day."""
        return review_status(
            state=self.state,
            not_chosen_because=self.not_chosen_because,
            started_on=self.started_on,
            is_to_come=self.is_to_come(on),
            progress=self.progress_on(on),
            on=on,
        )

    def clean(self) -> None:
        """Raise ValidationError if a limit of the year, the process or the trigger is exceeded."""
        super().clean()
        if refused := refusals(self.limit_problems()):
            raise ValidationError({problem.field: problem.words for problem in refused})

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save with the programme's row locked, so that concurrent saves cannot exceed its limits."""
        with transaction.atomic():
            self.lock_programme()
            return super().save(*args, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]  # Django reads it off the function

    def lock_programme(self) -> None:
        """Lock the programme of this review, if there is one, until the transaction ends."""
        if self.programme_id:
            list(WorkProgramme.objects.select_for_update(no_key=True).filter(pk=self.programme_id))

    def is_to_come(self, on: datetime.date) -> bool:
        """Return whether this review has not started by a day, so that no stage is current."""
        has_begun = bool(self.records) or bool(self.started_on and self.started_on <= on)
        return self.state in (ReviewState.PROPOSED, ReviewState.CHOSEN) and not has_begun

    def limit_problems(self) -> list[LimitViolation]:
        """Return the limits that this review violates: errors, and warnings to the editor."""
        counted = ReviewPage.objects.filter(state__in=COUNTED_REVIEWS).exclude(pk=self.pk)
        year = counted.filter(programme=self.programme) if self.programme_id else counted.none()
        return review_violations(
            state=self.state,
            not_chosen_because=self.not_chosen_because,
            process=self.process or (self.programme.process if self.programme else None),
            reviews_in_year=year.count() + 1,
            trigger=self.trigger,
            trigger_used_in_year=year.filter(trigger=self.trigger).count() + 1 if self.programme_id else None,
        )

    @cached_property
    def calendar(self) -> Any:
        """Return the calendar for due dates; the reviews of one list share one."""
        return SiteCalendar()

    @cached_property
    def stages_in_order(self) -> list:
        """Return the stages of the plan with their relations, fetched once."""
        rows = self.stages.all()
        # A list has fetched them already; a draft has them in memory, where nothing can be joined.
        if isinstance(rows, models.QuerySet) and not has_prefetched(self, "stages"):
            return list(rows.select_related(*STAGE_READS))
        stages = list(rows)
        models.prefetch_related_objects(stages, *STAGE_READS)
        return stages

    @cached_property
    def records(self) -> dict:
        """Return the stage records, by the key of their stage; an unsaved review has none."""
        return {record.stage_key: record for record in self.stage_records.all()} if self.pk else {}

    @cached_property
    def changes(self) -> list:
        """Return every changed date and returned piece of work, oldest first."""
        return list(self.stage_changes.all()) if self.pk else []

    @property
    def happened(self) -> dict[object, StageProgress]:
        """Return the progress of the stages for date calculations, by the key of their stage."""
        return {key: record.happened for key, record in self.records.items()}

    @cached_property
    def due_dates(self) -> dict[object, Deadline]:
        """Return the deadline of each stage, by its key."""
        return due_dates(self.stages_in_order, self.happened, started_on=self.started_on, calendar=self.calendar)

    @property
    def progress(self) -> Progress:
        """Return the progress, with the stages in order."""
        return progress_of(self.stages_in_order, self.records, self.due_dates)

    @property
    def progress_with_changes(self) -> Progress:
        """Return the progress with every changed date and returned piece of work, and the reasons."""
        return progress_of(self.stages_in_order, self.records, self.due_dates, self.changes)

    def progress_on(self, on: datetime.date, *, with_changes: bool = False) -> Progress:
        """Return the progress as of a day, from which delays are judged."""
        changes = self.changes if with_changes else ()
        return progress_of(self.stages_in_order, self.records, self.due_dates, changes, on, self.is_to_come(on))

    @property
    def open_before_public(self) -> list[str]:
        """Return the names of the stages that have to be done before a report can be published."""
        return open_before_public(self.stages_in_order, self.happened)

    @property
    def meetings_problem(self) -> LimitViolation | None:
        """Return a warning if fewer meetings were held than the process requires, else None (H 10)."""
        wanted = self.process.meetings_wanted(light_touch=self.light_touch) if self.process else 0
        meetings: Any = self.meetings
        held = meetings.not_cancelled().filter(kind__in=DECIDING_MEETINGS, starts_at__lte=timezone.now())
        return meetings_violation(held.count(), wanted)

    @property
    def checking_body(self) -> Panel:
        """Return the panel that confirms delivery and grants more time, from the process (G 8, H 4.3 step 9)."""
        return (self.process.checked_by if self.process else None) or cast("Panel", self.panel)

    @property
    def answer_due(self) -> datetime.date | None:
        """Return the due date of the landlord's answer to the recommendations, or None (H 6.2, K 11.4)."""
        owed = due_dates(
            self.stages_in_order,
            self.happened,
            started_on=self.started_on,
            calendar=self.calendar,
            plan_stands=False,
        )
        stages = (stage for stage in self.stages_in_order if stage.produces == Product.RESPONSE)
        return next((owed[stage.key].on for stage in stages), None)


def with_one_calendar(reviews: Iterable[ReviewPage]) -> list[ReviewPage]:
    """Return the reviews with one shared calendar, so that their number does not affect the number of queries."""
    listed, calendar = list(reviews), SiteCalendar()
    for review in listed:
        review.calendar = calendar
    return listed


def fetch_reviews(reports: Sequence[Page]) -> None:
    """Prefetch the reviews of several reports, for lists that need the process of each.

    :param reports: every instance in use: two instances of one report are equal, and each needs its review set.
    """
    reviews = ReviewPage.objects.select_related("panel", "process__checked_by")
    by_path = {review.path: review for review in reviews.filter(path__in=[report.review_path for report in reports])}
    for report in reports:
        report.review = by_path[report.review_path]
