"""Finished imports: the filter of staff's list by one, and the address where its drafts are published."""

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


def brought_in_by(finished: FinishedImport) -> QuerySet[Recommendation]:
    """Return the recommendations that an import added or changed: those in whose log it stands."""
    kind = ContentType.objects.get_for_model(Recommendation)
    entries = ModelLogEntry.objects.filter(content_type=kind, uuid=finished.pk)
    keys = entries.annotate(item=Cast("object_id", BigIntegerField())).values("item")
    return Recommendation.objects.filter(pk__in=keys)


def listing_of(finished: FinishedImport) -> str:
    """Return the address of staff's list, narrowed to what an import brought in."""
    return f"{reverse(LISTING)}?{urlencode({'brought_in': finished.pk})}"


def publishing_of(finished: FinishedImport) -> str:
    """Return the address of the screen that asks whether the drafts of an import are to be published."""
    action = reverse("wagtail_bulk_action", args=["scrutiny_pages", "recommendation", "publish"])
    query = {"brought_in": finished.pk, "id": "all", "next": listing_of(finished)}
    return f"{action}?{urlencode(query)}"


class Waiting(NamedTuple):
    """An import of which drafts wait: its words, how many, and where they are published."""

    words: str
    count: int
    url: str


def imports_that_wait() -> list[Waiting]:
    """Return the latest imports of which drafts are still to be published."""
    latest = FinishedImport.objects.all()[:MOST_OFFERED]
    counts = ((one, brought_in_by(one).filter(has_unpublished_changes=True).count()) for one in latest)
    return [Waiting(str(one), count, publishing_of(one)) for one, count in counts if count]


class RecommendationFilterSet(WagtailFilterSet):
    """The filters of the list of recommendations, one import among them."""

    brought_in = ModelChoiceFilter(queryset=FinishedImport.objects.all(), label="Brought in", method="filter_import")

    class Meta:
        model = Recommendation
        fields = ["live", "has_unpublished_changes", "panel", "owner", "service_areas"]

    def filter_import(self, queryset: QuerySet, name: str, finished: FinishedImport | None) -> QuerySet:
        """Return those that an import brought in."""
        return queryset.filter(pk__in=brought_in_by(finished).values("pk")) if finished else queryset
