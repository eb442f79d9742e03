"""Topics of a panel's work programme with their scores, and the reviews of that year."""

from dataclasses import dataclass

from cms.core.visibility import Viewer, visible_to

from ..enums import COUNTED_REVIEWS
from ..models import ReviewPage, Topic, WorkProgramme
from ..models.programme import HIGHEST_SCORE
from ..presenters.programmes import count_words, questions_of


@dataclass(frozen=True)
class TopicRow:
    """A proposed topic, the review made from it if the viewer may see that, and its score."""

    topic: Topic
    review: ReviewPage | None
    score: str


def topics_and_reviews(year: WorkProgramme, viewer: Viewer) -> dict:
    """Return template context: topic rows, the year's reviews that came from no topic, and their number as text."""
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
    """Return the total score of each scored topic by id, and the highest possible total (G 1)."""
    scored = set(year.scores().values_list("topic_id", flat=True))
    totals = {pk: total for pk, total in year.totals().items() if pk in scored} if scored else {}
    return totals, HIGHEST_SCORE * sum(criterion.weight for criterion in year.criteria.all())
