"""Every page, at a phone's width and a desk's: nothing that axe finds, and what axe cannot see."""

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = [320, 1280]


def first_link(page: Page, listing: str, selector: str) -> str:
    page.goto(listing)
    return page.locator(selector).first.get_attribute("href")


def form_with_errors(page: Page) -> None:
    page.goto("/get-involved/apply/")
    page.get_by_role("button", name="Send").click()
    page.locator(".govuk-error-summary").wait_for()


PAGES = {
    "home": lambda page: page.goto("/"),
    "what we found": lambda page: page.goto("/what-we-found/"),
    "report": lambda page: page.goto(first_link(page, "/what-we-found/", ".app-card a")),
    "tracker": lambda page: page.goto("/recommendations/"),
    "tracker, filtered": lambda page: page.goto("/recommendations/?standing=late"),
    "tracker, nothing found": lambda page: page.goto("/recommendations/?year=1999"),
    "recommendation": lambda page: page.goto(first_link(page, "/recommendations/", ".app-record a")),
    "you said, we did": lambda page: page.goto("/you-said-we-did/"),
    "outcome": lambda page: page.goto(first_link(page, "/you-said-we-did/", ".app-outcome__heading a")),
    "reviews": lambda page: page.goto("/reviews/"),
    "review": lambda page: page.goto(first_link(page, "/reviews/", ".app-record a")),
    "panels": lambda page: page.goto("/panels/"),
    "panel": lambda page: page.goto(first_link(page, "/panels/", ".app-card a")),
    "meetings": lambda page: page.goto("/meetings/"),
    "meeting": lambda page: page.goto(first_link(page, "/meetings/", ".app-record a")),
    "newsletters": lambda page: page.goto("/newsletters/"),
    "newsletter": lambda page: page.goto(first_link(page, "/newsletters/", ".app-card a")),
    "search": lambda page: page.goto("/search/?q=repairs"),
    "search, nothing found": lambda page: page.goto("/search/?q=zzzzz"),
    "form": lambda page: page.goto("/get-involved/apply/"),
    "form with errors": form_with_errors,
    "not found": lambda page: page.goto("/nothing-here/"),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(visitor, name, width):
    page = visitor.window({"width": width, "height": 900})
    PAGES[name](page)
    found = Axe().run(page).response["violations"]
    assert found == [], [(rule["id"], [node["html"][:120] for node in rule["nodes"]][:3]) for rule in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page moves sideways"
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
