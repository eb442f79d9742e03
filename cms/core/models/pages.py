"""Base classes of public pages and of listing pages."""

import dataclasses
from http import HTTPMethod
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail.search import index

from cms.core.block_serializers import PictureField
from cms.core.editing.page_forms import SiteCopyForm, SitePageForm
from cms.core.editing.page_position import hidden_above, problem_of_address, problem_of_parents
from cms.core.models.metadata import Metadata
from cms.core.references import HELP
from cms.core.visibility import Viewer

from .referring import ReferringModel

SUMMARY_HELP = f"One or two plain sentences, shown under the title and wherever this page is listed. {HELP}"


class BasePage(ReferringModel, Page):  # type: ignore[django-manager-missing]  # Wagtail has no types
    """Abstract base class of public pages: a plain summary, an image and metadata."""

    summary = models.TextField(
        blank=True,
        max_length=400,
        help_text="One or two plain sentences, shown under the title and wherever this page is listed.",
    )
    social_image = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The picture shown when somebody shares this page. Wide pictures work best.",
    )

    # What schema.org calls such a page.
    schema_type = "WebPage"

    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD]
    base_form_class = SitePageForm
    copy_form_class = SiteCopyForm

    content_panels = [*Page.content_panels, FieldPanel("summary", help_text=SUMMARY_HELP)]
    promote_panels = [*Page.promote_panels, FieldPanel("social_image")]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2)]
    api_fields = [APIField("summary"), APIField("social_image", serializer=PictureField())]

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse an address that the site itself uses, and becoming public under a page that is not.

        The editor's form reports both first; this check serves approval, scheduled publishing and code.
        """
        super().clean()
        parent = self.get_parent() if self.depth and self.depth > 1 else None
        if parent is None:
            return
        if problem := problem_of_address([f"{parent.url_path}{self.slug}/"]):
            raise ValidationError({"slug": problem})
        becomes_public = self.live and self.pk and Page.objects.filter(pk=self.pk, live=False).exists()
        if becomes_public and (problem := problem_of_parents(hidden_above(parent))):
            raise ValidationError(problem)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add the viewer's time, the breadcrumbs and the metadata."""
        context = super().get_context(request, *args, **kwargs)
        viewer = Viewer.of(request)
        crumbs = self.crumbs(request)
        metadata = self.metadata(request, crumbs)
        return context | {"viewer": viewer, "today": viewer.today, "crumbs": crumbs, "metadata": metadata}

    def metadata(self, request: HttpRequest, crumbs: list[dict]) -> Metadata:
        """Return the metadata for search engines and link previews.

        An alias repeats a page, so its canonical URL is that page's.
        """
        page = self.alias_of if self.alias_of_id else self
        return Metadata(
            request=request,
            title=self.seo_title or self.title,
            address=page.get_url(request) or "/",
            description=self.search_description or self.description,
            picture=self.social_image,
            published=self.first_published_at,
            updated=self.last_published_at,
            crumbs=crumbs,
            kind=self.schema_type,
            facts=self.schema_facts(request),
        )

    @property
    def description(self) -> str:
        """Return the description for metadata, a sentence or two."""
        return self.summary

    def schema_facts(self, request: HttpRequest) -> dict:
        """Return the schema.org properties of this page type, besides those of every page."""
        return {}

    def crumbs(self, request: HttpRequest) -> list[dict]:
        """Return the ancestors of this page, from the home page down, as titles and URLs."""
        if self.depth is None or self.depth < 3:
            return []
        above = self.get_ancestors().filter(depth__gt=1, live=True).defer_streamfields()
        return [{"title": page.title if page.depth > 2 else "Home", "url": page.get_url(request)} for page in above]


class ListingPage(BasePage):
    """Abstract base class of pages that list things, with pagination."""

    per_page = 20
    # The name of the route of its Atom feed, if it has one.
    feed_name = ""

    class Meta:
        abstract = True

    def listed(self, viewer: Viewer, request: HttpRequest) -> QuerySet:
        """Return the listed objects, in order, that this viewer may see."""
        raise NotImplementedError

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict:
        """Add ``page_obj``, one page of the listed objects, and ``feeds``.

        The second page has a canonical URL of its own; a filtered list has that of the whole list. A page number that
        does not exist is a 404.
        """
        context = super().get_context(request, *args, **kwargs)
        shown = page_of(self.listed(context["viewer"], request), self.per_page, request)
        told = context["metadata"]
        if shown.number > 1 and set(request.GET) == {"page"}:
            title = f"{told.title} (page {shown.number} of {shown.paginator.num_pages})"
            told = dataclasses.replace(told, title=title, address=f"{told.address}?page={shown.number}")
        feeds = [{"title": self.title, "url": reverse(self.feed_name)}] if self.feed_name else []
        return context | {"page_obj": shown, "metadata": told, "feeds": feeds}


def page_of(items: QuerySet | list, per_page: int, request: HttpRequest) -> PaginatorPage:
    """Return the page of items that ``?page=`` requests.

    :raises Http404: for a number that is invalid, or has no page.
    """
    wanted = request.GET.get("page", "1")
    paginator = Paginator(items, per_page)
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        raise Http404("Not a page number")
    if not 1 <= int(wanted) <= paginator.num_pages:
        raise Http404("No such page")
    return paginator.page(int(wanted))
