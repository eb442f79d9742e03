"""Access to Django's private caches of a queryset's and an instance's fetched rows.

All our code that reads or writes them is here, with a test in ``tests/project/test_internals.py``.
"""

from typing import cast

from django.db import models
from django.db.models.query import ModelIterable


class FetchHookQuerySet(models.QuerySet):
    """A queryset with a hook that is called once, when its rows have been fetched."""

    def _fetch_all(self) -> None:
        is_first = self._result_cache is None
        super()._fetch_all()
        if is_first and issubclass(self._iterable_class, ModelIterable):
            self.after_fetch(cast("list", self._result_cache))

    def after_fetch(self, rows: list) -> None:
        """Handle the fetched rows, which are model instances."""
        raise NotImplementedError


def has_prefetched(row: models.Model, relation: str) -> bool:
    """Return whether the rows of a relation are in memory already."""
    return relation in getattr(row, "_prefetched_objects_cache", {})


def set_prefetched(row: models.Model, relation: str, rows: list) -> None:
    """Store the rows of a relation on an instance, so that they are not fetched."""
    row.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = rows


def forget_prefetched(row: models.Model) -> None:
    """Clear the prefetched rows of every relation of an instance."""
    row._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # only rows with one have it
