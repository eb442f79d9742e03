"""Search over everything public."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from cms.core.models.pages import page_of
from cms.core.search import LONGEST, plain_words
from cms.core.visibility import Viewer, visible_to
from scrutiny_pages.models import Recommendation

PER_PAGE = 10
RECOMMENDATIONS_SHOWN = 5


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the pages and recommendations that match ``?q=``, as far as the visitor may see them."""
    viewer = Viewer.of(request)
    wanted = " ".join(request.GET.get("q", "").split())[:LONGEST]
    words = plain_words(wanted)
    pages = visible_to(viewer, Page.objects.filter(depth__gt=1)).specific().search(words) if words else []
    found = []
    if words:
        public = visible_to(viewer, Recommendation.objects.all()).values("pk")
        matching = Recommendation.objects.filter(pk__in=public).for_listing().search(words)
        found = matching[:RECOMMENDATIONS_SHOWN]
    context = {
        "wanted": wanted,
        "search_query": wanted,
        "query": urlencode({"q": wanted}),
        "page_obj": page_of(pages, PER_PAGE, request),
        "rows": [{"recommendation": item, "status": item.tracking.status(viewer.today)} for item in found],
    }
    return render(request, "home/search.html", context)
