"""Tables of state: only the service that owns one saves it, in a transaction, under a lock.

Deleting the parent of such a row (a page, a submission) deletes the row too: the cascade goes through Django's base
manager, which is not guarded, so that erasing keeps working. Nothing else uses the base manager.
"""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self

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
            scope.note_lock(row)  # type: ignore[union-attr]  # there are no rows without a scope

    def update(self, **kwargs: Any) -> int:
        """Update within the service that owns the table: one statement, so it needs no lock of its own."""
        permit(self.model)
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]  # Django reads it off the function

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete within the service that owns the table."""
        permit(self.model)
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]  # Django reads it off the function
    delete.queryset_only = True  # type: ignore[attr-defined]  # likewise

    def bulk_create(self, objs: Iterable, *args: Any, **kwargs: Any) -> list:
        """Create many rows within the service that owns the table."""
        objs = list(objs)
        permit(self.model, objs)
        made = super().bulk_create(objs, *args, **kwargs)
        _note_own(made)
        return made

    bulk_create.alters_data = True  # type: ignore[attr-defined]  # Django reads it off the function

    def bulk_update(self, objs: Iterable, *args: Any, **kwargs: Any) -> int:
        """Update many rows within the service that owns the table."""
        objs = list(objs)
        permit(self.model, objs)
        return super().bulk_update(objs, *args, **kwargs)

    bulk_update.alters_data = True  # type: ignore[attr-defined]  # Django reads it off the function


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
    def from_db(  # type: ignore[override]  # the stubs are of a later Django
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        """Return the instance; register with the open scope when it was read."""
        row = super().from_db(db, field_names, values)
        if scope := current_scope():
            scope.note_read(row)
        return row

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save within the service that owns the table; raise `WriteRefused` anywhere else, or without its lock."""
        permit(type(self), [self])
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            _note_own([self])

    save.alters_data = True  # type: ignore[attr-defined]  # Django reads it off the function

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete within the service that owns the table; raise `WriteRefused` anywhere else, or without its lock."""
        permit(type(self), [self])
        return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]  # Django reads it off the function

    def catch_up_with(self, locked: "Guarded") -> None:
        """Copy every value of the same row, read under its lock, and clear the prefetched relations."""
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(locked, field.attname))
        forget_prefetched(self)
        read_at = getattr(locked._state, "read_at", (None, 0))
        self._state.read_at = read_at  # type: ignore[attr-defined]  # as `WriteScope.note_read` sets it


class GuardedHistoryQuerySet(HistoryQuerySet, GuardedQuerySet):  # type: ignore[override]  # as_manager returns its own manager
    """A queryset of entries of a history that one service adds to."""


class GuardedHistory(AppendOnly, Guarded):
    """Abstract base class of entries of a history: added by one service, and never changed."""

    objects = GuardedHistoryQuerySet.as_manager()  # type: ignore[misc,assignment]  # declared on the base classes too

    class Meta:
        abstract = True


def _note_own(rows: list) -> None:
    """Register rows just added: until the transaction ends nobody else can see or change them."""
    scope = current_scope()
    for row in rows if scope else []:
        scope.note_lock(row)  # type: ignore[union-attr]  # there are no rows without a scope
