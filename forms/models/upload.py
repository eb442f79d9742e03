"""Files that people send with a form."""

import uuid

from django.core.files.storage import storages
from django.db import models

from .submission import Submission
from .version import FormVersion


def private_storage():
    """Give where files are kept that no address leads to."""
    return storages["private"]


def upload_name(upload: "Upload", filename: str) -> str:
    """Give the name a file is kept under: nothing of what the person called it."""
    return f"uploads/{uuid.uuid4().hex}"


class Upload(models.Model):
    """One file as it was kept: checked, without metadata, under a name of ours. Sending gives it its submission."""

    token = models.UUIDField(unique=True, default=uuid.uuid4)
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    question_id = models.CharField(max_length=64)
    submission = models.ForeignKey(Submission, null=True, blank=True, on_delete=models.CASCADE, related_name="uploads")
    file = models.FileField(storage=private_storage, upload_to=upload_name)
    name = models.CharField(max_length=120, help_text="What the person called it, made harmless.")
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="In bytes.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    # Private rows are indexed nowhere.
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"File {self.pk}"
