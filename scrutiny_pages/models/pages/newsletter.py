"""Newsletters: articles in the residents' own words, with references to records."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from cms.core.models import BasePage, ListingPage, SiteSettings
from cms.core.pdf.pages import PdfMixin
from cms.core.visibility import Viewer, visible_to

from ..editing.blocks import NewsletterBlocks
from .filters import NewsletterFilter


class NewsletterIndexPage(ListingPage):
    """Index page of newsletters, latest first; filtered by year once it has more than one page."""

    feed_name = "newsletter_feed"
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["scrutiny_pages.NewsletterPage"]

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Return the newsletters, latest first, of the requested year if there is one."""
        public = visible_to(viewer, NewsletterPage.objects.all())
        return NewsletterFilter.of(request, public).qs.order_by("-issued_on", "title", "pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the years with newsletters, if there is more than one page of them."""
        context = super().get_context(request, *args, **kwargs)
        chosen = NewsletterFilter.of(request, NewsletterPage.objects.none())
        year, years = chosen.values.get("year", ""), []
        if year or context["page_obj"].paginator.num_pages > 1:
            issued = visible_to(context["viewer"], NewsletterPage.objects.all()).dates("issued_on", "year", "DESC")
            years = [{"words": str(day.year), "is_current": str(day.year) == year} for day in issued]
        return context | {"years": years, "year": year, "query": chosen.address()}


class NewsletterPage(PdfMixin, BasePage):
    """One issue; the screen version, the two-column A4 PDF and the large-print PDF have one source."""

    issued_on = models.DateField("date of issue", help_text="The month is shown under the title.")
    body = StreamField(
        NewsletterBlocks(),
        blank=True,
        help_text="Point at reports, outcomes and meetings rather than type them again: they stay right by themselves.",
    )

    schema_type = "PublicationIssue"
    parent_page_types = ["scrutiny_pages.NewsletterIndexPage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("body"), index.FilterField("issued_on")]
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("issued_on"),
        FieldPanel("body"),
        *PdfMixin.pdf_panels,
    ]
    api_fields = [
        *BasePage.api_fields,
        APIField("issued_on"),
        APIField("body"),
        *PdfMixin.paper_api_fields,
    ]

    def schema_facts(self, request: HttpRequest) -> dict:
        """Return structured data: date of issue, and the newsletter that the issue belongs to."""
        name = SiteSettings.for_request(request).name
        return {"datePublished": self.issued_on, "isPartOf": {"@type": "Periodical", "name": name}}
