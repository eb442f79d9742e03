"""The whole story, as a resident on a phone lives it, and as an editor does."""

import re

import pytest
from playwright.sync_api import Page, expect

DESKTOP = {"width": 1280, "height": 900}


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_resident_reads_a_report_follows_a_promise_and_applies(visitor, script):
    page = visitor.window(java_script_enabled=script)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(r"\d+ changes asked for"))).to_be_visible()

    # A report, and one promise in it.
    page.get_by_role("link", name="What we found", exact=True).first.click()
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
    everything = page.locator(".app-record").count()
    page.get_by_label("Where it stands").select_option(label="Late")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"standing=late"))
    statuses = page.locator(".app-record .app-status").all_inner_texts()
    assert 0 < len(statuses) < everything
    assert all("ate by" in words for words in statuses)

    # Applying to join, from the panel's page.
    page.get_by_role("link", name="Panels", exact=True).first.click()
    page.locator(".app-card a", has_text="Scrutiny Panel").click()
    expect(page.get_by_text("Seats open")).to_be_visible()
    page.get_by_role("link", name="Apply to join").click()
    fill_in(page)
    page.get_by_role("button", name="Send").click()
    reference = page.locator(".govuk-panel__body strong")
    expect(reference).to_have_text(re.compile(r"^[A-Z0-9-]{8,9}$"))
    kept = reference.inner_text()
    page.reload()
    expect(reference).to_have_text(kept)


def fill_in(page: Page) -> None:
    """Answer every question that must be answered, as somebody who may join."""
    for group in page.locator("fieldset:has(input[type=radio])").all():
        words = group.locator("legend").first.inner_text().lower()
        rules_out = "owe" in words or "notice" in words or "support" in words
        group.get_by_label("No" if rules_out or "qualification" in words else "Yes", exact=True).first.check()
    boxes = ("input[type=text]", "input[type=tel]", "input[type=email]", "textarea")
    for box in page.locator("main").locator(",".join(boxes)).all():
        if not box.is_visible() or box.input_value():
            continue
        kind, name = box.get_attribute("type"), box.get_attribute("autocomplete") or ""
        box.fill("robin@example.org" if kind == "email" else "01632 960 001" if kind == "tel" else known(name))
    for box in page.locator("main input[type=checkbox]").all():
        box.check()


def known(autocomplete: str) -> str:
    return {"postal-code": "PE1 1AA", "given-name": "Robin", "family-name": "Example"}.get(
        autocomplete, "Words of mine"
    )


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
    resident.goto("/get-involved/apply/")
    fill_in(resident)
    resident.get_by_role("button", name="Send").click()
    reference = resident.locator(".govuk-panel__body strong").inner_text()

    caseworker = visitor.window(DESKTOP)
    sign_in(caseworker, visitor, "caseworker")
    caseworker.goto("/admin/applications/")
    caseworker.get_by_role("link", name=reference).first.click()
    expect(caseworker.get_by_text("robin@example.org")).to_be_visible()

    editor = visitor.window(DESKTOP)
    sign_in(editor, visitor, "editor")
    editor.goto("/admin/applications/")
    expect(editor).to_have_url(re.compile(r"/admin/$"))
    expect(editor.get_by_text(reference)).to_have_count(0)
