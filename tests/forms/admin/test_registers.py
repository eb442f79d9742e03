"""The registers of submissions: their content, filters and bulk actions.

Permissions are tested in ``cases/test_case_permissions.py``.
"""

import uuid

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ReferenceIndex

from forms.enums import FormKind
from forms.models import Submission
from tests.factories.forms import FormPageFactory, question, republish, section, send_to

pytestmark = pytest.mark.django_db

REFUSED = "/admin/"  # where Wagtail sends those it refuses
LOGIN = "/admin/login/"


@pytest.fixture
def sent(db) -> Submission:
    needs = question("needs", "yes_no", label="Any support needs?", follow_up="Details?", handlers_only=True)
    form = FormPageFactory(title="Join the panel", questions=[question("why", label="Why?"), needs])
    answers = {"why": "<script>alert(1)</script>", "needs": {"choice": "yes", "details": "A ramp"}}
    return send_to(form, answers, uuid.uuid4())


@pytest.fixture
def sign_in(db):
    """Return a client for a role: anonymous, editor (the whole site, as publisher), handler or superuser."""

    def sign(role: str) -> Client:
        client = Client()
        if role == "anonymous":
            return client
        user = User.objects.create_user(role, f"{role}@example.org", "x", is_superuser=role == "superuser")
        if role != "superuser":
            user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        if role == "editor":
            user.groups.add(*Group.objects.filter(name__in=["Editor", "Publisher"]))
        if role == "handler":
            user.user_permissions.add(Permission.objects.get(codename="handle_submission"))
        client.force_login(user)
        return client

    return sign


def addresses(sent: Submission) -> dict[str, tuple[str, int]]:
    """Return every URL of the registers, with the expected response for a permitted user."""
    form_id, pk = sent.version.form_id, sent.pk
    return {
        "list": ("/admin/applications/", 200),
        "other list": ("/admin/other-forms/", 200),
        "filtered": (f"/admin/applications/?form={form_id}", 200),
        "searched": (f"/admin/applications/?q={sent.reference[:4].lower()}", 200),
        "ordered": ("/admin/applications/?o=-2.1", 200),
        "ordered by nonsense": ("/admin/applications/?o=99.x.--1.-", 200),
        "page out of range": ("/admin/applications/?p=99999999999999999999", 200),
        "page of nonsense": ("/admin/applications/?p=x", 200),
        "inspect": (f"/admin/applications/inspect/{pk}/", 200),
        "inspect in the other register": (f"/admin/other-forms/inspect/{pk}/", 404),
        "inspect nothing": ("/admin/applications/inspect/999999/", 404),
        "inspect a word": ("/admin/applications/inspect/abc/", 404),
        "inspect twenty digits": ("/admin/applications/inspect/12345678901234567890/", 404),
        "inspect other digits": ("/admin/applications/inspect/\u0661/", 404),
        "unknown form": ("/admin/applications/?form=999999", 400),
        "form of another kind": ("/admin/other-forms/?form=" + str(form_id), 400),
        "nonsense form": ("/admin/applications/?form=x", 400),
        "NUL search": ("/admin/applications/?q=%00", 400),
        "half a character": ("/admin/applications/?q=%ED%A0%80", 200),
        "long search": ("/admin/applications/?q=" + "a+" * 1000, 400),
        "a question about answers": ("/admin/applications/?answers__icontains=a", 400),
        "a question about tokens": (f"/admin/applications/?token={sent.token}", 400),
        "unknown filter": ("/admin/applications/?nonsense=1", 400),
        "export": ("/admin/applications/?export=csv", 400),
        "error flag": ("/admin/applications/?e=1", 400),
        "create": ("/admin/applications/create/", 404),
        "edit": (f"/admin/applications/edit/{pk}/", 404),
        "delete": (f"/admin/applications/delete/{pk}/", 404),
        "history": (f"/admin/applications/history/{pk}/", 404),
    }


@pytest.mark.parametrize("role", ["superuser", "handler"])
def test_those_who_may_read_get_each_screen(sign_in, sent, role):
    client = sign_in(role)
    found = {name: client.get(url).status_code for name, (url, _status) in addresses(sent).items()}
    assert found == {name: status for name, (_url, status) in addresses(sent).items()}


def outcome(response) -> tuple[int, str]:
    return response.status_code, response.get("Location", "").split("?")[0]


@pytest.mark.parametrize(("role", "where"), [("editor", REFUSED), ("anonymous", LOGIN)])
def test_everybody_else_is_sent_away_from_each_screen(sign_in, sent, role, where):
    """Nothing is disclosed, not even which rows there are.

    A URL that does not exist, or cannot be parsed, discloses only that.
    """
    client = sign_in(role)
    for name, (url, status) in addresses(sent).items():
        no_such_screen = name in {"create", "edit", "delete", "history"} and role == "editor"
        expected = (404, "") if no_such_screen else (400, "") if name == "NUL search" else (302, where)
        assert outcome(client.get(url)) == expected, (name, status)


@pytest.mark.parametrize("role", ["superuser", "handler", "editor", "anonymous"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nobody_changes_anything(sign_in, sent, role, method):
    client = sign_in(role)
    allowed = role in {"superuser", "handler"}
    for url in ("/admin/applications/", f"/admin/applications/inspect/{sent.pk}/"):
        expected = (405, "") if allowed else (302, LOGIN if role == "anonymous" else REFUSED)
        assert outcome(getattr(client, method)(url)) == expected
    assert Submission.objects.filter(pk=sent.pk).exists()


@pytest.mark.parametrize(("role", "sees"), [("superuser", True), ("handler", True), ("editor", False)])
def test_the_menu_offers_it_to_those_who_may_read(sign_in, sent, role, sees):
    assert (b"/admin/applications/" in sign_in(role).get("/admin/").content) == sees


def test_the_list_shows_references_and_no_answers(sign_in, sent):
    page = sign_in("handler").get("/admin/applications/").content.decode()
    assert sent.reference in page
    assert "Join the panel" in page
    assert "A ramp" not in page
    assert "alert(1)" not in page


def test_each_kind_has_its_own_list(sign_in, sent):
    general = FormPageFactory(kind=FormKind.GENERAL, title="Tell us")
    other = send_to(general, {"why": "B"}, uuid.uuid4())
    client = sign_in("handler")
    applications = client.get("/admin/applications/").content.decode()
    others = client.get("/admin/other-forms/").content.decode()
    assert (sent.reference in applications, other.reference in applications) == (True, False)
    assert (sent.reference in others, other.reference in others) == (False, True)


def test_a_row_shows_the_questions_as_they_were_asked(sign_in, sent):
    republish(sent.version.form, title="New title", sections=[section(question("why", label="New words"))])
    page = sign_in("handler").get(f"/admin/applications/inspect/{sent.pk}/").content.decode()
    for words in ("Join the panel", sent.reference, "Why?", "Any support needs?", "Handlers only", "A ramp"):
        assert words in page
    assert "New words" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)</script>" not in page


def test_what_came_with_a_deleted_form_is_still_listed_and_found(sign_in, sent):
    send_to(FormPageFactory(), {"why": "B"}, uuid.uuid4())
    sent.version.form.delete()
    client = sign_in("handler")
    page = client.get("/admin/applications/?form=deleted").content.decode()
    assert sent.reference in page
    assert "Forms since deleted" in page
    assert client.get(f"/admin/applications/inspect/{sent.pk}/").status_code == 200


def test_staff_screens_are_kept_nowhere(sign_in, sent):
    client = sign_in("handler")
    for url in ("/admin/applications/", f"/admin/applications/inspect/{sent.pk}/"):
        assert {"private", "no-store"} <= set(client.get(url)["Cache-Control"].split(", "))


def test_the_permission_can_be_given_to_a_group(sign_in):
    page = sign_in("superuser").get("/admin/groups/new/").content.decode()
    permission = Permission.objects.get(codename="handle_submission")
    assert f'value="{permission.pk}"' in page


def test_wagtails_index_of_references_does_not_follow_what_people_sent():
    assert Submission not in ReferenceIndex.tracked_models


def test_a_longer_list_costs_no_more_queries(sign_in, sent):
    client = sign_in("handler")
    client.get("/admin/applications/")
    counts = []
    for more in (1, 18):
        for _ in range(more):
            send_to(sent.version.form, {"why": "B"}, uuid.uuid4())
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/applications/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
