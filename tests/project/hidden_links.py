"""References to hidden objects from the public part of ``hidden_world``, of every kind."""

from typing import Any

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from cms.core.blocks import LiveBlock
from forms.models import FormPage
from home.blocks import LandingBlocks
from home.models import Navigation, PrivacyPage
from scrutiny_pages import models
from scrutiny_pages.enums import TopicState
from tests.factories import pages, records
from tests.factories.forms import FormPageFactory, question, section
from tests.factories.state import arrange

from .hidden_world import TODAY, TOMORROW, Thing

# The blocks that show what is true now, without anybody's choosing.
LIVE_BLOCKS = {
    name: block
    for name, block in LandingBlocks().child_blocks.items()
    if isinstance(block, LiveBlock) and name not in ("call", "start_form")
}


def link(page: Page) -> str:
    """Return an editor's link to a page, as it is stored."""
    return f'<p><a linktype="page" id="{page.pk}">Read on</a></p>'


def fill_menus(things: list[Thing]) -> None:
    """Add pages to both menus, without labels."""
    navigation = Navigation.for_site(Site.objects.get(is_default_site=True))
    links = [("link", {"page": thing.item, "url": "", "label": ""}) for thing in things]
    navigation.main, navigation.footer = links, links
    navigation.save()


def see_other(hidden: list[Thing], public: list[Thing]) -> list[str]:
    """Let public objects refer to every hidden one; return the URLs on which they are shown."""
    twins = {thing.kind: thing.item for thing in public}
    found = [thing for thing in hidden if isinstance(thing.item, Page)]
    blocks: list[tuple[str, Any]] = []
    for thing in found:
        page = thing.item
        Redirect.objects.create(old_path=f"/old-{page.pk}", redirect_page=page)
        blocks.append(("text", link(page)))
        blocks.append(("call", {"heading": "Come", "text": "", "link": {"page": page, "url": "", "label": ""}}))
        if isinstance(page, FormPage):
            blocks.append(("start_form", {"page": page}))
    live = [(name, block.get_default()) for name, block in LIVE_BLOCKS.items()]
    pages.StandardPageFactory(title="What is true now", slug="now", body=live)
    twins[PrivacyPage].complaint_form = next(thing.item for thing in hidden if thing.kind is FormPage)
    twins[PrivacyPage].save()
    astray: list[Page] = [pages.StandardPageFactory(title="What leads astray", slug="astray", body=blocks)]
    told = []
    for thing in hidden:
        told += LEADS.get(thing.kind, lambda item, twins: [])(thing.item, twins)
    index = twins[models.NewsletterIndexPage]
    astray.append(pages.NewsletterPageFactory(title="News that points astray", slug="astray", body=told, parent=index))
    gate = question("gate", "eligibility", label="Do you rent?", words="<p>Not now.</p>")
    asked = []
    for number, thing in enumerate(found):
        asked.append(gate | {"id": f"gate{number}"})
        asked[-1]["value"] = gate["value"] | {"route": {"page": thing.item.pk, "label": ""}, "words": link(thing.item)}
    choices = ("panel_choice", "review_choice", "recommendation_choice")
    asked += [question(name, name) for name in choices]
    form = FormPageFactory(
        title="Form that leads astray", slug="astray-form", start=link(found[0].item), sections=[section(*asked)]
    )
    large = f"{astray[1].get_url()}large-print/"
    return [*(page.get_url() for page in (*astray, form)), large]


def _from_panel(panel: models.Panel, twins: dict) -> list:
    records.RecommendationFactory(panel=panel, live=False)
    records.MeetingFactory(panel=panel, is_public=False)
    pages.ReviewPageFactory(panel=panel, parent=twins[models.ReviewIndexPage], live=False)
    part = records.PanelFactory(parent=panel, rules_from=panel)
    pages.PanelPageFactory(panel=part, parent=twins[models.PanelIndexPage])
    return []


def _from_form(form: FormPage, twins: dict) -> list:
    panel, index = records.PanelFactory(recruiting=True), twins[models.PanelIndexPage]
    pages.PanelPageFactory(panel=panel, apply_page=form, parent=index)
    return []


def _from_review(review: models.ReviewPage, twins: dict) -> list:
    pages.ReviewPageFactory(part_of=review, parent=twins[models.ReviewIndexPage])
    records.MeetingFactory(review=review, panel=review.panel)
    year = models.WorkProgramme(panel=review.panel, title="A year", starts_on=TODAY, ends_on=TOMORROW, agreed_on=TODAY)
    year.topics = [models.Topic(title="A topic", state=TopicState.CHOSEN, review=review)]
    year.save()
    return []


def _from_recommendation(item: models.Recommendation, twins: dict) -> list:
    pages.OutcomePageFactory(recommendations=[item], parent=twins[models.OutcomeIndexPage])
    return []


def _from_meeting(meeting: models.Meeting, twins: dict) -> list:
    made = records.RecommendationFactory(made_at=meeting)
    arrange(made.tracking.events.create, on=TODAY, kind="note", title="Told there", meeting=meeting)
    return [("meeting", {"meeting": meeting})]


def _from_programme(year: models.WorkProgramme, twins: dict) -> list:
    pages.ReviewPageFactory(programme=year, panel=year.panel, parent=twins[models.ReviewIndexPage])
    return []


def _from_outcome(outcome: models.OutcomePage, twins: dict) -> list:
    item = records.RecommendationFactory()
    outcome.promises = [models.OutcomeRecommendation(recommendation=item)]  # type: ignore[misc]  # modelcluster has no types
    outcome.save()
    return [("outcome", {"page": outcome})]


LEADS = {
    FormPage: _from_form,
    models.Panel: _from_panel,
    models.ReviewPage: _from_review,
    models.Recommendation: _from_recommendation,
    models.Meeting: _from_meeting,
    models.WorkProgramme: _from_programme,
    models.OutcomePage: _from_outcome,
    models.ReportPage: lambda report, twins: [("report", {"page": report})],
}
