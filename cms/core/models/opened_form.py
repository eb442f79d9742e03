"""Record of submitted create forms, so that a second submission of one form creates nothing more."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models


class OpenedForm(models.Model):
    """A form that was submitted at least once, by the key that it was rendered with.

    Wagtail's editor creates a page automatically soon after the first words are typed. Until the response has arrived
    the browser goes on submitting to the create view.
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
    def lock_for_update(cls, key: str, user: Any) -> Self | None:
        """Return the row of a form, locked until the transaction ends; None for an unknown key, or another user's."""
        try:
            uuid.UUID(key)
        except ValueError:
            return None
        # Of two that insert at once, the second waits here until the first has committed.
        cls.objects.get_or_create(key=key, defaults={"user": user})
        return cls.objects.select_for_update(of=("self",), no_key=True).filter(key=key, user=user).first()
