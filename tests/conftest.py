"""Fixtures and hooks of every test."""

import datetime
import gc
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import settings

from cms.core.visibility import Viewer
from tests import clock
from tests.factories.pages import make_home

# Before any test module is read: some keep a moment in a constant.
clock.start()

# A busy machine is slow now and then: that is no reason for a property to fail.
settings.register_profile("scrutineer", deadline=None)
settings.load_profile("scrutineer")


TESTS = Path(__file__).resolve().parent
# What a test that looks at rows asks for, or is marked with.
ASKS_THE_DATABASE = {"db", "transactional_db", "django_db_setup"}


# Layers of screens, and tests of the whole site: they read and write through models, services and querysets, whose
# own tests run on both databases. What is stored, locked or searched, and what bad input does, is tested on both.
SCREENS = {"admin", "builder", "feeds", "presenters", "reporting", "submission", "views"}
WHOLE_SITE = TESTS / "project"
ON_BOTH = {"test_api_refuses", "test_bad_input", "test_concurrency", "test_services"}


def is_of_a_screen(path: Path) -> bool:
    """Return whether a test module is of what people see, and not of what is stored."""
    layers = SCREENS.intersection(path.relative_to(TESTS).parts) or path.parent == WHOLE_SITE
    return bool(layers) and path.stem not in ON_BOTH


@pytest.hookimpl(tryfirst=True)  # before ``-m`` chooses
def pytest_collection_modifyitems(items):
    """Mark the tests that one database need not run after the other.

    Only SQLite runs ``pure`` tests, which make no queries, and ``repeated`` ones, whose queries another test makes.
    Only PostgreSQL, where there is one, runs those of a ``screen``: of what people see.
    """
    for item in items:
        marked = item.get_closest_marker("django_db")
        if "transactional_db" in item.fixturenames or (marked and marked.kwargs.get("transaction")):
            raise pytest.UsageError(f"{item.nodeid} would empty the database of later tests: ask for `committed`.")
        if not item.get_closest_marker("django_db") and ASKS_THE_DATABASE.isdisjoint(item.fixturenames):
            item.add_marker("pure")
        elif is_of_a_screen(item.path) and not any(item.get_closest_marker(name) for name in ("faults", "traffic")):
            item.add_marker("screen")
            continue
        for matrix in item.iter_markers("matrix"):
            name, everywhere = matrix.args
            if hasattr(item, "callspec") and item.callspec.params.get(name, everywhere) != everywhere:
                item.add_marker("repeated")


def pytest_collection_finish():
    """Freeze the loaded objects and collect garbage less often, which saves a fifteenth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(autouse=True)
def empty_cache():
    """Start each test with an empty cache."""
    cache.clear()


@pytest.fixture(autouse=True)
def fixed_day(request):
    """Run each test on the suite's fixed day, or its own; fail a test that leaves the clock moved."""
    own = request.node.get_closest_marker("on_day")
    before = time.time()
    with clock.noon_of(*own.args) if own else nullcontext():
        yield
    assert 0 <= time.time() - before < clock.LONGEST_TEST, "this test moved the clock and did not put it back"


@pytest.fixture
def today(fixed_day) -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def home(db):
    """A home page of the default site, in place of Wagtail's welcome page."""
    return make_home()


@pytest.fixture
def anonymous() -> Viewer:
    return Viewer.anonymous()


@pytest.fixture
def admin_in(client, admin_user):
    """A client signed in as an administrator."""
    client.force_login(admin_user)
    return client
