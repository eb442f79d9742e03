"""Drafts of forms, encrypted with a secret that only the person has."""

from django.db import models

from .version import FormVersion


class SavedForm(models.Model):
    """A form draft: answers so far, unreadable without the secret in the person's cookie or link.

    Only a digest of the secret is stored.
    """

    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="+")
    secret_digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField(help_text="The answers, encrypted with a key made from the secret.")
    key = models.UUIDField(unique=True, help_text="What the submission will carry, so that it is made once.")
    was_mailed = models.BooleanField(default=False, help_text="Whether a link to it was sent by email.")
    updated_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField(db_index=True)

    # Private rows are indexed nowhere.
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Form {self.pk}, not sent yet"
