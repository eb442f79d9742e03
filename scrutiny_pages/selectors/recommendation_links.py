"""What a recommendation is tied to, as far as a viewer may see it: the ways on from its page, and back."""

from typing import TYPE_CHECKING

from cms.core.visibility import Viewer, visible_to

from ..models.querysets import published
from ..presenters.overdue import lateness_of
from ..presenters.recommendations import facts_of, taken_to, turns_of

if TYPE_CHECKING:
    from ..models import OutcomePage, PanelPage, Recommendation, ReviewPage


def pages_of_panels(recommendation: "Recommendation", viewer: Viewer) -> dict[int, "PanelPage"]:
    """Give the pages of the panels that a recommendation names, by panel."""
    named = {recommendation.panel_id, recommendation.refers_to_id, recommendation.checking_body.pk} - {None}
    pages = recommendation.panel.pages.model.objects.filter(panel__in=named)
    return {page.panel_id: page for page in visible_to(viewer, pages)}


def neighbours(recommendation: "Recommendation", viewer: Viewer) -> dict[str, "Recommendation | None"]:
    """Give the recommendations before and after it in its report."""
    if not recommendation.report_id:
        return {"before": None, "after": None}
    same_report = type(recommendation).objects.filter(published(viewer), report=recommendation.report_id)
    others = list(same_report.exclude(pk=recommendation.pk).order_by("number"))
    before = [item for item in others if item.number < recommendation.number]
    after = [item for item in others if item.number > recommendation.number]
    return {"before": before[-1] if before else None, "after": after[0] if after else None}


def outcomes_of(recommendation: "Recommendation", viewer: Viewer) -> list["OutcomePage"]:
    """Give the outcomes that tell what came of it, latest first."""
    return list(visible_to(viewer, recommendation.outcomes.all()).order_by("-first_published_at", "title"))


def review_it_led_to(recommendation: "Recommendation", viewer: Viewer) -> "ReviewPage | None":
    """Give the review that another panel made of it, if it was referred to one (W13)."""
    if not recommendation.refers_to_id:
        return None
    reviews = recommendation.refers_to.reviews.filter(slug=recommendation.referred_slug)
    return visible_to(viewer, reviews).first()


def related(recommendation: "Recommendation", viewer: Viewer) -> dict:
    """Give all of these for the page of one recommendation; a draft that is not saved has nothing yet."""
    if not recommendation.pk:
        return {}
    pages = pages_of_panels(recommendation, viewer)
    made_at = recommendation.made_at
    return {
        "panel_page": pages.get(recommendation.panel_id),
        "panel_pages": pages,
        "review": recommendation.review,
        "made_at": made_at if made_at and made_at.is_public else None,
        "outcomes": outcomes_of(recommendation, viewer),
        "led_to": review_it_led_to(recommendation, viewer),
        **neighbours(recommendation, viewer),
    }


def recommendation_context(recommendation: "Recommendation", viewer: Viewer) -> dict:
    """Return the template context of the page of one recommendation, for a viewer at a moment."""
    tracking = recommendation.tracking
    tied_to = related(recommendation, viewer)
    plan = recommendation.public_plan
    return tied_to | {
        "recommendation": recommendation,
        "viewer": viewer,
        "status": tracking.status(viewer.today),
        "late": lateness_of(tracking, viewer.today),
        "turns": turns_of(recommendation, viewer.today),
        "facts": facts_of(recommendation, tied_to.get("panel_pages", {})),
        "plan": [{"actions": plan}] if plan else [],
        "shown": list(tracking.evidence.all()) if tracking.pk else [],
        "taken_to": taken_to(tracking, viewer.today),
    }
