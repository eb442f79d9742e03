"""Every page, in phone to desktop width, forced colours and print: axe, and checks that axe does not make.

In print: the text and the targets of links, no controls, nothing cut off.
"""

from urllib.parse import urlsplit

import pytest

from tests.browser.look import Look
from tests.browser.places import PLACES

WIDTHS = [320, 768, 1280]
PAPER = {"width": 718, "height": 1000}  # A4 in CSS pixels, within margins of 1 cm
NORMAL, TWICE = 16, 32  # pixels of text


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_page_is_for_everybody(visitor, place):
    page = place.open(visitor, viewport={"width": WIDTHS[0], "height": 900})
    if place.is_page_of_demo:
        found = page.request.get("/api/v2/pages/find/", params={"html_path": urlsplit(page.url).path}).json()
        assert found["meta"]["type"] == place.shows, "its line names another page type"
    look, faults = Look(page), []

    def keep(how: str, *found: list[str]) -> None:
        faults.extend(f"{how}: {fault}" for some in found for fault in some)

    keep("everywhere", look.ask("headings"), look.ask("moving"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        keep(f"{width} px", look.axe(), look.ask("sideways"), look.ask("smallTargets"))
        look.text_of(TWICE)
        keep(f"{width} px, text twice as large", look.ask("sideways"))
        look.text_of(NORMAL)
    page.emulate_media(forced_colors="active")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    keep("forced colours", look.axe(), look.ask("sideways"))
    page.emulate_media(forced_colors="none", media="print")
    page.set_viewport_size(PAPER)
    keep("on paper", look.ask("pressable"), look.ask("folded"), look.ask("sideways"), look.ask("silentLinks")["faults"])
    assert not faults, "\n".join(faults)


def test_an_address_is_printed_after_its_link(visitor):
    page = PLACES["report"].open(visitor, viewport=PAPER)
    page.emulate_media(media="print")
    assert Look(page).ask("silentLinks")["printed"] > 0


def test_a_table_that_becomes_cards_on_a_phone_is_still_a_table_when_it_is_read_out(visitor):
    page = PLACES["report"].open(visitor, viewport={"width": 320, "height": 900})
    assert page.locator(".app-table--stack").first.evaluate("table => getComputedStyle(table).display") == "block"
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node["ignored"]]
    assert {"table", "row", "columnheader", "cell"} <= set(roles)
