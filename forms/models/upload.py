"""Files that are uploaded with a form."""

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone

from .submission import Submission
from .version import FormVersion

FOLDER = "uploads"


def private_storage() -> Storage:
    """Return the private storage, which has no URLs."""
    return storages["private"]


def upload_name(upload: "Upload", filename: str) -> str:
    """Return a random storage name, without anything of the original file name."""
    return f"{FOLDER}/{uuid.uuid4().hex}"


class Upload(models.Model):
    """A stored file: checked, without metadata, under a random name.

    Its submission is set when the form is sent.
    """

    token = models.UUIDField(unique=True, default=uuid.uuid4)
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    question_id = models.CharField(max_length=64)
    submission = models.ForeignKey(Submission, null=True, blank=True, on_delete=models.CASCADE, related_name="uploads")
    file = models.FileField(storage=private_storage, upload_to=upload_name)
    name = models.CharField(max_length=120, help_text="What the person called it, made harmless.")
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="In bytes.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file as it came, to know it again.")
    kept_at = models.DateTimeField(
        default=timezone.now, db_index=True, help_text="When it came, or when a form that names it was last kept."
    )

    # Private rows are indexed nowhere.
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"File {self.pk}"
