"""What search engines are told is here: all that a stranger may see; and what they need not read."""

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
    """Public rows of one model, in a fixed order, and the function that turns some of them into addresses."""

    records: QuerySet
    addresses: Callable[[QuerySet], Iterator[Address]]

    def __len__(self) -> int:
        return self.records.count()


class _Addresses(Sequence):
    """The addresses of several sections, one section after another; a slice looks up those in it and no others."""

    def __init__(self, sections: list[SitemapSection]):
        self.sections = sections
        self.sizes = [len(section) for section in sections]

    def __len__(self) -> int:
        return sum(self.sizes)

    def __getitem__(self, part: slice) -> list[Address]:
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
    """Every address that an anonymous visitor may see, in parts of a fixed size."""

    def __init__(self, request: HttpRequest, viewer: Viewer):
        self.request, self.limit = request, PART
        declared = [model for model in public_models() if model.order]
        self.addresses = _Addresses([*_pages(request, viewer), *(_section(model, viewer) for model in declared)])

    def items(self) -> _Addresses:
        """Return the addresses; those of a part are looked up when it is asked for."""
        return self.addresses

    def location(self, item: Address) -> str:
        """Return one address, from the root of the site."""
        return item[0]

    def lastmod(self, item: Address) -> datetime.datetime | None:
        """Return when what is at an address last changed, if that is known."""
        return item[1] and timezone.localtime(item[1]).replace(microsecond=0)

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return how the site is reached."""
        return urlsplit(full_address(self.request, "/")).scheme

    def get_domain(self, site: object = None) -> str:
        """Return the host under which the site is known."""
        return urlsplit(full_address(self.request, "/")).netloc


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return the public addresses of the site, or for a large one an index of parts of a thousand each (case P12).

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
    """Return search engines where the sitemap is and what to leave alone; all of it, where nothing is to be found."""
    refused = NOT_FOR_MACHINES if settings.ALLOW_INDEXING else ("/",)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in refused)]
    if settings.ALLOW_INDEXING:
        lines += ["", f"Sitemap: {full_address(request, reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _pages(request: HttpRequest, viewer: Viewer) -> list[SitemapSection]:
    """Return the pages of this site; an alias only repeats another."""
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
    """Return the rows of a public model, each with its last public change where that is known."""

    def addresses(rows: QuerySet) -> Iterator[Address]:
        found = list(rows)
        changed = declared.last_modified(found) if declared.last_modified else {}
        for row in found:
            yield row.get_absolute_url(), changed.get(row.pk)

    return SitemapSection(declared.visible_to(viewer), addresses)
