"""What search engines are told is here: all that a stranger may see; and what they need not read."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from wagtail.models import ModelLogEntry, Page, Site

from cms.core.models.metadata import full_address
from cms.core.visibility import Viewer, visible_to

from ..models import Agreement, Event, Meeting, Recommendation, WorkProgramme

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
    """Public records of one kind, in a fixed order, and the function that turns some of them into addresses."""

    records: QuerySet | list
    addresses: Callable[[QuerySet | list], Iterator[Address]]

    def __len__(self) -> int:
        return len(self.records) if isinstance(self.records, list) else self.records.count()


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return the public addresses of the site, or for a large one an index of parts of a thousand each (case P12).

    Both cost a fixed number of queries, and a part of a large site as much as the whole of a small one.

    :raises Http404: for a part that there is not.
    """
    viewer = Viewer.stranger()
    sections = [_pages(request, viewer), *(source(viewer) for source in SOURCES)]
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


def _pages(request: HttpRequest, viewer: Viewer) -> SitemapSection:
    """Return the pages of this site; an alias only repeats another."""
    site = Site.find_for_request(request)
    if site is None:
        return SitemapSection([], iter)
    root = site.root_page.url_path
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).filter(alias_of__isnull=True)

    def addresses(rows: QuerySet) -> Iterator[Address]:
        for path, changed in rows.values_list("url_path", "last_published_at"):
            yield f"/{path.removeprefix(root)}", changed

    return SitemapSection(visible_to(viewer, pages).order_by("path"), addresses)


def _recommendations(viewer: Viewer) -> SitemapSection:
    """Return the recommendations, changed when their words or their story last did."""

    def addresses(rows: QuerySet) -> Iterator[Address]:
        items = list(rows)
        told = Event.objects.filter(is_public=True, tracking__recommendation__in=[item.pk for item in items])
        last = dict(told.order_by().values_list("tracking__recommendation").annotate(Max("recorded_at")))
        for item in items:
            moments = [moment for moment in (item.last_published_at, last.get(item.pk)) if moment]
            yield item.get_absolute_url(), max(moments, default=None)

    public = visible_to(viewer, Recommendation.objects.all()).order_by("series", "number")
    return SitemapSection(public.only("series", "number", "last_published_at"), addresses)


def _meetings(viewer: Viewer) -> SitemapSection:
    """Return the meetings, changed when staff last changed one on their screens."""

    def addresses(rows: QuerySet) -> Iterator[Address]:
        meetings = list(rows)
        entries = ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Meeting), object_id__in=[str(row.pk) for row in meetings]
        )
        changed = dict(entries.order_by().values_list("object_id").annotate(Max("timestamp")))
        for meeting in meetings:
            yield meeting.get_absolute_url(), changed.get(str(meeting.pk))

    return SitemapSection(visible_to(viewer, Meeting.objects.all()).order_by("pk").only("pk"), addresses)


def _years(viewer: Viewer) -> SitemapSection:
    """Return the years of work; nobody keeps when one of them last changed."""
    return SitemapSection(visible_to(viewer, WorkProgramme.objects.all()).order_by("pk"), _unchanging)


def _agreements(viewer: Viewer) -> SitemapSection:
    """Return what members agree to, where a version of it is in force."""
    found = visible_to(viewer, Agreement.objects.all()).order_by("slug").prefetch_related("versions")
    return SitemapSection([each for each in found if each.version_in_force(viewer.today)], _unchanging)


def _unchanging(rows: QuerySet | list) -> Iterator[Address]:
    return ((row.get_absolute_url(), None) for row in rows)


# What lists addresses for a viewer besides the pages. The apps above add theirs.
SOURCES: list[Callable[[Viewer], SitemapSection]] = [_recommendations, _meetings, _years, _agreements]
