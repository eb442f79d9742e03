"""What search engines are told is here: all that a stranger may see; and what they need not read."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from wagtail.models import ModelLogEntry, Page, Site

from cms.core.metadata import full_address
from cms.core.visibility import Viewer, visible_to

from .models import Agreement, Event, Meeting, Recommendation, WorkProgramme

FIVE_MINUTES = 300
MOST = 50_000  # addresses in one sitemap, by its protocol
# What no machine needs to read: staff's screens, what is asked for and what is sent, and the same again as JSON.
NOT_FOR_MACHINES = ("/admin/", "/api/", "/search/", "/forms/received/", "/go/", "/_util/")

Address = tuple[str, datetime.datetime | None]


@dataclasses.dataclass(frozen=True)
class Entry:
    """One address, and when what is there last changed, if that is known."""

    url: str
    changed: datetime.datetime | None


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Give every public address of the site, in a fixed number of queries."""
    viewer = Viewer.stranger()
    parts = (_pages(request, viewer), *(source(viewer) for source in SOURCES))
    entries = [
        Entry(full_address(request, address), changed and timezone.localtime(changed).replace(microsecond=0))
        for part in parts
        for address, changed in part
    ]
    return render(request, "sitemap.xml", {"entries": entries[:MOST]}, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines where the sitemap is and what to leave alone; all of it, where nothing is to be found."""
    refused = NOT_FOR_MACHINES if settings.INDEXED else ("/",)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in refused)]
    if settings.INDEXED:
        lines += ["", f"Sitemap: {full_address(request, reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _pages(request: HttpRequest, viewer: Viewer) -> Iterator[Address]:
    """Give the pages of this site; an alias only repeats another."""
    site = Site.find_for_request(request)
    if site is None:
        return
    root = site.root_page.url_path
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).filter(alias_of__isnull=True)
    for path, changed in visible_to(viewer, pages).order_by("path").values_list("url_path", "last_published_at"):
        yield f"/{path.removeprefix(root)}", changed


def _recommendations(viewer: Viewer) -> Iterator[Address]:
    """Give the recommendations, changed when their words or their story last did."""
    told = Event.objects.filter(is_public=True).values_list("tracking__recommendation").annotate(Max("recorded_at"))
    told = dict(told.order_by())
    public = visible_to(viewer, Recommendation.objects.all()).order_by("series", "number")
    for item in public.only("series", "number", "last_published_at"):
        moments = [moment for moment in (item.last_published_at, told.get(item.pk)) if moment]
        yield item.get_absolute_url(), max(moments, default=None)


def _meetings(viewer: Viewer) -> Iterator[Address]:
    """Give the meetings, changed when staff last changed one on their screens."""
    kind = ContentType.objects.get_for_model(Meeting)
    entries = ModelLogEntry.objects.filter(content_type=kind).order_by().values_list("object_id")
    changed = dict(entries.annotate(Max("timestamp")))
    for meeting in visible_to(viewer, Meeting.objects.all()).order_by("pk").only("pk"):
        yield meeting.get_absolute_url(), changed.get(str(meeting.pk))


def _others(viewer: Viewer) -> Iterator[Address]:
    """Give the years of work, and what members agree to; nobody keeps when one of them last changed."""
    for year in visible_to(viewer, WorkProgramme.objects.all()).order_by("pk"):
        yield year.get_absolute_url(), None
    for agreement in visible_to(viewer, Agreement.objects.all()).order_by("slug").prefetch_related("versions"):
        if agreement.version_in_force(viewer.today):
            yield agreement.get_absolute_url(), None


# What lists addresses for a viewer besides the pages. The apps above add theirs.
SOURCES: list[Callable[[Viewer], Iterator[Address]]] = [_recommendations, _meetings, _others]
