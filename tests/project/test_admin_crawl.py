"""Every view of the admin, with rows behind each list, as each role (case S1).

A view that fails, a broken link, and a link that this user may not follow are reported by URL.
"""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from home.site_setup.role_rights import RIGHTS
from tests import clock
from tests.shared_rows import shared_rows

from .admin_crawl import AdminCrawl
from .admin_routes import addresses
from .admin_world import empty_lists, load_admin_world, register_lists

pytestmark = [pytest.mark.django_db, pytest.mark.traffic]
EVERYTHING = "somebody who may do everything"


@pytest.fixture(scope="module", autouse=True)
def world(request):
    with shared_rows(request):
        load_admin_world(clock.TODAY)
        yield


def crawl_as(role: str) -> AdminCrawl:
    """Follow all that the admin offers a user, and try the other URLs."""
    everything, client = role == EVERYTHING, Client()
    person = get_user_model().objects.create_user(role, is_superuser=everything)
    if not everything:
        person.groups.add(Group.objects.get(name=role))
    client.force_login(person)
    crawl = AdminCrawl(client)
    crawl.follow("/admin/")
    crawl.try_all(addresses(each_kind=everything))
    return crawl


@pytest.mark.parametrize("role", RIGHTS)
def test_no_screen_fails_and_nothing_offered_is_missing_or_refused(role):
    assert crawl_as(role).faults == {}


def test_no_screen_of_all_there_are_fails():
    crawl = crawl_as(EVERYTHING)
    assert crawl.faults == {}
    assert set(crawl.visited) >= register_lists()


def test_there_is_a_row_behind_each_list_and_a_crawl_for_each_role():
    assert empty_lists() == []
    assert set(Group.objects.values_list("name", flat=True)) == set(RIGHTS)
