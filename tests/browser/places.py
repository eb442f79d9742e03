"""Registry of everything to look at on the public site: one line for each page type, listing and state.

A new page type or public URL without a line here fails ``tests/project/test_browser_places.py``.
"""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

APPLY = "/get-involved/apply/"
REPORT = "/reviews/damp-and-mould/report/"
COULD_I_JOIN = "/panels/resident-scrutiny-panel/could-i-join/"
MOST_SECTIONS = 12
EQUALITY = "00000000-0000-4000-8000-0000000e9a11"  # the key that ``states.py`` gives to a form


@dataclass(frozen=True)
class Place:
    """One place to look at: the page type or route that shows it, and how to get there."""

    shows: str
    go: Callable[[Page], object]
    is_empty: bool = False  # on the site where nothing is published yet

    @property
    def is_page_of_demo(self) -> bool:
        """Return whether it shows a page of the demo, and not a record's URL."""
        return "." in self.shows and not self.is_empty

    def open(self, visitor, **window) -> Page:
        """Return a window that shows it."""
        server = visitor.server
        page = visitor.window(base_url=server.empty_url if self.is_empty else server.url, **window)
        self.go(page)
        page.wait_for_load_state()  # words can be there before the styles that hide some of them
        return page

    def sent(self, visitor) -> str:
        """Return the HTML as sent by the server, before any script ran."""
        server, answers = visitor.server, []
        page = visitor.window(base_url=server.empty_url if self.is_empty else server.url, java_script_enabled=False)
        page.on("response", lambda answer: answers.append(answer) if answer.request.is_navigation_request() else None)
        self.go(page)
        html = answers[-1].text()
        page.context.close()
        return html


def at(address: str) -> Callable[[Page], object]:
    """Go to a URL."""
    return lambda page: page.goto(address)


def first(listing: str, address: str) -> Callable[[Page], object]:
    """Follow a listing's first link whose URL matches a regular expression."""

    def go(page: Page) -> None:
        page.goto(listing)
        links = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        page.goto(next(link for link in links if re.fullmatch(address, link)))

    return go


def unfolded(address: str) -> Callable[[Page], object]:
    """Open every folded element of a page."""

    def go(page: Page) -> None:
        page.goto(address)
        for summary in page.locator("main details:not([open]) > summary").all():
            if summary.is_visible():
                summary.click()

    return go


def self_check(answer: str = "") -> Callable[[Page], object]:
    """Answer all questions of the eligibility checker in one way, or none."""

    def go(page: Page) -> None:
        page.goto(COULD_I_JOIN)
        if answer:
            for choice in page.get_by_label(answer, exact=True).all():
                choice.check()
        page.get_by_role("button", name="See if I could join").click()
        page.wait_for_load_state()

    return go


def called_off(page: Page) -> None:
    """Find the cancelled meeting."""
    page.goto("/meetings/")
    page.get_by_role("listitem").filter(has_text="Called off").get_by_role("link").first.click()
    page.get_by_role("heading", level=1).wait_for()


def form_with_errors(address: str, button: str = "Send") -> Callable[[Page], object]:
    """Submit a form, or one section of it, without an answer."""

    def go(page: Page) -> None:
        page.goto(address)
        page.get_by_role("button", name=button).click()
        page.locator(".govuk-error-summary").wait_for()

    return go


def ruled_out(page: Page) -> None:
    """Answer that the applicant is not a resident."""
    page.goto(f"{APPLY}?page=begin")
    page.get_by_role("group", name="Are you a tenant").get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="You cannot send this form").wait_for()


def fill_in(page: Page) -> None:
    """Answer every required question on a page, as an eligible applicant."""
    for group in page.locator("main fieldset:has(input[type=radio])").all():
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
    """Return a valid value of a name or address input, and text for any other."""
    return {"postal-code": "PE1 1AA", "given-name": "Robin", "family-name": "Example"}.get(
        autocomplete, "Words of mine"
    )


def other_than(before: str) -> Callable[[str], bool]:
    """Return a predicate: whether a URL is another one."""
    return lambda url: url != before


def check_answers(page: Page) -> None:
    """Go through every section of the application, from its start page to the check of its answers."""
    if "get-involved/apply" not in page.url:
        page.goto(APPLY)
    page.get_by_role("button", name="Start now").click()
    check = page.get_by_role("heading", level=1, name="Check your answers")
    for _ in range(MOST_SECTIONS):
        page.get_by_role("heading", level=1).wait_for()
        if check.count():
            return
        fill_in(page)
        before = page.url
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(other_than(before))
    raise AssertionError("there is no end to the form")


def save_page(page: Page) -> None:
    """Answer the first section and choose to save the draft."""
    page.goto(f"{APPLY}?page=begin")
    fill_in(page)
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_label("Your email address").wait_for()


def saved(page: Page) -> None:
    """Request a link to the draft by email."""
    save_page(page)
    page.get_by_label("Your email address").fill(f"robin-{uuid.uuid4().hex}@example.org")
    page.get_by_role("button", name="Email me the link").click()
    page.get_by_role("heading", name="Your form is saved").wait_for()


def saved_with_errors(page: Page) -> None:
    """Request a link to the draft without an email address."""
    save_page(page)
    page.get_by_role("button", name="Email me the link").click()
    page.locator(".govuk-error-summary").wait_for()


def begun(page: Page) -> None:
    """Open the start page of a form with a draft."""
    save_page(page)
    page.goto(APPLY)


def lost(page: Page) -> None:
    """Submit answers of a draft that has expired."""
    check_answers(page)
    page.context.clear_cookies(name=re.compile("^form-"))
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="We do not have your answers").wait_for()


def confirmation(page: Page) -> None:
    """Submit the short form."""
    page.goto("/get-involved/tell-us/")
    for question in page.locator("main fieldset:has(input[type=radio])").all():
        question.get_by_role("radio").last.check()
    for box in page.locator("main input[type=text], main textarea").all():
        if box.is_visible():
            box.fill("Words of mine")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Send").click()
    page.locator(".govuk-panel").wait_for()


def wrong_password(page: Page) -> None:
    """Submit a wrong password to a protected page."""
    page.goto("/locked/")
    page.get_by_label("Password").fill("shut")
    page.get_by_role("button", name="Continue").click()
    page.locator(".govuk-error-message").wait_for()


def open_too_long(page: Page) -> None:
    """Submit a form whose CSRF token has expired."""
    page.goto(f"{APPLY}?page=begin")
    page.context.clear_cookies()
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("This page was open for too long").first.wait_for()


def refused(page: Page) -> None:
    """Submit another form whose CSRF token has expired."""
    page.goto("/locked/")
    page.context.clear_cookies()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Sorry, that did not work").wait_for()


PLACES = {
    # Pages and listings, as the demo shows them
    "home": Place("home.HomePage", at("/")),
    "what we found": Place("scrutiny_pages.ReportIndexPage", at("/what-we-found/")),
    "report": Place("scrutiny_pages.ReportPage", at(REPORT)),
    "report, large print": Place("scrutiny_pages.ReportPage", at(f"{REPORT}large-print/")),
    "easy read": Place("scrutiny_pages.EasyReadPage", at(f"{REPORT}easy-read/")),
    "easy read, large print": Place("scrutiny_pages.EasyReadPage", at(f"{REPORT}easy-read/large-print/")),
    "second report": Place("scrutiny_pages.ReportPage", at("/reviews/moving-in/report/")),
    "tracker": Place("scrutiny_pages.TrackerPage", at("/recommendations/")),
    "tracker, filtered": Place("scrutiny_pages.TrackerPage", at("/recommendations/?standing=late")),
    "tracker, nothing found": Place("scrutiny_pages.TrackerPage", at("/recommendations/?year=1999")),
    "what is late": Place("scrutiny_pages.TrackerPage", at("/recommendations/?overdue=true")),
    "tracker, all open": Place("scrutiny_pages.TrackerPage", unfolded("/recommendations/?service=repairs&year=2025")),
    "recommendation": Place("recommendation", first("/recommendations/", r"/recommendations/[\w-]+/\d+/")),
    "recommendation, late": Place(
        "recommendation", first("/recommendations/?standing=late", r"/recommendations/[\w-]+/\d+/")
    ),
    "you said, we did": Place("scrutiny_pages.OutcomeIndexPage", at("/you-said-we-did/")),
    "outcomes of a service": Place("scrutiny_pages.OutcomeIndexPage", at("/you-said-we-did/?service=repairs")),
    "outcomes, nothing found": Place("scrutiny_pages.OutcomeIndexPage", at("/you-said-we-did/?year=1999")),
    "outcome": Place("scrutiny_pages.OutcomePage", at("/you-said-we-did/a-visit-first/")),
    "reviews": Place("scrutiny_pages.ReviewIndexPage", at("/reviews/")),
    "review": Place("scrutiny_pages.ReviewPage", at("/reviews/damp-and-mould/")),
    "review under way": Place("scrutiny_pages.ReviewPage", at("/reviews/moving-in/")),
    "review to come": Place("scrutiny_pages.ReviewPage", at("/reviews/service-charges/")),
    "the year's work": Place("programme", first("/reviews/", r"/programmes/\d+/")),
    "panels": Place("scrutiny_pages.PanelIndexPage", at("/panels/")),
    "panel": Place("scrutiny_pages.PanelPage", at("/panels/resident-scrutiny-panel/")),
    "panel, all open": Place("scrutiny_pages.PanelPage", unfolded("/panels/resident-scrutiny-panel/")),
    "could I join": Place("could_i_join", at(COULD_I_JOIN)),
    "could I join, yes": Place("could_i_join", self_check("Yes")),
    "could I join, no": Place("could_i_join", self_check("No")),
    "could I join, no answer": Place("could_i_join", self_check()),
    "agreement": Place("agreement", first("/panels/resident-scrutiny-panel/", r"/agreements/[\w-]+/")),
    "meetings": Place("scrutiny_pages.MeetingIndexPage", at("/meetings/")),
    "meeting": Place("meeting", first("/meetings/", r"/meetings/\d+/")),
    "meeting, called off": Place("meeting", called_off),
    "newsletters": Place("scrutiny_pages.NewsletterIndexPage", at("/newsletters/")),
    "newsletter": Place("scrutiny_pages.NewsletterPage", at("/newsletters/cold-first-nights/")),
    "newsletter, large print": Place(
        "scrutiny_pages.NewsletterPage", at("/newsletters/cold-first-nights/large-print/")
    ),
    "get involved": Place("home.StandardPage", at("/get-involved/")),
    "about": Place("home.StandardPage", at("/about/")),
    "accessibility statement": Place("home.AccessibilityStatementPage", at("/accessibility/")),
    "privacy": Place("home.PrivacyPage", at("/privacy/")),
    "contact": Place("home.ContactPage", at("/contact/")),
    "form": Place("forms.FormPage", at(APPLY)),
    "search": Place("search", at("/search/")),
    "search, found": Place("search", at("/search/?q=repairs")),
    "search, one kind": Place("search", at("/search/?q=repairs&type=meetings")),
    "search, nothing found": Place("search", at("/search/?q=zzzzz")),
    "data for programs": Place("api_page", at("/api/")),
    "data for programs, all open": Place("api_page", unfolded("/api/")),
    "requests": Place("public_requests", unfolded("/information-requests/")),
    "requests, filtered": Place("public_requests", at("/information-requests/?outcome=refused")),
    "requests, nothing found": Place("public_requests", at("/information-requests/?year=1999")),
    "request": Place("public_request", first("/information-requests/", r"/information-requests/\d+/")),
    "requests in numbers": Place("public_request_numbers", at("/information-requests/numbers/")),
    # States that take a few steps
    "form, begun": Place("forms.FormPage", begun),
    "section": Place("forms.FormPage", at(f"{APPLY}?page=begin")),
    "section with errors": Place("forms.FormPage", form_with_errors(f"{APPLY}?page=begin", "Continue")),
    "form on one page": Place("forms.FormPage", at("/get-involved/tell-us/")),
    "form on one page, with errors": Place("forms.FormPage", form_with_errors("/get-involved/tell-us/")),
    "form on one page, erased": Place("forms.FormPage", at("/get-involved/tell-us/?again=x")),
    "section, open too long": Place("forms.FormPage", open_too_long),
    "check answers": Place("forms.FormPage", check_answers),
    "save page": Place("forms.FormPage", save_page),
    "save page with errors": Place("forms.FormPage", saved_with_errors),
    "saved": Place("forms.FormPage", saved),
    "answers lost": Place("forms.FormPage", lost),
    "saved link, gone": Place("form_saved", at(f"/forms/saved/{'A' * 43}/")),
    "equality questions": Place("form_equality", at(f"/forms/equality/{EQUALITY}/")),
    "equality questions, counted": Place("form_equality", at(f"/forms/equality/{EQUALITY}/?thanks")),
    "form, ruled out": Place("forms.FormPage", ruled_out),
    "form, received": Place("form_received", confirmation),
    "refused": Place("refusal", refused),
    "bad request": Place("refusal", at("/search/?q=%00")),
    "not found": Place("refusal", at("/nothing-here/")),
    "broken": Place("refusal", at("/broken/")),
    # What ``states.py`` adds
    "every block": Place("home.StandardPage", at("/every-block/")),
    "every article": Place("scrutiny_pages.NewsletterPage", at("/newsletters/every-article/")),
    "every question": Place("forms.FormPage", at("/every-question/")),
    "every question with errors": Place("forms.FormPage", form_with_errors("/every-question/")),
    "form, closed": Place("forms.FormPage", at("/closed/")),
    "password needed": Place("wagtailcore_authenticate_with_password", at("/locked/")),
    "password wrong": Place("wagtailcore_authenticate_with_password", wrong_password),
    # Listings of a site where nothing is published yet
    "empty home": Place("home.HomePage", at("/"), is_empty=True),
    "no reports": Place("scrutiny_pages.ReportIndexPage", at("/what-we-found/"), is_empty=True),
    "no recommendations": Place("scrutiny_pages.TrackerPage", at("/recommendations/"), is_empty=True),
    "no outcomes": Place("scrutiny_pages.OutcomeIndexPage", at("/you-said-we-did/"), is_empty=True),
    "no reviews": Place("scrutiny_pages.ReviewIndexPage", at("/reviews/"), is_empty=True),
    "no panels": Place("scrutiny_pages.PanelIndexPage", at("/panels/"), is_empty=True),
    "no meetings": Place("scrutiny_pages.MeetingIndexPage", at("/meetings/"), is_empty=True),
    "no requests": Place("public_requests", at("/information-requests/"), is_empty=True),
    "no numbers": Place("public_request_numbers", at("/information-requests/numbers/"), is_empty=True),
    "no newsletters": Place("scrutiny_pages.NewsletterIndexPage", at("/newsletters/"), is_empty=True),
}
