"""Schemathesis reads the API's own document and tries all of it on a server that shows the demo.

No answer is a 5xx, and none has a status or a body that the document does not tell. What is added to the API is tried
by itself, because it is in the document. ``schemathesis.toml`` beside this says how much is tried, from a fixed seed.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.site import running_demo

pytestmark = pytest.mark.traffic

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
CONFIG = Path(__file__).parent / "schemathesis.toml"
SECONDS = 300  # a busy machine's; about one minute on an idle one


def test_the_api_does_what_its_document_says_whatever_is_asked(tmp_path):
    with running_demo(tmp_path) as url:
        given = [f"{url}/api/schema/", "--url", url, "--checks", "all", "--phases", "examples,coverage,fuzzing"]
        done = subprocess.run(
            [str(SCHEMATHESIS), "--config-file", str(CONFIG), "--no-color", "run", *given],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
