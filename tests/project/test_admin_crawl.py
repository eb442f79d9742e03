"""Every screen of the admin, with rows behind each list, as each role (case S1).

A screen that fails, a link to nothing, and a link to where this person is then refused are told by address.
"""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from .admin_crawl import AdminCrawl
from .admin_routes import addresses
from .admin_world import empty_lists, load_admin_world, register_lists

pytestmark = [pytest.mark.django_db, pytest.mark.traffic]

# Wagtail makes them; they may do less with pages than our own roles, and nothing else.
WAGTAILS_OWN = ("Editors", "Moderators")


def in_each_role() -> dict:
    """Return somebody for each role, and one who may do everything."""
    people = {"administrator": get_user_model().objects.filter(is_superuser=True).first()}
    for group in Group.objects.exclude(name__in=WAGTAILS_OWN):
        people[group.name] = get_user_model().objects.create_user(f"in {group}")
        people[group.name].groups.add(group)
    return people


def test_no_screen_fails_and_nothing_offered_is_missing_or_refused(today, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    load_admin_world(today)
    assert empty_lists() == []
    faults = {}
    for role, person in in_each_role().items():
        client = Client()
        client.force_login(person)
        crawl = AdminCrawl(client)
        crawl.follow("/admin/")
        if role == "administrator":
            assert set(crawl.visited) >= register_lists()
        crawl.try_all(addresses(each_kind=role == "administrator"))
        faults |= {(role, address): fault for address, fault in crawl.faults.items()}
    assert faults == {}
