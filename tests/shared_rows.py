"""Rows that many tests look at: made once, for a module, a class or a parameter, and undone after its last test.

Each test still has a transaction of its own inside, so nothing that one test does is there for the next. A fixture of
this kind has ``autouse``, or stands in a module where every test asks for it: its rows are there for all that come
after the first that asks.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from wagtail.models import Site


@contextmanager
def shared_rows(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep the rows that are made inside until the fixture of this request ends."""
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock(), transaction.atomic():
        Site.clear_site_root_paths_cache()
        yield
        transaction.set_rollback(True)
    Site.clear_site_root_paths_cache()
