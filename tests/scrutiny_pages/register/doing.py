"""What people do in the checks of a starter's rows, in few words: they join, meet, review and recommend."""

import datetime
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from scrutiny_pages import people_services, services
from scrutiny_pages.enums import AttendanceState, MemberStanding
from scrutiny_pages.models import (
    Acceptance,
    Meeting,
    Membership,
    Panel,
    Recommendation,
    ReportPage,
    ReviewPage,
    ReviewProcess,
    ReviewStage,
    TrainingDone,
    Trigger,
)
from scrutiny_pages.todos import todos
from tests.factories.pages import PanelPageFactory, ReportPageFactory, ReviewPageFactory
from tests.factories.records import MeetingFactory, MembershipFactory, PersonFactory, RecommendationFactory

Day = datetime.date
JOINED = Day(2025, 1, 6)


def panel(slug: str) -> Panel:
    return Panel.objects.get(slug=slug)


def refused(words: str):
    """Expect that something is refused in these words."""
    return pytest.raises(ValidationError, match=re.escape(words))


# --- Members ------------------------------------------------------------------------------------------


def seat(on: Panel, *, ready: bool = True, judged_on: Day | None = None, **fields) -> Membership:
    """Save a member under the panel's rules, ``ready`` or not with all that is needed before they start."""
    fields = {"standing": MemberStanding.ACTIVE, "joined_on": JOINED} | fields
    row = Membership(panel=on, person=fields.pop("person", None) or PersonFactory(), **fields)
    if ready:
        make_ready(row)
    people_services.save_membership(membership=row, on=judged_on)
    return row


def make_ready(row: Membership) -> None:
    """Let somebody accept, learn and confirm all that the panel asks for; not saved."""
    row.eligibility_checked_on = row.joined_on
    row.acceptances = [
        Acceptance(version=agreement.versions.latest("number"), accepted_on=row.joined_on)
        for agreement in row.panel.agreements.all()
    ]
    row.trainings_done = [
        TrainingDone(training=training, done_on=row.joined_on) for training in row.panel.trainings.all()
    ]


def members(on: Panel, number: int, **fields) -> list[Membership]:
    """Put members on a panel without asking its rules."""
    return [MembershipFactory(panel=on, joined_on=JOINED, **fields) for _each in range(number)]


def without_each(on: Panel) -> dict[str, str]:
    """Try to start on a panel, each time without one thing that it asks for: the thing, and what was said."""
    said = {}
    asked = {
        **{agreement.slug: ("acceptances", "version__agreement") for agreement in on.agreements.all()},
        **{training.slug: ("trainings_done", "training") for training in on.trainings.all()},
    }
    for slug, (rows, path) in asked.items():
        row = Membership(panel=on, person=PersonFactory(), standing=MemberStanding.ACTIVE, joined_on=JOINED)
        make_ready(row)
        kept = [each for each in getattr(row, rows).all() if _follow(each, path).slug != slug]
        setattr(row, rows, kept)
        with pytest.raises(ValidationError) as found:
            people_services.save_membership(membership=row)
        said[slug] = str(found.value)
    return said


def _follow(row, path: str):
    for name in path.split("__"):
        row = getattr(row, name)
    return row


# --- Meetings -----------------------------------------------------------------------------------------


def meets(of: Panel, on: Day, **fields) -> Meeting:
    """Hold, or plan, a meeting at six in the evening."""
    at = timezone.make_aware(datetime.datetime.combine(on, datetime.time(18)))
    return MeetingFactory(panel=of, starts_at=at, **fields)


def came(meeting: Meeting, present: list[Membership], absent: list[Membership] = (), excused=()) -> str:
    """Record who came; give what is told."""
    states = dict.fromkeys(present, AttendanceState.PRESENT)
    states |= dict.fromkeys(absent, AttendanceState.ABSENT)
    states |= dict.fromkeys(excused, AttendanceState.EXCUSED)
    return people_services.record_attendance(meeting=meeting, states=states, at=timezone.now())


# --- Reviews ------------------------------------------------------------------------------------------


def review(by: Panel, *, trigger: str = "", **fields) -> ReviewPage:
    """Add a review, checked as its form checks it."""
    page = ReviewPageFactory(panel=by, trigger=Trigger.objects.get(name=trigger) if trigger else None, **fields)
    page.full_clean()
    return page


def started(by: Panel, *, on: Day, process: str = "", light_touch: bool = False, **fields) -> ReviewPage:
    """Start a review from a process, without one from the panel's usual one."""
    chosen = ReviewProcess.objects.get(name=process) if process else by.usual_process
    page = review(by, **fields)
    services.start_review(review=page, process=chosen, on=on, light_touch=light_touch)
    return fresh(page)


def fresh(page: ReviewPage) -> ReviewPage:
    return ReviewPage.objects.get(pk=page.pk)


def stage(page: ReviewPage, name: str) -> ReviewStage:
    return ReviewStage.objects.get(review=page, name=name)


def done(page: ReviewPage, name: str, on: Day, **more) -> None:
    services.record_stage(review=page, stage=stage(page, name), on=on, **more)


def due(page: ReviewPage, name: str) -> Day | None:
    return fresh(page).stages.get(name=name).due_on


def names(page: ReviewPage) -> list[str]:
    """Give the names of a review's stages, in order."""
    return [each.name for each in page.stages.all()]


def open_before_public(page: ReviewPage) -> list[str]:
    """Give what a draft of a report says when somebody wants to publish it."""
    return report(page).publishing_problems()


def report(page: ReviewPage) -> ReportPage:
    return ReportPageFactory(parent=fresh(page), live=False)


# --- Recommendations ----------------------------------------------------------------------------------


def recommendation(of: Panel, **fields) -> Recommendation:
    return RecommendationFactory(**{"panel": of, "live": False, "asked_on": Day(2025, 3, 3)} | fields)


def tracked(item: Recommendation):
    return Recommendation.objects.get(pk=item.pk).tracking


# --- What is seen -------------------------------------------------------------------------------------


def todo_words(on: Day | None = None) -> list[str]:
    """Give what waits for an administrator on a day, without one today."""
    admin = get_user_model().objects.filter(is_superuser=True).first()
    admin = admin or get_user_model().objects.create_superuser("admin", "admin@example.org", "secret")
    return [todo.words for todo in todos(admin, on or timezone.localdate())]


def told_on_page(of: Panel) -> str:
    """Give a panel's page as the public reads it."""
    return Client().get(PanelPageFactory(panel=of).get_url()).content.decode()
