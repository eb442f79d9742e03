"""A caseworker takes an application and an information request to the end, in the real admin."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.browser import site

pytestmark = pytest.mark.changes

DESKTOP = {"width": 1280, "height": 900}
MADE = """
from forms.enums import FormKind
from scrutiny_pages.models import Panel
from tests.factories.forms import case_of
from forms.models import MessageWording
MessageWording.objects.get_or_create(
    name="We are working on it", defaults={"subject": "About {reference}", "body": "Dear {name}, we answer by {due}."}
)
for kind in (FormKind.APPLICATION, FormKind.REQUEST):
    panel = Panel.objects.get(name="Residents' Scrutiny Panel") if kind == FormKind.APPLICATION else None
    case = case_of(kind, panel=panel)
    print("MADE", case.submission.reference, case.submission.token)
"""


@pytest.fixture(scope="module")
def sent(server) -> list[tuple[str, str]]:
    """Create an application and a request as if submitted; return pairs of reference and token."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", MADE],
        cwd=site.ROOT,
        env=site.environment(server.var),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return re.findall(r"^MADE (\S+) (\S+)$", done.stdout, re.MULTILINE)


@pytest.fixture
def page(visitor, server) -> Page:
    page = visitor.window(viewport=DESKTOP)
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("caseworker")
    page.get_by_label("Password").fill(server.passwords["caseworker"])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    return page


def step(page: Page, label: str) -> None:
    """Choose a step on the page of a case."""
    page.get_by_role("main").get_by_role("link", name=label, exact=True).click()


def take(page: Page, label: str, words: str = "", **typed: str) -> None:
    """Choose a transition, read the preview of the message, and apply it, which also sends the message.

    :param words: the text of the message, if not the default.
    :param typed: the other fields of the transition, by name.
    """
    step(page, label)
    for name, value in typed.items():
        page.locator(f"[name={name}]").fill(value)
    if words:
        page.get_by_label("What the person reads").fill(words)
    page.get_by_role("main").get_by_role("button", name="See it before it is sent").click()
    expect(page.get_by_role("heading", name="As the person will read it")).to_be_visible()
    page.get_by_role("button", name="Record it and send this").click()


def stands(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=2).first).to_contain_text(words)


def test_a_caseworker_takes_an_application_to_the_end(page, visitor, sent):
    reference, token = sent[0]
    page.goto("/admin/applications/")
    page.get_by_label(f"Choose {reference}").check()
    page.get_by_role("button", name="Give to me").click()
    expect(page.get_by_text("Each of these will be given to you.")).to_be_visible()
    page.get_by_role("button", name="Give to me").click()
    page.get_by_role("link", name=reference).first.click()
    expect(page.get_by_text("Demo Caseworker has it.")).to_be_visible()

    take(page, "Mark as acknowledged")
    take(page, "Invite to an interview", at="2030-12-10T18:30", place="Oak House")
    stands(page, "Interview")
    page.goto(f"/admin/received/{reference}/print/")
    expect(page.get_by_text("Ada Byron")).to_be_visible()
    page.goto(f"/admin/received/{reference}/")
    take(page, "Offer a place")
    take(page, "Make them a member")
    expect(page.get_by_text("Became:")).to_be_visible()

    own = visitor.window()
    own.goto(f"/forms/received/{token}/")
    expect(own.get_by_text("You have a place.").first).to_be_visible()
    expect(own.get_by_text("When: Tuesday 10 December 2030 at 6:30pm").first).to_be_visible()
    expect(own.get_by_text("Where: Oak House").first).to_be_visible()
    page.goto("/admin/members/?q=Byron")
    expect(page.get_by_role("main").get_by_text("Ada Byron").first).to_be_visible()

    # The list of members is the demo's own again.
    page.goto(f"/admin/received/{reference}/erase/")
    page.get_by_role("button", name="Erase it for good").click()
    expect(page.get_by_text(f"{reference} was erased.")).to_be_visible()
    assert own.goto(f"/forms/received/{token}/").status == 404


def test_a_caseworker_takes_a_request_to_the_end(page, visitor, sent):
    reference, token = sent[1]
    own = visitor.window()
    page.goto(f"/admin/received/{reference}/")
    take(page, "Mark as acknowledged")

    # A question: from a wording, seen first, changed, sent. The clock stops.
    step(page, "Ask the person a question")
    page.get_by_role("link", name="We are working on it").click()
    expect(page.get_by_label("Subject")).to_have_value(f"About {reference}")
    page.get_by_role("button", name="See it before it is sent").click()
    expect(page.locator("p", has_text="Dear Ada, we answer by")).to_be_visible()
    page.get_by_role("button", name="Change it").click()
    page.get_by_label("Message").fill("Dear Ada,\n\nWhich street?")
    page.get_by_role("button", name="See it before it is sent").click()
    page.get_by_role("button", name="Send it").click()
    stands(page, "Waiting for the person")
    expect(page.get_by_text("The clock stands still since")).to_be_visible()
    own.goto(f"/forms/received/{token}/")
    expect(own.get_by_text("Which street?")).to_be_visible()
    expect(own.get_by_text("We wait for your answer.")).to_be_visible()

    take(page, "The person has answered")
    step(page, "Refuse")
    page.get_by_role("main").get_by_role("button", name="See it before it is sent").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_label("Reason, as the person reads it").select_option(label="It tells who somebody is")
    page.get_by_role("main").get_by_role("button", name="See it before it is sent").click()
    expect(page.get_by_text("This is why: It tells who somebody is.")).to_be_visible()
    page.get_by_role("button", name="Record it and send this").click()
    stands(page, "Refused")
    take(page, "Look at it again")
    take(page, "Answered in full", "Dear {name}\n\nHere is the table.")
    stands(page, "Answered in full")
    own.reload()
    expect(own.get_by_text("We have answered your request.").first).to_be_visible()
    expect(own.get_by_text("We are looking at your request again.").first).to_be_visible()
