"""Tests of the loading of starters, by the command and by the first-run view."""

import datetime
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import Page

from cms.core.models import SiteSettings
from cms.core.visibility import Viewer, visible_to
from scrutiny_pages.models import LoadedStarter, Panel, PanelPage, ReviewPage, ReviewProcess
from scrutiny_pages.starters import loader, reader
from scrutiny_pages.starters.loader import BadStarter, load_starter
from scrutiny_pages.starters.reader import Starter
from tests.factories.records import PanelFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 2, 27)


def run(*args) -> str:
    said = StringIO()
    call_command("load_starter", *args, stdout=said)
    return said.getvalue()


def test_the_command_names_the_starters():
    assert [line.split()[0] for line in run().splitlines()] == [
        "council-forum",
        "customer-review",
        "scrutiny-panel",
        "task-and-finish",
        "three-tier",
    ]


@pytest.mark.parametrize("name", reader.names())
def test_each_plants_a_site_whose_pages_open(client, name):
    assert "is loaded" in run(name, "--example", "--publish")
    for page in visible_to(Viewer.anonymous(), Page.objects.filter(depth__gt=1)):
        assert client.get(page.get_url()).status_code == 200, page
    assert SiteSettings.objects.get().organisation == SiteSettings().organisation
    assert ReviewPage.objects.get().progress.now
    assert PanelPage.objects.count() == Panel.objects.count()
    assert "was loaded before. Nothing has changed." in run(name)


def test_another_arrangement_is_refused_unless_it_is_to_be_added(home):
    run("council-forum")
    with pytest.raises(CommandError, match="already works as “council-forum”"):
        run("scrutiny-panel")
    assert not ReviewProcess.objects.filter(name="Panel review in eight stages").exists()
    run("scrutiny-panel", "--add")
    assert set(LoadedStarter.objects.values_list("name", flat=True)) == {"council-forum", "scrutiny-panel"}


def test_a_site_with_panels_of_its_own_is_left_alone():
    PanelFactory()
    with pytest.raises(CommandError, match="panels or processes of its own"):
        run("council-forum")


def test_a_name_that_is_none_is_answered_with_those_that_are():
    with pytest.raises(CommandError, match="There are: council-forum, customer-review"):
        run("nonsense")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"panels": [{"slug": "a", "name": "A", "purpose": "P", "part_of": "nobody"}]}, "There is no panel nobody"),
        ({"panels": [{"slug": "a", "name": "A", "purpose": "P", "agreements": ["none"]}]}, "none is not in the file"),
        (
            {
                "panels": [
                    {"slug": "a", "name": "A", "purpose": "P", "rules": [{"members": {"at_least": 9, "at_most": 3}}]}
                ]
            },
            "panels, a",
        ),
        ({"service_areas": [{"slug": "not a slug", "name": "A"}]}, "service_areas, not a slug"),
    ],
)
def test_a_file_that_is_wrong_says_where_and_loads_nothing(part, words):
    with pytest.raises(BadStarter, match=words):
        load_starter(Starter("bad", {"title": "Bad", "about": "Bad", **part}), on=DAY)
    assert not Panel.objects.exists()
    assert not LoadedStarter.objects.exists()


class TestFirstScreen:
    def test_a_new_site_asks_and_an_answer_is_enough(self, admin_in):
        assert "How does scrutiny work here?" in admin_in.get("/admin/").content.decode()
        answer = admin_in.post(reverse("starters"), {"starter": "customer-review"})
        assert (answer.status_code, answer.url) == (302, "/admin/")
        assert ReviewProcess.objects.exists()
        assert "Choose an arrangement" not in admin_in.get("/admin/").content.decode()

    def test_another_has_to_be_added_on_purpose(self, admin_in):
        load_starter(reader.read("council-forum"), on=DAY, pages=False)
        refused = admin_in.post(reverse("starters"), {"starter": "three-tier"})
        assert "already works as" in refused.content.decode()
        assert admin_in.post(reverse("starters"), {"starter": "three-tier", "add": "on"}).status_code == 302
        assert LoadedStarter.objects.count() == 2

    def test_a_fault_on_the_way_leaves_nothing_behind(self, admin_in, monkeypatch):
        def fail(*args):
            raise RuntimeError

        monkeypatch.setattr(loader, "_load_duties", fail)
        with pytest.raises(RuntimeError):
            admin_in.post(reverse("starters"), {"starter": "three-tier"})
        assert not Panel.objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_it_is_for_administrators(self, client, django_user_model, method):
        editor = django_user_model.objects.create_user("editor")
        editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(editor)
        answer = getattr(client, method)(reverse("starters"), {"starter": "three-tier"})
        assert (answer.status_code, answer.url) == (302, "/admin/")
        assert not LoadedStarter.objects.exists()
