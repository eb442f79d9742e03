"""Headless preview: who gets a token, the access and lifetime of a token, and that nothing is logged or cached."""

import logging

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.signing import TimestampSigner, dumps
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction, Revision

from cms.core.headless_preview import drafts_travel_safely, page_of, token_for
from tests.factories import pages

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v2/preview/"
ROLES = {"stranger": False, "nobody": False, "Caseworker": False, "Panel chair": False, "Editor": True, "admin": True}


@pytest.fixture
def page(home, settings):
    settings.HEADLESS_PREVIEW_URL = "https://www.example.org/preview?from=cms"
    return pages.ReportPageFactory(title="Live words", body=[("heading", "How we did it")])


def read(client, token: str, **more):
    return client.get(ADDRESS, headers={"X-Preview-Token": token}, **more)


def test_the_newest_draft_comes_in_the_shape_of_a_public_page(client, page):
    public = client.get(f"/api/v2/pages/{page.pk}/").json()
    token = token_for(page)
    assert read(client, token).json() == public
    page.title = "New words"
    page.body[0].value = "How we will do it"
    page.save_revision()
    draft = read(client, token).json()
    assert (draft["title"], draft["body"][0]["value"]) == ("New words", "How we will do it")
    assert set(draft) == set(public)
    assert client.get(f"/api/v2/pages/{page.pk}/").json() == public


def test_a_page_that_was_never_published_or_is_private_can_be_read(client, page):
    fresh = pages.StandardPageFactory(title="Not yet", live=False)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    for one in (fresh, page):
        assert client.get(f"/api/v2/pages/{one.pk}/").status_code == 404
        assert read(client, token_for(one)).json()["title"] == one.title


def test_every_kind_of_page_can_be_read(client, home):
    kinds = [factory() for factory in pages.PageFactory.__subclasses__()]
    for page in kinds:
        page.save_revision()
        assert read(client, token_for(page)).status_code == 200, type(page)


def test_it_says_no_more_of_other_pages_than_the_public_may_know(client, page):
    page.get_parent().unpublish()
    answer = read(client, token_for(page))
    assert answer.json()["meta"]["parent"] is None


def test_no_answer_is_kept_by_anybody(client, page):
    for answer in (read(client, token_for(page)), read(client, "wrong"), client.get(f"{ADDRESS}?token=x")):
        assert set(answer["Cache-Control"].split(", ")) == {"private", "no-store"}
        assert answer["X-Robots-Tag"] == "noindex"


def test_reading_writes_nothing(client, page, django_assert_max_num_queries):
    rows = list(Page.objects.values()), Revision.objects.count()
    with django_assert_max_num_queries(40) as queries:
        read(client, token_for(page))
    assert all(query["sql"].lstrip("(").startswith("SELECT") for query in queries)
    assert (list(Page.objects.values()), Revision.objects.count()) == rows


def test_a_token_lasts_ten_minutes_to_the_second(client, page):
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        token = token_for(page)
        clock.shift(600)
        assert page_of(token) == page.pk
        clock.shift(1)
        answer = read(client, token)
    assert answer.status_code == 403
    assert "more than 10 minutes old" in answer.json()["message"]


def test_a_token_that_we_did_not_make_opens_nothing(client, page, settings):
    real = token_for(page)
    other = token_for(pages.StandardPageFactory())
    pk, when, mark = real.split(":")
    forged = [
        *("x", ":", "::", "\u00e9", "1" * 5000, real[:-1], real + "x", real.upper()),
        f"{other.split(':')[0]}:{when}:{mark}",
        f"{pk}:{other.split(':')[1]}x:{mark}",
        TimestampSigner(salt="another").sign(str(page.pk)),
        TimestampSigner(salt="cms.core.headless_preview", key="another" * 8).sign(str(page.pk)),
        TimestampSigner(salt="cms.core.headless_preview").sign("x"),
        dumps(page.pk, salt="cms.core.headless_preview"),
    ]
    for token in forged:
        answer = read(client, token)
        assert (answer.status_code, set(answer.json())) == (403, {"message"}), token
    assert read(client, "").status_code == client.get(ADDRESS).status_code == 403


def test_a_deleted_page_is_not_found_and_other_methods_and_parameters_are_refused(client, page):
    token = token_for(page)
    for query in ("?token=x", "?fields=*", "?fields=owner", "?_", "?format=api"):
        answer = client.get(ADDRESS + query, headers={"X-Preview-Token": token})
        assert (answer.status_code, set(answer.json())) == (400, {"message"}), query
    assert client.post(ADDRESS, headers={"X-Preview-Token": token}).status_code == 405
    page.delete()
    answer = read(client, token)
    assert (answer.status_code, answer.json()) == (404, {"message": "This page has been deleted."})


def test_the_token_is_in_no_log(client, page, caplog):
    token = token_for(page)
    with caplog.at_level(logging.DEBUG):
        for sent in (token, token + "x"):
            read(client, sent)
    assert token not in caplog.text


@pytest.mark.parametrize("role", ROLES)
def test_who_gets_a_token(client, page, home, role):
    if role != "stranger":
        user = get_user_model().objects.create_user(role, is_superuser=role == "admin")
        user.groups.set(Group.objects.filter(name=role))
        client.force_login(user)
    answer = client.get(reverse("preview_elsewhere", args=[page.pk]))
    editor = client.get(f"/admin/pages/{page.pk}/edit/")
    offered = b"Preview on www.example.org"
    assert answer.status_code == 302
    if ROLES[role]:
        before, token = answer.url.split("&token=")
        assert before == "https://www.example.org/preview?from=cms"
        assert read(client, token.replace("%3A", ":")).json()["id"] == page.pk
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert offered in editor.content
        assert offered in client.get(f"/admin/pages/{page.get_parent().pk}/").content
        assert client.post(reverse("preview_elsewhere", args=[page.pk])).status_code == 405
        assert client.get(reverse("preview_elsewhere", args=[999_999])).status_code == 404
    else:
        assert answer.url.split("?")[0] in ("/admin/", "/admin/login/")
        assert "token" not in answer.url
        assert offered not in editor.content


def test_an_editor_of_one_branch_gets_no_token_for_another(client, page, home):
    Group.objects.get(name="Editor").page_permissions.update(page=pages.StandardPageFactory())
    user = get_user_model().objects.create_user("editor")
    user.groups.set(Group.objects.filter(name="Editor"))
    client.force_login(user)
    assert client.get(reverse("preview_elsewhere", args=[page.pk])).url == "/admin/"


def test_without_a_front_end_nothing_is_offered(admin_in, page, settings):
    settings.HEADLESS_PREVIEW_URL = ""
    assert b"Preview on" not in admin_in.get(f"/admin/pages/{page.pk}/edit/").content
    assert admin_in.get(reverse("preview_elsewhere", args=[page.pk])).url == "/admin/"


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("", True),
        ("https://www.example.org/preview", True),
        ("http://localhost:3000/preview", True),
        ("http://www.example.org/preview", False),
        ("www.example.org", False),
        ("https://www.example.org/#preview", False),
    ],
)
def test_a_site_does_not_start_with_a_front_end_that_drafts_would_reach_unprotected(settings, address, is_safe):
    settings.HEADLESS_PREVIEW_URL = address
    assert (drafts_travel_safely(None) == []) == is_safe
