"""A first look at a starter: one review under way, with its meetings, counted from today."""

import datetime

from django.db import transaction
from django.utils import timezone

from ..models import Meeting, Panel, ReviewIndexPage, ReviewPage, ReviewProcess, ServiceArea, Trigger
from ..services import record_stage, start_review
from .reading import Starter

EVENING = datetime.time(18, 30)


@transaction.atomic
def load_example(starter: Starter, *, today: datetime.date) -> None:
    """Add the starter's example, if it has one, to a site that has been planted."""
    example = starter.data.get("example")
    if not example:
        return
    for row in example.get("meetings", []):
        day = today + datetime.timedelta(days=row["in_days"])
        meeting = Meeting(
            panel=Panel.objects.get(slug=row["panel"]),
            kind=row.get("kind", "meeting"),
            theme=row["theme"],
            starts_at=timezone.make_aware(datetime.datetime.combine(day, EVENING)),
            place=row["place"],
            notice_given_on=today - datetime.timedelta(days=28),
        )
        meeting.full_clean()
        meeting.save()
    _load_review(example["review"], today)


def _load_review(data: dict, today: datetime.date) -> None:
    panel = Panel.objects.get(slug=data["panel"])
    review = ReviewPage(
        title=data["title"],
        slug=data["slug"],
        summary=data["summary"],
        panel=panel,
        trigger=Trigger.objects.filter(name=data.get("trigger", "")).first(),
        why=f"<p>{data['why']}</p>",
        questions=f"<p>{data['questions']}</p>",
    )
    ReviewIndexPage.objects.get().add_child(instance=review)
    review.service_areas = list(ServiceArea.objects.filter(slug__in=data.get("service_areas", [])))
    review.save_revision().publish()
    process = ReviewProcess.objects.get(name=data["process"]) if "process" in data else panel.usual_process
    started_on = today - datetime.timedelta(days=data["started_days_ago"])
    start_review(review=review, process=process, on=started_on, light_touch=data.get("light_touch", False))
    review = ReviewPage.objects.get(pk=review.pk)
    stages = {stage.name: stage for stage in review.stages.all()}
    for row in data.get("done", []):
        stage = stages[row["stage"]]
        record_stage(
            review=review,
            stage=stage,
            on=today - datetime.timedelta(days=row["days_ago"]),
            note=row.get("note", ""),
            how=row.get("how", ""),
        )
