"""The audience of a form: access, and visibility in lists."""

import datetime
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.http import QueryDict
from django.test import Client

from cms.core.visibility import Viewer, visible_to
from forms.answers.forms import AnswersForm
from forms.builder.definition import definition_of
from forms.enums import Audience
from forms.models import FormPage
from forms.models.permissions import handled_by
from tests.factories.forms import FormPageFactory, question

pytestmark = pytest.mark.django_db

NOT_FOUND_ANYWHERE = [Audience.LINK, Audience.MEMBERS, Audience.STAFF]


def form_for(audience: Audience) -> FormPage:
    return FormPageFactory(title="Wondrous form", slug="wondrous", audience=audience)


@pytest.mark.parametrize("audience", Audience.values)
def test_only_forms_for_anyone_are_found(client, audience, home):
    form = form_for(audience)
    form.show_in_menus = True
    form.save()
    surfaces = {
        "sitemap": client.get("/sitemap.xml").content.decode(),
        "search": client.get("/search/?q=wondrous").content.decode(),
        "API": client.get("/api/v2/pages/?type=forms.FormPage").content.decode(),
        "home": client.get("/").content.decode(),
    }
    address = form.get_url().rstrip("/")
    found = {name for name, page in surfaces.items() if address in page}
    assert found == ({"sitemap", "search", "API"} if audience == Audience.ANYONE else set())
    seen = client.get(f"/api/v2/pages/{form.pk}/").status_code
    assert seen == (200 if audience == Audience.ANYONE else 404)
    viewer = Viewer.anonymous()
    assert (
        visible_to(viewer, FormPage.objects.all()).exists() == viewer.sees_page(form) == (audience == Audience.ANYONE)
    )


def test_a_form_for_those_with_its_address_opens_for_them(client):
    response = client.get(form_for(Audience.LINK).get_url())
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"


def test_a_members_form_opens_with_its_link_and_stays_open_for_that_browser(client):
    form = form_for(Audience.MEMBERS)
    address = form.get_url()
    refused = client.get(address)
    assert refused.status_code == 403
    assert "This form is for members" in refused.content.decode()
    assert "no-store" in refused["Cache-Control"]
    assert client.post(address, {"q-why": "x"}).status_code == 403
    for wrong in ("", "x", "0" * 32, str(form.form_key), "\ufffd", "%00"):
        assert client.get(f"{address}?key={wrong}").status_code in (400, 403)

    opened = client.get(f"{address}?key={form.link_key.hex}")
    assert opened.status_code == 200
    assert client.get(f"{address}?key={form.link_key}").status_code == 200
    assert client.get(address).status_code == 200
    cookie = opened.cookies[form.link_cookie]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", address)

    elsewhere = Client()
    elsewhere.cookies[form.link_cookie] = form.link_key.hex  # not signed by us
    assert elsewhere.get(address).status_code == 403


def test_a_staff_form_is_for_whoever_may_sign_in_to_the_admin_and_nobody_else(client, django_user_model):
    address = form_for(Audience.STAFF).get_url()
    assert client.get(address).status_code == 404
    user = django_user_model.objects.create_user("other")
    client.force_login(user)
    assert client.get(address).status_code == 404
    assert client.post(address, {"q-why": "x"}).status_code == 404
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert client.get(address).status_code == 200
    assert client.post(address, {"q-why": "x", "key": uuid.uuid4().hex}).status_code == 303
    # Sending one gives nobody a right to what was sent.
    assert not handled_by(user).exists()


def test_editors_are_told_the_link(admin_client):
    form = form_for(Audience.MEMBERS)
    page = admin_client.get(f"/admin/pages/{form.pk}/edit/").content.decode()
    assert f"/wondrous/?key={form.link_key.hex}" in page


@pytest.mark.parametrize(
    ("changes", "is_there"),
    [({}, True), ({"live": False}, False), ({"audience": Audience.LINK}, True),
     ({"expire_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}, False)],
)  # fmt: skip
def test_who_is_ruled_out_is_shown_another_way_while_it_is_there(changes, is_there):
    other = FormPageFactory(title="Tell us what you think", **changes)
    asked = question("a", "eligibility", ruled_out="no", words="<p>Sorry</p>", route={"page": other.pk, "label": ""})
    form = FormPageFactory(questions=[asked])
    ruled_out_by = AnswersForm(definition_of(form), QueryDict("q-a=no")).ruled_out_by()
    assert ruled_out_by.words == "<p>Sorry</p>"
    route = ruled_out_by.route
    assert (route is not None) == is_there
    if is_there:
        assert (route.label, route.page.pk) == ("Tell us what you think", other.pk)
