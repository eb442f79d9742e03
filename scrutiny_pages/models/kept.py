"""Rows that are added and read, and never changed: what a history or a reason is kept in."""

from django.db import models

from .tracking import HistoryIsKept


class KeptQuerySet(models.QuerySet):
    """Rows that stay as they were written."""

    def update(self, **kwargs):
        """Refuse."""
        raise HistoryIsKept("What was written down cannot be changed.")

    def delete(self):
        """Refuse."""
        raise HistoryIsKept("What was written down cannot be deleted.")


class Kept(models.Model):
    """A row that stays as it was written."""

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        """Add the row; refuse to change one."""
        if not self._state.adding:
            raise HistoryIsKept("What was written down cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> None:
        """Refuse: it is kept."""
        raise HistoryIsKept("What was written down cannot be deleted.")
