"""Loader of the demo's work programmes, this year and last: topics, scores and the resulting reviews."""

import datetime

from scrutiny_pages.models import ReviewPage, SelectionCriterion, Topic, WorkProgramme
from scrutiny_pages.services import score_topics

from .content import read
from .story import Story


def load_programmes(story: Story) -> None:
    """Load the programmes in place of the starter's empty year, and assign each review to its year."""
    panel = story.panels["scrutiny"]
    panel.programmes.all().delete()
    for data in read("programmes")["programmes"]:
        starts, ends = story.dates[data["after"]] + datetime.timedelta(days=1), story.dates[data["until"]]
        year = WorkProgramme(
            panel=panel,
            process=panel.usual_process,
            title=str(starts.year) if starts.year == ends.year else f"{starts.year} to {ends.year}",
            starts_on=starts,
            ends_on=ends,
            agreed_by=panel,
            agreed_on=story.dates[data["agreed"]],
            agreed_how=data["agreed_how"],
        )
        year.criteria = [SelectionCriterion(sort_order=n, **row) for n, row in enumerate(data.get("questions", []))]
        year.topics = [_topic(story, order, row) for order, row in enumerate(data["topics"])]
        year.full_clean()
        year.save()
        _score(year, data["topics"])
        for row in data["topics"]:
            if "review" in row:
                ReviewPage.objects.filter(pk=story.pages[row["review"]].pk).update(programme=year)


def _topic(story: Story, order: int, data: dict) -> Topic:
    plain = {name: data[name] for name in ("title", "came_from", "votes", "state", "because")}
    return Topic(sort_order=order, review_id=story.pages[data["review"]].pk if "review" in data else None, **plain)


def _score(year: WorkProgramme, rows: list[dict]) -> None:
    scores = {
        (topic, criterion): score
        for topic, row in zip(year.topics.all(), rows, strict=True)
        if "scores" in row
        for criterion, score in zip(year.criteria.all(), row["scores"], strict=True)
    }
    score_topics(scores=scores)
