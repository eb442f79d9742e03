"""GET requests and validation write nothing: only a submission does."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from cms.core.models import SiteSettings
from forms.answers.forms import AnswersForm
from forms.answers.versions import ensure_version
from forms.models import FormPage, FormVersion, QuestionSet, Upload
from home.models import Navigation
from tests.factories.forms import FormPageFactory, question, section, send_to

pytestmark = pytest.mark.django_db
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
EQUALITY = [{"type": "yes_no", "id": "e", "value": {"label": "Are you 18 or over?"}}]


@pytest.fixture
def written():
    """Return the statements that write, among those that ran within the test's own block."""
    with CaptureQueriesContext(connection) as queries:
        yield lambda: [query["sql"] for query in queries.captured_queries if WRITES.match(query["sql"])]


@pytest.fixture
def form(home) -> FormPage:
    """Return a form in two sections without a stored version."""
    for settings in (SiteSettings, Navigation):  # Wagtail makes these rows when they are first read
        settings.for_site(home.get_site())
    asked = QuestionSet.objects.create(name="Equality", questions=EQUALITY)
    sections = [
        section(question("who", "name"), section_id="one", title="You"),
        section(question("why", label="Why?"), section_id="two", title="Why"),
    ]
    page = FormPageFactory(sections=sections, equality_questions=asked)
    FormVersion.objects.all().delete()
    return page


@pytest.mark.parametrize("query", ["", "?page=begin", "?section=one", "?section=two", "?page=check", "?page=save"])
@pytest.mark.parametrize("is_begun", [False, True])
def test_looking_at_a_form(form, client, written, query, is_begun):
    if is_begun:
        client.post(f"{form.get_url()}?section=one", {"q-who-first_name": "Ada"})
    already = len(written())
    assert client.get(f"{form.get_url()}{query}").status_code in (200, 303)
    assert written()[already:] == []


def test_looking_at_a_form_on_one_page_and_what_surrounds_it(form, client, written):
    whole = FormPageFactory()
    sent = send_to(whole, {"why": "A"}, uuid.uuid4())
    FormVersion.objects.exclude(pk=sent.version_id).delete()
    addresses = [
        whole.get_url(),
        reverse("form_received", args=[sent.token]),
        reverse("form_equality", args=[form.form_key]),
        reverse("submission_api", args=[sent.token]),
        "/api/v2/forms/",
        *(f"/api/v2/forms/{page.pk}/" for page in (whole, form)),
    ]
    already = len(written())
    for address in addresses:
        assert client.get(address).status_code == 200, address
    assert written()[already:] == []


def test_staff_looking_at_a_form_to_type_in(form, admin_client, written):
    addresses = [reverse("form_enter_which"), reverse("form_enter", args=[form.pk])]
    for address in addresses:  # a session and the like are written at the first visit
        admin_client.get(address)
    already = len(written())
    for address in addresses:
        assert admin_client.get(address).status_code == 200
    assert written()[already:] == []


def test_judging_a_form_with_files(written):
    version = ensure_version(FormPageFactory(questions=[question("proof", "file", most=2)]))
    data = QueryDict(mutable=True)
    data["q-proof-kept"] = uuid.uuid4().hex
    files = MultiValueDict({"q-proof": [SimpleUploadedFile("a.txt", b"words")]})
    already = len(written())
    judged = AnswersForm(version.definition, data, files, version=version)
    assert not judged.is_valid()
    assert judged.problems()
    assert written()[already:] == []
    assert not Upload.objects.exists()
