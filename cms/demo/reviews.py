"""Loader of the demo's reviews: started from the adapted process, with the actual dates of each stage."""

from wagtail.models import Page

from scrutiny_pages import services
from scrutiny_pages.models import ReviewPage, ReviewProcess, Trigger
from scrutiny_pages.starters.loader import load_route, stage_from

from .content import read
from .story import Story

SCOPE_FIELDS = ["why", "questions", "left_out"]


def adapt_process(story: Story) -> None:
    """Set the stages and limits of the demo's landlord on the starter's process, as an administrator would."""
    content = read("reviews")
    process = ReviewProcess.objects.get(name=content["process"]["name"])
    process.quarter_ends = content["process"]["quarter_ends"]
    process.escalation_route = load_route(content["process"]["route"])
    process.stages = [
        stage_from(order, {name: value for name, value in stage.items() if name != "key"})
        for order, stage in enumerate(content["stages"])
    ]
    process.full_clean()
    process.save()
    process.save_revision()
    panel = story.panels["scrutiny"]
    panel.usual_process = process
    story.publish(panel, "site_opened")


def start_reviews(story: Story) -> None:
    """Start each review from the process, which creates its stages, and link its meetings."""
    process = ReviewProcess.objects.get(name=read("reviews")["process"]["name"])
    for data in read("reviews")["reviews"]:
        page = story.pages[data["key"]]
        services.start_review(review=page, process=process, on=story.dates[data["starts"]])
    for data in read("meetings")["meetings"]:
        if "review" in data:
            meeting = story.meetings[data["key"]]
            meeting.review_id = story.pages[data["review"]].pk
            meeting.full_clean()
            meeting.save()


def fill_reviews(story: Story) -> None:
    """Fill the reviews: scope, planned days, and the actual dates of each stage."""
    for data in read("reviews")["reviews"]:
        page = ReviewPage.objects.get(pk=story.pages[data["key"]].pk)
        _fill(story, page, data)
        story.publish(page, data["published"], data["updated"])
        _tell(story, ReviewPage.objects.get(pk=page.pk), data)


def _fill(story: Story, page: ReviewPage, data: dict) -> None:
    page.state = data["state"]
    page.commissioned_by = data.get("commissioned_by", "")
    page.trigger = Trigger.objects.get(name=data["trigger"])
    for name in SCOPE_FIELDS:
        setattr(page, name, story.rich(data[name]))
    page.service_areas = [story.areas[slug] for slug in data["service_areas"]]
    planned = data.get("planned", {}) | {key: row["date"] for key, row in data["done"].items()}
    stages = list(page.stages.all())
    for key, stage in zip(_keys(), stages, strict=True):
        stage.planned_on = story.dates[planned[key]]
    page.stages = stages  # type: ignore[misc]  # modelcluster has no types


def _tell(story: Story, review: Page, data: dict) -> None:
    stages = dict(zip(_keys(), review.stages.all(), strict=True))
    for key, row in data["done"].items():
        services.record_stage(review=review, stage=stages[key], on=story.dates[row["date"]], note=row["note"])
    for key, row in data.get("moved", {}).items():
        services.move_stage(
            review=review,
            stage=stages[key],
            to=story.dates[row["to"]],
            on=story.dates[row["date"]],
            reason=row["reason"],
        )


def _keys() -> list[str]:
    return [stage["key"] for stage in read("reviews")["stages"]]
