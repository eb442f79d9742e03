"""Loader of the demo's pages: first the whole tree as drafts, then, once every page can be linked to, their content."""

from typing import Any

from wagtail.models import Page

from cms.core.streamfield_builder import stream
from forms.models import FormPage
from home.site_setup.pages import LISTINGS, PLAIN, create_home, fill_plain_page
from scrutiny_pages.models import (
    EasyReadPage,
    NewsletterPage,
    OutcomePage,
    OutcomeRecommendation,
    PanelPage,
    ReportPage,
    ReviewPage,
)

from .content import read, read_reports
from .reviews import fill_reviews
from .story import Story

FORM_FIELDS = ["start", "other_ways", "what_happens_next"]


def create_page_tree(story: Story) -> None:
    """Create every page, unpublished, with the fields that the records need."""
    content = read("pages")
    words = {name: content["home"][name] for name in ("title", "slug", "headline", "summary")}
    story.pages["home"] = create_home(**words, social_image=story.images[content["home"]["picture"]])
    for data in content["listings"]:
        _add(story, "home", LISTINGS[data["kind"]], data)
    for data in content["plain"]:
        _add(story, "home", PLAIN[data.get("kind", "plain")], data)
    for data in read("panels")["panels"]:
        panel = story.panels[data["key"]]
        _add(story, "panels", PanelPage, {"title": panel.name, "slug": data["page_slug"]} | data, panel=panel)
    for data in read("reviews")["reviews"]:
        _add(story, "reviews", ReviewPage, data, panel=story.panels["scrutiny"], state=data["state"])
    for data in read_reports():
        _add(story, data["review"], ReportPage, data)
    for data in read("easy_read")["pages"]:
        _add(story, data["of"], EasyReadPage, data)
    for data in read("outcomes")["outcomes"]:
        _add(story, "outcomes", OutcomePage, data, you_said=data["you_said"], we_did=data["we_did"])
    for data in read("newsletters")["newsletters"]:
        _add(story, "newsletters", NewsletterPage, data, issued_on=story.dates[data["issued"]])
    for data in read("form")["forms"]:
        _add(story, data["parent"], FormPage, data)


def _add(story: Story, parent: str, model: type[Page], data: dict, **fields: Any) -> None:
    page = model(
        title=story.dates.fill_in(data["title"]), slug=data["slug"], summary=data["summary"], live=False, **fields
    )
    if "picture" in data:
        page.social_image = story.images[data["picture"]]
    # Fetched anew, because adding a child changes its parent's row.
    Page.objects.get(pk=story.pages[parent].pk).add_child(instance=page)
    story.pages[data["key"]] = page


def fill_pages(story: Story) -> None:
    """Fill and publish every page, ancestors first."""
    content = read("pages")
    for page, data in _keyed(story, [{"key": "home"} | content["home"], *content["plain"]]):
        fill_plain_page(page, data, data["key"], story.find, story.dates.__getitem__)
        story.publish(page, "site_opened", "pages_checked")
    for page, _ in _keyed(story, content["listings"]):
        story.publish(page, "site_opened")
    fill_forms(story)
    for page, data in _keyed(story, read("panels")["panels"]):
        page.apply_page_id = story.find.page_id(data["apply_page"]) if "apply_page" in data else None
        story.publish(page, "site_opened")
    fill_reviews(story)
    for page, data in _keyed(story, read_reports()):
        _fill_body(story, page, data)
        page.agreed_on = story.dates[data["agreed"]]
        page.response_summary = data["response_summary"]
        story.publish(page, data["published"], data["updated"])
    for page, data in _keyed(story, read("easy_read")["pages"]):
        _fill_body(story, page, data)
        story.publish(page, data["published"])
    fill_outcomes(story)
    for page, data in _keyed(story, read("newsletters")["newsletters"]):
        _fill_body(story, page, data)
        story.publish(page, data["issued"])


def fill_outcomes(story: Story) -> None:
    """Fill the outcomes, with the recommendations whose state they report."""
    for page, data in _keyed(story, read("outcomes")["outcomes"]):
        page.difference = data["difference"]
        page.promises = [
            OutcomeRecommendation(recommendation=story.recommendations[key], sort_order=order)
            for order, key in enumerate(data.get("recommendations", []))
        ]
        page.came_from = data.get("came_from", "")
        page.service_areas = [story.areas[slug] for slug in data["service_areas"]]
        page.stated_state = data.get("stated_state", "")
        page.checked_on = story.dates[data["checked_on"]] if "checked_on" in data else None
        story.publish(page, data["published"])


def fill_forms(story: Story) -> None:
    """Fill the forms. A question's id is derived from its key, independent of its position."""
    for page, data in _keyed(story, read("form")["forms"]):
        page.kind = data["kind"]
        page.closed_message = data.get("closed_message", "").strip()
        for name in FORM_FIELDS:
            setattr(page, name, story.rich(data[name]))
        sections = [{"type": "section"} | section for section in data["sections"]]
        page.sections = stream(page._meta.get_field("sections"), sections, data["key"], story.find)
        story.publish(page, data["published"])


def _keyed(story: Story, rows: list[dict]) -> list[tuple[Page, dict]]:
    """Return rows of content with their pages as stored: an instance in memory does not know its new children."""
    return [(type(page).objects.get(pk=page.pk), row) for row in rows for page in [story.pages[row["key"]]]]


def _fill_body(story: Story, page: Page, data: dict) -> None:
    page.body = stream(page._meta.get_field("body"), data["body"], data["key"], story.find)
