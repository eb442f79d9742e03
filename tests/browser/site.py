"""A real server with the demo, started as ``make run`` starts it, and a real browser to look at it with."""

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

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Server:
    """Where the site is, and how to sign in."""

    url: str
    passwords: dict[str, str]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def running_demo(var: Path) -> Iterator[Server]:
    """Serve the demo from an empty folder until the end of the block."""
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "CACHE_URL", "DEBUG")}
    environment |= {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    prepare = [sys.executable, "manage.py", "prepare", "--port", str(port)]
    subprocess.run(prepare, cwd=ROOT, env=environment, check=True, capture_output=True)
    gunicorn = [Path(sys.executable).parent / "gunicorn", "cms.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    with (var / "server.log").open("wb") as log:
        process = subprocess.Popen(gunicorn, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        while not _healthy(port):
            assert process.poll() is None, (var / "server.log").read_text()
            time.sleep(0.3)
        yield Server(f"http://localhost:{port}", _passwords(var / "demo-sign-ins.txt"))
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the machine's Chromium, headless and silent on the network."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


def _passwords(path: Path) -> dict[str, str]:
    """Read the sign-ins that the demo wrote: user name and password on each line, after a label."""
    words = [line.split() for line in path.read_text().splitlines()]
    return {line[line.index("name:") + 1]: line[-1] for line in words if "name:" in line}
