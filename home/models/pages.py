"""The home page and standard pages."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from cms.core.models import BasePage
from cms.core.models.metadata import facts_of_website
from cms.core.visibility import visible_to
from scrutiny_pages.feeds.atom import feed_links
from scrutiny_pages.models.pages.easy_read import easy_read_formats
from scrutiny_pages.models.pages.tracker import tracker_status_chart

from ..blocks import LandingBlocks


class HomePage(BasePage):
    """The home page: the introduction, the status of every recommendation, and the editor's blocks."""

    headline = models.CharField(max_length=120, help_text="What scrutiny is for, in large words.")
    show_numbers = models.BooleanField(
        "show the tracker's numbers",
        default=True,
        help_text="How many promises are kept, late or refused, beside the headline.",
    )
    body = StreamField(LandingBlocks(), blank=True)

    schema_type = "WebSite"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    content_panels = [
        FieldPanel("title"),
        FieldPanel("headline"),
        FieldPanel("summary"),
        FieldPanel("show_numbers"),
        FieldPanel("body"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    api_fields = [*BasePage.api_fields, APIField("headline"), APIField("show_numbers"), APIField("body")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the chart of the status of all recommendations, and the site's feeds."""
        context = super().get_context(request, *args, **kwargs)
        standings = tracker_status_chart(context["viewer"]) if self.show_numbers else None
        return context | {"standings": standings, "feeds": feed_links()}

    def schema_facts(self, request: HttpRequest) -> dict:
        """Return the schema.org properties of the site: its name, its search and its contact points."""
        return facts_of_website(request)


class StandardPage(BasePage):
    """A standard page, such as About or Get involved."""

    body = StreamField(LandingBlocks(), blank=True)

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage", "forms.FormPage", "scrutiny_pages.EasyReadPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    api_fields = [*BasePage.api_fields, APIField("body")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the standard pages below this one, in order, and its Easy Read versions."""
        context = super().get_context(request, *args, **kwargs)
        below = StandardPage.objects.child_of(self) if self.pk else StandardPage.objects.none()
        return context | {
            "below": visible_to(context["viewer"], below),
            "alternative_formats": easy_read_formats(self, context["viewer"], request),
        }
