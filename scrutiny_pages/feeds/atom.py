"""Atom feeds of published reports, outcomes and newsletters, as an anonymous visitor sees them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from wagtail.models import Page
from wagtail.query import PageQuerySet

from cms.core.models import SiteSettings
from cms.core.models.metadata import LANGUAGE, full_address
from cms.core.text.cleaning import clean_text
from cms.core.visibility import Viewer, visible_to

from ..models import NewsletterIndexPage, NewsletterPage, OutcomeIndexPage, OutcomePage, ReportIndexPage, ReportPage

LONGEST = 30  # entries
FIVE_MINUTES = 300
# What each is called, by the name of its route.
FEEDS = {"report_feed": "Reports", "outcome_feed": "You said, we did", "newsletter_feed": "Newsletters"}


def feed_links() -> list[dict]:
    """Return the title and URL of every feed."""
    return [{"title": title, "url": reverse(name)} for name, title in FEEDS.items()]


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
@conditional_page
def reports(request: HttpRequest) -> HttpResponse:
    """Return the Atom feed of the latest reports."""
    return _atom(request, "report_feed", ReportIndexPage, ReportPage.objects.all(), _summary)


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
@conditional_page
def outcomes(request: HttpRequest) -> HttpResponse:
    """Return the Atom feed of the latest outcomes, each with the difference that it made."""
    return _atom(request, "outcome_feed", OutcomeIndexPage, OutcomePage.objects.all(), _story)


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
@conditional_page
def newsletters(request: HttpRequest) -> HttpResponse:
    """Return the Atom feed of the latest newsletters."""
    return _atom(request, "newsletter_feed", NewsletterIndexPage, NewsletterPage.objects.all(), _summary)


def _summary(page: Page) -> SafeString:
    return format_html("<p>{}</p>", page.summary) if page.summary else SafeString("")


def _story(outcome: OutcomePage) -> SafeString:
    told = format_html("<p>You said: {}</p><p>We did: {}</p>", outcome.you_said, outcome.we_did)
    return told + format_html("<p>The difference: {}</p>", outcome.difference) if outcome.difference else told


def _atom(
    request: HttpRequest,
    name: str,
    listing_type: type[Page],
    pages: PageQuerySet,
    summarise: Callable[[Page], SafeString],
) -> HttpResponse:
    """Return an Atom feed of pages, latest first.

    Entry ids are permanent: they do not change when a page is moved or renamed. The feed's id is its own URL.

    :param listing_type: the index page type that lists the same pages, linked as the feed's alternate.
    :param summarise: returns the summary of a page, as HTML.
    """
    viewer, site = Viewer.anonymous(), SiteSettings.for_request(request)
    listing = visible_to(viewer, listing_type.objects.all()).first()
    address = full_address(request, reverse(name))
    author = clean_text(f"{site.name}, {site.organisation}", multiline=False)
    feed = Atom1Feed(
        title=f"{FEEDS[name]}: {author}",
        link=full_address(request, listing.get_url(request) if listing else "/"),
        description="",
        subtitle=clean_text(listing.summary) if listing else "",
        language=LANGUAGE,
        author_name=author,
        feed_url=address,
        feed_guid=address,
    )
    dated = visible_to(viewer, pages.filter(first_published_at__isnull=False)).defer_streamfields()
    for page in dated.order_by("-first_published_at", "-pk")[:LONGEST]:
        feed.add_item(
            title=clean_text(page.title, multiline=False),
            link=full_address(request, page.get_url(request)),
            description=clean_text(summarise(page)),
            unique_id=page.translation_key.urn,
            pubdate=page.first_published_at,
            updateddate=page.last_published_at or page.first_published_at,
        )
    # No Last-Modified: when something is taken away, the latest of what is left is not newer than before.
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
