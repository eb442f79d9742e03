"""The scope in which a service may save the tables that it owns: one transaction, with the locks taken in it.

A table of state (``cms.core.models.guarded``) names the service that owns it. Outside that service's scope every save,
bulk write and delete of the table is refused. Inside it, a row can be changed only if it was locked, and read after
that, in this very scope: a row read earlier may have been changed by somebody else since.

Only services import this module; an import contract in ``pyproject.toml`` holds that.
"""

import itertools
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from django.db import models, transaction

from .deferred import deferring


class WriteRefused(RuntimeError):
    """Raised when a table of state is written outside the service that owns it, or without its lock."""


class WriteScope:
    """The services that may write now, and the rows that they have locked."""

    def __init__(self, service: str, outer: "WriteScope | None" = None):
        self.services: set[str] = {service} | (outer.services if outer else set())
        self.root: WriteScope = outer.root if outer else self
        self.locks: dict[Hashable, int] = dict(outer.locks) if outer else {}
        if outer is None:
            self._ticks = itertools.count(1)

    def now(self) -> int:
        """Return an increasing number, to order events within this transaction."""
        return next(self.root._ticks)

    def note_read(self, row: Any) -> None:
        """Record when a row was read."""
        row._state.read_at = (self.root, self.now())

    def note_lock(self, row: models.Model) -> None:
        """Record that a row is locked, and that this instance was read under the lock."""
        self.locks.setdefault(_key(type(row), row.pk), self.now())
        self.note_read(row)

    def check_service(self, model: Any) -> None:
        """Raise `WriteRefused` unless the service that owns the table has opened a scope."""
        if model.written_by not in self.services:
            raise WriteRefused(_only_by(model))

    def check_row(self, row: Any) -> None:
        """Raise `WriteRefused` for a row that is not locked, or was read before it was locked."""
        locked_at = self.locks.get(_lock_of(row))
        if locked_at is None and not (row._state.adding and not row.locked_with):
            where = f"the row “{row.locked_with}” that it belongs to" if row.locked_with else "it"
            raise WriteRefused(f"{row._meta.object_name} is saved without a lock. First lock {where} in this service.")
        root, read_at = getattr(row._state, "read_at", (None, 0))
        if not row._state.adding and (root is not self.root or read_at < cast("int", locked_at)):
            raise WriteRefused(f"This {row._meta.object_name} was read before it was locked. Read it again first.")


_scope: ContextVar[WriteScope | None] = ContextVar("write_scope", default=None)


@contextmanager
def service_write(service: str) -> Iterator[WriteScope]:
    """Open a transaction in which a service may save the tables that name it; also usable as a decorator.

    :param service: the dotted name of the module or package, as in ``written_by`` of its tables.
    """
    outer = _scope.get()
    # Such as forgetting PDFs, which takes a row that every service shares.
    with transaction.atomic(), deferring():
        scope = WriteScope(service, outer)
        token = _scope.set(scope)
        try:
            yield scope
        finally:
            _scope.reset(token)
        # What failed has given its locks back with its savepoint.
        if outer:
            outer.locks = scope.locks


def current_scope() -> WriteScope | None:
    """Return the scope that is open in this thread, if one is."""
    return _scope.get()


def permit(model: type[models.Model], rows: list | tuple = ()) -> None:
    """Raise `WriteRefused` unless the table, and each of the rows, may be written now."""
    scope = _scope.get()
    if scope is None:
        raise WriteRefused(_only_by(model))
    scope.check_service(model)
    for row in rows:
        scope.check_row(row)


def lock_rows(queryset: models.QuerySet) -> list:
    """Lock the rows of a query until the transaction ends, in the order of their keys; return them as they are now.

    What was fetched along with a row by ``select_related`` is not locked. Rows that refer to a locked one can still be
    added: two services that lock different rows do not wait for each other as they commit.
    """
    # A page is a row of two tables, and both are locked.
    parents = [link.name for link in queryset.model._meta.parents.values() if link]
    rows = list(queryset.order_by("pk").select_for_update(of=("self", *parents), no_key=True))
    scope = _scope.get()
    if scope is None:
        raise WriteRefused(f"Rows of {queryset.model._meta.object_name} are locked outside any service.")
    for row in rows:
        scope.note_lock(row)
    return rows


def _only_by(model: Any) -> str:
    return f"{model._meta.object_name} is saved only by {model.written_by}. Call a function of that service instead."


def _key(model: Any, pk: object) -> Hashable:
    return model._meta.concrete_model._meta.label, pk


def _lock_of(row: Any) -> Hashable:
    """Return the key of the row whose lock covers this one: its own, or that of the row that it belongs to."""
    if not row.locked_with:
        return _key(type(row), row.pk)
    field = row._meta.get_field(row.locked_with)
    return _key(field.related_model, getattr(row, field.attname))
