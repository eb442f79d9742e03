"""Tests of the import: its result, its transaction, its idempotency, and its number of queries."""

import datetime
import itertools

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry, ReferenceIndex, Revision

from cms.core.visibility import Viewer
from scrutiny_pages import services
from scrutiny_pages.enums import PANEL_DECISIONS, STEP_OF, Answer, Delivery, EventKind, Step
from scrutiny_pages.forms.recommendation_forms import STEP_FIELDS
from scrutiny_pages.importer import loader
from scrutiny_pages.importer.columns import guess
from scrutiny_pages.importer.diff import make_plan
from scrutiny_pages.importer.history import EARLIER, Facts, IllegalHistory, problems_in, replay, steps_of
from scrutiny_pages.importer.loader import NotImported, run_import
from scrutiny_pages.importer.readers import read
from scrutiny_pages.importer.rows import Options
from scrutiny_pages.models import Event, Extension, Panel, Recommendation, Role, ServiceArea, Tracking
from scrutiny_pages.models.pages.tracker import public_recommendations
from tests.clock import TODAY
from tests.factories.decisions import decide, meeting_of
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
    "2025-03/6,Mend the gate,,,,10/03/2025,,,2 April 2025,,Complete,30 June 2025,1 August 2025,1 July 2025,"
    "9 July 2025,",
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
    """Import a file, and return its progress."""
    sheet = read(content.encode())
    options = Options(TODAY, panel, file_name="tracker.csv", **more)
    return [progress.done for progress in run_import(sheet, guess(sheet.headings), options, by=by)]


def take(step: Step, given: dict, item: Recommendation, by) -> None:
    """Apply a step with the fields that the staff view's form has."""
    wanted = {name for name in ("words", "date") if getattr(STEP_FIELDS[step], name)}
    more = {"link": ""} if "link" in STEP_FIELDS[step].extra else {}
    if step in PANEL_DECISIONS:
        more["meeting"] = meeting_of(item.checking_body, given["on"])
    given = {name: value for name, value in given.items() if name in {"on", *wanted}}
    STEP_FIELDS[step].apply(recommendation=item, by=by, **given, **more)


def rows_of(instance) -> dict:
    """Return the values of a row without those of the decision: a file names no meeting."""
    where = ["meeting", "how", "decided_how"]
    return model_to_dict(instance, exclude=["id", "tracking", "recommendation", *where])


def everything_about(item: Recommendation) -> dict:
    """Return all rows of a recommendation, without the values that differ between any two."""
    item = Recommendation.objects.select_related("tracking").get(pk=item.pk)
    kind = ContentType.objects.get_for_model(Recommendation)
    revisions = Revision.objects.filter(base_content_type=kind, object_id=str(item.pk))
    times = ("first_published_at", "last_published_at", "latest_revision", "live_revision")
    own = ("pk", "number", *times, "series")
    references = ReferenceIndex.objects.filter(base_content_type=kind, object_id=str(item.pk))
    told = item.tracking.events.exclude(kind=EventKind.NOTE)
    return {
        "words": {key: value for key, value in item.serializable_data().items() if key not in own},
        "published": [getattr(item, name) is not None for name in times],
        "points at its revision": item.latest_revision == item.live_revision == revisions.get(),
        "revision": {key: value for key, value in revisions.get().content.items() if key not in own},
        "revision by": (revisions.get().user, revisions.get().object_str == str(item)),
        "tracking": rows_of(item.tracking),
        "events": [rows_of(event) | {"facts": event.facts} for event in told],
        "evidence": [rows_of(evidence) for evidence in item.tracking.evidence.all()],
        "extensions": [rows_of(extension) for extension in item.tracking.extensions.all()],
        "log": [
            (entry.action, entry.user, entry.content_changed, entry.label == str(item), entry.data)
            for entry in ModelLogEntry.objects.filter(content_type=kind, object_id=str(item.pk))
        ],
        "references": sorted(references.values_list("to_content_type", "to_object_id", "model_path")),
        "is found": item in Recommendation.objects.search(item.title.split()[-1]),  # type: ignore[attr-defined]  # of modelsearch
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
            take(step, given, item, admin_user)
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


DAYS = [None, datetime.date(2025, 4, 2), datetime.date(2025, 6, 1), datetime.date(2025, 9, 1)]


def test_what_passes_the_checks_is_what_the_services_take(panel):
    """For every combination of states and days: nothing passes that the services would refuse."""
    taken = 0
    for answer, delivery, claimed, confirmed, target in itertools.product(Answer, Delivery, DAYS, DAYS, DAYS):
        facts = Facts(
            datetime.date(2025, 3, 10),
            TODAY,
            answer=answer,
            answer_reason="A reason.",
            answered_on=None if answer in (Answer.AWAITED, Answer.WITHDRAWN) else DAYS[1],
            delivery=delivery,
            first_target=target and DAYS[2],
            current_target=target,
            claimed_on=claimed,
            confirmed_on=confirmed,
            closed_reason="Another.",
        )
        if problems_in(facts):
            continue
        history = replay(steps_of(facts))
        taken += 1
        assert (history.tracking["answer"], history.tracking["delivery"]) == (answer, delivery), facts
        item = RecommendationFactory(panel=panel, asked_on=facts.asked_on)
        for step, given in steps_of(facts):
            take(step, given, item, None)
        written = {key: getattr(item.tracking, key) for key in history.tracking}
        assert written == history.tracking, facts
        # A file names no meeting: its decisions say where they come from.
        told = ("on", "kind", "title", "text", "facts")
        events = [{name: getattr(event, name) for name in told} for event in item.tracking.events.all()]
        assert events == [{name: event[name] for name in told} for event in history.events], facts
        decisions = [event for event in history.events if STEP_OF[event["kind"]] in PANEL_DECISIONS]
        assert {event["how"] for event in decisions} <= {EARLIER}
    assert taken > 30


def test_steps_that_do_not_follow_one_another_are_refused():
    steps = steps_of(Facts(TODAY, TODAY, claimed_on=TODAY))
    with pytest.raises(IllegalHistory):
        replay(steps)


def test_importing_again_changes_nothing(panel):
    load(CSV, panel)
    before = {model: model.objects.count() for model in (Recommendation, Tracking, Event, Extension, Revision)}
    again = plan(CSV, panel)
    assert (again.new, again.changed, again.same, again.kept) == ([], [], len(ROWS), [])
    assert load(CSV, panel) == [0]
    assert {model: model.objects.count() for model in before} == before


NO_REFERENCE = "Title,Date asked\nMend the gate,10/03/2025\nPlant a hedge,2025-03-20\nPaint the wall,1 April 2025\n"


def test_rows_without_a_reference_get_the_next_number_and_are_known_again(panel):
    RecommendationFactory(panel=panel, series="2025-03", number=7)
    load(NO_REFERENCE, panel)
    refs = {item.title: item.ref for item in Recommendation.objects.filter(asked_on__year=2025)}
    assert refs == {"Mend the gate": "2025-03/8", "Plant a hedge": "2025-03/9", "Paint the wall": "2025-04/1"}
    assert plan(NO_REFERENCE.replace("Mend the gate", "mend  the GATE"), panel).new == []
    chosen = plan(NO_REFERENCE.replace("2025", "2024"), panel, series="old")
    assert [planned.ref for planned in chosen.new] == ["old/1", "old/2", "old/3"]


def test_changed_words_are_published_as_a_revision_and_what_happened_stays(panel, admin_user):
    load(CSV, panel)
    item = Recommendation.objects.get(number=5)
    decide(services.send_back, recommendation=item, on=datetime.date(2025, 7, 1), reason="Two lamps are dark.")
    changed = CSV.replace("Light the path", "Light the whole path").replace("Repairs; Lettings", "Repairs")
    planned = plan(changed, panel)
    assert [(one.ref, one.changes) for one in planned.changed] == [
        ("2025-03/1", ["service_areas"]),
        ("2025-03/5", ["title"]),
    ]
    assert planned.kept == ["Row 6, 2025-03/5: claimed on, delivery"]
    load(changed, panel, by=admin_user)
    item = Recommendation.objects.get(pk=item.pk)
    assert (item.title, item.tracking.delivery) == ("Light the whole path", Delivery.IN_PROGRESS)
    assert item.get_latest_revision_as_object().title == "Light the whole path"
    assert (item.has_unpublished_changes, item.latest_revision.user) == (False, admin_user)
    assert [area.name for area in Recommendation.objects.get(number=1).service_areas.all()] == ["Repairs"]
    assert item in Recommendation.objects.search("whole")
    assert ModelLogEntry.objects.filter(object_id=str(item.pk), action="wagtail.rename").count() == 1
    assert plan(changed, panel).changed == []


def test_an_empty_cell_changes_nothing(panel):
    load(CSV, panel)
    emptied = CSV.replace("People wait in.,Head of Repairs,Repairs; Lettings", ",,")
    assert plan(emptied, panel).changed == []


def test_a_draft_here_is_never_overtaken(panel):
    load(CSV, panel)
    item = Recommendation.objects.get(number=5)
    item.text = "A draft."
    item.save_revision()
    problems = plan(CSV.replace("Light the path", "Light the whole path"), panel).problems
    assert [str(problem) for problem in problems] == [
        "Row 6, Reference: 2025-03/5 has a draft here, or is not public. Publish it before its words are changed by a "
        "file."
    ]
    assert plan(CSV, panel).problems == []


def test_jobs_and_services_are_made_once_and_found_whatever_their_capitals(panel):
    RoleFactory(title="head of repairs")
    ServiceAreaFactory(name="Repairs and damp", slug="repairs")
    planned = plan(CSV, panel)
    assert (planned.roles, planned.areas) == ({"head of contact": "Head of Contact"}, {"lettings": "Lettings"})
    load(CSV, panel)
    assert (Role.objects.count(), ServiceArea.objects.count()) == (2, 2)


def test_a_fault_in_the_last_row_leaves_nothing(panel, monkeypatch):
    monkeypatch.setattr(loader, "BATCH_SIZE", 3)
    with pytest.raises(NotImported, match=r"Row 10, Asked for on: Say on which day"):
        load(f"{CSV}\n2025-03/9,Too late" + "," * 14, panel)
    taken = Recommendation.objects.bulk_create

    def fail_at_the_end(items, *args, **kwargs):
        if any(item.number == 8 for item in items):
            raise IntegrityError("taken")
        return taken(items, *args, **kwargs)

    monkeypatch.setattr(
        type(Recommendation.objects), "bulk_create", lambda self, *args, **kwargs: fail_at_the_end(*args)
    )
    with pytest.raises(NotImported, match="at the same moment"):
        load(CSV, panel)
    for model in (Recommendation, Tracking, Event, Role, ServiceArea, Revision, ModelLogEntry):
        assert not model.objects.exists(), model


def test_who_stops_looking_stops_the_import(panel):
    sheet = read(CSV.encode())
    progress = run_import(sheet, guess(sheet.headings), Options(TODAY, panel))
    next(progress), next(progress)
    assert Recommendation.objects.exists()
    progress.close()
    assert not Recommendation.objects.exists()


def many(number: int) -> str:
    rows = [ROWS[index % len(ROWS)].split(",", 1)[1] for index in range(number)]
    return "\n".join([HEADINGS, *(f"many/{index},{row}" for index, row in enumerate(rows, 1))])


def queries(content: str, panel: Panel) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        load(content, panel)
    return len(captured)


def test_a_batch_takes_the_same_queries_however_many_rows_it_has(panel, monkeypatch):
    load(CSV, panel)  # what is made once is there
    few, more = queries(many(40), panel), queries(many(160).replace("many/", "more/"), panel)
    assert more - few <= 12  # for 120 rows: a database takes only so many values in one statement
    monkeypatch.setattr(loader, "BATCH_SIZE", 80)
    batches = queries(many(160).replace("many/", "yet-more/"), panel)
    assert batches - more < 40
    assert load(many(200).replace("many/", "told/"), panel) == [0, 80, 160, 200]


def test_case_i6_what_comes_in_as_drafts_is_public_only_when_an_editor_publishes_it(panel, admin_user):
    sheet = read(CSV.encode())
    options = Options(TODAY, panel, file_name="tracker.csv")
    list(run_import(sheet, guess(sheet.headings), options, by=admin_user, as_drafts=True))
    items = list(Recommendation.objects.select_related("tracking"))
    assert len(items) == len(ROWS)
    assert not public_recommendations(Viewer.anonymous()).exists()
    states = {(item.live, item.has_unpublished_changes, item.first_published_at) for item in items}
    assert states == {(False, True, None)}
    light = next(item for item in items if item.number == 5)
    assert light.tracking.delivery == Delivery.CLAIMED
    assert light.tracking.events.count() == 3
    assert ModelLogEntry.objects.get(object_id=str(light.pk)).action == "wagtail.create"
    assert light in Recommendation.objects.search("path")

    light.latest_revision.publish(user=admin_user)
    assert [item.ref for item in public_recommendations(Viewer.anonymous())] == ["2025-03/5"]
    light = Recommendation.objects.get(pk=light.pk)
    assert (light.live, light.has_unpublished_changes, light.tracking.delivery) == (True, False, Delivery.CLAIMED)
    again = plan(CSV, panel)
    assert (again.problems, again.work, again.same) == ([], 0, len(ROWS))


def test_changed_words_that_come_in_as_a_draft_leave_the_public_ones_alone(panel, admin_user):
    load(CSV, panel)
    sheet = read(CSV.replace("Answer the phone", "Answer the door").replace("Repairs; Lettings", "Repairs").encode())
    list(run_import(sheet, guess(sheet.headings), Options(TODAY, panel), by=admin_user, as_drafts=True))
    phone, late = Recommendation.objects.get(number=3), Recommendation.objects.get(number=1)
    assert (phone.title, phone.live, phone.has_unpublished_changes) == ("Answer the phone", True, True)
    assert phone.latest_revision.as_object().title == "Answer the door"
    assert late.service_areas.count() == 2
    assert [area.name for area in late.latest_revision.as_object().service_areas.all()] == ["Repairs"]
    assert ModelLogEntry.objects.filter(object_id=str(phone.pk), action="wagtail.edit").count() == 1
