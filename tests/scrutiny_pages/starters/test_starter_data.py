"""Tests of the structure of every starter's file."""

import datetime

import pytest

from scrutiny_pages.models import LoadedStarter, Panel, RegularDuty, ReviewProcess, WorkProgramme
from scrutiny_pages.starters import reader
from scrutiny_pages.starters.loader import load_starter

pytestmark = pytest.mark.parametrize("starter", reader.read_all(), ids=lambda starter: starter.name)


@pytest.mark.django_db
def test_an_editor_could_have_made_it(starter):
    load_starter(starter, on=datetime.date(2026, 2, 27), pages=False)
    for panel in Panel.objects.all():
        panel.full_clean()
        panel.rules.stream_block.clean(panel.rules)
    for record in (*ReviewProcess.objects.all(), *WorkProgramme.objects.all(), *RegularDuty.objects.all()):
        record.full_clean()
    for process in ReviewProcess.objects.all():
        for stage in process.stages.all():
            stage.full_clean()


@pytest.mark.django_db
def test_its_days_come_after_it_is_loaded_and_its_year_has_begun(starter):
    on = datetime.date(2026, 1, 1)
    load_starter(starter, on=on, pages=False)
    duties = RegularDuty.objects.filter(for_each_member=False)
    assert all(on < duty.first_due <= on.replace(year=2027) for duty in duties)
    assert all(year.starts_on <= on <= year.ends_on for year in WorkProgramme.objects.all())


@pytest.mark.django_db
def test_loading_it_again_changes_nothing(starter):
    day = datetime.date(2026, 2, 27)
    assert load_starter(starter, on=day, pages=False)
    before = [(panel.pk, panel.latest_revision_id) for panel in Panel.objects.all()]
    assert not load_starter(starter, on=day, pages=False)
    assert [(panel.pk, panel.latest_revision_id) for panel in Panel.objects.all()] == before
    assert LoadedStarter.objects.get().name == starter.name


def test_its_example_names_stages_that_its_process_has(starter):
    example = starter.data["example"]
    processes = {process["name"]: process for process in starter.rows("processes")}
    stages = {stage["name"]: stage for stage in processes[example["review"]["process"]]["stages"]}
    days = [row["days_ago"] for row in example["review"].get("done", [])]
    assert {row["stage"] for row in example["review"].get("done", [])} <= set(stages)
    assert days == sorted(days, reverse=True)
    assert not days or days[0] <= example["review"]["started_days_ago"]
