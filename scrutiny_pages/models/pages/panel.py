"""Pages of panels, and their index page."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from rest_framework.serializers import SlugRelatedField
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail.search import index

from cms.core.models import BasePage, ListingPage
from cms.core.visibility import Viewer, visible_to

from ...enums import TopicState
from ...presenters.panels import facts_of_panel, how_it_works, seat_words, standing_words
from ...rules.publication import is_published
from ..panel import Panel

MEETINGS_LISTED = 3


class PanelIndexPage(ListingPage):
    """Index page of panels."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["scrutiny_pages.PanelPage"]

    def listed(self, viewer: Viewer, request: HttpRequest) -> models.QuerySet:
        """Return the panel pages, by title."""
        pages = PanelPage.objects.all()
        return visible_to(viewer, pages).order_by("title").select_related("panel")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the panels of the current page with their seats."""
        context = super().get_context(request, *args, **kwargs)
        panels = {panel.pk: panel for panel in Panel.objects.with_seats()}
        today = context["viewer"].today
        rows = [(page, panels[page.panel_id]) for page in context["page_obj"]]
        context["rows"] = [
            {"page": page, "panel": panel, "words": standing_words(panel, today)} for page, panel in rows
        ]
        return context


class PanelPage(BasePage):
    """The page of one panel, whose facts come from the panel's record."""

    panel = models.ForeignKey(Panel, null=True, on_delete=models.PROTECT, related_name="pages")
    apply_page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="application form",
        help_text="Where somebody applies to join.",
    )

    parent_page_types = ["scrutiny_pages.PanelIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *BasePage.search_fields,
        index.RelatedFields("panel", [index.SearchField("name"), index.SearchField("purpose")]),
    ]
    content_panels = [*BasePage.content_panels, FieldPanel("panel"), FieldPanel("apply_page")]
    api_fields = [
        *BasePage.api_fields,
        APIField("panel", serializer=SlugRelatedField(slug_field="slug", read_only=True)),
    ]
    api_select_related = ("panel",)

    @property
    def description(self) -> str:
        """Return the description entered for the page, else the purpose of the panel."""
        return self.summary or (self.panel.purpose if self.panel else "")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the panel with its seats and its meetings; nothing if no panel is selected.

        The template loads related content with a tag (``templatetags/related_content.py``).
        """
        context = super().get_context(request, *args, **kwargs)
        viewer = context["viewer"]
        panel = (
            Panel.objects.with_seats()
            .select_related("parent", "supported_by")
            .with_process()
            .prefetch_related("eligibility", "agreements", "trainings")
            .filter(pk=self.panel_id)
            .first()
        )
        if panel is None:
            return context
        near = models.Q(panel__parent=panel) | models.Q(panel=panel.parent_id)
        pages = visible_to(viewer, PanelPage.objects.filter(near)).select_related("panel").order_by("title")
        above = next((page for page in pages if page.panel_id == panel.parent_id), None)
        parent = panel.parent if panel.parent and is_published(panel.parent, viewer) else None
        agreed = visible_to(viewer, panel.programmes.all()).select_related("agreed_by").prefetch_related("topics")
        year = agreed.order_by("-starts_on").first()
        meetings = visible_to(viewer, panel.meetings.select_related("panel"))
        return context | {
            "panel": panel,
            "facts": facts_of_panel(panel, viewer.today, parent, above.get_url(request) if above else ""),
            **how_it_works(panel),
            "programme": year,
            "chosen_topics": [topic for topic in year.topics.all() if topic.state == TopicState.CHOSEN] if year else [],
            "finished": panel.is_finished(viewer.today),
            "seats": seat_words(panel, viewer.today),
            "vacancy": panel.vacancy_words(viewer.today),
            "apply_page": self.form_to_join(panel, viewer),
            "members": panel.memberships.named_in_public(),
            "below": [page for page in pages if page.panel and page.panel.parent_id == panel.pk],
            "meetings": meetings.coming(viewer.at)[:MEETINGS_LISTED],
            "calendar_url": request.build_absolute_uri(f"{reverse('calendar_feed')}?panel={panel.slug}"),
            "meetings_held": meetings.past(viewer.at)[:MEETINGS_LISTED],
        }

    def form_to_join(self, panel: Panel, viewer: Viewer) -> Page | None:
        """Return the application form, if the panel recruits and the viewer may see the form."""
        may_apply = self.apply_page and panel.recruits(viewer.today) and viewer.sees_page(self.apply_page)
        return self.apply_page if may_apply else None


def pages_of_hidden_panels(viewer: Viewer) -> models.QuerySet:
    """Return the pages whose panel is not public, which have no content."""
    return PanelPage.objects.exclude(panel__in=visible_to(viewer, Panel.objects.all()))
