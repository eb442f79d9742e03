"""Whole journeys of a resident on a phone, and of an editor."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import check_answers

pytestmark = pytest.mark.changes

DESKTOP = {"width": 1280, "height": 900}


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_resident_reads_a_report_follows_a_promise_and_applies(visitor, script):
    page = visitor.window(java_script_enabled=script)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(r"\d+ changes asked for"))).to_be_visible()

    # A report, and one promise in it.
    through_the_menu(page, "What we found")
    page.locator(".app-card a").first.click()
    expect(page.get_by_role("heading", name="What we recommend, and where it stands today")).to_be_visible()
    promise = page.locator(".app-table--stack a").first
    words = promise.inner_text().split(". ", 1)[1]
    promise.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    expect(page.get_by_role("heading", name="What has happened")).to_be_visible()
    expect(page.get_by_text("Asked for", exact=True)).to_be_visible()

    # The tracker, narrowed to what is late; the choice is in the address.
    page.get_by_label("Breadcrumb").get_by_role("link", name="Recommendations").click()
    expect(page.locator(".app-record").first).to_be_visible()
    everything = page.locator(".app-record").count()
    page.get_by_text("Choose what to show").click()
    page.get_by_label("Where it stands").select_option(label="Late")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"standing=late"))
    statuses = page.locator(".app-record .app-status").all_inner_texts()
    assert 0 < len(statuses) < everything
    assert all("ate by" in words for words in statuses)

    # Applying to join, from the panel's page.
    through_the_menu(page, "Panels")
    page.locator(".app-card a", has_text="Scrutiny Panel").click()
    expect(page.get_by_text("Seats open")).to_be_visible()
    page.get_by_role("link", name="Apply to join").click()
    check_answers(page)
    page.get_by_role("button", name="Send").click()
    reference = page.locator(".govuk-panel__body strong")
    expect(reference).to_have_text(re.compile(r"^[A-Z0-9-]{8,9}$"))
    kept = reference.inner_text()
    page.reload()
    expect(reference).to_have_text(kept)


def through_the_menu(page: Page, name: str) -> None:
    """Open the menu, which is folded on a phone, and follow one of its links."""
    menu = page.get_by_role("navigation", name="Main")
    menu.get_by_text("Menu", exact=True).click()
    menu.get_by_role("link", name=name, exact=True).click()


def sign_in(page: Page, visitor, name: str) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(visitor.server.passwords[name])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/admin/$"))


def test_an_editor_changes_a_report_and_residents_see_it(visitor):
    editor = visitor.window(DESKTOP)
    sign_in(editor, visitor, "editor")
    editor.goto("/what-we-found/")
    address = editor.locator(".app-card a").first.get_attribute("href")
    found = editor.request.get("/api/v2/pages/find/", params={"html_path": address}).json()
    editor.goto(f"/admin/pages/{found['id']}/edit/")
    editor.get_by_role("textbox", name="Summary").fill("An editor changed this sentence just now.")
    editor.get_by_role("button", name="More actions").click()
    editor.get_by_role("button", name="Publish", exact=True).click()
    expect(editor.get_by_text("published", exact=False).first).to_be_visible()

    resident = visitor.window()
    resident.goto(address)
    expect(resident.get_by_text("An editor changed this sentence just now.")).to_be_visible()


def test_staff_see_an_application_that_a_resident_sent(visitor):
    resident = visitor.window()
    check_answers(resident)
    resident.get_by_role("button", name="Send").click()
    reference = resident.locator(".govuk-panel__body strong").inner_text()

    caseworker = visitor.window(DESKTOP)
    sign_in(caseworker, visitor, "caseworker")
    caseworker.goto("/admin/applications/")
    caseworker.get_by_role("link", name=reference).first.click()
    expect(caseworker.get_by_text("robin@example.org").first).to_be_visible()

    editor = visitor.window(DESKTOP)
    sign_in(editor, visitor, "editor")
    editor.goto("/admin/applications/")
    expect(editor).to_have_url(re.compile(r"/admin/$"))
    expect(editor.get_by_text(reference)).to_have_count(0)
