"""Fixtures of the browser tests: a browser, on a real server with the demo."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser import site

PHONE: ViewportSize = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The demo on a real server: the one that ``tests/run.py`` started for all, or one of its own."""
    if given := os.environ.get(site.GIVEN):
        url, empty_url, var = given.split()
        yield site.Server(url, empty_url, Path(var))
        return
    with site.running_sites(tmp_path_factory.mktemp("sites")) as server:
        yield server


@pytest.fixture(scope="session")
def chromium():
    with site.chromium() as browser:
        yield browser


class Visitor:
    """Opens browser windows on the site, and records the errors in them."""

    def __init__(self, browser: Browser, server: site.Server):
        self.browser, self.server = browser, server
        self.wrong: list[str] = []
        self.contexts: list[BrowserContext] = []

    def window(self, viewport: ViewportSize = PHONE, **more) -> Page:
        settings: dict[str, Any] = {"base_url": self.server.url, "locale": "en-GB", "reduced_motion": "reduce"} | more
        context: BrowserContext = self.browser.new_context(viewport=viewport, **settings)
        context.set_default_timeout(20_000)
        # The page for our own failures stands alone: no address leads to it while all is well.
        context.route("**/broken/", lambda route: route.fulfill(path=self.server.var / "500.html", status=500))
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
        if not url.startswith((self.server.url, self.server.empty_url, "data:", "blob:")):
            self.wrong.append(f"asked a third party: {url}")


@pytest.fixture
def visitor(chromium, server):
    """A browser. Afterwards no script has failed, the security policy held, and no other host was requested."""
    visitor = Visitor(chromium, server)
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert visitor.wrong == []
