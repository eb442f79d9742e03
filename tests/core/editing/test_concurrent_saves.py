"""Simultaneous saves: of two people (case R7), and of autosave and Save (case R6)."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, streamfield

from home.models import StandardPage
from scrutiny_pages.models import Person, Role
from tests import two_connections
from tests.core.admin.test_add_once import JSON, add_address, newest, page_data
from tests.factories import pages, records
from tests.screens import filled_in
from tests.two_connections import Pair, kept_database, on_postgres

pytestmark = [on_postgres, pytest.mark.django_db]


def steps(address: str, field: str, **more) -> list:
    """Return two submissions of opened forms with different input; refused ones raise as services do."""

    def step(name: str):
        client = Client()
        client.force_login(get_user_model().objects.get_or_create(username=name, is_superuser=True)[0])
        shown = filled_in(client.get(address).content.decode())

        def save():
            if client.post(address, shown | more | {field: f"{name}@example.org"}).status_code != 302:
                raise ValidationError("refused")

        return save

    return [step("first"), step("second")]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Rows and opened forms, and two connections to save with, outside of the test's transaction."""
    with django_db_blocker.unblock(), kept_database():
        role, member, pair = records.RoleFactory(), records.MembershipFactory(), Pair()
        screens = {
            "role": steps(f"/admin/snippets/scrutiny_pages/role/edit/{role.pk}/", "mailbox"),
            "member": steps(f"/admin/members/edit/{member.pk}/", "email"),
        }
        home = pages.make_home()
        page = pages.StandardPageFactory(title="Lifts", slug="lifts", parent=home)
        page.save_revision()
        screens["a page"] = steps(
            f"/admin/pages/{page.pk}/edit/", "summary", **nested_form_data({"body": streamfield([])})
        )
        address, client = add_address(home), Client()
        client.force_login(get_user_model().objects.get(username="first"))
        screens["page"] = address, client, filled_in(client.get(address).content.decode())
        yield pair, screens
        pair.close()


def test_one_of_two_saves_of_a_page_at_once_is_refused(world, monkeypatch):
    pair, screens = world
    monkeypatch.setattr(two_connections, "HELD_UP_AT", {"wagtailcore_revision"})
    assert pair.at_once(*screens["a page"], at=1) == (True, False)
    assert newest(StandardPage.objects.get(slug="lifts")).summary == "first@example.org"


@pytest.mark.parametrize("kind", ["role", "member"])
def test_one_of_two_saves_at_once_is_refused(world, monkeypatch, kind):
    pair, screens = world
    monkeypatch.setattr(two_connections, "HELD_UP_AT", {"scrutiny_pages_role", "scrutiny_pages_person"})
    assert pair.at_once(*screens[kind], at=1) == (True, False)
    row = {"role": Role, "member": Person}[kind].objects.get()
    assert (row.mailbox if kind == "role" else row.email) == "first@example.org"


def test_the_first_autosave_and_the_button_at_the_same_moment_make_one_page(world):
    address, client, shown = world[1]["page"]
    start, answers = threading.Barrier(2), {}

    def send(summary: str, **more):
        mine = Client()
        mine.cookies = client.cookies
        start.wait()
        try:
            answers[summary] = mine.post(address, shown | page_data(summary=summary), **more)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=send, args=("By itself",), kwargs=JSON),
        threading.Thread(target=send, args=("Pressed",)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [newest(page).summary for page in StandardPage.objects.filter(slug="repairs")] == ["Pressed"]
    assert answers["Pressed"].status_code == 302
    by_itself = answers["By itself"]
    assert by_itself.status_code == 200 or by_itself.json()["error_code"] == "invalid_revision"
