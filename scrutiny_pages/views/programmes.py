"""The year's work of a panel as the public reads it: what was proposed, how it scored, what was chosen and why."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cms.core.dates.formatting import say_date, say_length
from cms.core.visibility import Viewer, visible_to

from ..enums import COUNTED_REVIEWS, Level
from ..models import ReviewIndexPage, ReviewPage, WorkProgramme
from ..models.programme import HIGHEST_SCORE
from ..presenters.recommendations import linked
from ..rules.rule_types import times
from .breadcrumbs import crumbs_to
from .metadata import metadata_of_programme

if TYPE_CHECKING:
    from ..models import Topic


@dataclass(frozen=True)
class TopicRow:
    """One topic that was proposed, the review that it became if this viewer may read it, and what it scored."""

    topic: "Topic"
    review: ReviewPage | None
    score: str


@require_safe
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one year of a panel's work, once it was agreed (H 3.1, K 11.1, K 11.3, G 1, C terms of reference)."""
    viewer = Viewer.of(request)
    public = visible_to(viewer, WorkProgramme.objects.select_related("panel", "process", "agreed_by"))
    year = get_object_or_404(public.prefetch_related("topics", "criteria"), pk=pk)
    crumbs = crumbs_to(request, viewer, ReviewIndexPage)
    context = {
        "programme": year,
        "facts": facts_of_programme(year, panel_url=year.panel.address(viewer, request)),
        "crumbs": crumbs,
        "metadata": metadata_of_programme(request, year, crumbs),
        "other_years": visible_to(viewer, year.panel.programmes.exclude(pk=year.pk)),
    }
    return render(request, "scrutiny_pages/programme.html", context | topics_and_reviews(year, viewer))


def topics_and_reviews(year: WorkProgramme, viewer: Viewer) -> dict:
    """Give the rows of the topics, the reviews of the year that were no topic, and how many reviews of how many."""
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
    """Give the totals of the topics that have a score, by id, and the most that a topic could have (G 1)."""
    scored = set(year.scores().values_list("topic_id", flat=True))
    totals = {pk: total for pk, total in year.totals().items() if pk in scored} if scored else {}
    return totals, HIGHEST_SCORE * sum(criterion.weight for criterion in year.criteria.all())


def questions_of(year: WorkProgramme) -> list[str]:
    """Say on what topics were scored, and what counts more than once."""
    return [
        f"{item.question} It counts {times(item.weight)}." if item.weight > 1 else item.question
        for item in year.criteria.all()
    ]


def count_words(number: int, process) -> str:
    """Say how many reviews the year has, of how many (H 3.1, K 11.1, G 1): 2 reviews, of no more than 3 a year."""
    reviews = say_length(number, "review")
    if process is None or process.reviews_a_year is None:
        return f"{reviews} so far" if number else ""
    aims = process.reviews_a_year_level == Level.AIM
    limit = f"We aim for {process.reviews_a_year}" if aims else f"There are no more than {process.reviews_a_year}"
    return f"{reviews} so far. {limit} a year"


def facts_of_programme(year: WorkProgramme, *, panel_url: str) -> list[tuple[str, str]]:
    """Give whose year it is and who agreed it, as labels and values."""
    facts = [
        ("Panel", linked(year.panel, panel_url)),
        ("When", f"{say_date(year.starts_on)} to {say_date(year.ends_on)}"),
        ("Agreed by", str(year.agreed_by or "")),
        ("Agreed on", say_date(year.agreed_on)),
        ("How", year.agreed_how),
    ]
    return [(label, value) for label, value in facts if value]
