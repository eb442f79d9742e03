"""The XML sitemap of everything that an anonymous visitor may see, and robots.txt."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import InvalidPage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from wagtail.models import Page, Site

from cms.core.models.metadata import full_address
from cms.core.public_registry import PublicModel, public_models
from cms.core.visibility import Viewer, visible_to

FIVE_MINUTES = 300
PART = 1_000  # addresses in one part; more are led to by an index, so that no answer costs more than this
# What no machine needs to read: staff's screens, what is asked for and what is sent, and the same again as JSON.
NOT_FOR_MACHINES = ("/admin/", "/api/", "/search/", "/forms/received/", "/go/", "/_util/")

Address = tuple[str, datetime.datetime | None]


@dataclasses.dataclass(frozen=True)
class SitemapSection:
    """The public rows of one model, in a fixed order, and a function that returns the addresses of a slice of them."""

    records: QuerySet
    addresses: Callable[[QuerySet], Iterator[Address]]

    def __len__(self) -> int:
        return self.records.count()


class _Addresses(Sequence):
    """A lazy sequence of the addresses of several sections; a slice queries only the rows in it."""

    def __init__(self, sections: list[SitemapSection]):
        self.sections = sections
        self.sizes = [len(section) for section in sections]

    def __len__(self) -> int:
        return sum(self.sizes)

    def __getitem__(self, part: slice) -> list[Address]:  # type: ignore[override]  # a paginator only takes slices
        start, stop, _ = part.indices(len(self))
        found: list[Address] = []
        passed = 0
        for section, size in zip(self.sections, self.sizes, strict=True):
            low, high = max(0, start - passed), min(size, stop - passed)
            if low < high:
                found += section.addresses(section.records[low:high])
            passed += size
        return found


class PublicSitemap(Sitemap):
    """A paginated sitemap of every address that an anonymous visitor may see."""

    def __init__(self, request: HttpRequest, viewer: Viewer):
        self.request, self.limit = request, PART
        declared = [model for model in public_models() if model.order]
        self.addresses = _Addresses([*_pages(request, viewer), *(_section(model, viewer) for model in declared)])

    def items(self) -> _Addresses:
        """Return the addresses as a lazy sequence; slicing it queries only the rows of that part."""
        return self.addresses

    def location(self, item: Address) -> str:
        """Return the path of an address."""
        return item[0]

    def lastmod(self, item: Address) -> datetime.datetime | None:
        """Return the time of the last public change at an address, or None if it is not known."""
        return item[1] and timezone.localtime(item[1]).replace(microsecond=0)

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return the protocol of the site."""
        return urlsplit(full_address(self.request, "/")).scheme

    def get_domain(self, site: object = None) -> str:
        """Return the host name of the site."""
        return urlsplit(full_address(self.request, "/")).netloc


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return the sitemap, or for a large site an index of parts of 1,000 addresses each (case P12).

    Both cost a fixed number of queries, and a part of a large site as much as the whole of a small one.

    :raises Http404: for a part that there is not.
    """
    whole = PublicSitemap(request, Viewer.anonymous())
    asked = request.GET.get("part")
    if whole.paginator.num_pages > 1 and asked is None:
        parts = whole.paginator.page_range
        addresses = [full_address(request, f"{request.path}?part={number}") for number in parts]
        return render(request, "sitemap_index.xml", {"addresses": addresses}, content_type="application/xml")
    try:
        urls = whole.get_urls(page=1 if asked is None else asked)
    except InvalidPage:
        raise Http404("There is no such part") from None
    return render(request, "sitemap.xml", {"urls": urls}, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt: the sitemap's URL and the disallowed paths, or a full disallow if indexing is off."""
    refused = NOT_FOR_MACHINES if settings.ALLOW_INDEXING else ("/",)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in refused)]
    if settings.ALLOW_INDEXING:
        lines += ["", f"Sitemap: {full_address(request, reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _pages(request: HttpRequest, viewer: Viewer) -> list[SitemapSection]:
    """Return the section of this site's pages, without aliases."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    root = site.root_page.url_path
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).filter(alias_of__isnull=True)

    def addresses(rows: QuerySet) -> Iterator[Address]:
        for path, changed in rows.values_list("url_path", "last_published_at"):
            yield f"/{path.removeprefix(root)}", changed

    return [SitemapSection(visible_to(viewer, pages).order_by("path"), addresses)]


def _section(declared: PublicModel, viewer: Viewer) -> SitemapSection:
    """Return the section of a public model, each row with the time of its last public change if known."""

    def addresses(rows: QuerySet) -> Iterator[Address]:
        found = list(rows)
        changed = declared.last_modified(found) if declared.last_modified else {}
        for row in found:
            yield row.get_absolute_url(), changed.get(row.pk)

    return SitemapSection(declared.visible_to(viewer), addresses)
