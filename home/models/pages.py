"""The home page and plain pages."""

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from cms.core.models import BasePage
from scrutiny_pages.models.tracker import tracker_picture

from ..blocks import LandingBlocks


class HomePage(BasePage):
    """The front door: what scrutiny is for, where promises stand, and what editors compose below."""

    headline = models.CharField(max_length=120, help_text="What scrutiny is for, in large words.")
    show_numbers = models.BooleanField(
        "show the tracker's numbers",
        default=True,
        help_text="How many promises are kept, late or refused, beside the headline.",
    )
    body = StreamField(LandingBlocks(), blank=True)

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
    api_fields = [*BasePage.api_fields, APIField("headline"), APIField("body")]

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the picture of where every recommendation stands."""
        context = super().get_context(request, *args, **kwargs)
        return context | {"standings": tracker_picture(context["viewer"]) if self.show_numbers else None}


class StandardPage(BasePage):
    """A plain page: about, contact, privacy, get involved."""

    body = StreamField(LandingBlocks(), blank=True)

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage", "forms.FormPage"]
    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    api_fields = [*BasePage.api_fields, APIField("body")]
