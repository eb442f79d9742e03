"""The topics of a panel's work for one year with their scores, and the reviews that they became."""

from dataclasses import dataclass

from cms.core.visibility import Viewer, visible_to

from ..enums import COUNTED_REVIEWS
from ..models import ReviewPage, Topic, WorkProgramme
from ..models.programme import HIGHEST_SCORE
from ..presenters.programmes import count_words, questions_of


@dataclass(frozen=True)
class TopicRow:
    """One topic that was proposed, the review that it became if this viewer may read it, and what it scored."""

    topic: Topic
    review: ReviewPage | None
    score: str


def topics_and_reviews(year: WorkProgramme, viewer: Viewer) -> dict:
    """Return the rows of the topics, the reviews of the year that were no topic, and how many reviews of how many."""
    reviews = visible_to(viewer, ReviewPage.objects.filter(programme=year)).order_by("first_published_at", "title")
    by_pk = {review.pk: review for review in reviews}
    became = {topic.review_id for topic in year.topics.all()}
    # A topic may have been taken up in another year, or in a review that has not been put down under this one.
    elsewhere = ReviewPage.objects.filter(pk__in=became - by_pk.keys() - {None})
    by_pk |= {review.pk: review for review in visible_to(viewer, elsewhere)}
    totals, most = scores_of(year)
    rows = [
        TopicRow(
            topic=topic,
            review=by_pk.get(topic.review_id),
            score=f"{totals[topic.pk]} of {most}" if topic.pk in totals else "",
        )
        for topic in year.topics.all()
    ]
    counted = [review for review in reviews if review.state in COUNTED_REVIEWS]
    return {
        "rows": rows,
        "scored": bool(totals),
        "voted": any(row.topic.votes is not None for row in rows),
        "questions": questions_of(year) if totals else [],
        "other_reviews": [review for review in reviews if review.pk not in became],
        "count": count_words(len(counted), year.process),
    }


def scores_of(year: WorkProgramme) -> tuple[dict[int, int], int]:
    """Return the totals of the topics that have a score, by id, and the most that a topic could have (G 1)."""
    scored = set(year.scores().values_list("topic_id", flat=True))
    totals = {pk: total for pk, total in year.totals().items() if pk in scored} if scored else {}
    return totals, HIGHEST_SCORE * sum(criterion.weight for criterion in year.criteria.all())
