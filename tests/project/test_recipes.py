"""The recipes of CONTRIBUTING.md for a page type, a starter and a field of the API: with these files it is done.

Those for a question type, a rule and a column of the tracker are walked where these are tested:
``questions/test_invented_type.py``, ``rules/test_rule_types.py`` and ``presenters/test_tracker_columns.py``.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import clock

from .reading import ROOT

PRODUCT = (
    *("cms", "home", "forms", "scrutiny_pages", "templates", "manage.py"),
    *("tests/__init__.py", "tests/clock", "tests/project"),
)

# --- What somebody writes, file by file ----------------------------------------------------------------

PAGE_TYPE = '''"""Campaigns: one thing that residents want changed."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.search import index

from cms.core.models import BasePage


class CampaignPage(BasePage):
    """A campaign and its aim."""

    aim = models.CharField(max_length=120)

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*BasePage.content_panels, FieldPanel("aim")]
    search_fields = [*BasePage.search_fields, index.SearchField("aim")]
    api_fields = [*BasePage.api_fields, APIField("aim")]
'''
TEMPLATE = '{% extends "page.html" %}\n{% block body %}<p>{{ page.aim }}</p>{% endblock %}\n'
STARTER = """title: Two friends who look into things
about: Two residents look into one thing at a time.
site: {kind: registered_provider, nation: wales, resident: tenant, residents: tenants}
panels:
  - {slug: two-friends, name: The two friends, kind: task_and_finish, purpose: Looks into things.}
"""
NEW = {
    "scrutiny_pages/models/pages/campaign.py": PAGE_TYPE,
    "templates/scrutiny_pages/campaign_page.html": TEMPLATE,
    "scrutiny_pages/starters/data/two-friends.yaml": STARTER,
}
# A line that is added before another.
LINES = {
    "scrutiny_pages/models/__init__.py": [
        ("from .pages.easy_read import EasyReadPage\n", "from .pages.campaign import CampaignPage\n"),
        ('    "Decision",\n', '    "CampaignPage",\n'),
    ],
    "scrutiny_pages/api/serializers/panels.py": [
        ("    class Meta:\n", '    kind_label = serializers.CharField(source="get_kind_display")\n\n'),
        ('            "kind",\n', '            "kind_label",\n'),
    ],
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """Copy the product, and apply the recipes to the copy."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in PRODUCT:
        source, target = ROOT / name, copy / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
        else:
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    shutil.copy(ROOT / "requirements.lock", copy)
    for name, text in NEW.items():
        (copy / name).write_text(text, encoding="utf-8")
    for name, lines in LINES.items():
        text = (copy / name).read_text(encoding="utf-8")
        for before, line in lines:
            assert before in text, f"{name} has changed: mend the recipe"
            text = text.replace(before, line + before, 1)
        (copy / name).write_text(text, encoding="utf-8")
    return copy


def run(checkout: Path, *command: str) -> str:
    """Return what a Python command prints in the copy, on a database of its own."""
    own = {"VAR_DIR": str(checkout / "var"), "DJANGO_SETTINGS_MODULE": "cms.settings.test"}
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "CACHE_URL")}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=checkout,
        env=kept | own | clock.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_each_recipe_adds_its_thing_with_only_its_files(checkout):
    (checkout / "var").mkdir(exist_ok=True)
    found = json.loads(run(checkout, "-m", "tests.project.adding_by_recipe"))
    assert found == {
        "page": True,
        "page in the API": "No damp by spring",
        "page in the sitemap": True,
        "API field": "Scrutiny panel",
        "starter is listed": True,
        "starter is loaded": True,
    }


def test_a_page_types_migration_is_made_by_one_command(checkout):
    (checkout / "var").mkdir(exist_ok=True)
    run(checkout, "manage.py", "makemigrations", "scrutiny_pages", "--name", "campaign_page")
    [made] = (checkout / "scrutiny_pages" / "migrations").glob("0*_campaign_page.py")
    assert 'name="CampaignPage"' in made.read_text() or "name='CampaignPage'" in made.read_text()
