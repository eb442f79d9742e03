"""Forms to add something, each with what came of it: a second send of one form adds nothing more."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models


class OpenedForm(models.Model):
    """A form that was sent at least once, by the key that it was shown with.

    Wagtail's editor adds a page by itself soon after the first words are typed. Until its answer has arrived the
    browser goes on sending the form to the address that adds.
    """

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)
    made = models.CharField(max_length=64, blank=True)  # the key of what was added
    # What Wagtail told the browser of it: the keys of its rows, and its newest revision.
    field_updates = models.JSONField(default=dict)
    revision = models.JSONField(default=list)
    is_done = models.BooleanField(default=False)  # somebody pressed a button: what was sent by itself is older

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Form {self.key}"

    @classmethod
    def locked(cls, key: str, user) -> Self | None:
        """Lock a form until the transaction ends; nothing for a key that is none, or is somebody else's."""
        try:
            uuid.UUID(key)
        except ValueError:
            return None
        # Of two that insert at once, the second waits here until the first has committed.
        cls.objects.get_or_create(key=key, defaults={"user": user})
        return cls.objects.select_for_update(of=("self",), no_key=True).filter(key=key, user=user).first()
