"""One form that adds something and is sent more than once: one page, and no error (case R6)."""

import datetime
import uuid

import pytest
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.core.admin.add_once import FIELD, forget_forms
from cms.core.models import OpenedForm
from home.models import StandardPage
from scrutiny_pages.models import EscalationRoute, Role
from tests.screens import filled_in

pytestmark = pytest.mark.django_db
JSON = {"headers": {"accept": "application/json"}}


def page_data(title: str = "Repairs", summary: str = "First") -> dict:
    data = nested_form_data({"title": title, "slug": "repairs", "summary": summary})
    return data | nested_form_data({"body": streamfield([("text", rich_text("<p>Words</p>"))])})


def add_address(parent: Page) -> str:
    return f"/admin/pages/add/home/standardpage/{parent.pk}/"


@pytest.fixture
def form(admin_in, home):
    """Return a function that submits one opened form, as the autosave or a button does."""
    address = add_address(home)
    shown = filled_in(admin_in.get(address).content.decode())
    assert uuid.UUID(shown[FIELD])

    def send(*, by_script=False, **typed):
        data = page_data(**{name: typed.pop(name) for name in ("title", "summary") if name in typed})
        return admin_in.post(address, shown | data | typed, **(JSON if by_script else {}))

    return send


def newest(page: Page) -> Page:
    return page.get_latest_revision_as_object()


def test_save_while_the_first_autosave_is_on_its_way_makes_one_page(form):
    assert form(by_script=True).status_code == 200
    page = StandardPage.objects.get()
    answer = form(summary="Second")
    assert (answer.status_code, answer.url) == (302, f"/admin/pages/{page.pk}/edit/")
    assert newest(StandardPage.objects.get()).summary == "Second"


def test_publish_while_the_first_autosave_is_on_its_way_publishes_that_page(form):
    form(by_script=True)
    assert form(summary="Second", **{"action-publish": "1"}).status_code == 302
    page = StandardPage.objects.get()
    assert (page.live, page.summary) == (True, "Second")


def test_an_autosave_sent_again_answers_as_the_first_did(form):
    """After a network failure the script submits again to the create view."""
    first = form(by_script=True).json()
    again = form(by_script=True, summary="Second").json()
    for name in ("pk", "url", "hydrate_url", "revision_id"):
        assert again[name] == first[name], name
    assert "html" not in again
    assert newest(StandardPage.objects.get()).summary == "Second"
    assert Revision.objects.for_instance(StandardPage.objects.get()).count() == 1


def test_an_autosave_that_comes_after_the_button_writes_nothing_older(form):
    form(summary="Pressed")
    answer = form(by_script=True, summary="Older")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "invalid_revision")
    assert newest(StandardPage.objects.get()).summary == "Pressed"


def test_two_clicks_make_one_page(form):
    assert [form().status_code for _click in range(2)] == [302, 302]
    assert StandardPage.objects.count() == 1


def test_what_somebody_else_wrote_in_it_meanwhile_is_not_overwritten(form):
    form(by_script=True)
    page = StandardPage.objects.get()
    page.summary = "Theirs"
    page.save_revision()
    answer = form(summary="Mine")
    assert "after you opened it" in answer.content.decode()
    assert newest(StandardPage.objects.get()).summary == "Theirs"


def test_a_form_with_a_mistake_adds_nothing_and_can_be_mended(form):
    assert form(title="").status_code == 200
    assert not StandardPage.objects.exists()
    assert form().status_code == 302
    assert StandardPage.objects.count() == 1


def test_what_was_deleted_since_is_added_again(form):
    form(by_script=True)
    StandardPage.objects.get().delete()
    assert form().status_code == 302
    assert StandardPage.objects.count() == 1


def test_two_forms_make_two_pages(admin_in, home):
    for slug in ("one", "two"):
        shown = filled_in(admin_in.get(add_address(home)).content.decode())
        assert admin_in.post(add_address(home), shown | page_data() | {"slug": slug}).status_code == 302
    assert StandardPage.objects.count() == 2


@pytest.mark.parametrize("key", ["", "rubbish", "somebody else's"])
def test_a_key_that_is_not_ones_own_changes_nothing(form, django_user_model, key):
    form(by_script=True)
    if key == "somebody else's":
        OpenedForm.objects.update(user=django_user_model.objects.create_user("else"))
        key = str(OpenedForm.objects.get().key)
    answer = form(summary="Second", **{FIELD: key})
    assert "already in use" in answer.content.decode()
    assert newest(StandardPage.objects.get()).summary == "First"


def route_data(*steps: str) -> dict:
    rows = [{"to_whom": step, "asks": "Say what you will do."} for step in steps]
    return nested_form_data({"name": "Route", "steps": inline_formset(rows)})


def test_records_with_rows_are_held_to_the_same_and_rows_are_not_doubled(admin_in, home):
    address = "/admin/snippets/scrutiny_pages/escalationroute/add/"
    shown = filled_in(admin_in.get(address).content.decode())
    first = admin_in.post(address, shown | route_data("The Board"), **JSON)
    assert first.status_code == 200, first.content
    assert admin_in.post(address, shown | route_data("The Board", "The Ombudsman")).status_code == 302
    route = EscalationRoute.objects.get()
    assert [step.to_whom for step in route.steps.all()] == ["The Board", "The Ombudsman"]


def test_records_without_revisions_are_added_once_too(admin_in, home):
    address = "/admin/snippets/scrutiny_pages/role/add/"
    shown = filled_in(admin_in.get(address).content.decode())
    codes = [admin_in.post(address, shown | {"title": "Head of Repairs"}).status_code for _click in range(2)]
    assert (codes, Role.objects.count()) == ([302, 302], 1)


def test_whoever_may_not_add_a_page_adds_none(client, django_user_model, home):
    client.force_login(django_user_model.objects.create_user("somebody"))
    answer = client.post(add_address(home), page_data() | {FIELD: str(uuid.uuid4())})
    assert answer.status_code == 302
    assert not StandardPage.objects.exists()


def test_what_is_known_of_old_forms_is_forgotten(form):
    form()
    forget_forms(timezone.now())
    assert OpenedForm.objects.exists()
    forget_forms(timezone.now() + datetime.timedelta(days=2))
    assert not OpenedForm.objects.exists()
