"""Runs in a copy of the checkout to which recipes of CONTRIBUTING.md were applied, and prints what came of each.

``test_recipes.py`` makes the copy. Tables are made from the models: the migration that a recipe asks for is made apart.
"""

import io
import json
import sys

import django
from django.conf import settings


class NoMigrations(dict):
    """Makes Django create tables from the models."""

    def __contains__(self, label: object) -> bool:
        return True

    def __getitem__(self, label: str) -> None:
        return None

    def get(self, label: str, default: object = None) -> None:
        return None


settings.MIGRATION_MODULES = NoMigrations()
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from wagtail.models import Locale, Page, Site  # noqa: E402

from home.models import HomePage  # noqa: E402
from scrutiny_pages.models import CampaignPage, Panel  # type: ignore[attr-defined]  # noqa: E402  # made by the recipe

call_command("migrate", run_syncdb=True, verbosity=0)
Locale.objects.create(language_code=settings.LANGUAGE_CODE)
root = Page.add_root(title="Root", slug="root")
home = root.add_child(instance=HomePage(title="Home", slug="home", headline="What was promised"))
Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
page = home.add_child(instance=CampaignPage(title="Warm homes", slug="warm-homes", aim="No damp by spring"))
page.save_revision().publish()
Panel.objects.create(name="Repairs panel", slug="repairs", live=True)

client, listed = Client(), io.StringIO()
call_command("load_starter", stdout=listed)
call_command("load_starter", "two-friends", add=True, stdout=io.StringIO())
found = {
    "page": "No damp by spring" in client.get(page.url).content.decode(),
    "page in the API": client.get(f"/api/v2/pages/{page.pk}/").json().get("aim"),
    "page in the sitemap": page.url in client.get("/sitemap.xml").content.decode(),
    "API field": client.get("/api/v2/panels/repairs/").json().get("kind_label"),
    "starter is listed": "Two friends who look into things" in listed.getvalue(),
    "starter is loaded": Panel.objects.filter(name="The two friends").exists(),
}
json.dump(found, sys.stdout)
