"""A real server with the demo, started as ``make run`` starts it, and a real browser."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


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


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    var, port = tmp_path_factory.mktemp("var"), _free_port()
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "CACHE_URL", "DEBUG")}
    environment |= {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    prepare = [sys.executable, "manage.py", "prepare", "--port", str(port)]
    subprocess.run(prepare, cwd=ROOT, env=environment, check=True, capture_output=True)
    gunicorn = [Path(sys.executable).parent / "gunicorn", "cms.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    with (var / "server.log").open("wb") as log:
        process = subprocess.Popen(gunicorn, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(120):
            if _healthy(port):
                break
            assert process.poll() is None, (var / "server.log").read_text()
            time.sleep(0.5)
        yield Server(f"http://localhost:{port}", _passwords(var / "demo-sign-ins.txt"))
    finally:
        process.terminate()
        process.wait(timeout=20)


def _passwords(path: Path) -> dict[str, str]:
    """Read the sign-ins that the demo wrote: user name and password on each line, after a label."""
    words = [line.split() for line in path.read_text().splitlines()]
    return {line[line.index("name:") + 1]: line[-1] for line in words if "name:" in line}


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


class Visitor:
    """Opens browser windows on the site, and keeps what went wrong in them."""

    def __init__(self, browser: Browser, server: Server):
        self.browser, self.server, self.wrong, self.contexts = browser, server, [], []

    def window(self, viewport: dict = PHONE, **more) -> Page:
        context: BrowserContext = self.browser.new_context(
            viewport=viewport, base_url=self.server.url, locale="en-GB", reduced_motion="reduce", **more
        )
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda message: self._heard(message.text))
        page.on("request", lambda request: self._asked(request.url))
        return page

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.wrong.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.server.url, "data:", "blob:")):
            self.wrong.append(f"asked a third party: {url}")


@pytest.fixture
def visitor(chromium, server):
    """Somebody with a browser. Afterwards: no script failed, the security policy held, nobody else was asked."""
    visitor = Visitor(chromium, server)
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert visitor.wrong == []
