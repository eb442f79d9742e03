"""Case AR15: what staff type as a day is never turned into today by the date picker."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_journeys import DESKTOP, sign_in

pytestmark = pytest.mark.changes


@pytest.mark.parametrize(("typed", "is_read"), [("tomorrow", False), ("31/02/2026", False), ("2026-01-20", True)])
def test_a_day_stays_as_it_was_typed(visitor, typed, is_read):
    editor = visitor.window(DESKTOP)
    sign_in(editor, visitor, "editor")
    reviews = editor.request.get("/api/v2/reviews/").json()["items"]
    found = next(review for review in reviews if review["state"] == "under_way")
    editor.goto(f"/admin/reviews/{found['id']}/stages/")
    editor.get_by_role("link", name="Done").first.click()
    day = editor.get_by_label("On", exact=False).first
    day.fill(typed)
    day.press("Tab")
    expect(day).to_have_value(typed)
    if not is_read:
        editor.get_by_role("button", name="Record").first.click()
        expect(editor.get_by_text("Write it as 20/11/2026").first).to_be_visible()
        expect(editor.get_by_label("On", exact=False).first).to_have_value(typed)
