"""Content related to a review or a panel: reports, recommendations with their status, outcomes and meetings."""

from collections import Counter
from urllib.parse import urlencode

from django.db.models import Q

from cms.core.visibility import Viewer, visible_to

from ..models import Meeting, OutcomePage, Panel, Recommendation, ReportPage, ReviewPage, TrackerPage
from ..presenters.recommendations import StatusChart, status_chart

LATEST = 3
REVIEWS_LISTED = 10


def work_of_review(review: ReviewPage, viewer: Viewer) -> dict:
    """Return the template context of a review's reports, their recommendations and outcomes.

    An unsaved review has none of them: its preview shows only the plan.
    """
    if not review.pk:
        return {}
    reports = visible_to(viewer, ReportPage.objects.child_of(review)).with_results(viewer)
    asked = visible_to(viewer, Recommendation.objects.filter(report__path__startswith=review.path))
    rows = [
        {"recommendation": item, "status": item.tracking.status(viewer.today)}
        for item in asked.order_by("asked_on", "series", "number").for_listing()
    ]
    outcomes = OutcomePage.objects.filter(recommendations__in=[row["recommendation"].pk for row in rows])
    meetings = list(visible_to(viewer, review.meetings.select_related("panel")).order_by("starts_at", "pk"))
    return {
        "reports": reports.order_by("-first_published_at", "title"),
        "rows": rows,
        "standings": status_chart(Counter(row["status"].key for row in rows), tracker_url=""),
        "outcomes": visible_to(viewer, outcomes.distinct()).order_by("-first_published_at", "title") if rows else [],
        "meetings_coming": [meeting for meeting in meetings if meeting.starts_at >= viewer.at],
        "meetings_held": [meeting for meeting in reversed(meetings) if meeting.starts_at < viewer.at],
    }


def rows_decided_at(meeting: Meeting, viewer: Viewer) -> list[dict]:
    """Return a row for each recommendation that a meeting made or decided something about (W13)."""
    decided = Q(tracking__events__meeting=meeting, tracking__events__is_public=True, tracking__events__correction=None)
    items = visible_to(viewer, Recommendation.objects.filter(Q(made_at=meeting) | decided)).distinct()
    return [
        {"recommendation": item, "status": item.tracking.status(viewer.today)}
        for item in items.order_by("asked_on", "series", "number").for_listing()
    ]


def work_of_panel(panel: Panel, viewer: Viewer) -> dict:
    """Return the template context of a panel's work: the latest of each kind, and links to the rest."""
    reviews = visible_to(viewer, panel.reviews.all()).order_by("-first_published_at", "title")
    reports = visible_to(viewer, ReportPage.objects.all()).of_panel(panel).with_results(viewer)
    asked = visible_to(viewer, Recommendation.objects.filter(panel=panel))
    outcomes = OutcomePage.objects.filter(recommendations__panel=panel).distinct()
    return {
        "reviews": reviews[:REVIEWS_LISTED],
        "reports": reports.order_by("-first_published_at", "title")[:LATEST],
        "standings": panel_status_chart(panel, asked.standing_counts(viewer.today), viewer),
        "outcomes": visible_to(viewer, outcomes).order_by("-first_published_at", "title")[:LATEST],
    }


def panel_status_chart(panel: Panel, counts: dict[str, int], viewer: Viewer) -> StatusChart | None:
    """Return the status chart of a panel's recommendations, linked to the tracker; None if there are none."""
    if not counts:
        return None
    tracker = visible_to(viewer, TrackerPage.objects.all()).first()
    return status_chart(counts, tracker_url=tracker.url if tracker else "", query=urlencode({"panel": panel.slug}))
