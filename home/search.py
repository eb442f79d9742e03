"""Site search: kinds of result, their counts, and the presentation of a result."""

import dataclasses
import re
from collections import Counter
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from wagtail.models import Page

from cms.core.dates.formatting import format_date
from cms.core.public_registry import public_models
from cms.core.search import marked, matches, plain_words, snippet, text_of
from cms.core.visibility import Viewer, visible_to
from scrutiny_pages.models import (
    EasyReadPage,
    Meeting,
    NewsletterPage,
    OutcomePage,
    PanelPage,
    Recommendation,
    ReportPage,
    ReviewPage,
    ServiceArea,
)
from scrutiny_pages.rules.recommendation_status import Status

REFERENCE = re.compile(r"(?<![\w/-])([A-Za-z0-9-]{1,20})/([0-9]{1,4})(?![\w/-])")


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of result: its query value, its plural label and its singular label."""

    key: str
    name: str
    one: str
    model: type[Model] | None = None  # none: every page that has no kind of its own
    weight: float = 1


KINDS = {
    kind.key: kind
    for kind in (
        Kind("reports", "Reports", "Report", ReportPage),
        Kind("recommendations", "Recommendations", "Recommendation", Recommendation),
        Kind("meetings", "Meetings and minutes", "Meeting", Meeting),
        Kind("outcomes", "You said, we did", "You said, we did", OutcomePage),
        Kind("reviews", "Reviews", "Review", ReviewPage),
        Kind("panels", "Panels", "Panel", PanelPage),
        Kind("newsletters", "Newsletters", "Newsletter", NewsletterPage),
        # What was found and done comes before the pages that only lead to it.
        Kind("pages", "Other pages", "Page", weight=0.6),
    )
}
_BY_MODEL = {kind.model: kind for kind in KINDS.values()}


@dataclasses.dataclass(frozen=True)
class Result:
    """One search result, ready to be shown: its kind, date, highlighted text and breadcrumb."""

    url: str
    title: SafeString
    what: str
    day: str
    words: SafeString
    ref: str = ""
    status: Status | None = None
    kind: str = ""


@dataclasses.dataclass(frozen=True)
class Found:
    """All results of a search, best first, as the kind and primary key of each."""

    words: str
    keys: list[tuple[Kind, int]]

    @property
    def counts(self) -> list[tuple[Kind, int]]:
        """Return the number of results of each kind."""
        counted = Counter(kind for kind, _ in self.keys)
        return [(kind, counted[kind]) for kind in KINDS.values() if counted[kind]]

    def of_kind(self, key: str) -> list[tuple[Kind, int]]:
        """Return the results of one kind, or all of them for no kind."""
        return [found for found in self.keys if key in ("", found[0].key)]


def find(viewer: Viewer, typed: str) -> Found:
    """Return the results that match the words and are visible to the viewer.

    A recommendation comes first if its reference was typed.
    """
    words = plain_words(typed)
    public = [declared.visible_to(viewer).order_by() for declared in public_models() if declared.is_searched]
    scored = [(_kind_of(content_type), key, score) for content_type, key, score in matches(words, public)]
    scored.sort(key=lambda found: found[0].weight * found[2])
    keys = [(kind, key) for kind, key, _ in scored]
    if reference := REFERENCE.search(typed):
        named = (
            visible_to(viewer, Recommendation.objects.all())
            .filter(series__iexact=reference[1], number=reference[2])
            .first()
        )
        if named:
            first = (KINDS["recommendations"], named.pk)
            keys = [first, *(key for key in keys if key != first)]
    return Found(words, keys)


def _kind_of(content_type: int) -> Kind:
    model = ContentType.objects.get_for_id(content_type).model_class()
    return _BY_MODEL.get(model, KINDS["pages"])


def show(keys: list[tuple[Kind, int]], words: str, viewer: Viewer, request: HttpRequest) -> list[Result]:
    """Return the presentation of the results on one page, in their order."""
    wanted: dict[Any, list[int]] = {model: [] for model in (Page, Recommendation, Meeting)}
    for kind, key in keys:
        wanted[kind.model if kind.model in wanted else Page].append(key)
    fetched: dict[type[Model], QuerySet] = {
        Page: Page.objects.filter(pk__in=wanted[Page]).specific(),
        Recommendation: Recommendation.objects.filter(pk__in=wanted[Recommendation]).select_related("tracking"),
        Meeting: Meeting.objects.filter(pk__in=wanted[Meeting]).prefetch_related("decisions"),
    }
    prefetch_related_objects([page for page in fetched[Page] if isinstance(page, PanelPage)], "panel")
    records: dict[Any, Any] = {
        (model, item.pk): item for model, items in fetched.items() if wanted[model] for item in items
    }
    shown = []
    for kind, key in keys:
        model = kind.model if kind.model in wanted else Page
        # What was deleted a moment ago is still in nobody's way.
        if item := records.get((model, key)):
            shown.append(_result(item, kind, words, viewer, request))
    return shown


def _result(item: Any, kind: Kind, words: str, viewer: Viewer, request: HttpRequest) -> Result:
    what, ref, status = kind.one, "", None
    match item:
        case Recommendation():
            url, ref, status = item.get_absolute_url(), item.ref, item.tracking.status(viewer.today)
            day = f"Asked for on {format_date(item.asked_on)}"
        case Meeting():
            url, what, day = item.get_absolute_url(), item.get_kind_display(), format_date(item.day)
        case _:
            url, day = item.get_url(request), _day_of_page(item)
            if kind == KINDS["pages"] and item._meta.app_label == "forms":
                what = "Form"
            elif isinstance(item, EasyReadPage):
                what = "Easy Read"
    return Result(url, marked(item.title, words), what, day, snippet(text_of(item), words), ref, status, kind.key)


def _day_of_page(page: Page) -> str:
    """Return the formatted date most relevant to a page: of publishing, issue, checking or the last change."""
    if isinstance(page, ReportPage) and page.first_published_at:
        return f"Published {format_date(timezone.localdate(page.first_published_at))}"
    for name in ("issued_on", "checked_on"):
        if day := getattr(page, name, None):
            return format_date(day)
    changed = page.last_published_at or page.first_published_at
    return f"Changed on {format_date(timezone.localdate(changed))}" if changed else ""


def services_to_look_through(viewer: Viewer) -> QuerySet:
    """Return the services of public recommendations, to browse by without a query or results."""
    public = visible_to(viewer, Recommendation.objects.all()).values("pk")
    return ServiceArea.objects.filter(recommendations__in=public).distinct()
