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
    """Send a form: the questions' boxes by name, with a fresh key unless one is given."""

    def send(form, data: dict, **more):
        fields = {"key": uuid.uuid4().hex, "version": "1"} | data
        return client.post(form.get_url(), {name: value for name, value in fields.items() if value is not None}, **more)

    return send


def hidden(response, name: str) -> str:
    """Return the value of a hidden field on a page."""
    return re.search(rf'name="{name}"\s+value="([^"]*)"', response.content.decode()).group(1)


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A database with no transaction round the test, for threads that have their own; forms are taken away afterwards.

    pytest-django's own way empties every table, those that migrations filled too, under the tests that come next.
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
    """The number that somebody is told to call."""
    settings = SiteSettings.for_site(Site.objects.get())
    settings.phone = "01632 960 111"
    settings.save()
    return settings.phone
