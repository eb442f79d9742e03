"""The webhook source for recommendations, which reports changes to their public representation."""

from collections.abc import Collection

from django.db.models import Max, Q
from django.urls import reverse
from wagtail.models import Page

from cms.core.public_registry import ChangeSource
from cms.core.visibility import Viewer, visible_to
from cms.core.webhooks.change_detection import mark_of, public_base

from ..enums import OF_THE_PLAN
from ..models import Recommendation, ReviewPage


def _marks(viewer: Viewer) -> dict[int, str]:
    """Return a change marker of each public recommendation, from its publication time and public history."""
    # A correction that only staff read takes a public entry away.
    public = Q(tracking__events__is_public=True) | Q(tracking__events__corrects__is_public=True)
    of_plan = Q(tracking__events__kind__in=OF_THE_PLAN) | Q(tracking__events__corrects__kind__in=OF_THE_PLAN)
    rows = (
        visible_to(viewer, Recommendation.objects.all())
        .order_by()
        .annotate(
            told=Max("tracking__events__pk", filter=public & ~of_plan),
            planned=Max("tracking__events__pk", filter=public & of_plan),
        )
        .values_list(
            *("pk", "series", "number", "last_published_at", "report__path", "told", "planned"),
            "panel__usual_process__publish_plan",
        )
    )
    by_review = dict(ReviewPage.objects.values_list("path", "process__publish_plan"))
    marks = {}
    for pk, series, number, published_at, path, told, planned, usually in rows:
        # As ``Recommendation.publishes_plan`` has it: its review decides, and its panel where there is none.
        shows_plan = by_review.get(path[: -Page.steplen]) if path else usually
        marks[pk] = mark_of(series, number, published_at, told, planned if shows_plan else None)
    return marks


def _facts(viewer: Viewer, keys: Collection[int]) -> dict[int, dict]:
    base = public_base()
    return {
        item.pk: {
            "id": item.ref,
            "type": item._meta.label,
            "url": base + item.get_absolute_url(),
            "api_url": base + reverse("recommendation_api", args=[item.series, item.number]),
        }
        for item in Recommendation.objects.filter(pk__in=keys)
    }


RECOMMENDATIONS = ChangeSource(
    kind="recommendation",
    changed=("recommendation.changed", "A recommendation is published, or something happened to it"),
    gone=("recommendation.unpublished", "A recommendation is no longer public"),
    marks=_marks,
    facts=_facts,
)
