"""Tables of state, as a test needs to find them: written past the services that own them, in a scope of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction

from cms.core import service_writes


class Arranging(service_writes.WriteScope):
    """A scope that lets everything through. Only tests have it."""

    def __init__(self):
        super().__init__("tests")

    def check_service(self, model: type[models.Model]) -> None:
        pass

    def check_row(self, row: models.Model) -> None:
        pass


@contextmanager
def arranging() -> Iterator[None]:
    """Let the code inside save any table of state."""
    with transaction.atomic():
        token = service_writes._scope.set(Arranging())
        try:
            yield
        finally:
            service_writes._scope.reset(token)


def arrange(write: Callable, *args: Any, **kwargs: Any) -> Any:
    """Call a method that saves a table of state: ``arrange(Case.objects.update, state=...)``."""
    with arranging():
        return write(*args, **kwargs)
