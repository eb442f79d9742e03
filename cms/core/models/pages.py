"""What every public page has, and what every page that lists things has."""

from http import HTTPMethod

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail.search import index

from cms.core.visibility import Viewer


class BasePage(Page):
    """A public page: a title, a plain summary, and how it looks when shared."""

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

    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD]

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [*Page.promote_panels, FieldPanel("social_image")]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2)]
    api_fields = [APIField("summary")]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the viewer's moment and the way back up to the page's own context."""
        context = super().get_context(request, *args, **kwargs)
        viewer = Viewer.of(request)
        context |= {"viewer": viewer, "today": viewer.today, "crumbs": self.crumbs(request)}
        return context

    def crumbs(self, request: HttpRequest) -> list[dict]:
        """Give the pages above this one, from the home page down, as titles and addresses."""
        if self.depth is None or self.depth < 3:
            return []
        above = self.get_ancestors().filter(depth__gt=1, live=True).defer_streamfields()
        return [{"title": page.title if page.depth > 2 else "Home", "url": page.get_url(request)} for page in above]


class ListingPage(BasePage):
    """A page that lists things, a few at a time."""

    per_page = 20

    class Meta:
        abstract = True

    def listed(self, viewer: Viewer, request: HttpRequest) -> QuerySet:
        """Give what is listed, in order, as far as this viewer may see it."""
        raise NotImplementedError

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add ``page_obj``, one page of what is listed; a page that does not exist is a 404."""
        context = super().get_context(request, *args, **kwargs)
        context["page_obj"] = page_of(self.listed(context["viewer"], request), self.per_page, request)
        return context


def page_of(items: QuerySet, per_page: int, request: HttpRequest) -> PaginatorPage:
    """Give the page of items that ``?page=`` asks for.

    :raises Http404: for a number that is not one, or has no page.
    """
    wanted = request.GET.get("page", "1")
    paginator = Paginator(items, per_page)
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        raise Http404("Not a page number")
    if not 1 <= int(wanted) <= paginator.num_pages:
        raise Http404("No such page")
    return paginator.page(int(wanted))
