"""Staff entry of forms that came on paper, by phone or face to face."""

import datetime
import uuid

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from forms.enums import AccessAction, Channel
from forms.models import AccessRecord, FormHandling, FormPage, Submission
from tests.factories.forms import FormPageFactory, question, section

pytestmark = pytest.mark.django_db
WORDS = {"label": "Can you come?", "ruled_out": "no", "words": "<p>No.</p>"}


@pytest.fixture
def form():
    parts = [
        section(question("fits", "eligibility", **WORDS), question("who"), section_id="one"),
        section(question("why"), section_id="two", title="More"),
    ]
    return FormPageFactory(sections=parts, sends_receipt=False)


@pytest.fixture
def person(client, django_user_model):
    """Return a client signed in as a handler."""
    user = django_user_model.objects.create_user("casey")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "handle_submission"]))
    client.force_login(user)
    client.user = user
    return client


def paper(came: datetime.date, **changes) -> dict:
    boxes = {"q-how": "On paper", "q-when-day": came.day, "q-when-month": came.month, "q-when-year": came.year}
    return boxes | {"q-who": "Ada", "q-why": "To help", "key": uuid.uuid4().hex, "version": "1"} | changes


def test_paper_is_taken_in_with_the_day_it_came_and_who_typed_it(person, form):
    came = timezone.localdate() - datetime.timedelta(days=3)
    page = person.get(reverse("form_enter", args=[form.pk]))
    assert page.status_code == 200
    assert b"Can you come?" not in page.content
    data = paper(came)
    for _ in range(2):
        done = person.post(reverse("form_enter", args=[form.pk]), data)
        assert done.status_code == 302
    sent = Submission.objects.get()
    assert (sent.channel, sent.entered_by, sent.case.received_on) == (Channel.PAPER, person.user, came)
    assert sent.answers == {"who": "Ada", "why": "To help"}
    assert AccessRecord.objects.filter(action=AccessAction.ENTERED, by=person.user, submission=sent).count() == 1


def test_a_form_that_closed_can_still_be_typed_in(person, form):
    FormPage.objects.update(closes_on=timezone.localdate() - datetime.timedelta(days=1))
    assert person.post(reverse("form_enter", args=[form.pk]), paper(timezone.localdate())).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"q-when-year": "2048"}, "cannot be in the future"),
        ({"q-when-day": "", "q-when-month": "", "q-when-year": ""}, "Enter a date"),
        ({"q-when-day": "99"}, "real date"),
        ({"q-how": "On this website"}, "Choose an answer"),
        ({"q-how": "\x00"}, "Choose an answer"),
        ({"q-why": ""}, "Enter an answer"),
        ({"key": "x"}, "Type in a form"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(person, form, changes, words):
    response = person.post(reverse("form_enter", args=[form.pk]), paper(timezone.localdate()) | changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert 'value="Ada"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert not Submission.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_handle_it_may_not_type_it_in(client, person, form, django_user_model, method):
    address = reverse("form_enter", args=[form.pk])
    FormHandling.objects.create(form_key=form.form_key, form=form, form_title=form.title).groups.add(
        Group.objects.create(name="Others")
    )
    refused = getattr(person, method)(address, paper(timezone.localdate()))
    assert (refused.status_code, refused["Location"]) == (302, "/admin/")
    assert form.title not in person.get(reverse("form_enter_which")).content.decode()
    editor = django_user_model.objects.create_user("eddie")
    editor.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(editor)
    for asked in (address, reverse("form_enter_which")):
        refused = getattr(client, method)(asked)
        assert refused.status_code == 405 or refused["Location"] == "/admin/"
    assert not Submission.objects.exists()


def test_the_forms_to_choose_from_are_those_one_handles(person, form):
    assert form.title in person.get(reverse("form_enter_which")).content.decode()
    assert "Type in a form" in person.get("/admin/").content.decode()
