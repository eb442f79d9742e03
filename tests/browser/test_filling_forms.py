"""A form with sections is filled in by keyboard alone: a mistake, a break, a change of mind, and a reference."""

import re
import subprocess
import sys
from typing import Literal, cast

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import site
from tests.mail_server import mail_server

pytestmark = pytest.mark.changes

MOST_STOPS = 60


def reach(page: Page, what: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(MOST_STOPS):
        if what.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{what} is not reached by keyboard")


def press(page: Page, role: Literal["button", "link"], name: str) -> None:
    """Move the focus to a link or a button and activate it; a new page loads."""
    reach(page, page.get_by_role(role, name=name, exact=True))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_in(page: Page, label: str, words: str) -> None:
    """Move the focus to an input and type."""
    reach(page, page.get_by_label(label, exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def mail_for(server: site.Server, address: str) -> str:
    """Send the site's outbox, and return the text of the email to a recipient."""
    with mail_server() as post:
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{post.server_address[1]}"}
        subprocess.run(
            [sys.executable, "manage.py", "run_scheduled_tasks"],
            cwd=site.ROOT,
            env=site.environment(server.var) | mail,
            check=True,
        )
        message = next(message for message in post.taken if message["To"] == address)
        return cast("bytes", message.get_payload(decode=True)).decode()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_form_is_filled_in_by_keyboard_with_a_break_and_a_change_of_mind(visitor, script):
    address = f"robin-{'with' if script else 'without'}@example.org"
    page = visitor.window(java_script_enabled=script)
    page.goto("/ask-us/")
    press(page, "button", "Start now")

    # A mistake: the message leads to its box.
    press(page, "button", "Continue")
    expect(page).to_have_title(re.compile("^Error: "))
    reach(page, page.get_by_role("link", name="Choose yes or no for “Is it about a repair?”"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Yes", exact=True)).to_be_focused()
    page.keyboard.press("Space")
    press(page, "button", "Continue")

    # Asked only because of that answer; then something comes in between.
    expect(page.get_by_text("section 2 of 3")).to_be_visible()
    type_in(page, "What needs a repair?", "The back door")
    press(page, "button", "Save and come back later")
    type_in(page, "Your email address", address)
    press(page, "button", "Email me the link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your form is saved")
    link = re.search(r"http\S+/forms/saved/\S+", mail_for(visitor.server, address)).group()

    # Another day, another device.
    page = visitor.window(java_script_enabled=script)
    page.goto(link)
    press(page, "button", "Go on with my form")
    expect(page.get_by_label("What needs a repair?")).to_have_value("The back door")
    press(page, "button", "Continue")
    type_in(page, "What is your email address?", address)
    press(page, "button", "Continue")

    # A change of mind: what depended on the answer is not asked any more.
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    expect(page.get_by_text("The back door")).to_be_visible()
    press(page, "link", "Change Is it about a repair?")
    reach(page, page.get_by_label("Yes", exact=True))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("No", exact=True)).to_be_checked()
    press(page, "button", "Continue")
    expect(page.get_by_text("The back door")).to_have_count(0)
    press(page, "button", "Send")
    reference = page.locator(".govuk-panel__body strong").inner_text()
    page.reload()
    expect(page.locator(".govuk-panel__body strong")).to_have_text(reference)

    # The link leads to the reference now, and so does the receipt.
    page.goto(link)
    expect(page.locator(".govuk-panel__body strong")).to_have_text(reference)
    receipt = mail_for(visitor.server, address)
    assert reference in receipt
    assert "back door" not in receipt

    # Then, if they like, a few questions about themselves.
    press(page, "link", "answer a few questions about yourself")
    reach(page, page.get_by_label("16 to 34"))
    page.keyboard.press("Space")
    press(page, "button", "Send my answers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert not [cookie for cookie in page.context.cookies() if "equality" in cookie["path"]]
