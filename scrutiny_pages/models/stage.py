"""Stages of a review: the plan, which the editor changes, and the separate records of what really happened."""

import datetime
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField

from cms.core.models.guarded import Guarded, GuardedHistory
from cms.core.models.ordered import Ordered

from ..enums import StageChangeKind
from ..rules.stage_dates import StageProgress
from .process import StageFields
from .tracking import LONGEST_PROOF, WRITTEN_BY


class ReviewStage(Ordered, StageFields):
    """One stage of a review's plan, copied from its process and then edited independently.

    What really happened is in ``StageRecord``, under the same key.
    """

    review = ParentalKey("scrutiny_pages.ReviewPage", on_delete=models.CASCADE, related_name="stages")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    planned_on = models.DateField("planned for", null=True, blank=True)

    panels = [*StageFields.stage_panels[:2], FieldPanel("planned_on"), *StageFields.stage_panels[2:]]
    api_fields = [
        APIField("name"),
        APIField("description"),
        APIField("who_acts"),
        APIField("planned_on"),
        APIField("due_on"),
        APIField("done_on"),
    ]

    class Meta(Ordered.Meta):
        pass

    @property
    def who_acts(self) -> str:
        """Return the title of the job that has to act; empty if it is the panel."""
        return str(self.role or "")

    @property
    def due_on(self) -> datetime.date | None:
        """Return the current due date, or None."""
        due = self.review.due_dates.get(self.key)
        return due.on if due else None

    @property
    def done_on(self) -> datetime.date | None:
        """Return the day on which this stage was done, or None."""
        happened = self.review.happened.get(self.key)
        return happened.done_on if happened else None


class StageRecord(Guarded):
    """The record of one stage. It is separate from the plan, so that publishing an older draft cannot undo it."""

    written_by, locked_with = WRITTEN_BY, "review"

    review = models.ForeignKey("scrutiny_pages.ReviewPage", on_delete=models.CASCADE, related_name="stage_records")
    stage_key = models.UUIDField()
    started_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    left_out_because = models.CharField(max_length=250, blank=True)
    moved_to = models.DateField(null=True, blank=True)
    how = models.CharField("decided how", max_length=LONGEST_PROOF, blank=True)
    meeting = models.ForeignKey(
        "scrutiny_pages.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="signed_stages"
    )
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "stage_key"], name="stage_record_once_a_stage"),
            models.CheckConstraint(
                condition=models.Q(started_on__isnull=True)
                | models.Q(done_on__isnull=True)
                | models.Q(done_on__gte=models.F("started_on")),
                name="stage_record_done_after_start",
                violation_error_message="The stage was done before it was started.",
            ),
            models.CheckConstraint(
                condition=models.Q(left_out_because="") | models.Q(done_on__isnull=True),
                name="stage_record_left_out_or_done",
                violation_error_message="A stage is either done or left out.",
            ),
        ]

    def __str__(self) -> str:
        return f"Stage done on {self.done_on}" if self.done_on else "Stage not done"

    def clean(self) -> None:
        """Raise ValidationError if the review has no such stage."""
        super().clean()
        if self.review_id and not self.review.stages.filter(key=self.stage_key).exists():
            raise ValidationError("This review has no such stage.")

    @property
    def happened(self) -> StageProgress:
        """Return the progress for date calculations."""
        return StageProgress(
            started_on=self.started_on,
            done_on=self.done_on,
            left_out=bool(self.left_out_because),
            moved_to=self.moved_to,
        )


class StageChange(GuardedHistory):
    """A changed date, or work that was sent back, with the reason (H 6.2, K 11.4). Append-only."""

    written_by, locked_with = WRITTEN_BY, "review"

    review = models.ForeignKey("scrutiny_pages.ReviewPage", on_delete=models.CASCADE, related_name="stage_changes")
    stage_key = models.UUIDField()
    kind = models.CharField(max_length=12, choices=StageChangeKind)
    on = models.DateField()
    from_date = models.DateField(null=True, blank=True)
    to_date = models.DateField(null=True, blank=True)
    reason = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()
