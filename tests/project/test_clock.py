"""Case D1: the suite runs on one fixed day, in every process, so that an unchanged tree passes on any day."""

import datetime
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from tests import clock
from tests.conftest import fixed_day

TESTS = Path(clock.__file__).resolve().parent.parent
# What starts no Python of ours: Java, Node, and the runner, whose pytest finds its own way.
NOT_OURS = {"browser/nu.py", "lighthouse/__main__.py", "run.py"}
SOURCES = {str(path.relative_to(TESTS)): path.read_text() for path in TESTS.rglob("*.py")}
ESCAPES = re.compile(r"escape_hatch|clock_gettime")


def test_case_d1_every_way_of_reading_the_clock_gives_the_fixed_day():
    days = [
        timezone.localdate(),
        timezone.localtime().date(),
        datetime.datetime.now(clock.LONDON).date(),
        datetime.datetime.fromtimestamp(time.time(), clock.LONDON).date(),
        datetime.datetime.fromtimestamp(time.time_ns() / 1e9, clock.LONDON).date(),
        datetime.date(*time.localtime()[:3]),
    ]

    assert set(days) == {clock.TODAY}


def test_case_d1_a_process_that_a_test_starts_has_the_same_clock():
    script = "import time, datetime; print(time.time())"

    environment = os.environ | clock.environment()
    said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)

    assert abs(float(said.stdout) - time.time()) < 60


def test_case_d1_every_test_that_starts_a_process_gives_it_the_clock():
    starting = {name for name, text in SOURCES.items() if re.search(r"subprocess\.(run|Popen)\(", text)} - NOT_OURS

    assert starting
    assert [name for name in sorted(starting) if "environment" not in SOURCES[name]] == []


def test_case_d1_no_test_goes_round_the_fixed_clock():
    here = str(Path(__file__).relative_to(TESTS))

    assert [name for name, text in SOURCES.items() if name != here and ESCAPES.search(text)] == []


def test_case_d1_a_test_that_leaves_the_clock_moved_fails(request):
    check = fixed_day.__wrapped__(request)
    next(check)

    with (
        time_machine.travel(datetime.datetime(2028, 2, 29, 12, tzinfo=clock.LONDON)),
        pytest.raises(AssertionError, match="did not put it back"),
    ):
        next(check)


@pytest.mark.on_day("2026-03-29")
def test_a_test_with_a_day_of_its_own_runs_on_it(today):
    assert today == datetime.date(2026, 3, 29)
