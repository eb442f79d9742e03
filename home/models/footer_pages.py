"""The pages that every footer links to: contact and privacy."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, HelpPanel, PageChooserPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.core.models import BasePage
from cms.core.visibility import Viewer

from ..blocks import LandingBlocks


class FooterPage(BasePage):
    """Abstract base class of a page of which there is one, and which every footer links to."""

    # What the footer calls it, and what its permanent address does.
    footer_label = ""
    permanent_name = ""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        abstract = True


class ContactPage(FooterPage):
    """The contact page. The contacts come from the site settings; the page adds its own content."""

    body = StreamField(LandingBlocks(), blank=True)

    footer_label = "Contact"
    permanent_name = "contact"
    content_panels = [
        *BasePage.content_panels,
        HelpPanel(
            "<p>The team, phone, email and opening hours from the site settings stand at the top of this page.</p>"
        ),
        FieldPanel("body"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    api_fields = [*BasePage.api_fields, APIField("body")]


class PrivacyPage(FooterPage):
    """The privacy page, and complaints about personal data (Data (Use and Access) Act 2025, section 103)."""

    # Where in the page it says how to complain.
    COMPLAINT = "data-protection-complaint"

    body = StreamField(LandingBlocks(), blank=True)
    complaint_form = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The form for complaints about personal data, if there is one. Every footer then leads to it.",
    )

    footer_label = "Privacy"
    permanent_name = "privacy"
    complaint_label = "Complain about your data"
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("body"),
        HelpPanel("<p>How to complain comes after this, with the data-protection contact from the site settings.</p>"),
        PageChooserPanel("complaint_form", "forms.FormPage"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    api_fields = [*BasePage.api_fields, APIField("body")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the form for complaints, if this viewer may see one."""
        context = super().get_context(request, *args, **kwargs)
        return context | {"complaint_form": self.form_seen(context["viewer"])}

    def form_seen(self, viewer: Viewer) -> Page | None:
        """Return the form for complaints, or None if there is none that the viewer may see."""
        return self.complaint_form if self.complaint_form and viewer.sees_page(self.complaint_form) else None

    def complaint_url(self, request: HttpRequest) -> str:
        """Return the URL for complaints about data: the form, or else the part of the page about complaints."""
        form = self.form_seen(Viewer.of(request))
        return form.get_url(request) if form else f"{self.get_url(request)}#{self.COMPLAINT}"
