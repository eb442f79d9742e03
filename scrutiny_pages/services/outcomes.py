"""Outcomes of recommendations."""

from typing import Any

from django.utils.text import slugify

from cms.core.service_writes import lock_rows, service_write
from cms.core.text.terminology import lazy_words

from ..models import OutcomeIndexPage, OutcomePage, OutcomeRecommendation, Recommendation
from ..models.tracking import WRITTEN_BY
from .base import lock_parent
from .exceptions import TransitionNotAllowed, require

LONGEST_SLUG = 60


@service_write(WRITTEN_BY)
def start_outcome(*, recommendation: Recommendation, by: Any = None) -> OutcomePage:
    """Create the draft of an outcome from a confirmed recommendation, filled in with what is known.

    :raises TransitionNotAllowed: if it is not confirmed, or the site has no index page of outcomes.
    """
    (recommendation,) = lock_rows(Recommendation.objects.filter(pk=recommendation.pk))
    require(
        recommendation.tracking.confirmed_on,
        lazy_words("{Residents} have not confirmed this yet, so there is nothing to tell."),
    )
    if waiting := recommendation.outcomes.first():
        raise TransitionNotAllowed(f"An outcome was started already: “{waiting.title}”.")
    parent = lock_parent(
        OutcomeIndexPage, "The site has no page “You said, we did” yet. Add one under the home page first."
    )
    evidence = recommendation.tracking.evidence.last()
    longest = OutcomePage._meta.get_field("you_said").max_length
    outcome = OutcomePage(
        title=recommendation.title,
        slug=_free_slug(parent, recommendation.title),
        you_said=(recommendation.reason or recommendation.title)[:longest],
        we_did=(evidence.text if evidence else recommendation.title)[:longest],
        live=False,
        owner=by,
    )
    parent.add_child(instance=outcome)
    outcome.promises = [OutcomeRecommendation(recommendation=recommendation)]  # type: ignore[misc]  # modelcluster has no types
    outcome.service_areas = list(recommendation.service_areas.all())
    outcome.save()
    outcome.save_revision(user=by)
    return outcome


def _free_slug(parent: OutcomeIndexPage, title: str) -> str:
    """Return a slug that no sibling has."""
    base = slugify(title)[:LONGEST_SLUG].strip("-") or "outcome"
    transition = set(parent.get_children().values_list("slug", flat=True))
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(transition) + 2))
    return next(slug for slug in numbered if slug not in transition)
