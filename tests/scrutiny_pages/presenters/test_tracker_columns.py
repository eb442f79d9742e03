"""A column of the tracker is declared once: an invented one appears everywhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

from scrutiny_pages.presenters.tracker_columns import COLUMNS
from tests import clock

ROOT = Path(__file__).parents[3]


def test_an_invented_column_appears_on_the_page_in_spreadsheets_in_the_api_and_in_imports():
    command = [sys.executable, "-m", "tests.scrutiny_pages.presenters.adding_a_column"]
    environment = os.environ | clock.environment()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout) == {
        "problems": [],
        "spreadsheet": "Short name",
        "imported": "The door",
        "from another tracker": "The lift",
        "api": "The door",
        "page": "The door",
    }


def test_no_two_columns_share_a_key():
    keys = [column.key for column in COLUMNS]
    assert len(set(keys)) == len(keys)
