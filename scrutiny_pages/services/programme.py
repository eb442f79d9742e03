"""New reviews: from a chosen topic of the work programme (G 1), and from a referral (W13)."""

import datetime
from typing import Any

from django.utils.text import slugify

from cms.core.service_writes import lock_rows, service_write

from ..enums import EventKind, ReviewState, Step, TopicState
from ..models import (
    Meeting,
    Recommendation,
    ReviewIndexPage,
    ReviewPage,
    SelectionCriterion,
    Topic,
    TopicScore,
    WorkProgramme,
)
from ..models.tracking import WRITTEN_BY
from ..rules.review_limits import refusals
from .base import lock_parent, lock_row, transition
from .decisions import begin_decision
from .exceptions import TransitionNotAllowed

NO_INDEX = "The site has no page that lists reviews yet. Add one under the home page first."


@service_write(WRITTEN_BY)
def score_topics(*, scores: dict[tuple[Topic, SelectionCriterion], int | None]) -> None:
    """Store the scores of topics for the criteria; None removes a score."""
    lock_rows(Topic.objects.filter(pk__in={topic.pk for topic, _ in scores}))
    for (topic, criterion), score in scores.items():
        if score is None:
            TopicScore.objects.filter(topic=topic, criterion=criterion).delete()
        else:
            TopicScore.objects.update_or_create(topic=topic, criterion=criterion, defaults={"score": score})


@service_write(WRITTEN_BY)
def choose_topic(*, topic: Topic, by: Any = None) -> ReviewPage:
    """Make a topic of the programme a review, as a draft page.

    The programme is locked before its reviews are counted: of two topics that are chosen at once for the last place
    in the year, one is refused.

    :raises TransitionNotAllowed: if the year has its maximum of reviews, or the site has no index page of reviews.
    """
    (programme,) = lock_rows(WorkProgramme.objects.filter(topics=topic.pk))
    topic = lock_row(topic)
    if topic.state == TopicState.CHOSEN:
        raise TransitionNotAllowed("This topic was chosen already.")
    parent = lock_parent(ReviewIndexPage, NO_INDEX)
    review = ReviewPage(
        title=topic.title,
        slug=f"{slugify(topic.title)[:60].strip('-') or 'review'}-{topic.pk}",
        panel=programme.panel,
        programme=programme,
        trigger=topic.trigger,
        commissioned_by=topic.came_from,
        state=ReviewState.CHOSEN,
        live=False,
        owner=by,
    )
    if refused := [problem.words for problem in refusals(review.limit_problems())]:
        raise TransitionNotAllowed(" ".join(refused))
    parent.add_child(instance=review)
    review.save_revision(user=by)
    topic.state, topic.review = TopicState.CHOSEN, review
    topic.save()
    return review


@transition
def refer(
    *,
    recommendation: Recommendation,
    on: datetime.date | None = None,
    reason: str,
    how: str = "",
    meeting: Meeting | None = None,
    by: Any = None,
) -> None:
    """Refer the matter to the panel that a recommendation names: the panel gets the draft of a review (W13).

    :raises TransitionNotAllowed: if the recommendation names no panel, or was referred already.
    """
    needs = [
        (reason.strip(), "Say why they should look into it."),
        (recommendation.refers_to, "First say on the recommendation which panel the matter is referred to."),
    ]
    decision = begin_decision(recommendation, Step.REFER, on=on, meeting=meeting, how=how, needs=needs)
    if any(entry.kind == EventKind.REFERRED for entry in decision.history.entries):
        raise TransitionNotAllowed("It was referred already.")
    parent = lock_parent(ReviewIndexPage, NO_INDEX)
    review = ReviewPage(
        title=recommendation.title,
        slug=recommendation.referred_slug,
        panel=recommendation.refers_to,
        commissioned_by=str(recommendation.panel),
        state=ReviewState.PROPOSED,
        live=False,
        owner=by,
    )
    parent.add_child(instance=review)
    review.save_revision(user=by)
    title = f"The {recommendation.refers_to} was asked to look into it"
    decision.record(EventKind.REFERRED, reason, by, title=title)
