"""Requests with an unknown host, or with a method that a URL does not support."""

import importlib
import logging
import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver
from wagtail.documents import get_document_model

from .admin_routes import leaves

pytestmark = pytest.mark.django_db

ODD_HOSTS = ["attacker.example", "203.0.113.7:8000", "bad_host!", "[::1", "", "example.org.evil.example"]
HTTPS = {"HTTP_X_FORWARDED_PROTO": "https"}


@pytest.fixture
def live_site(home, settings, monkeypatch):
    """The settings of a live site, with Django's whole middleware."""
    monkeypatch.setenv("SECRET_KEY", "only-for-this-test")
    monkeypatch.setenv("ALLOWED_HOSTS", "example.org")
    production = importlib.reload(importlib.import_module("cms.settings.production"))
    for name in vars(production):
        if name.startswith(("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_")) or name in ("ALLOWED_HOSTS", "MIDDLEWARE"):
            setattr(settings, name, getattr(production, name))
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", ["/", "/search/?q=lifts", "/api/v2/panels/", "/admin/", "/nothing/", "/static/x.css"])
@pytest.mark.parametrize("headers", [{}, HTTPS], ids=["http", "https"])
@pytest.mark.parametrize("host", ODD_HOSTS)
def test_an_unknown_host_is_refused_and_logged(live_site, caplog, host, headers, path):
    """Case S7."""
    answer = live_site.get(path, HTTP_HOST=host, **headers)
    assert answer.status_code == 400
    assert "no such address" in answer.content.decode()
    assert [record.name for record in caplog.records] == ["django.security.DisallowedHost"]


def test_what_is_logged_of_security_is_printed():
    """Case S7: by default Django has no handler for it outside of ``DEBUG``."""
    printed = [type(handler) for handler in logging.getLogger("django.security").handlers]
    assert printed == [logging.StreamHandler]
    assert logging.getLogger("django.security.DisallowedHost").isEnabledFor(logging.ERROR)


def test_a_known_host_is_served(live_site):
    assert live_site.get("/", HTTP_HOST="example.org", **HTTPS).status_code == 200


SAMPLES = {
    **dict.fromkeys(("token", "form_key"), "5f0c7dd2-8b0b-4f7a-9f2d-0123456789ab"),
    "colour": "00703c",
    "letter": "S",
    "size": "180",
    "name": "contact",
    "secret": "x",
    "slug": "x",
    "series": "2026-03",
    "number": "1",
    "pk": "1",
    "path": "images/x.png",
    "document_id": "1",
    "document_filename": "a.txt",
    "restriction_id": "1",
}


def public_addresses() -> list[str]:
    """Return a URL for each public pattern except the API's and the pages' own."""
    found = ["/", "/nothing/", "/_util/authenticate_with_password/1/1/", "/media/images/x.png"]
    for route, _ in leaves(get_resolver()):
        if route.startswith(("admin/", "api/", "^api/", "^(", "_util", "^_util", "^media")) or not route:
            continue
        filled = re.sub(r"\(\?P<(\w+)>(?:\[[^]]*\](?:\{[\d,]+\})?|[^()])*\)", lambda match: SAMPLES[match[1]], route)
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: SAMPLES[match[1]], filled)
        found.append("/" + filled.replace("^", "").replace("$", "").replace("\\", ""))
    return found


@pytest.mark.parametrize("method", ["TRACE", "BREW", "PROPFIND", "CONNECT", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_no_public_address_has_another_method(home, method):
    """Case S9."""
    client = Client(raise_request_exception=False)
    addresses = public_addresses()
    assert len(addresses) > 30
    answers = {address: client.generic(method, address) for address in addresses}
    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(answers, 405)
    assert all(answer["Allow"] for answer in answers.values())


@pytest.mark.parametrize("method", ["TRACE", "BREW"])
@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/api/v2/panels/", "/api/", "/api/v2/pages/"])
def test_neither_staff_nor_programs_have_a_method_that_nobody_knows(admin_client, address, method):
    assert admin_client.generic(method, address).status_code == 405


def test_a_document_is_shown_and_nothing_is_sent_to_it(home, settings, tmp_path):
    """Case S9."""
    settings.MEDIA_ROOT = tmp_path
    document = get_document_model().objects.create(title="Notes", file=ContentFile(b"Notes", name="notes.txt"))
    client = Client()
    assert b"".join(client.get(document.url).streaming_content) == b"Notes"
    assert client.head(document.url).status_code == 200
    for method in ("POST", "TRACE", "PUT", "BREW"):
        assert client.generic(method, document.url).status_code == 405, method
