"""Two people who save at the same moment cannot both have the last seat."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from wagtail.models import ModelLogEntry

from scrutiny_pages.models import Membership, Panel, Person
from scrutiny_pages.people_services import save_membership

from .test_memberships import given, new_row, panel_of


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A database with no transaction round the test, for threads that have their own; its rows are taken away.

    pytest-django's own way empties every table, those that migrations filled too, under the tests that come next.
    """
    with django_db_blocker.unblock():
        yield
        for model in (Membership, Person, Panel, ModelLogEntry, Session, get_user_model()):
            model.objects.all().delete()


@pytest.mark.parametrize("door", ["code", "form"])
def test_two_at_once_do_not_share_the_last_seat(committed, door):
    handler = get_user_model().objects.create_superuser("handler")
    panel = panel_of(("members", {"at_most": 1, "level": "refuse"}))
    rows, start = [new_row(panel), new_row(panel)], threading.Barrier(2)

    def save(row):
        client = Client()
        client.force_login(handler)
        start.wait()
        try:
            if door == "code":
                save_membership(membership=row)
            else:
                client.post("/admin/members/create/", given(panel=panel.pk, name="", person=row.person_id))
        except ValidationError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Membership.objects.count() == 1
