"""A site whose residents are called customers, crawled as a whole: its own texts use that word, and are plain."""

import datetime
import html
import re
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site, get_page_models
from wagtail.snippets.models import get_snippet_models

from cms.core.models import SiteSettings
from cms.core.visibility import Viewer, visible_to
from scrutiny_pages.enums import Answer, Delivery, EventKind, PanelKind
from scrutiny_pages.models import Event, Panel, Recommendation, ReportPage, ReviewPage
from tests.factories import pages, records
from tests.factories.state import arrange
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 4, 3)
# What staff call things, and no resident does (as whole words).
INSIDE_WORDS = r"cases?|regimes?|triggers?|ax[ie]s|sen[dt] back|escalation routes?"
MACHINE_DATES = r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}"
MOST_OF_ONE_PATH = 6  # addresses that differ only in what is asked of one page
NOT_TEXT = ("/media/", "/documents/", "/static/", "/brand/", "/admin/")


@pytest.fixture(scope="module", autouse=True)
def site(request):
    with shared_rows(request):
        make_site()
        yield


def make_site() -> None:
    """Create a site of customers, with its starter's pages.

    It has recommendations in every state with every kind of event.
    """
    call_command("load_starter", "customer-review", example=True, publish=True, stdout=StringIO())
    panel = Panel.objects.get(slug="customer-reviewers")
    report = ReportPage(title="What we found", slug="found", agreed_on=DAY)
    ReviewPage.objects.first().add_child(instance=report)
    states: list[dict[str, Any]] = [
        {},
        {"answer_due": DAY},
        {"answer": Answer.NOT_ACCEPTED, "answered_on": DAY, "answer_reason": "It costs too much."},
        {"answer": Answer.WITHDRAWN, "answered_on": DAY},
        *({"answer": Answer.ACCEPTED, "delivery": delivery} for delivery in Delivery),
        {"answer": Answer.ACCEPTED, "delivery": Delivery.IN_PROGRESS, "current_target": DAY, "first_target": DAY},
    ]
    words = {"evidence": "Letters.", "completion_measure": "Nine of ten.", "who_benefits": "Everybody."}
    days = {"claimed_on": DAY, "confirmed_on": DAY, "closed_on": DAY}
    for state in states:
        told = {f"tracking__{name}": value for name, value in (days | {"answered_on": DAY} | state).items()}
        item = records.RecommendationFactory(panel=panel, report=report, asked_on=DAY, **words, **told)
    for kind in EventKind:
        arrange(Event.objects.create, tracking=item.tracking, on=DAY, kind=kind, text="It was said.")
    for body in (PanelKind.AUDITORS, PanelKind.CUSTOMER_PANEL):
        pages.PanelPageFactory(
            parent=Page.objects.get(slug="panels"), title=f"The {body}", panel__kind=body, panel__name=f"The {body}"
        )
    outcome = pages.OutcomePageFactory(parent=Page.objects.get(slug="you-said-we-did"))
    outcome.recommendations.set([item])
    outcome.save()
    pages.NewsletterPageFactory(parent=Page.objects.get(slug="newsletters"), issued_on=DAY)
    records.MeetingFactory(
        panel=panel,
        starts_at=timezone.now() - datetime.timedelta(days=40),
        minutes="<p>We met.</p>",
        minutes_agreed_on=timezone.localdate(),
    )
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.name = "Scrutiny at Fernmoor"
    settings.save()
    assert (settings.resident, settings.residents) == ("customer", "customers")


def walk(client, *starts: str) -> dict[str, str]:
    """Follow every link of the public site; return the text of each URL."""
    waiting = list(starts)
    found: dict[str, str] = {}
    of_path: dict[str, int] = {}
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        if address in found or path.startswith(NOT_TEXT) or of_path.get(path, 0) >= MOST_OF_ONE_PATH:
            continue
        of_path[path] = of_path.get(path, 0) + 1
        answer = client.get(address, follow=True)
        assert answer.status_code < 500, address
        if not answer["Content-Type"].startswith(("text/", "application/json", "application/atom", "application/xml")):
            continue
        found[address] = answer.getvalue().decode()
        links = (html.unescape(link) for link in re.findall(r'(?:href|src)="([^"#]+)', found[address]))
        waiting += [link if link.startswith("/") else f"{path}{link}" for link in links if re.match(r"[/?](?!/)", link)]
    return found


def without_markup(text: str) -> str:
    """Return the text that people read or hear, without comments and quoted field names."""
    text = re.sub(r"<!--.*?-->", " ", re.sub(r'"[^"\s]*"', " ", text), flags=re.S)
    return re.sub(r'"[^"\s]*"', " ", html.unescape(text))


def seen(text: str) -> str:
    """Return the visible text of a page."""
    text = re.sub(r"<(script|style|template)\b.*?</\1>", " ", text, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def around(pattern: str, text: str) -> list[str]:
    """Return each occurrence of a text, with its surroundings."""
    return [text[max(at.start() - 60, 0) : at.end() + 40] for at in re.finditer(pattern, text, re.IGNORECASE)]


def test_the_public_site_speaks_of_customers_plainly_and_says_dates_as_people_do(client):
    found = walk(client, "/", "/search/?q=say", "/search/?q=okapi", "/nothing-here/", "/sitemap.xml", "/robots.txt")
    assert len(found) > 40
    said = " ".join(found.values())
    for words in (
        "Confirmed by customers",
        "Not done yet, say customers",
        "Customers checked whether it helped",
        "Customers saw the evidence",
        "Customer auditors",
    ):
        assert words in said, words
    for address, text in found.items():
        assert not around("resident", without_markup(text)), address
        if "<html" in text:
            assert not around(rf"\b({INSIDE_WORDS})\b", seen(text)), address
            assert not around(rf"(?<![\w/])({MACHINE_DATES})(?![\w/])", seen(text)), address


@pytest.mark.parametrize("address", [f"/?x={'x' * 5000}", "/?x=%00"])
def test_a_refusal_speaks_of_customers(client, address):
    answer = client.get(address)
    assert answer.status_code in (400, 414)
    assert not around("resident", without_markup(answer.content.decode()))


def test_the_api_speaks_of_customers(client):
    item = Recommendation.objects.filter(tracking__events__isnull=False).first()
    public = visible_to(Viewer.anonymous(), Page.objects.filter(depth__gt=1))
    pages_api = [f"/api/v2/pages/{page.pk}/" for page in public]
    one = f"/api/v2/recommendations/{item.ref}/"
    for address in ["/api/schema/", "/api/v2/panels/", "/api/v2/recommendations/", "/api/v2/pages/", one, *pages_api]:
        answer = client.get(address)
        assert answer.status_code == 200
        assert not around("resident", answer.content.decode()), address
    told = client.get(one).json()
    assert "Not done yet, say customers" in [event["title"] for event in told["history"]]


def test_staff_read_of_customers(admin_in):
    claimed = Recommendation.objects.get(tracking__delivery=Delivery.CLAIMED)
    home = Page.objects.get(depth=2)
    settings = reverse("wagtailsettings:edit", args=["core", "sitesettings"])
    screens = ["/admin/", settings, reverse("without_outcome"), reverse("import_recommendations")]
    record = reverse("wagtailsnippets_scrutiny_pages_recommendation:record", args=[claimed.pk])
    screens += [record, f"{record}?step=confirm"]
    screens += [reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in Page.objects.filter(depth__gt=1)]
    screens += [
        reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, home.pk])
        for model in get_page_models()
        if model in home.specific.allowed_subpage_models()
    ]
    for model in get_snippet_models():
        views = model.snippet_viewset
        screens += [reverse(views.get_url_name("list")), reverse(views.get_url_name("add"))]
    assert len(screens) > 40
    said = ""
    for address in screens:
        answer = admin_in.get(address, follow=True)
        assert answer.status_code == 200, address
        said += answer.content.decode()
        # What editors type refers to the landlord's word by name, and keeps it so.
        shown = re.sub(r"\{[Rr]esidents?\}", "", without_markup(answer.content.decode()))
        assert not around("resident", shown), address
    assert "To tell customers" in said
    assert "What convinced customers" in said
