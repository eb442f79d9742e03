"""Checks of a loaded page: axe, and the measurements of ``look.js``."""

from collections.abc import Iterator
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import CDPSession, Page

HERE = Path(__file__).resolve().parent
SCRIPT = (HERE / "look.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The size of targets is the one rule of WCAG 2.2 that axe leaves out unless it is asked.
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    # What it would fetch first is for experimental rules and for films; the site has neither. It is half the time.
    "preload": False,
}
MOST_STOPS = 400


class Look:
    """Checks one loaded page, in several widths or colour schemes."""

    def __init__(self, page: Page):
        self.page = page
        self.inside = page.evaluate_handle(SCRIPT)
        self.has_axe = False
        self.settings: CDPSession | None = None

    def ask(self, what: str, *arguments):
        """Return the result of one function of ``look.js``."""
        return self.inside.evaluate(f"(look, given) => look.{what}(...given)", arguments)

    def axe(self) -> list[str]:
        """Return axe's violations as text; no rule is switched off."""
        if not self.has_axe:
            self.page.evaluate(AXE_SCRIPT)
            self.has_axe = True
        found = self.page.evaluate("options => axe.run(document, options).then(all => all.violations)", AXE_OPTIONS)
        return [f"axe, {rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]

    def text_of(self, pixels: int) -> None:
        """Set the browser's default font size (16 by default), as a reader with low vision does."""
        if self.settings is None:
            self.settings = self.page.context.new_cdp_session(self.page)
        self.settings.send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels}})

    def walk(self, forced_colours: bool) -> Iterator[str]:
        """Press Tab until the page ends; return the faults of each focus stop, and of their order."""
        expected = self.ask("startWalk")
        stops: list[int] = []
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            stop = self.ask("stop", forced_colours)
            if stop["at"] in (-1, 0) and stops:
                break
            if stops and stop["at"] == stops[-1]:
                continue  # a box with several parts, such as a date
            stops.append(stop["at"])
            yield from stop["faults"]
        if stops != list(range(expected)):
            yield f"Tab goes {stops}, not once through each of {expected} in their order"
