"""Append-only models: histories whose rows are added and read, and never changed or deleted."""

from typing import Any, NoReturn

from django.db import models


class HistoryIsKept(Exception):
    """Raised when code tries to change or delete an entry of a history."""


class HistoryQuerySet(models.QuerySet):
    """A queryset that cannot update or delete."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Raise HistoryIsKept."""
        raise HistoryIsKept("An entry of the history cannot be changed.")

    def delete(self) -> NoReturn:
        """Raise HistoryIsKept."""
        raise HistoryIsKept("An entry of the history cannot be deleted.")


class AppendOnly(models.Model):
    """Abstract base class of the entries of a history."""

    objects = HistoryQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add an entry; raise HistoryIsKept for an existing one."""
        if not self._state.adding:
            raise HistoryIsKept("An entry of the history cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise HistoryIsKept."""
        raise HistoryIsKept("An entry of the history cannot be deleted.")
