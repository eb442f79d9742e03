"""Submissions: private, and independent of later changes to the form."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..enums import Channel
from .version import FormVersion


class Submission(models.Model):
    """A submission: one form as one person sent it, with the version that they answered.

    It is never a page or a snippet, and never in a search index, a revision or a log.
    """

    is_new = False  # for what was taken in just now, and not found again by its key

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    reference = models.CharField(max_length=8, unique=True)
    key = models.UUIDField(unique=True, help_text="The form's own key: the same form sent twice carries the same one.")
    token = models.UUIDField(unique=True, default=uuid.uuid4, help_text="The address of the confirmation page.")
    answers = models.JSONField()
    submitted_at = models.DateTimeField("sent", default=timezone.now, db_index=True)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.WEB)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who typed it in for somebody who sent it on paper or told it by phone.",
    )

    class Meta:
        # Wagtail's usual rights to add, change and delete would mean nothing here.
        default_permissions = ()
        permissions = [("handle_submission", "Can read and handle what people send with forms")]
        ordering = ["-submitted_at", "-pk"]

    def __str__(self) -> str:
        return self.reference
