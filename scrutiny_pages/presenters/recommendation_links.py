"""Records related to a recommendation that a viewer may see, as links for its page.

Only relations of the recommendation are followed, so that a preview of the record shows the same links.
"""

from django.db.models import prefetch_related_objects

from cms.core.visibility import Viewer, visible_to

from ..rules.publication import published
from .overdue import lateness_of
from .recommendations import escalation_timeline, facts_of, public_timeline
from .records import OutcomePage, PanelPage, Recommendation, Review


def pages_of_panels(recommendation: Recommendation, viewer: Viewer) -> dict[int, PanelPage]:
    """Return the visible pages of the panels related to a recommendation, by panel id."""
    named = [recommendation.panel, recommendation.refers_to, recommendation.checking_body]
    panels = {panel.pk: panel for panel in named if panel}
    prefetch_related_objects(list(panels.values()), "pages")
    pages = (page for panel in panels.values() for page in panel.pages.all())
    return {page.panel_id: page for page in pages if viewer.sees_page(page)}


def neighbours(recommendation: Recommendation, viewer: Viewer) -> dict[str, Recommendation | None]:
    """Return the previous and next recommendation of the same report."""
    if not recommendation.report_id:
        return {"before": None, "after": None}
    same_report = recommendation.report.recommendations.filter(published(viewer))
    others = list(same_report.exclude(pk=recommendation.pk).order_by("number"))
    before = [item for item in others if item.number < recommendation.number]
    after = [item for item in others if item.number > recommendation.number]
    return {"before": before[-1] if before else None, "after": after[0] if after else None}


def outcomes_of(recommendation: Recommendation, viewer: Viewer) -> list[OutcomePage]:
    """Return the visible outcomes of a recommendation, latest first."""
    return list(visible_to(viewer, recommendation.outcomes.all()).order_by("-first_published_at", "title"))


def referral_review(recommendation: Recommendation, viewer: Viewer) -> Review | None:
    """Return the visible review that another panel made after a referral, or None (W13)."""
    if not recommendation.refers_to_id:
        return None
    reviews = recommendation.refers_to.reviews.filter(slug=recommendation.referred_slug)
    return visible_to(viewer, reviews).first()


def related(recommendation: Recommendation, viewer: Viewer) -> dict:
    """Return all related records as template context; an unsaved draft has none."""
    if not recommendation.pk:
        return {}
    pages = pages_of_panels(recommendation, viewer)
    made_at = recommendation.made_at
    return {
        "panel_page": pages.get(recommendation.panel_id or 0),
        "panel_pages": pages,
        "review": recommendation.review,
        "made_at": made_at if made_at and made_at.is_public else None,
        "outcomes": outcomes_of(recommendation, viewer),
        "led_to": referral_review(recommendation, viewer),
        **neighbours(recommendation, viewer),
    }


def recommendation_context(recommendation: Recommendation, viewer: Viewer) -> dict:
    """Return the template context of a recommendation's page for a viewer at a time."""
    tracking = recommendation.tracking
    tied_to = related(recommendation, viewer)
    plan = recommendation.public_plan
    return tied_to | {
        "recommendation": recommendation,
        "viewer": viewer,
        "status": tracking.status(viewer.today),
        "late": lateness_of(tracking, viewer.today),
        "timeline": public_timeline(recommendation, viewer.today),
        "facts": facts_of(recommendation, tied_to.get("panel_pages", {})),
        "plan": [{"actions": plan}] if plan else [],
        "shown": list(tracking.evidence.all()) if tracking.pk else [],
        "escalation_timeline": escalation_timeline(tracking, viewer.today),
    }
