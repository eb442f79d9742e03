import re
import uuid

import pytest
from django.test import Client
from post_office.models import Email
from wagtail.models import Site

from cms.core.models import SiteSettings
from forms.models import FormPage, FormVersion, Submission
from tests.factories.forms import FormPageFactory


@pytest.fixture
def form_page(db):
    return FormPageFactory()


@pytest.fixture
def post(client: Client):
    """Post a form: the fields by name, with a new key unless one is passed."""

    def send(form, data: dict, **more):
        fields = {"key": uuid.uuid4().hex, "version": "1"} | data
        return client.post(form.get_url(), {name: value for name, value in fields.items() if value is not None}, **more)

    return send


def hidden(response, name: str) -> str:
    """Return the value of a hidden field on a page."""
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', response.content.decode())
    assert found
    return found.group(1)


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Provide a database without a transaction, for threads with their own; form data is deleted afterwards.

    pytest-django's own fixture empties every table, including those that migrations filled, for the tests that follow.
    """
    with django_db_blocker.unblock():
        yield
        Submission.objects.all().delete()
        FormVersion.objects.all().delete()
        for form in FormPage.objects.all():
            form.delete()
        Email.objects.all().delete()  # what each told of


@pytest.fixture
def home_phone(db) -> str:
    """Return the landlord's phone number in the settings."""
    settings = SiteSettings.for_site(Site.objects.get())
    settings.phone = "01632 960 111"
    settings.save()
    return settings.phone
