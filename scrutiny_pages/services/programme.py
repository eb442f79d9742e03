"""Choosing the year's topics (G 1): their scores, and the review that a chosen one becomes."""

from django.db import transaction
from django.utils.text import slugify

from ..enums import ReviewState, TopicState
from ..models import ReviewIndexPage, ReviewPage, SelectionCriterion, Topic, TopicScore
from ..review_limits import refusals
from .refused import StepRefused, need


@transaction.atomic
def score_topics(*, scores: dict[tuple[Topic, SelectionCriterion], int | None]) -> None:
    """Keep what topics scored on the questions of the matrix; nothing typed takes a score away."""
    for (topic, criterion), score in scores.items():
        if score is None:
            TopicScore.objects.filter(topic=topic, criterion=criterion).delete()
        else:
            TopicScore.objects.update_or_create(topic=topic, criterion=criterion, defaults={"score": score})


@transaction.atomic
def choose_topic(*, topic: Topic, by=None) -> ReviewPage:
    """Make a topic of the year a chosen review, as the draft of its page.

    :raises StepRefused: if the year has its number of reviews already, or the site has no page that lists reviews.
    """
    topic = Topic.objects.select_for_update().get(pk=topic.pk)
    programme = topic.programme
    if topic.state == TopicState.CHOSEN:
        raise StepRefused("This topic was chosen already.")
    parent = ReviewIndexPage.objects.first()
    need(parent, "The site has no page that lists reviews yet. Add one under the home page first.")
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
        raise StepRefused(" ".join(refused))
    parent.add_child(instance=review)
    review.save_revision(user=by)
    topic.state = TopicState.CHOSEN
    topic.save()
    return review
