"""Add a column to the tracker with a field and one declaration, and print where it then appears.

This is a process of its own, since columns are read when modules are first imported: ``test_tracker_columns.py`` runs
it.
"""

import json
import os
import sys
from types import SimpleNamespace

import django
from django.conf import settings
from django.db import models
from django.db.models.signals import class_prepared

os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"

# --- What somebody writes who adds a column ------------------------------------------------------------

from scrutiny_pages.presenters import tracker_columns

NICKNAME = tracker_columns.Column(
    "nickname",
    "Short name",
    tracker_columns.EVERYWHERE | tracker_columns.Use.PAGE,
    path="nickname",
    also=("known as",),
    is_words=True,
    is_one_line=True,
)
tracker_columns.COLUMNS += (NICKNAME,)  # type: ignore[assignment]  # one more than its literal has


def add_field(sender, **kwargs):
    """Add the model's field, as a line in ``models/recommendation.py`` would."""
    if sender.__name__ == "Recommendation":
        models.CharField(max_length=60, blank=True).contribute_to_class(sender, "nickname")


# --- The walk ------------------------------------------------------------------------------------------

class_prepared.connect(add_field)
settings.DATABASES["default"] = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}


class NoMigrations(dict):
    """Tables are made from the models."""

    def __contains__(self, label: object) -> bool:
        return True

    def __getitem__(self, label: str) -> None:
        return None

    def get(self, label: str, default=None) -> None:
        return None


settings.MIGRATION_MODULES = NoMigrations()
django.setup()

from django.core.management import call_command  # noqa: E402
from wagtail.models import Locale  # noqa: E402

from cms.core.visibility import Viewer  # noqa: E402
from scrutiny_pages.api.exports import TrackerFile  # noqa: E402
from scrutiny_pages.api.serializers.recommendations import RecommendationSerializer  # noqa: E402
from scrutiny_pages.importer.columns import guess  # noqa: E402
from scrutiny_pages.importer.diff import make_plan  # noqa: E402
from scrutiny_pages.importer.loader import run_import  # noqa: E402
from scrutiny_pages.importer.readers import read  # noqa: E402
from scrutiny_pages.importer.rows import Options  # noqa: E402
from scrutiny_pages.models import Recommendation  # noqa: E402
from scrutiny_pages.presenters.recommendations import facts_of  # noqa: E402
from tests.factories import records  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
Locale.objects.create(language_code="en")
item = records.RecommendationFactory(nickname="The door")
viewer = Viewer.anonymous()
listed = Recommendation.objects.filter(pk=item.pk)
csv = "".join(TrackerFile(viewer, listed, "https://example.org").csv())
Recommendation.objects.update(nickname="")  # type: ignore[misc]  # the field added above
sheet = read(csv.encode())
options = Options(today=viewer.today, panel=item.panel)
plan = make_plan(sheet, guess(sheet.headings), options)
list(run_import(sheet, guess(sheet.headings), options))
item = Recommendation.objects.get()
tracker = read(b"Title,Known as,Date\nMend the lift,The lift,2026-04-01\n")
foreign = make_plan(tracker, guess(tracker.headings), options)
found = {
    "problems": [problem.words for problem in (*plan.problems, *foreign.problems)],
    "spreadsheet": csv.splitlines()[0].strip('"').rpartition(",")[2].strip('"'),
    "imported": item.nickname,
    "from another tracker": foreign.new[0].draft.words["nickname"],
    "api": RecommendationSerializer(item, context={"view": SimpleNamespace(viewer=viewer)}).data["nickname"],
    "page": dict(facts_of(item, {})).get("Short name"),
}
json.dump(found, sys.stdout)
