"""Imports of a tracker: the pending job, deleted when it is done, and the permanent log of finished imports."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from cms.core.dates.formatting import format_date

from .panel import Panel

RETENTION = datetime.timedelta(days=1)


class ImportJob(models.Model):
    """One upload, visible only to its owner: the file, the table found in it, and the user's choices.

    `layout` is the part of the file that holds the table (`imports.sheet.Layout`), `sheet` is that table, `columns`
    the index of the column of each field, `wanted_rows` the rows that do not look like a recommendation but are to be
    imported, and `days` the answers about rows without a date (`imports.missing_days.MissingDays`).
    """

    wagtail_reference_index_ignore = True  # it is no use of a panel or a report

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    layout = models.JSONField(default=dict)
    sheet = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)
    wanted_rows = models.JSONField(default=list)
    days = models.JSONField(default=dict)
    panel = models.ForeignKey(Panel, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(
        "scrutiny_pages.ReportPage", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    series = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.file_name

    @classmethod
    def tidy(cls, at: datetime.datetime) -> None:
        """Delete the jobs that are unfinished after a day."""
        cls.objects.filter(made_at__lt=at - RETENTION).delete()


class FinishedImport(models.Model):
    """A finished import: user and file name. The log of each imported recommendation refers to its primary key."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=255)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        made_at = timezone.localtime(self.made_at)
        return f"{self.file_name}, {format_date(made_at.date())} at {made_at:%H:%M}"
