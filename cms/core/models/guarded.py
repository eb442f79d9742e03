"""Tables of state: only the service that owns one saves it, in a transaction, under a lock.

Deleting the parent of such a row (a page, a submission) deletes the row too: the cascade goes through Django's base
manager, which is not guarded, so that erasing keeps working. Nothing else uses the base manager.
"""

from typing import ClassVar

from django.db import models

from ..service_writes import current_scope, permit
from .append_only import AppendOnly, HistoryQuerySet
from .fetching import FetchHookQuerySet, forget_prefetched


class GuardedQuerySet(FetchHookQuerySet):
    """A queryset that anybody may read and only the owning service may write."""

    def after_fetch(self, rows: list) -> None:
        """Register with the open scope which rows are locked."""
        scope = current_scope()
        for row in rows if scope and self.query.select_for_update else ():
            scope.note_lock(row)

    def update(self, **kwargs):
        """Update within the service that owns the table: one statement, so it needs no lock of its own."""
        permit(self.model)
        return super().update(**kwargs)

    update.alters_data = True

    def delete(self):
        """Delete within the service that owns the table."""
        permit(self.model)
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, objs, *args, **kwargs):
        """Create many rows within the service that owns the table."""
        objs = list(objs)
        permit(self.model, objs)
        made = super().bulk_create(objs, *args, **kwargs)
        _note_own(made)
        return made

    bulk_create.alters_data = True

    def bulk_update(self, objs, *args, **kwargs):
        """Update many rows within the service that owns the table."""
        objs = list(objs)
        permit(self.model, objs)
        return super().bulk_update(objs, *args, **kwargs)

    bulk_update.alters_data = True


class Guarded(models.Model):
    """Abstract base class of rows of state that one service writes."""

    # The dotted name of that service, as it opens its scope with.
    written_by: ClassVar[str]
    # The foreign key to the row whose lock covers this one; empty for a row that is locked itself.
    locked_with: ClassVar[str] = ""

    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        """Return the instance; register with the open scope when it was read."""
        row = super().from_db(db, field_names, values)
        if scope := current_scope():
            scope.note_read(row)
        return row

    def save(self, *args, **kwargs) -> None:
        """Save within the service that owns the table; raise `WriteRefused` anywhere else, or without its lock."""
        permit(type(self), [self])
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            _note_own([self])

    save.alters_data = True

    def delete(self, *args, **kwargs):
        """Delete within the service that owns the table; raise `WriteRefused` anywhere else, or without its lock."""
        permit(type(self), [self])
        return super().delete(*args, **kwargs)

    delete.alters_data = True

    def catch_up_with(self, locked: "Guarded") -> None:
        """Copy every value of the same row, read under its lock, and clear the prefetched relations."""
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(locked, field.attname))
        forget_prefetched(self)
        self._state.read_at = getattr(locked._state, "read_at", (None, 0))


class GuardedHistoryQuerySet(HistoryQuerySet, GuardedQuerySet):
    """A queryset of entries of a history that one service adds to."""


class GuardedHistory(AppendOnly, Guarded):
    """Abstract base class of entries of a history: added by one service, and never changed."""

    objects = GuardedHistoryQuerySet.as_manager()

    class Meta:
        abstract = True


def _note_own(rows: list) -> None:
    """Register rows just added: until the transaction ends nobody else can see or change them."""
    scope = current_scope()
    for row in rows if scope else []:
        scope.note_lock(row)
