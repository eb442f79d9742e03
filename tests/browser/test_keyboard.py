"""Every page by keyboard alone: each stop can be seen, none is hidden, and they come once each in the page's order."""

import pytest

from tests.browser.look import Look
from tests.browser.places import PLACES


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_page_can_be_used_by_keyboard(visitor, place):
    page = place.open(visitor, viewport={"width": 320, "height": 700})
    look = Look(page)
    faults = list(look.walk(forced_colours=False))
    page.emulate_media(forced_colors="active")
    page.set_viewport_size({"width": 1280, "height": 900})
    faults += [f"forced colours: {fault}" for fault in look.walk(forced_colours=True)]
    assert not faults, "\n".join(faults)
