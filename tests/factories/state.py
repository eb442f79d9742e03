"""Write access to state tables for tests.

The tables are written in a scope of the tests' own, not through the services that own them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction

from cms.core import service_writes


class Arranging(service_writes.WriteScope):
    """A write scope that allows every write. Only tests use it."""

    def __init__(self):
        super().__init__("tests")

    def check_service(self, model: type[models.Model]) -> None:
        pass

    def check_row(self, row: models.Model) -> None:
        pass


@contextmanager
def arranging() -> Iterator[None]:
    """Allow the code in the ``with`` block to save any state table."""
    with transaction.atomic():
        token = service_writes._scope.set(Arranging())
        try:
            yield
        finally:
            service_writes._scope.reset(token)


def arrange(write: Callable, *args: Any, **kwargs: Any) -> Any:
    """Call a method that saves a state table: ``arrange(Case.objects.update, state=...)``."""
    with arranging():
        return write(*args, **kwargs)
