"""What search engines are told is here: all that a stranger may see; and what they need not read."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator

from django.conf import settings
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
class Entry:
    """One address, and when what is there last changed, if that is known."""

    url: str
    changed: datetime.datetime | None


@dataclasses.dataclass(frozen=True)
class SitemapSection:
    """Public rows of one model, in a fixed order, and the function that turns some of them into addresses."""

    records: QuerySet
    addresses: Callable[[QuerySet], Iterator[Address]]

    def __len__(self) -> int:
        return self.records.count()


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return the public addresses of the site, or for a large one an index of parts of a thousand each (case P12).

    Both cost a fixed number of queries, and a part of a large site as much as the whole of a small one.

    :raises Http404: for a part that there is not.
    """
    viewer = Viewer.stranger()
    declared = [model for model in public_models() if model.order]
    sections = [*_pages(request, viewer), *(_section(model, viewer) for model in declared)]
    sizes = [len(section) for section in sections]
    parts = max(1, -(-sum(sizes) // PART))
    asked = request.GET.get("part", "")
    if asked and not (asked.isascii() and asked.isdigit() and 1 <= int(asked) <= parts):
        raise Http404("There is no such part")
    if parts > 1 and not asked:
        addresses = [full_address(request, f"{request.path}?part={number}") for number in range(1, parts + 1)]
        return render(request, "sitemap_index.xml", {"addresses": addresses}, content_type="application/xml")
    entries = [
        Entry(full_address(request, address), changed and timezone.localtime(changed).replace(microsecond=0))
        for address, changed in _part(sections, sizes, int(asked or 1))
    ]
    return render(request, "sitemap.xml", {"entries": entries}, content_type="application/xml")


def _part(sections: list[SitemapSection], sizes: list[int], number: int) -> Iterator[Address]:
    """Yield the addresses of one part, counted through the sections one after another."""
    start, stop, passed = (number - 1) * PART, number * PART, 0
    for section, size in zip(sections, sizes, strict=True):
        low, high = max(0, start - passed), min(size, stop - passed)
        if low < high:
            yield from section.addresses(section.records[low:high])
        passed += size


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines where the sitemap is and what to leave alone; all of it, where nothing is to be found."""
    refused = NOT_FOR_MACHINES if settings.INDEXED else ("/",)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in refused)]
    if settings.INDEXED:
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
