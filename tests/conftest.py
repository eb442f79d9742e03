"""What every test may ask for."""

import datetime

import pytest
from django.core.cache import cache

from cms.core.visibility import Viewer
from tests.factories.pages import make_home

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def empty_cache():
    """Start each test with nothing remembered."""
    cache.clear()


@pytest.fixture
def today() -> datetime.date:
    return TODAY


@pytest.fixture
def home(db):
    """A home page that the default site shows, in place of Wagtail's welcome."""
    return make_home()


@pytest.fixture
def stranger() -> Viewer:
    return Viewer.stranger()


@pytest.fixture
def admin_in(client, admin_user):
    """A client signed in as an administrator."""
    client.force_login(admin_user)
    return client
