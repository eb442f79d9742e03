"""Rows that many tests read: created once, for a module, a class or a parameter, and rolled back after its last test.

Each test still has a transaction of its own inside, so its changes are invisible to the next. A fixture of this kind
has ``autouse``, or stands in a module where every test requests it: its rows exist for all tests after the first that
requests it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from wagtail.models import Site


@contextmanager
def shared_rows(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep the rows that are created inside until the fixture of this request ends."""
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock(), transaction.atomic():
        Site.clear_site_root_paths_cache()
        yield
        transaction.set_rollback(True)
    Site.clear_site_root_paths_cache()
