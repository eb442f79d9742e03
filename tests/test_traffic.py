"""Schemathesis tests of the whole OpenAPI document on a server with the demo.

No response is a 5xx, and none has a status or a body that is not documented. Additions to the API are tested
automatically. ``schemathesis.toml`` beside this configures the extent and a fixed seed.
"""

import http.client
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.site import ROOT, environment, running_demo

pytestmark = pytest.mark.traffic

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
CONFIG = Path(__file__).parent / "schemathesis.toml"
PAGE = "/api/v2/pages/{id}/"
SECONDS = 300  # a busy machine's; about one minute on an idle one


def ask(address: str) -> dict:
    """Send a request to the API as a client does."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.netloc, timeout=20)
    try:
        connection.request("GET", f"{where.path}?{where.query}")
        return json.load(connection.getresponse())
    finally:
        connection.close()


def a_token(var: Path) -> str:
    """Return the secret of a submission of the demo."""
    look = "from forms.models import Submission; print(Submission.objects.first().token)"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", look]
    done = subprocess.run(command, cwd=ROOT, env=environment(var), check=True, capture_output=True, text=True)
    return done.stdout.strip()


def what_is_there(url: str, var: Path) -> str:
    """Return Schemathesis settings with existing values for each path with parameters.

    Otherwise nearly all requests would be 404. Pages are left out: their ids are tried, and each may exist.
    """
    series, number = ask(f"{url}/api/v2/recommendations/?limit=1")["items"][0]["ref"].split("/")
    known = {"series": series, "number": number, "token": a_token(var)}
    settings = []
    for path in ask(f"{url}/api/schema/")["paths"]:
        listing, gaps = path.partition("{")[0], re.findall(r"\{(\w+)\}", path)
        names = gaps if path != PAGE else []
        found = {name: known[name] if name in known else ask(f"{url}{listing}")["items"][0][name] for name in names}
        values = ", ".join(f'"path.{name}" = "{value}"' for name, value in found.items())
        settings += [f'[[operations]]\ninclude-path = "{path}"\nparameters = {{ {values} }}\n'] if names else []
    return "\n".join(settings)


def test_the_api_does_what_its_document_says_whatever_is_asked(tmp_path):
    with running_demo(tmp_path) as url:
        config = tmp_path / "schemathesis.toml"
        config.write_text(f"{CONFIG.read_text()}\n{what_is_there(url, tmp_path)}")
        given = [f"{url}/api/schema/", "--url", url, "--checks", "all", "--phases", "examples,coverage,fuzzing"]
        done = subprocess.run(
            [str(SCHEMATHESIS), "--config-file", str(config), "--no-color", "run", *given],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
