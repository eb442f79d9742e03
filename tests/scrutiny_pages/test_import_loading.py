"""Bringing a tracker in: what is written, all or nothing, once, and in how many queries."""

import datetime
import itertools

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry, ReferenceIndex, Revision

from scrutiny_pages import services
from scrutiny_pages.enums import Answer, Delivery, EventKind
from scrutiny_pages.imports import loading
from scrutiny_pages.imports.columns import guess
from scrutiny_pages.imports.history import Facts, NotLegal, problems_in, replay, steps_of
from scrutiny_pages.imports.loading import NotImported, bring_in
from scrutiny_pages.imports.planning import make_plan
from scrutiny_pages.imports.reading import read
from scrutiny_pages.imports.rows import Options
from scrutiny_pages.models import Event, Extension, Panel, Recommendation, Role, ServiceArea, Tracking
from scrutiny_pages.steps import TAKE
from tests.conftest import TODAY
from tests.factories.records import PanelFactory, RecommendationFactory, RoleFactory, ServiceAreaFactory

pytestmark = pytest.mark.django_db

HEADINGS = (
    "Reference,Recommendation,Reason,Owner,Services,Asked for on,Answer,Reason for the answer,Answered on,Answer due,"
    "Status,First target date,Current target date,Completion date,Confirmed on,Closed reason"
)
ROWS = [
    "2025-03/1,Tell people when a repair is late,People wait in.,Head of Repairs,Repairs; Lettings,10/03/2025,,,,"
    "7 April 2025,,,,,,",
    "2025-03/2,Publish the waiting times,,Head of Repairs,Repairs,10/03/2025,Accepted,,2 April 2025,,Open,"
    "30 June 2025,30 June 2025,,,",
    "2025-03/3,Answer the phone,,Head of Contact,,10/03/2025,Partly accepted,Not at night.,2 April 2025,,In progress,"
    "30 June 2025,30 September 2025,,,",
    "2025-03/4,Paint the stairs,,,,10/03/2025,Not accepted,It costs too much.,2 April 2025,,Closed,,,,,",
    "2025-03/5,Light the path,,,,10/03/2025,,,2 April 2025,,Complete,30 June 2025,,1 June 2025,,",
    "2025-03/6,Mend the gate,,,,10/03/2025,,,2 April 2025,,Complete,30 June 2025,1 August 2025,1 July 2025,9 July 2025,",
    "2025-03/7,Plant a hedge,,,,10/03/2025,Accepted,,2 April 2025,,Cancelled,30 June 2025,,,,The land was sold.",
    "2025-03/8,Move the bins,,,,10/03/2025,Withdrawn,,,,,,,,,Done by the council.",
]
CSV = "\n".join([HEADINGS, *ROWS])


@pytest.fixture
def panel():
    return PanelFactory(name="Scrutiny panel", slug="scrutiny-panel")


def plan(content: str, panel: Panel, **more):
    sheet = read(content.encode())
    return make_plan(sheet, guess(sheet.headings), Options(TODAY, panel, file_name="tracker.csv", **more))


def load(content: str, panel: Panel, by=None, **more) -> list[int]:
    """Import a file; give the progress that it told."""
    sheet = read(content.encode())
    options = Options(TODAY, panel, file_name="tracker.csv", **more)
    return [progress.done for progress in bring_in(sheet, guess(sheet.headings), options, by=by)]


def rows_of(instance) -> dict:
    return model_to_dict(instance, exclude=["id", "tracking", "recommendation"])


def everything_about(item: Recommendation) -> dict:
    """Give every row that has to do with a recommendation, without what differs between any two."""
    item = Recommendation.objects.select_related("tracking").get(pk=item.pk)
    kind = ContentType.objects.get_for_model(Recommendation)
    revisions = Revision.objects.filter(base_content_type=kind, object_id=str(item.pk))
    times = ("first_published_at", "last_published_at", "latest_revision", "live_revision")
    own = ("pk", "number", *times, "series")
    references = ReferenceIndex.objects.filter(base_content_type=kind, object_id=str(item.pk))
    return {
        "words": {key: value for key, value in item.serializable_data().items() if key not in own},
        "published": [getattr(item, name) is not None for name in times],
        "points at its revision": item.latest_revision == item.live_revision == revisions.get(),
        "revision": {key: value for key, value in revisions.get().content.items() if key not in own},
        "revision by": (revisions.get().user, revisions.get().object_str == str(item)),
        "tracking": rows_of(item.tracking),
        "events": [rows_of(event) for event in item.tracking.events.exclude(kind=EventKind.NOTE)],
        "extensions": [rows_of(extension) for extension in item.tracking.extensions.all()],
        "log": [
            (entry.action, entry.user, entry.content_changed, entry.label == str(item), entry.data)
            for entry in ModelLogEntry.objects.filter(content_type=kind, object_id=str(item.pk))
        ],
        "references": sorted(references.values_list("to_content_type", "to_object_id", "model_path")),
        "is found": item in Recommendation.objects.search(item.title.split()[-1]),
    }


def test_an_import_writes_what_the_steps_of_staff_write(panel, admin_user):
    load(CSV, panel, by=admin_user)
    quick = {item.number: everything_about(item) for item in Recommendation.objects.all()}
    assert len(quick) == len(ROWS)
    slow_plan = plan(CSV.replace("2025-03/", "slow/"), panel)
    assert slow_plan.problems == []
    for planned in slow_plan.new:
        draft = planned.draft
        owner = Role.objects.filter(title=draft.owner).first()
        item = Recommendation(series="slow", number=draft.number, panel=panel, owner=owner, **draft.words)
        item.asked_on = draft.asked_on
        item.service_areas = [ServiceArea.objects.get(name=name) for name in draft.areas]
        item.live = False  # as the editor's form makes it
        item.full_clean()
        item.save()
        item.save_revision(user=admin_user).publish(user=admin_user)
        for step, given in steps_of(draft.facts):
            TAKE[step](given, recommendation=item, by=admin_user)
        assert everything_about(item) == quick[draft.number], draft.words["title"]


def test_what_another_system_calls_done_is_what_the_landlord_says(panel):
    load(CSV, panel)
    stands = {item.number: (item.tracking.answer, item.tracking.delivery) for item in Recommendation.objects.all()}
    assert stands == {
        1: (Answer.AWAITED, Delivery.NOT_STARTED),
        2: (Answer.ACCEPTED, Delivery.NOT_STARTED),
        3: (Answer.PARTLY_ACCEPTED, Delivery.IN_PROGRESS),
        4: (Answer.NOT_ACCEPTED, Delivery.NOT_STARTED),
        5: (Answer.ACCEPTED, Delivery.CLAIMED),
        6: (Answer.ACCEPTED, Delivery.CONFIRMED),
        7: (Answer.ACCEPTED, Delivery.NOT_DELIVERED),
        8: (Answer.WITHDRAWN, Delivery.NOT_STARTED),
    }


def test_each_says_to_staff_where_it_came_from(panel, admin_user):
    load(CSV, panel, by=admin_user)
    note = Event.objects.get(kind=EventKind.NOTE, tracking__recommendation__number=3)
    assert (note.title, note.text, note.is_public) == ("Brought in from tracker.csv", "It was in row 4.", False)
    assert (note.on, note.recorded_by) == (TODAY, admin_user)
