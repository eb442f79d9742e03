"""Registry of scheduled tasks."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from cms.core.scheduler import registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(monkeypatch):
    """An empty list of scheduled tasks."""
    monkeypatch.setattr(registry, "_all_work", [])
    return registry.timed


def test_a_tick_does_all_of_it_though_one_fails(work, capsys):
    done = []

    @work
    def breaks(at):
        raise ValueError("private words")

    @work
    def erases(at):
        done.append(at)

    call_command("run_scheduled_tasks")
    assert len(done) == 1
    assert abs((timezone.now() - done[0]).total_seconds()) < 60
    told = capsys.readouterr().err
    assert "breaks. ValueError" in told
    assert "private words" not in told
