"""An editor builds a form of every question type, through the real admin, and a resident opens it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from forms.builder.blocks import SectionQuestionsBlock
from tests.browser.test_journeys import DESKTOP, sign_in

pytestmark = pytest.mark.changes

FIRST, SECOND = "sections-0-value-questions", "sections-1-value-questions"
# What each type needs to be told besides its words: boxes by the end of their name.
BOXES = {
    "radios": {"options-0-value": "By post", "options-1-value": "By phone"},
    "checkboxes": {"options-0-value": "Mornings", "options-1-value": "Evenings"},
    "select": {"options-0-value": "North", "options-1-value": "South"},
}
RICH = {"declaration": "text", "eligibility": "words", "content": "text"}
# A set is built on a screen of its own; here everything is asked that a form can ask by itself.
TYPES = [name for name in SectionQuestionsBlock().child_blocks if name != "question_set"]


@pytest.fixture
def editor(visitor) -> Page:
    page = visitor.window(DESKTOP)
    sign_in(page, visitor, "editor")
    return page


def box(page: Page, name: str) -> Locator:
    return page.locator(f'[name="{name}"]')


def inserters(page: Page, within: str) -> Locator:
    """Return the buttons that insert into one stream, and not into a stream inside."""
    return page.locator(f'[name="{within}-count"] ~ [data-streamfield-stream-container] > div > button')


def add(page: Page, within: str, at: int, label: str) -> None:
    """Append a block to a stream, by its label in the list."""
    inserters(page, within).nth(at).click()
    page.get_by_role("option", name=label, exact=True).click()
    expect(box(page, f"{within}-{at}-type")).to_be_attached()


def ask(page: Page, within: str, at: int, type_: str) -> str:
    """Add a question of a type, with a label; return the label."""
    block = SectionQuestionsBlock().child_blocks[type_]
    add(page, within, at, block.label)
    words = f"Words of {type_}"
    if type_ != "content":
        box(page, f"{within}-{at}-value-label").fill(words)
    for name, text in BOXES.get(type_, {}).items():
        box(page, f"{within}-{at}-value-{name}").fill(text)
    if type_ in RICH:
        rich = box(page, f"{within}-{at}-value-{RICH[type_]}").locator("xpath=..").locator("[contenteditable=true]")
        rich.click()
        page.keyboard.type(f"Rich words of {type_}")
    return words


def only_if(page: Page, prefix: str, question: str, answer: str) -> None:
    """Set the answer on which a question or a section depends, as an editor picks it."""
    condition = page.locator(f"#block_group-{prefix}-when-section")
    condition.get_by_role("button", name="Toggle section").click()
    condition.get_by_role("combobox").select_option(label=question)
    condition.get_by_role("checkbox", name=answer, exact=True).check()
    expect(box(page, f"{prefix}-when-answers")).to_have_value(answer)


def publish(page: Page) -> None:
    # What is saved by itself half a second after a change must not come between, or Wagtail asks whose words to keep.
    page.wait_for_timeout(1500)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("Saving…")).to_be_hidden()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()


def test_a_form_of_every_question_type_is_built_published_and_opened(editor, visitor):
    parent = editor.request.get("/admin/api/main/pages/?type=home.HomePage").json()["items"][0]["id"]
    editor.goto(f"/admin/pages/add/forms/formpage/{parent}/")
    editor.get_by_role("textbox", name="Title").first.fill("A form of everything")
    editor.get_by_role("tab", name="Questions").click()

    inserters(editor, "sections").first.click()
    box(editor, "sections-0-value-title").fill("First part")
    ask(editor, FIRST, 0, "yes_no")
    rest = [type_ for type_ in TYPES if type_ != "yes_no"]
    for at, type_ in enumerate(rest, 1):
        ask(editor, FIRST, at, type_)
    only_if(editor, f"{FIRST}-1-value", "Words of yes_no", "Yes")

    inserters(editor, "sections").nth(1).click()
    box(editor, "sections-1-value-title").fill("Second part")
    ask(editor, SECOND, 0, "short_text")
    # A picker offers only what comes earlier and can decide; an answer that is not there is told at its place.
    only_if(editor, "sections-1-value", "Words of radios", "By phone")
    offered = box(editor, "sections-1-value-when-question").locator("xpath=..").locator("option")
    assert offered.all_inner_texts()[1:] == [
        f"Words of {type_}" for type_ in ("yes_no", "radios", "checkboxes", "select")
    ]
    box(editor, f"{FIRST}-{rest.index('radios') + 1}-value-options-1-value").fill("By email")
    publish(editor)
    expect(editor.get_by_text("“By phone” is not an answer to that question any more.")).to_be_attached()
    editor.get_by_role("tab", name="Questions").click()
    condition = editor.locator("#block_group-sections-1-value-when-section")
    condition.get_by_role("checkbox", name="By phone (not an answer any more)").uncheck()
    condition.get_by_role("checkbox", name="By email", exact=True).check()
    publish(editor)
    expect(editor.get_by_text("published", exact=False).first).to_be_visible()

    resident = visitor.window()
    resident.goto("/a-form-of-everything/")
    expect(resident.get_by_role("heading", level=1)).to_have_text("A form of everything")
    if resident.get_by_role("button", name="Start now").count():
        resident.get_by_role("button", name="Start now").click()
    hangs_on_yes = resident.get_by_label("Words of short_text", exact=True).first
    expect(hangs_on_yes).to_be_hidden()
    resident.get_by_role("group", name="Words of yes_no").get_by_label("Yes", exact=True).check()
    expect(hangs_on_yes).to_be_visible()
    for type_ in TYPES:
        words = "Rich words of content" if type_ == "content" else f"Words of {type_}"
        expect(resident.get_by_text(words).first).to_be_attached()
