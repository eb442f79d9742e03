"""Real servers with the demo, started as ``make run`` starts it, and a real browser."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import clock

ROOT = Path(__file__).resolve().parent.parent.parent
ONE_HOST = "127.0.0.1"
GIVEN = "TEST_SITES"  # the address of the demo, that of its empty twin, and the folder of the data


@dataclass(frozen=True)
class Server:
    """The URLs of the site and of its twin without published content, and its data folder."""

    url: str
    empty_url: str
    var: Path

    @property
    def passwords(self) -> dict[str, str]:
        """Return the sign-ins that the demo wrote: user name and password on each line, after a label."""
        words = [line.split() for line in (self.var / "demo-sign-ins.txt").read_text().splitlines()]
        return {line[line.index("name:") + 1]: line[-1] for line in words if "name:" in line}

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[-1])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ONE_HOST, 0))
        return probe.getsockname()[1]


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(ONE_HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def environment(var: Path) -> dict[str, str]:
    """Return the environment of a site's commands."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "CACHE_URL", "DEBUG")}
    return kept | {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"} | clock.environment()


def _manage(var: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment(var), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def _serving(var: Path, port: int, workers: int) -> Iterator[str]:
    """Serve a prepared folder for the duration of the block."""
    gunicorn: list[str | Path] = [Path(sys.executable).parent / "gunicorn", "cms.wsgi", "--bind", f"{ONE_HOST}:{port}"]
    with (var / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*gunicorn, "--workers", str(workers)], cwd=ROOT, env=environment(var), stdout=log, stderr=log
        )
    try:
        while not _healthy(port):
            assert process.poll() is None, (var / "server.log").read_text()
            time.sleep(0.3)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def running_demo(var: Path) -> Iterator[str]:
    """Serve the demo from an empty folder, unchanged, for the duration of the block."""
    port = _free_port()
    _manage(var, "setup_site", "--port", str(port))
    _manage(var, "run_scheduled_tasks")
    with _serving(var, port, workers=2) as url:
        yield url


@contextmanager
def running_sites(folder: Path) -> Iterator[Server]:
    """Serve the demo with additional states, and its twin without published content."""
    full, empty = folder / "full", folder / "empty"
    full.mkdir(parents=True)
    port, empty_port = _free_port(), _free_port()
    _manage(full, "setup_site", "--port", str(port))
    shutil.copytree(full, empty)
    _manage(full, "shell", "--no-imports", "-c", "from tests.browser.states import add; add()")
    _manage(full, "run_scheduled_tasks")
    _manage(empty, "shell", "--no-imports", "-c", "from tests.browser.states import unpublish; unpublish()")
    with _serving(full, port, workers=2) as url, _serving(empty, empty_port, workers=1) as empty_url:
        yield Server(url, empty_url, full)


def chromium_path() -> str | None:
    """Return the path of a Chromium, or None; headless shell first, which starts ten times as fast."""
    names = (os.environ.get("CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the machine's Chromium, headless and without background network requests."""
    path = chromium_path()
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()
