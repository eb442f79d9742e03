"""Newsletters: news in the residents' own words, with records pulled in by reference."""

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from cms.core.models import BasePage, ListingPage
from cms.core.visibility import Viewer, visible_to

from ..blocks import NewsletterBlocks


class NewsletterIndexPage(ListingPage):
    """Lists the newsletters, latest first."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["scrutiny_pages.NewsletterPage"]

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Give the newsletters, latest first."""
        return visible_to(viewer, NewsletterPage.objects.all()).order_by("-issued_on", "title")


class NewsletterPage(BasePage):
    """One issue."""

    issued_on = models.DateField("date of issue")
    body = StreamField(NewsletterBlocks(), blank=True)

    parent_page_types = ["scrutiny_pages.NewsletterIndexPage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("body"), index.FilterField("issued_on")]
    content_panels = [*BasePage.content_panels, FieldPanel("issued_on"), FieldPanel("body")]
    api_fields = [*BasePage.api_fields, APIField("issued_on"), APIField("body")]
