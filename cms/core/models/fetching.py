"""Django's own records of what a queryset and a row have fetched, which it has no public way to follow.

Everything of ours that reads or writes them is here, with a test in ``tests/project/test_internals.py``.
"""

from django.db import models
from django.db.models.query import ModelIterable


class FetchHookQuerySet(models.QuerySet):
    """A queryset that looks at its rows once, when they have been fetched."""

    def _fetch_all(self) -> None:
        is_first = self._result_cache is None
        super()._fetch_all()
        if is_first and issubclass(self._iterable_class, ModelIterable):
            self.after_fetch(self._result_cache)

    def after_fetch(self, rows: list) -> None:
        """Look at the rows, which are instances of the model."""
        raise NotImplementedError


def has_prefetched(row: models.Model, relation: str) -> bool:
    """Return whether the rows of a relation are in memory already."""
    return relation in getattr(row, "_prefetched_objects_cache", {})


def set_prefetched(row: models.Model, relation: str, rows: list) -> None:
    """Give a row the rows of a relation, so that they are not fetched."""
    row.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = rows


def forget_prefetched(row: models.Model) -> None:
    """Have the rows of every relation fetched anew."""
    row._prefetched_objects_cache = {}
