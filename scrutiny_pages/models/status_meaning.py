"""Meanings of the statuses of imported trackers, kept for later imports."""

from django.db import models
from wagtail.admin.panels import FieldPanel

from ..enums import ImportedStatus


class StatusMeaning(models.Model):
    """The meaning of one status of an imported tracker, in one of its two columns."""

    class Column(models.TextChoices):
        """Columns of a tracker that hold statuses."""

        ANSWER = "answer", "Answer"
        DELIVERY = "delivery", "Status"

    words = models.CharField(max_length=120, help_text="As it stands in the file. Capitals do not matter.")
    column = models.CharField(max_length=8, choices=Column, default=Column.DELIVERY)
    heading = models.CharField(
        max_length=120, blank=True, help_text="Only for Yes, No and ticks: the heading that they stand under."
    )
    meaning = models.CharField(max_length=16, choices=ImportedStatus)

    panels = [FieldPanel("words"), FieldPanel("column"), FieldPanel("heading"), FieldPanel("meaning")]

    class Meta:
        ordering = ["words", "pk"]
        verbose_name = "status in a tracker"
        verbose_name_plural = "statuses in trackers"
        constraints = [
            models.UniqueConstraint(
                fields=["column", "heading", "words"],
                name="status_meaning_is_unique",
                violation_error_message="It is in this list already.",
            )
        ]

    def __str__(self) -> str:
        return self.words
