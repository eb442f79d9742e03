"""Tests of concurrent saves: only one of two can use up a limit."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from wagtail.models import ModelLogEntry

from scrutiny_pages.models import Membership, Panel, Person
from scrutiny_pages.services.members import save_membership
from tests.factories.records import PersonFactory

from ..models.test_membership import given, new_row, panel_of


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A database without a transaction around the test, for threads with their own; its rows are deleted afterwards.

    pytest-django's own fixture empties every table, also those that migrations filled, for the next tests.
    """
    with django_db_blocker.unblock():
        yield
        for model in (Membership, Person, Panel, ModelLogEntry, Session, get_user_model()):
            model.objects.all().delete()


def one_last_seat() -> list[Membership]:
    """Return two people for one seat."""
    panel = panel_of(("members", {"at_most": 1, "level": "refuse"}))
    return [new_row(panel), new_row(panel)]


def seats_that_do_not_go_together() -> list[Membership]:
    """Return two seats for one person, who may have either."""
    forum = panel_of(("may_not_sit_on", {"panels": ["auditors"], "level": "refuse"}), slug="forum")
    auditors, person = panel_of(slug="auditors"), PersonFactory()
    return [new_row(forum, person=person), new_row(auditors, person=person)]


@pytest.mark.parametrize("door", ["code", "form"])
@pytest.mark.parametrize("seats", [one_last_seat, seats_that_do_not_go_together])
def test_of_two_seats_at_once_that_a_rule_forbids_one_is_taken(committed, seats, door):
    handler = get_user_model().objects.create_superuser("handler")
    rows, start = seats(), threading.Barrier(2)

    def save(row):
        client = Client()
        client.force_login(handler)
        start.wait()
        try:
            if door == "code":
                save_membership(membership=row)
            else:
                client.post("/admin/members/create/", given(panel=row.panel_id, name="", person=row.person_id))
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
