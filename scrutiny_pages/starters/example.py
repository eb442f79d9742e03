"""The example of a starter: one review under way with its meetings, dated relative to today."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..models import Meeting, Panel, ReviewIndexPage, ReviewPage, ReviewProcess, ServiceArea, Trigger
from ..services import record_stage, start_review
from .reader import Starter

EVENING = datetime.time(18, 30)


@transaction.atomic
def load_example(starter: Starter, *, today: datetime.date) -> None:
    """Add the starter's example, if it has one, to a site that has the starter's pages."""
    example = starter.data.get("example")
    if not example:
        return
    for row in example.get("meetings", []):
        notice_given_on = today - datetime.timedelta(days=28)
        day = today + datetime.timedelta(days=row["in_days"])
        panel = Panel.objects.get(slug=row["panel"])
        plain = {"kind": row.get("kind", "meeting"), "theme": row["theme"], "place": row["place"]}
        _load_meeting(panel, day, notice_given_on=notice_given_on, **plain)
    _load_review(example["review"], today)


def _load_meeting(panel: Panel, day: datetime.date, **fields: Any) -> Meeting:
    starts_at = timezone.make_aware(datetime.datetime.combine(day, EVENING))
    meeting = Meeting(panel=panel, starts_at=starts_at, **fields)
    meeting.full_clean()
    meeting.save()
    return meeting


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
        stage, meeting = stages[row["stage"]], None
        on = today - datetime.timedelta(days=row["days_ago"])
        if stage.signed_off_by:
            meeting = _load_meeting(stage.signed_off_by, on, theme=stage.name, place="The office", is_public=False)
        record_stage(review=review, stage=stage, on=on, note=row.get("note", ""), meeting=meeting)
