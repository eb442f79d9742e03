"""Back and Reload after a form with mistakes, and after it was sent (case F19); a page that was open too long (F20)."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.changes

SHORT = "/get-involved/tell-us/"


def send_with_a_mistake(page: Page) -> str:
    """Fill in the long answer of the short form only, submit it, and return the answer."""
    page.goto(SHORT)
    box = page.locator("main textarea").first
    box.fill("The lift in Mill Court\nhas been out for a week.")
    page.get_by_role("button", name="Send").click()
    page.locator(".govuk-error-summary").wait_for()
    return "The lift in Mill Court\nhas been out for a week."


def expect_mistake(page: Page, words: str) -> None:
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.locator("main textarea").first).to_have_value(words)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_mistakes_are_there_after_reload_and_back(visitor, script):
    page = visitor.window(java_script_enabled=script)
    words = send_with_a_mistake(page)
    page.reload()
    expect_mistake(page, words)
    # Away by a link, and back.
    page.locator("header a").first.click()
    expect(page).to_have_title(re.compile("^(?!Error)"))
    page.go_back()
    expect_mistake(page, words)
    # Another mistake, and back to it.
    page.get_by_role("button", name="Send").click()
    page.locator(".govuk-error-summary").wait_for()
    page.goto("/")
    page.go_back()
    expect_mistake(page, words)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_mistakes_of_a_section_are_there_after_reload_and_back(visitor, script):
    page = visitor.window(java_script_enabled=script)
    page.goto("/ask-us/")
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("section 2 of 3")).to_be_visible()
    page.get_by_label("What needs a repair?").fill("x" * 201)
    page.get_by_role("button", name="Continue").click()
    page.locator(".govuk-error-summary").wait_for()
    for come_back in (page.reload, lambda: (page.goto("/"), page.go_back())):
        come_back()
        expect(page.locator(".govuk-error-summary")).to_be_visible()
        expect(page.get_by_label("What needs a repair?")).to_have_value("x" * 201)
    page.get_by_label("What needs a repair?").fill("The back door")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("section 3 of 3")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("What needs a repair?")).to_have_value("The back door")
    expect(page.locator(".govuk-error-summary")).to_have_count(0)


def test_back_after_sending_a_form_that_had_mistakes_leads_to_the_reference(visitor):
    page = visitor.window()
    send_with_a_mistake(page)
    for group in page.locator("main fieldset:has(input[type=radio])").all():
        group.get_by_role("radio").last.check()
    for box in page.locator("main input[type=text]").all():
        if box.is_visible():
            box.fill("Words of mine")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Send").click()
    reference = page.locator(".govuk-panel__body strong").inner_text()
    page.go_back()
    expect(page.locator(".govuk-panel__body strong")).to_have_text(reference)


def test_a_page_that_was_open_too_long_keeps_what_was_typed(visitor):
    page = visitor.window()
    page.goto(SHORT)
    page.locator("main textarea").first.fill("Typed before lunch")
    page.context.clear_cookies()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("This page was open for too long")
    expect(page.locator("main textarea").first).to_have_value("Typed before lunch")
