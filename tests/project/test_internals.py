"""The internals of Wagtail and Django that we use, which may change without notice; docs/upgrading.md lists them.

A failure here after an upgrade names the one module to fix.
"""

import ast
import inspect
import re

import pytest
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.template import Template
from django.template.loader import get_template
from django.template.loader_tags import BlockNode, ExtendsNode
from wagtail.admin.action_menu import PublishMenuItem, SubmitForModerationMenuItem
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Site
from wagtail.rich_text.rewriters import LinkRewriter

from cms.core.editing.page_forms import PUBLISHING
from cms.core.models.fetching import forget_prefetched, has_prefetched, set_prefetched
from tests.factories import records
from tests.project.test_imports import MODULES, ROOT

GUIDE = (ROOT / "docs/upgrading.md").read_text(encoding="utf-8")


# --- The search index (cms/core/search.py) ---------------------------------------------------------------


@pytest.mark.django_db
def test_the_search_index_has_the_columns_that_we_ask():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA table_info(wagtailsearch_indexentry_fts)")
            # In this order: their weights are numbered.
            assert [row[1] for row in cursor.fetchall()] == ["autocomplete", "body", "title"]
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'wagtailsearch_indexentry_fts'")
            assert "porter" in cursor.fetchone()[0]
        else:
            cursor.execute(
                "SELECT column_name, udt_name FROM information_schema.columns "
                "WHERE table_name = 'wagtailsearch_indexentry' AND udt_name = 'tsvector'"
            )
            assert {("body", "tsvector"), ("title", "tsvector")} <= set(cursor.fetchall())


# --- Links in rich text (cms/core/block_serializers.py) --------------------------------------------------


def test_links_are_rewritten_by_rules_that_are_given_all_of_a_kind_at_once():
    asked = []

    def rule(found):
        asked.append([attrs["id"] for attrs in found])
        return ["<a>" for _ in found]

    html = '<p><a linktype="page" id="3">x</a> <a linktype="page" id="4">y</a></p>'
    assert LinkRewriter(bulk_rules={"page": rule})(html) == "<p><a>x</a> <a>y</a></p>"
    assert asked == [["3", "4"]]


# --- The editor's buttons (cms/core/editing/page_forms.py) -----------------------------------------------


def test_the_buttons_that_make_something_public_have_the_names_that_we_look_for():
    assert {PublishMenuItem.name, SubmitForModerationMenuItem.name} == set(PUBLISHING[:2])
    source = inspect.getsource(EditView)
    assert [name for name in PUBLISHING if f'POST.get("{name}")' not in source] == []


# --- What has been fetched (cms/core/models/fetching.py) -------------------------------------------------


@pytest.mark.django_db
def test_rows_are_looked_at_once_when_they_are_fetched(monkeypatch):
    records.PanelFactory()
    looked = []
    model = records.PanelFactory._meta.model
    monkeypatch.setattr(model.objects.all().__class__, "after_fetch", lambda self, rows: looked.append(len(rows)))
    panels = model.objects.all()
    assert (len(panels), len(panels), looked) == (1, 1, [1])
    assert len(panels.values_list("pk")) == 1
    assert looked == [1]


@pytest.mark.django_db
def test_rows_that_were_prefetched_are_known_and_can_be_given_and_forgotten(django_assert_num_queries):
    panel = records.PanelFactory()
    assert not has_prefetched(panel, "agreements")
    prefetch_related_objects([panel], "agreements")
    assert has_prefetched(panel, "agreements")
    with django_assert_num_queries(0):
        set_prefetched(panel, "memberships", [])
        assert list(panel.memberships.all()) == []
    forget_prefetched(panel)
    assert not has_prefetched(panel, "memberships")


# --- What waits for a commit (cms/core/api/conditional_requests.py) --------------------------------------


@pytest.mark.django_db
def test_work_that_waits_for_a_commit_can_be_seen():
    with transaction.atomic():
        before = len(connection.run_on_commit)
        transaction.on_commit(print, robust=True)
        assert [work for _, work, _ in connection.run_on_commit[before:]] == [print]


# --- The site of a request (cms/core/pdf/generation.py) --------------------------------------------------


def test_a_request_can_be_given_its_site(rf):
    request = rf.get("/")
    request._wagtail_site = site = Site()
    assert Site.find_for_request(request) is site


# --- The admin's screens (templates, conditions.js, admin-dates.js) --------------------------------------

EXTENDS = re.compile(r"""{% extends ["']([^"']+)["'] %}""")
OURS = {str(path.relative_to(ROOT / "templates")): path.read_text() for path in (ROOT / "templates").rglob("*.html")}
SCREENS = [
    name
    for name, source in OURS.items()
    if (found := EXTENDS.search(source)) and found[1].startswith(("wagtailadmin/", "modeladmin/"))
]


def blocks_above(template: Template) -> set[str]:
    """Return the names of the blocks of a template's parents."""
    found = EXTENDS.search(template.source)
    if found is None:
        return set()
    # One that stands in front of another of the same name extends that.
    skip = [template.origin] if found[1] == template.name else None
    parent, _ = template.engine.find_template(found[1], skip=skip)
    return {*re.findall(r"{%-? *block (\w+)", parent.source), *blocks_above(parent)}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_fills_blocks_that_the_admins_template_has(name):
    """Django ignores a block that the parent template lacks."""
    template = get_template(name).template
    extends = next(node for node in template.nodelist if isinstance(node, ExtendsNode))
    filled = {node.name for node in extends.nodelist if isinstance(node, BlockNode)}
    assert filled
    assert filled <= blocks_above(template)


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("wagtailadmin/js/telepath/blocks.js", ["data-streamfield-child", "-type", "-deleted", "-id", "-value"]),
        ("wagtailadmin/js/vendor/jquery.datetimepicker.js", ["validateOnBlur"]),
    ],
)
def test_the_admins_scripts_have_the_names_that_ours_look_for(script, names):
    """A browser test checks that our scripts work with them (tests/browser)."""
    with open(finders.find(script), encoding="utf-8") as file:
        source = file.read()
    assert [name for name in names if name not in source] == []


def test_modeladmin_is_imported_in_one_module():
    importers = {
        name
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("wagtail_modeladmin")
    }
    assert importers == {"cms.core.admin.private_models"}


# --- The guide -------------------------------------------------------------------------------------------


def test_the_guide_names_modules_and_tests_that_there_are():
    named = re.findall(r"`((?:cms|forms|scrutiny_pages|templates|tests)/[\w/.-]+)`", GUIDE)
    assert len(named) > 8
    assert [path for path in named if not (ROOT / path).exists()] == []
