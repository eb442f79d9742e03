"""What came of a review, or of a panel: reports, recommendations and where they stand, outcomes, meetings."""

from collections import Counter
from urllib.parse import urlencode

from django.db.models import Q

from cms.core.visibility import Viewer, visible_to

from ..models import Meeting, OutcomePage, Panel, Recommendation, ReportPage, ReviewPage, TrackerPage
from ..presenters.recommendations import Picture, standing_picture

LATEST = 3
REVIEWS_LISTED = 10


def work_of_review(review: ReviewPage, viewer: Viewer) -> dict:
    """Return what the page of a review shows of its reports, what they asked for, and what became of it.

    A review that is not saved has none of it: a preview shows the plan alone.
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
        "standings": standing_picture(Counter(row["status"].key for row in rows), tracker_url=""),
        "outcomes": visible_to(viewer, outcomes.distinct()).order_by("-first_published_at", "title") if rows else [],
        "meetings_coming": [meeting for meeting in meetings if meeting.starts_at >= viewer.at],
        "meetings_held": [meeting for meeting in reversed(meetings) if meeting.starts_at < viewer.at],
    }


def rows_decided_at(meeting: Meeting, viewer: Viewer) -> list[dict]:
    """Return the recommendations that were made at a meeting, or of which something was decided there (W13)."""
    decided = Q(tracking__events__meeting=meeting, tracking__events__is_public=True, tracking__events__correction=None)
    items = visible_to(viewer, Recommendation.objects.filter(Q(made_at=meeting) | decided)).distinct()
    return [
        {"recommendation": item, "status": item.tracking.status(viewer.today)}
        for item in items.order_by("asked_on", "series", "number").for_listing()
    ]


def work_of_panel(panel: Panel, viewer: Viewer) -> dict:
    """Return what the page of a panel shows of its work so far: the latest of each, and how the rest can be found."""
    reviews = visible_to(viewer, panel.reviews.all()).order_by("-first_published_at", "title")
    reports = visible_to(viewer, ReportPage.objects.all()).of_panel(panel).with_results(viewer)
    asked = visible_to(viewer, Recommendation.objects.filter(panel=panel))
    outcomes = OutcomePage.objects.filter(recommendations__panel=panel).distinct()
    return {
        "reviews": reviews[:REVIEWS_LISTED],
        "reports": reports.order_by("-first_published_at", "title")[:LATEST],
        "standings": picture_of_panel(panel, asked.standing_counts(viewer.today), viewer),
        "outcomes": visible_to(viewer, outcomes).order_by("-first_published_at", "title")[:LATEST],
    }


def picture_of_panel(panel: Panel, counts: dict[str, int], viewer: Viewer) -> Picture | None:
    """Draw where a panel's recommendations stand, each part with its way to the tracker; nothing if there are none."""
    if not counts:
        return None
    tracker = visible_to(viewer, TrackerPage.objects.all()).first()
    return standing_picture(counts, tracker_url=tracker.url if tracker else "", query=urlencode({"panel": panel.slug}))
