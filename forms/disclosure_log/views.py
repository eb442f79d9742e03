"""Public views of information requests: the disclosure log, its entries and statistics."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cms.core.dates.formatting import format_date
from cms.core.models.metadata import Metadata
from cms.core.models.pages import page_of
from cms.core.spreadsheets.csv import csv_lines, download
from cms.core.visibility import Viewer, visible_to

from ..models import PublicEntry
from .statistics import KIND, EntryFilter, numbers, outcome_words, regimes_in_use

PER_PAGE = 20
TITLE = "What people asked us for"
NUMBERS_TITLE = "Requests in numbers"
HOME = {"title": "Home", "url": "/"}


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show the disclosure log, filtered and paginated."""
    viewer = Viewer.of(request)
    shown = visible_to(viewer, PublicEntry.objects.select_related("regime"))
    if set(request.GET) - {*EntryFilter.base_filters, "page"}:
        raise BadRequest("Unknown filter")
    chosen = EntryFilter.of(request, shown)
    address = reverse("public_requests")
    context: dict[str, Any] = {
        "title": TITLE,
        "url": address,
        "chosen": chosen,
        "query": chosen.address(),
        "page_obj": page_of(chosen.qs, PER_PAGE, request),
        "total": shown.count(),
        "regimes": regimes_in_use(viewer),
        "crumbs": [HOME],
        "metadata": Metadata(
            request=request,
            title=TITLE,
            address=address,
            description="Requests for information: what was asked, when, and what came of each.",
            crumbs=[HOME],
        ),
    }
    for entry in context["page_obj"]:
        entry.outcome_words = outcome_words(entry)
    return render(request, "forms/requests.html", context)


@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one entry of the log."""
    item = get_object_or_404(visible_to(Viewer.of(request), PublicEntry.objects.select_related("regime")), pk=pk)
    facts = [
        ("Asked", format_date(item.received_on)),
        ("Answered", format_date(item.answered_on) if item.answered_on else "Not yet"),
        ("What it came to", outcome_words(item)),
        ("Why", item.reason),
        (KIND, item.regime.name),
    ]
    crumbs = [HOME, {"title": TITLE, "url": reverse("public_requests")}]
    context = {
        "entry": item,
        "facts": [(label, value) for label, value in facts if value],
        "crumbs": crumbs,
        "metadata": Metadata(request=request, title=item.subject, address=item.get_absolute_url(), crumbs=crumbs),
    }
    return render(request, "forms/requests_entry.html", context)


@require_safe
def in_numbers(request: HttpRequest) -> HttpResponse:
    """Show the statistics by year."""
    found = numbers(Viewer.of(request).today)
    crumbs = [HOME, {"title": TITLE, "url": reverse("public_requests")}]
    address = reverse("public_request_numbers")
    context = {
        "title": NUMBERS_TITLE,
        "found": found,
        "crumbs": crumbs,
        "metadata": Metadata(
            request=request,
            title=NUMBERS_TITLE,
            address=address,
            description="How many requests for information we had, what came of them, and how many were late.",
            crumbs=crumbs,
        ),
    }
    return render(request, "forms/requests_numbers.html", context)


@require_safe
def numbers_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Return the same statistics as CSV, as an anonymous user sees them."""
    viewer = Viewer.force_anonymous(request)
    found = numbers(viewer.today)
    headings = ["Year", KIND, *(words for words, _ in found[0].columns)] if found else ["Year", KIND]
    rows = ([str(item.year), item.regime.name, *(count for _, count in item.columns)] for item in found)
    name = f"information-requests-{viewer.today.isoformat()}.csv"
    return download(csv_lines(headings, rows), content_type="text/csv", name=name)
