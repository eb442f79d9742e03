"""Every page with JavaScript off: the same words, links and boxes, and what folds can be unfolded."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.look import Look
from tests.browser.places import PLACES

REFERENCE = re.compile(r"[A-Z0-9-]{8,9}")  # each sending has its own


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_page_says_and_offers_the_same_without_script(visitor, place):
    with_script = Look(place.open(visitor)).ask("matter")
    page = place.open(visitor, java_script_enabled=False)
    without = Look(page).ask("matter")
    assert without["links"] == with_script["links"]
    assert without["boxes"] == with_script["boxes"]
    only_with_script = set(with_script["words"]) - set(without["words"])
    assert {words for words in only_with_script if not REFERENCE.fullmatch(words)} == set()
    for details in page.locator("main details").all():
        if details.get_attribute("open") is None:
            details.locator("summary").first.click()
        expect(details.locator(":scope > :not(summary)").first).to_be_visible()
