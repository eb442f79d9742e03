"""Middleware: responses to signed-in users are cached by nobody else."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import pages, records

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses(home) -> list[str]:
    """Return a URL of each kind, with one that does not exist."""
    shown = [home, pages.TrackerPageFactory(), pages.MeetingIndexPageFactory()]
    item, meeting = records.RecommendationFactory(), records.MeetingFactory()
    return [
        *(page.get_url() for page in shown),
        item.get_absolute_url(),
        meeting.get_absolute_url(),
        "/search/?q=repairs",
        "/nothing/",
    ]


def test_what_somebody_signed_in_sees_is_kept_by_nobody(addresses, admin_in):
    for address in addresses:
        answer = admin_in.get(address)
        assert set(answer["Cache-Control"].split(", ")) == {"private", "no-store"}, address
        assert "Cookie" in answer["Vary"], address
    assert "public" in admin_in.get("/feeds/reports/")["Cache-Control"]  # as a stranger has it


@pytest.mark.parametrize("brings_session", [False, True])
def test_a_stranger_is_marked_in_no_way(addresses, client, brings_session):
    if brings_session:
        store = SessionStore()
        store["seen"] = True
        store.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert "Cache-Control" not in answer, address
        assert "Cookie" not in answer.get("Vary", ""), address
        asked = [query for query in captured if "django_session" in query["sql"]]
        assert len(asked) == brings_session, address
