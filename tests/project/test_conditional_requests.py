"""Conditional requests: unchanged content is not sent again, changed content is, and personal data is not cached."""

import datetime
from contextlib import suppress

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.core.api.conditional_requests import is_quiet
from cms.core.models import ChangeCounter
from cms.core.webhooks.delivery import webhooks
from scrutiny_pages.models import Panel, Recommendation
from tests.factories import pages, records

pytestmark = pytest.mark.django_db
LIST = "/api/v2/recommendations/"


@pytest.fixture
def item(home) -> Recommendation:
    return records.RecommendationFactory()


def told(client, address: str, **headers):
    return client.get(address, headers=headers)


def is_news(client, address: str, etag: str) -> bool:
    """Return whether a client that has a response is sent another."""
    status = told(client, address, **{"if-none-match": etag}).status_code
    assert status in (200, 304)
    return status == 200


@pytest.fixture
def changes(django_capture_on_commit_callbacks):
    """Run a change as a request does, with its on-commit callbacks."""

    def capture():
        # What was set up waits for the end of the test.
        connection.run_on_commit = []
        return django_capture_on_commit_callbacks(execute=True)

    return capture


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_what_is_known_costs_two_queries(client, item, header):
    asked = {"ETag": "if-none-match", "Last-Modified": "if-modified-since"}[header]
    ChangeCounter.objects.update(at=timezone.now() - datetime.timedelta(minutes=1))
    first = told(client, LIST)
    assert first["Cache-Control"] == "public, no-cache"
    with CaptureQueriesContext(connection) as captured:
        again = told(client, LIST, **{asked: first[header]})
    assert again.status_code == 304
    assert not again.content
    assert len(captured) <= 2
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]
    # A cache keeps one for each encoding.
    assert "accept-encoding" in again["Vary"].lower()


WAYS = {
    "saved": lambda item: item.save(),
    "changed in bulk": lambda item: Recommendation.objects.filter(pk=item.pk).update(title="Other words"),
    "made in bulk": lambda item: Panel.objects.bulk_create([Panel(name="New", slug="new")]),
    "deleted in bulk": lambda item: item.service_areas.through.objects.all()._raw_delete("default"),
    "a restriction": lambda item: PageViewRestriction.objects.create(
        page=Page.objects.get(depth=2), restriction_type=PageViewRestriction.LOGIN
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_changes_is_news(client, item, changes, way):
    etag = told(client, LIST)["ETag"]
    assert not is_news(client, LIST, etag)
    with changes():
        WAYS[way](item)
    assert is_news(client, LIST, etag)


def test_many_changes_are_noted_once_and_none_that_is_taken_back(item, changes):
    def number() -> int:
        return sum(ChangeCounter.objects.values_list("number", flat=True))

    before = number()
    with changes(), transaction.atomic():
        for _ in range(3):
            item.save()
    assert number() == before + 1
    with changes(), suppress(KeyboardInterrupt), transaction.atomic():
        item.save()
        raise KeyboardInterrupt
    assert number() == before + 1


def test_what_ends_by_the_clock_is_news(client, item, monkeypatch):
    page = pages.StandardPageFactory(expire_at=timezone.now() + datetime.timedelta(seconds=30))
    address = f"/api/v2/pages/{page.pk}/"
    etag = told(client, address)["ETag"]
    later = timezone.now() + datetime.timedelta(seconds=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert told(client, address, **{"if-none-match": etag}).status_code == 404


@pytest.mark.parametrize("kind", ["meeting", "recommendation"])
def test_what_begins_or_is_over_by_the_clock_is_news(client, item, monkeypatch, kind):
    soon = timezone.now() + datetime.timedelta(seconds=30)
    if kind == "meeting":
        records.MeetingFactory(starts_at=soon)
    else:
        Recommendation.objects.filter(pk=item.pk).update(expire_at=soon)
    etag = told(client, LIST)["ETag"]
    later = soon + datetime.timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert is_news(client, LIST, etag)


@pytest.mark.parametrize(
    ("name", "value"),
    [("if-none-match", "*"), ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"), ("if-match", '"x"')],
)
def test_what_is_not_there_is_a_404_whatever_is_known(client, item, name, value):
    assert told(client, "/api/v2/pages/999999/", **{name: value}).status_code == 404
    assert told(client, LIST, **{name: value}).status_code == 200


def test_within_two_seconds_of_a_change_no_date_is_told(client, item):
    ChangeCounter.objects.update_or_create(pk=1, defaults={"at": timezone.now()})
    assert "Last-Modified" not in told(client, LIST)
    ChangeCounter.objects.update(at=timezone.now() - datetime.timedelta(seconds=3))
    assert "Last-Modified" in told(client, LIST)


def test_a_tick_with_nothing_to_do_is_no_news(item, changes):
    webhooks(timezone.now())
    before = list(ChangeCounter.objects.values_list("number"))
    with changes():
        webhooks(timezone.now())
    assert list(ChangeCounter.objects.values_list("number")) == before


def test_each_hour_begins_anew(client, item, monkeypatch):
    etag = told(client, LIST)["ETag"]
    later = timezone.now() + datetime.timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert is_news(client, LIST, etag)


def test_an_answer_is_known_by_its_whole_address(client, item):
    etag = told(client, LIST)["ETag"]
    assert is_news(client, f"{LIST}?limit=1", etag)
    assert told(client, LIST, host="localhost")["ETag"] != etag


@pytest.mark.parametrize("address", [f"{LIST}?colour=red", f"{LIST}1999-01/9/", "/api/v2/pages/999999/"])
def test_a_refusal_is_kept_by_nobody(client, item, address):
    answer = told(client, address)
    assert answer.status_code in (400, 404)
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer


def test_what_staff_are_told_is_kept_by_nobody(admin_in, item):
    answer = admin_in.get(f"{LIST}{item.ref}/steps/")
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer
    # And the rest of the API has one answer for everybody.
    assert "public" in admin_in.get(LIST)["Cache-Control"]


PRIVATE = {"recommendation_steps", "preview", "form_files_api", "form_submissions_api", "submission_api"}


def endpoints(route) -> list:
    inner = getattr(route, "url_patterns", None)
    return [route] if inner is None else [found for each in inner for found in endpoints(each)]


def test_every_endpoint_is_either_fresh_or_private():
    for route in get_resolver("cms.api").url_patterns:
        for pattern in endpoints(route):
            is_fresh = getattr(pattern.callback, "is_fresh", False)
            assert is_fresh != (pattern.name in PRIVATE), pattern


def test_every_table_that_changes_nothing_is_read_by_no_endpoint():
    """Written out, so that a new private table is deliberate, and a public one is never left out."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    ours = {name for name in tables if is_quiet(name) and name.split("_")[0] in ("core", "forms", "home", "scrutiny")}
    assert ours == {
        "core_knownpublic",
        "core_lastchange",
        "core_lease",
        "core_openedform",
        "core_webhookdelivery",
        "core_webhookendpoint",
        "forms_accessrecord",
        "forms_equalitycount",
        "forms_savedform",
        "forms_submission",
        "forms_upload",
        "scrutiny_pages_finishedimport",
        "scrutiny_pages_importjob",
        "scrutiny_pages_reviewtask",
        "scrutiny_pages_statusmeaning",
    }


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_answers_are_small_on_the_way(client, item, encoding):
    plain = told(client, LIST)
    small = told(client, LIST, **{"accept-encoding": encoding})
    assert small["Content-Encoding"] == encoding
    assert len(small.content) < 0.6 * len(plain.content)
    assert not is_news(client, LIST, small["ETag"])


@pytest.mark.parametrize(("origin", "allowed"), [("https://app.example.org", True), ("https://other.example", False)])
def test_only_the_websites_that_are_named_may_ask_from_a_browser(client, item, settings, origin, allowed):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.org"]
    answer = told(client, LIST, origin=origin)
    assert answer.get("Access-Control-Allow-Origin") == (origin if allowed else None)
    assert "Access-Control-Allow-Credentials" not in answer
    assert "origin" in answer["Vary"]
    asked = client.options(LIST, headers={"origin": origin, "access-control-request-method": "POST"})
    assert ("POST" in asked.get("Access-Control-Allow-Methods", "")) == allowed
    assert "Access-Control-Allow-Origin" not in told(client, "/", origin=origin)
