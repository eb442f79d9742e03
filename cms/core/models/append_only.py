"""Append-only models: histories whose rows are added and read, and never changed or deleted."""

from django.db import models


class HistoryIsKept(Exception):
    """Raised when code tries to change or delete an entry of a history."""


class HistoryQuerySet(models.QuerySet):
    """A queryset that cannot update or delete."""

    def update(self, **kwargs):
        """Raise HistoryIsKept."""
        raise HistoryIsKept("An entry of the history cannot be changed.")

    def delete(self):
        """Raise HistoryIsKept."""
        raise HistoryIsKept("An entry of the history cannot be deleted.")


class AppendOnly(models.Model):
    """Abstract base class of the entries of a history."""

    objects = HistoryQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        """Add an entry; raise HistoryIsKept for an existing one."""
        if not self._state.adding:
            raise HistoryIsKept("An entry of the history cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> None:
        """Raise HistoryIsKept."""
        raise HistoryIsKept("An entry of the history cannot be deleted.")
