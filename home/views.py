"""Views of the search, and of the permanent URLs of the pages that every footer links to."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cms.core.models.pages import page_of
from cms.core.search import LONGEST
from cms.core.visibility import Viewer, visible_to
from scrutiny_pages.models import TrackerPage

from .navigation import required_items
from .search import KINDS, Found, find, services_to_look_through, show

PER_PAGE = 10


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the results of ``?q=``, of the kind ``?type=`` or of all kinds, that the visitor may see."""
    viewer = Viewer.of(request)
    wanted = " ".join(request.GET.get("q", "").split())[:LONGEST]
    kind = request.GET.get("type", "")
    if kind and kind not in KINDS:
        raise BadRequest("Unknown type")
    found = find(viewer, wanted)
    page_obj = page_of(found.of_kind(kind), PER_PAGE, request)
    context: dict[str, Any] = {
        "wanted": wanted,
        "search_query": wanted,
        "kind": KINDS.get(kind),
        "filters": _filters(found, wanted, kind),
        "page_obj": page_obj,
        "results": show(list(page_obj), found.words, viewer, request),
        "query": urlencode({"q": wanted} | ({"type": kind} if kind else {})),
    }
    if not found.keys:
        context |= {
            "services": services_to_look_through(viewer),
            "tracker": visible_to(viewer, TrackerPage.objects.all()).first(),
        }
    return render(request, "home/search.html", context)


def _filters(found: Found, wanted: str, chosen: str) -> list[dict]:
    """Return the kinds to choose from, each with its count and a URL that keeps the query."""
    offered = [("", "All", len(found.keys)), *((kind.key, kind.name, number) for kind, number in found.counts)]
    if chosen and all(key != chosen for key, _, _ in offered):
        offered.append((chosen, KINDS[chosen].name, 0))
    return [
        {
            "name": name,
            "number": number,
            "url": f"?{urlencode({'q': wanted} | ({'type': key} if key else {}))}",
            "is_current": key == chosen,
        }
        for key, name, number in offered
    ]


@require_safe
def required_page(request: HttpRequest, name: str) -> HttpResponse:
    """Redirect from a permanent URL to one of the pages that every footer links to.

    :raises Http404: for an unknown name, or one without a page.
    """
    item = required_items(request).get(name)
    if item is None:
        raise Http404("No such page")
    return redirect(item.url)
