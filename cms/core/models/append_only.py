"""Rows that are added and read, and never changed or deleted: the histories that people rely on."""

from django.db import models


class HistoryIsKept(Exception):
    """Raised when code tries to change or delete an entry of a history."""


class HistoryQuerySet(models.QuerySet):
    """Entries of a history: added and read, nothing else."""

    def update(self, **kwargs):
        """Refuse."""
        raise HistoryIsKept("An entry of the history cannot be changed.")

    def delete(self):
        """Refuse."""
        raise HistoryIsKept("An entry of the history cannot be deleted.")


class AppendOnly(models.Model):
    """An entry of a history."""

    objects = HistoryQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        """Add an entry; refuse to change one."""
        if not self._state.adding:
            raise HistoryIsKept("An entry of the history cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> None:
        """Refuse: history is kept."""
        raise HistoryIsKept("An entry of the history cannot be deleted.")
