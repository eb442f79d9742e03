"""Tables of state are saved by the service that owns them, in its scope, under a lock, and by nothing else."""

import ast
import inspect
from contextlib import suppress
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction

from cms.core.models.guarded import Guarded
from cms.core.service_writes import WriteRefused, lock_rows, service_write
from forms.cases import services as case_services
from forms.models import Case, CaseEvent, PublicEntry
from scrutiny_pages.models import Event, Extension, Recommendation, Tracking
from tests.factories.forms import case_of
from tests.factories.records import RecommendationFactory

pytestmark = pytest.mark.django_db

GUARDED = [model for model in apps.get_models() if issubclass(model, Guarded)]
SOURCE = [
    path for app in ("cms", "home", "forms", "scrutiny_pages") for path in Path(settings.BASE_DIR, app).rglob("*.py")
]


def test_each_table_names_a_service_that_is_there():
    assert {model.__name__ for model in GUARDED} >= {
        "Tracking",
        "Extension",
        "Action",
        "Escalation",
        "Event",
        "Evidence",
        "StageRecord",
        "StageChange",
        "TopicScore",
        "Case",
        "CasePause",
        "CaseExtension",
        "CaseEvent",
        "CaseMessage",
        "PublicEntry",
    }
    for model in GUARDED:
        assert inspect.ismodule(__import__(model.written_by, fromlist=["_"]))
        if model.locked_with:
            assert model._meta.get_field(model.locked_with).many_to_one


@pytest.mark.parametrize(
    "write",
    [
        lambda item, case: item.tracking.save(),
        lambda item, case: item.tracking.save(update_fields=["answer"]),
        lambda item, case: item.tracking.delete(),
        lambda item, case: Tracking.objects.update(answer="accepted"),
        lambda item, case: Tracking.objects.all().delete(),
        lambda item, case: Tracking.objects.bulk_update([item.tracking], ["answer"]),
        lambda item, case: Tracking.objects.update_or_create(pk=item.tracking.pk, defaults={"answer": "accepted"}),
        lambda item, case: item.tracking.extensions.create(asked_on=item.asked_on, asked_for=item.asked_on, reason="x"),
        lambda item, case: Extension.objects.bulk_create([Extension(tracking=item.tracking)]),
        lambda item, case: item.tracking.events.get_or_create(on=item.asked_on, kind="note"),
        lambda item, case: Event.objects.bulk_create([Event(tracking=item.tracking, on=item.asked_on, kind="note")]),
        lambda item, case: case.save(),
        lambda item, case: Case.objects.filter(pk=case.pk).update(state="done"),
        lambda item, case: Case.objects.create(submission=case.submission, received_on=case.received_on),
        lambda item, case: CaseEvent.objects.create(case=case, kind="note", on=case.received_on),
        lambda item, case: PublicEntry.objects.create(case=case, subject="x"),
    ],
)
def test_code_that_is_not_the_service_is_refused_and_told_which_service(write):
    item, case = RecommendationFactory(), case_of()
    before = list(Tracking.objects.values()), list(Case.objects.values())
    with pytest.raises(
        WriteRefused,
        match=r"saved only by (scrutiny_pages\.services|forms\.cases\.services|forms\.disclosure_log\.services)\.",
    ):
        write(item, case)
    assert (list(Tracking.objects.values()), list(Case.objects.values())) == before


def test_a_service_writes_its_own_tables_and_not_those_of_another():
    case = case_of()
    with service_write("scrutiny_pages.services"), pytest.raises(WriteRefused, match=r"forms\.cases\.services"):
        case.save()


def test_a_service_cannot_save_what_it_did_not_lock():
    item = RecommendationFactory()
    with service_write("scrutiny_pages.services"):
        with pytest.raises(WriteRefused, match="without a lock"):
            Tracking.objects.get().save()
        with pytest.raises(WriteRefused, match="without a lock"):
            Event.objects.create(tracking=item.tracking, on=item.asked_on, kind="note")


@pytest.mark.parametrize("lock", [lambda rows: lock_rows(rows), lambda rows: list(rows.select_for_update())])
def test_a_service_cannot_save_what_it_read_before_it_locked_it(lock):
    """Case R1: a row that was read without its lock brings back what somebody else has changed since."""
    item = RecommendationFactory()
    with service_write("scrutiny_pages.services"):
        early = Tracking.objects.get()
        (locked,) = lock(Tracking.objects.all())
        for stale in (early, item.tracking):
            with pytest.raises(WriteRefused, match="read before it was locked"):
                stale.save()
        locked.save()
        Tracking.objects.get().save()


def test_a_lock_is_over_with_its_transaction():
    RecommendationFactory()
    with service_write("scrutiny_pages.services"):
        (kept,) = lock_rows(Tracking.objects.all())
    with service_write("scrutiny_pages.services"):
        with pytest.raises(WriteRefused, match="without a lock"):
            kept.save()
        with suppress(ZeroDivisionError), service_write("scrutiny_pages.services"):
            lock_rows(Tracking.objects.all())
            raise ZeroDivisionError
        with pytest.raises(WriteRefused, match="without a lock"):
            Tracking.objects.get().save()


def test_rows_go_with_what_they_belong_to():
    case, item = case_of(), RecommendationFactory()
    with transaction.atomic():
        case.submission.delete()
        item.delete()
    assert not Case.objects.exists()
    assert not CaseEvent.objects.exists()
    assert not Tracking.objects.exists()
    assert not Recommendation.objects.exists()


def test_a_step_takes_what_stands_in_the_row_and_not_what_was_read_before():
    """Values that are not compared may have changed all the same: they are read again under the lock."""
    case = case_of()
    old = Case.objects.get(pk=case.pk)
    with service_write("forms.cases.services"):
        (now,) = lock_rows(Case.objects.filter(pk=case.pk))
        now.acknowledged_on = now.received_on
        now.save()
    case_services.acknowledge(case=old)
    assert Case.objects.get(pk=case.pk).acknowledged_on == now.received_on


def test_nothing_goes_round_the_guard():
    """The base manager and its kin are not guarded: Django deletes the rows of a deleted parent through them."""
    around = {"_base_manager", "_raw_delete", "save_base"}
    found = [
        f"{path}:{node.lineno}"
        for path in SOURCE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in around
    ]
    assert found == []
