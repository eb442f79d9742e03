"""The access log of submissions."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..enums import AccessAction
from .submission import Submission


class AccessRecord(models.Model):
    """An access to a submission, or to a list or an export of many.

    It contains no answers, and is deleted with the submission.
    """

    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.CASCADE, related_name="access_records"
    )
    form_key = models.UUIDField(null=True, blank=True, db_index=True, help_text="For a list or an export of one form.")
    action = models.CharField(max_length=16, choices=AccessAction)
    rows = models.PositiveIntegerField(default=1, help_text="How many submissions it was about.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    key = models.UUIDField(
        null=True, blank=True, unique=True, help_text="Of the page on which a step was taken: one page takes one step."
    )

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.get_action_display()
