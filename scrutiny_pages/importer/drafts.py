"""Finished imports: the list filter of recommendations by import, and the address that publishes its drafts."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django_filters import ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.models import ModelLogEntry

from ..models import FinishedImport, Recommendation

LISTING = "wagtailsnippets_scrutiny_pages_recommendation:list"
MOST_OFFERED = 5


def imported_by(finished: FinishedImport) -> QuerySet[Recommendation]:
    """Return the recommendations that an import added or changed, from their log entries."""
    kind = ContentType.objects.get_for_model(Recommendation)
    entries = ModelLogEntry.objects.filter(content_type=kind, uuid=finished.pk)
    keys = entries.annotate(item=Cast("object_id", BigIntegerField())).values("item")
    return Recommendation.objects.filter(pk__in=keys)


def listing_url(finished: FinishedImport) -> str:
    """Return the URL of the list of recommendations, filtered by an import."""
    return f"{reverse(LISTING)}?{urlencode({'brought_in': finished.pk})}"


def publish_url(finished: FinishedImport) -> str:
    """Return the URL of the view that publishes the drafts of an import in bulk."""
    action = reverse("wagtail_bulk_action", args=["scrutiny_pages", "recommendation", "publish"])
    query = {"brought_in": finished.pk, "id": "all", "next": listing_url(finished)}
    return f"{action}?{urlencode(query)}"


class UnpublishedImport(NamedTuple):
    """An import with unpublished drafts: its label, their number, and the URL that publishes them."""

    words: str
    count: int  # type: ignore[assignment]  # it hides the method of tuples
    url: str


def unpublished_imports() -> list[UnpublishedImport]:
    """Return the latest imports that still have unpublished drafts."""
    latest = FinishedImport.objects.all()[:MOST_OFFERED]
    counts = ((one, imported_by(one).filter(has_unpublished_changes=True).count()) for one in latest)
    return [UnpublishedImport(str(one), count, publish_url(one)) for one, count in counts if count]


class RecommendationFilterSet(WagtailFilterSet):
    """The filters of the list of recommendations, among them the import."""

    brought_in = ModelChoiceFilter(queryset=FinishedImport.objects.all(), label="Brought in", method="filter_import")

    class Meta:
        model = Recommendation
        fields = ["live", "has_unpublished_changes", "panel", "owner", "service_areas"]

    def filter_import(self, queryset: QuerySet, name: str, finished: FinishedImport | None) -> QuerySet:
        """Filter the recommendations by the import that added or changed them."""
        return queryset.filter(pk__in=imported_by(finished).values("pk")) if finished else queryset
