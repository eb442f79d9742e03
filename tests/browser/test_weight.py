"""The bytes of a page's first load over the wire, and its layout shift."""

from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.browser.places import PLACES

KB = 1024
TEXT_PAGE, PICTURE_PAGE, STYLES, SCRIPTS = 60 * KB, 250 * KB, 20 * KB, 20 * KB
MOST_REQUESTS = 12
EASY_READ = "scrutiny_pages.EasyReadPage"
SHIFTS = """new Promise(done => {
  let moved = 0
  new PerformanceObserver(list => list.getEntries().forEach(entry => { moved += entry.value }))
    .observe({type: 'layout-shift', buffered: true})
  setTimeout(() => done(moved), 200)
})"""


@dataclass
class Wire:
    """Counts the received bytes of each kind, with headers, as the browser's network panel does."""

    kinds: dict[str, str] = field(default_factory=dict)
    bytes: Counter = field(default_factory=Counter)
    requests: int = 0

    def listen(self, page) -> "Wire":
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", lambda event: self.kinds.update({event["requestId"]: event["type"]}))
        session.on("Network.loadingFinished", self._came)
        session.send("Network.enable")
        return self

    def total(self) -> int:
        return sum(self.bytes.values())

    def _came(self, event: dict) -> None:
        if kind := self.kinds.get(event["requestId"]):  # a picture inside the page itself has none
            self.bytes[kind] += event["encodedDataLength"]
            self.requests += 1


@pytest.mark.parametrize("name", [name for name, place in PLACES.items() if not place.is_empty])
def test_a_page_is_light_and_stands_still(visitor, name):
    address = PLACES[name].open(visitor).url
    page = visitor.window({"width": 1280, "height": 900})
    wire = Wire().listen(page)
    page.goto(address)
    # Pictures below the fold come as somebody scrolls to them: they count too.
    pictures = page.locator("img").all()
    for picture in pictures:
        picture.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SHIFTS) < 0.01, "the page jumps while it loads"
    assert wire.total() <= (PICTURE_PAGE if pictures else TEXT_PAGE), wire.bytes
    assert wire.bytes["Stylesheet"] <= STYLES, wire.bytes
    assert wire.bytes["Script"] <= SCRIPTS, wire.bytes
    # Easy Read has a picture for every sentence: that is what it is.
    own_pictures = len(pictures) if PLACES[name].shows == EASY_READ else 0
    assert wire.requests <= MOST_REQUESTS + own_pictures


def test_the_report_that_is_weighed_is_a_long_one(visitor):
    page = PLACES["report"].open(visitor)
    assert page.locator("main img").count() >= 1
    assert page.locator("main .app-chart").count() >= 3
