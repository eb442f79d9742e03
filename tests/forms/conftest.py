import re
import uuid

import pytest
from django.test import Client
from wagtail.models import Locale, Page, Site

from tests.factories.forms import FormPageFactory


@pytest.fixture
def form_page(db):
    return FormPageFactory()


@pytest.fixture
def post(client: Client):
    """Send a form: the questions' boxes by name, with a fresh key unless one is given."""

    def send(form, data: dict, **more):
        fields = {"key": uuid.uuid4().hex, "version": "1"} | data
        return client.post(form.get_url(), {name: value for name, value in fields.items() if value is not None}, **more)

    return send


def hidden(response, name: str) -> str:
    """Give the value of a hidden field on a page."""
    return re.search(rf'name="{name}"\s+value="([^"]*)"', response.content.decode()).group(1)


@pytest.fixture
def page_tree(transactional_db):
    """Plant the root and home pages again: a test with real transactions leaves no rows behind, not even these."""
    if not Page.objects.filter(depth=2).exists():
        Locale.objects.get_or_create(language_code="en-gb")
        home = Page.add_root(title="Root", slug="root").add_child(instance=Page(title="Home", slug="home"))
        Site.objects.get_or_create(hostname="localhost", defaults={"root_page": home, "is_default_site": True})
