"""Concurrent saves in the real admin: autosave and Save (case R6), two tabs (case R7)."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_journeys import DESKTOP, sign_in

pytestmark = pytest.mark.changes

TITLE = "A page saved twice"
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def editor(visitor) -> Page:
    page = visitor.window(DESKTOP)
    sign_in(page, visitor, "admin")
    return page


def test_save_pressed_while_the_first_autosave_is_on_its_way_makes_one_page(editor):
    parent = editor.request.get("/admin/api/main/pages/?type=home.HomePage").json()["items"][0]["id"]
    held: list[Route] = []

    def hold(route: Route) -> None:
        """Let the autosave reach the server, and withhold the response from the browser."""
        if route.request.headers.get("accept") == "application/json" and not held:
            assert route.fetch().ok
            held.append(route)
        else:
            route.continue_()

    editor.route("**/admin/pages/add/**", hold)
    editor.goto(f"/admin/pages/add/home/standardpage/{parent}/")
    editor.get_by_role("textbox", name="Title").first.fill(TITLE)
    summary = editor.get_by_role("textbox", name="Summary")
    # Its script takes what is typed in the first two seconds for what was there, and then waits for half a second.
    for number in range(15):
        if held:
            break
        summary.fill(f"Words {number}")
        editor.keyboard.press("Tab")
        editor.wait_for_timeout(1000)
    assert held, "nothing was saved by itself"
    summary.fill("Pressed")
    editor.get_by_role("button", name="Save draft").click()

    expect(editor).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))
    expect(summary).to_have_value("Pressed")
    found = editor.request.get(f"/admin/api/main/pages/?child_of={parent}&search={TITLE}").json()["items"]
    assert [page["title"] for page in found if page["title"].startswith(TITLE)] == [TITLE]


def test_settings_saved_in_another_tab_are_shown_beside_what_was_typed(editor):
    editor.goto("/admin/settings/core/sitesettings/")
    other = editor.context.new_page()
    other.goto(editor.url)
    for tab, words in ((other, "Theirs"), (editor, "Mine")):
        tab.get_by_role("textbox", name="Name of this website").fill(words)
        tab.get_by_role("button", name="Save", exact=True).click()

    box = editor.get_by_role("textbox", name="Name of this website")
    expect(box).to_have_value("Mine")
    expect(editor.get_by_text("It is saved now as: Theirs")).to_be_visible()
    expect(editor.get_by_role("link", name="Open what is saved now")).to_be_visible()
    editor.set_viewport_size(NARROW)
    assert editor.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_text("updated.")).to_be_visible()
