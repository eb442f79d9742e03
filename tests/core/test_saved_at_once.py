"""Two people who press Save at the same moment, on screens opened at the same moment (case R7)."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client

from scrutiny_pages.models import Person, Role
from tests import two_connections
from tests.factories import records
from tests.screens import filled_in
from tests.two_connections import Pair, kept_database, on_postgres

pytestmark = [on_postgres, pytest.mark.django_db]


def steps(address: str, field: str) -> list:
    """Return two saves of screens that are open already, each with something else typed; refused as services refuse."""

    def step(name: str):
        client = Client()
        client.force_login(get_user_model().objects.get_or_create(username=name, is_superuser=True)[0])
        shown = filled_in(client.get(address).content.decode())

        def save():
            if client.post(address, shown | {field: f"{name}@example.org"}).status_code != 302:
                raise ValidationError("refused")

        return save

    return [step("first"), step("second")]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Rows and opened screens, and two connections to save with. None is in the transaction of a test."""
    with django_db_blocker.unblock(), kept_database():
        role, member, pair = records.RoleFactory(), records.MembershipFactory(), Pair()
        screens = {
            "role": steps(f"/admin/snippets/scrutiny_pages/role/edit/{role.pk}/", "mailbox"),
            "member": steps(f"/admin/members/edit/{member.pk}/", "email"),
        }
        yield pair, screens
        pair.close()


@pytest.mark.parametrize("kind", ["role", "member"])
def test_one_of_two_saves_at_once_is_refused(world, monkeypatch, kind):
    pair, screens = world
    monkeypatch.setattr(two_connections, "HELD_UP_AT", {"scrutiny_pages_role", "scrutiny_pages_person"})
    assert pair.at_once(*screens[kind], at=1) == (True, False)
    row = {"role": Role, "member": Person}[kind].objects.get()
    assert (row.mailbox if kind == "role" else row.email) == "first@example.org"
