"""More steps for the checks of rows W and H: seats, meetings and reports in 2025."""

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from scrutiny_pages import services
from scrutiny_pages.enums import AttendanceState, MemberStanding
from scrutiny_pages.models import (
    Meeting,
    Membership,
    Panel,
    Recommendation,
    ReportPage,
    ReviewPage,
    ReviewProcess,
    Trigger,
)
from scrutiny_pages.services import members as member_services
from tests.factories.pages import PanelPageFactory, ReportPageFactory, ReviewPageFactory
from tests.factories.records import MeetingFactory, MembershipFactory, PersonFactory, RecommendationFactory

from .acts import at_six, fresh, page_of, to_do, usual_kind
from .acts import ready as ready_for

Day = datetime.date
JOINED = Day(2025, 1, 6)


# --- Members ------------------------------------------------------------------------------------------


def seat(on: Panel, *, ready: bool = True, judged_on: Day | None = None, **fields) -> Membership:
    """Save a member under the panel's rules; ``ready`` means with all that is required before they start."""
    fields = {"standing": MemberStanding.ACTIVE, "joined_on": JOINED, "kind": usual_kind(on)} | fields
    row = Membership(panel=on, person=fields.pop("person", None) or PersonFactory(), **fields)
    if ready:
        make_ready(row)
    member_services.save_membership(membership=row, on=judged_on)
    return row


def make_ready(row: Membership) -> None:
    """Let a member meet all requirements of the panel, unsaved."""
    on: Any = row.joined_on  # None for somebody who has not joined yet
    whole = ready_for(row.panel, on=on, person=row.person)
    row.eligibility_checked_on = whole.eligibility_checked_on
    row.acceptances, row.trainings_done = whole.acceptances.all(), whole.trainings_done.all()


def members(on: Panel, number: int, **fields) -> list[Membership]:
    """Add members to a panel without its rules."""
    return MembershipFactory.create_batch(number, panel=on, joined_on=JOINED, **fields)


def without_each(on: Panel) -> dict[str, str]:
    """Return the refusal for each requirement of a panel that a new member lacks, by requirement."""
    said = {}
    for rows, kept in (
        ("acceptances", lambda each: each.version.agreement.slug),
        ("trainings_done", lambda each: each.training.slug),
    ):
        for slug in [kept(each) for each in getattr(ready_for(on), rows).all()]:
            row = ready_for(on)
            setattr(row, rows, [each for each in getattr(row, rows).all() if kept(each) != slug])
            with pytest.raises(ValidationError) as found:
                member_services.save_membership(membership=row)
            said[slug] = str(found.value)
    return said


# --- Meetings -----------------------------------------------------------------------------------------


def meets(of: Panel, on: Day, **fields) -> Meeting:
    """Create a meeting at six in the evening."""
    return MeetingFactory(panel=of, starts_at=at_six(on), **fields)


def came(meeting: Meeting, present: list[Membership], absent: Sequence[Membership] = (), excused=()) -> str:
    """Record the attendance, and return the warning."""
    states = dict.fromkeys(present, AttendanceState.PRESENT)
    states |= dict.fromkeys(absent, AttendanceState.ABSENT)
    states |= dict.fromkeys(excused, AttendanceState.EXCUSED)
    return services.record_attendance(meeting=meeting, states=states, at=timezone.now())


# --- Reviews ------------------------------------------------------------------------------------------


def review(by: Panel, *, trigger: str = "", **fields) -> ReviewPage:
    """Add a review, validated as its form does."""
    page = ReviewPageFactory(panel=by, trigger=Trigger.objects.get(name=trigger) if trigger else None, **fields)
    page.full_clean()
    return page


def started(by: Panel, *, on: Day, process: str = "", light_touch: bool = False, **fields) -> ReviewPage:
    """Start a review from a process, by default the panel's usual one."""
    chosen = ReviewProcess.objects.get(name=process) if process else by.usual_process
    page = review(by, **fields)
    assert chosen is not None
    services.start_review(review=page, process=chosen, on=on, light_touch=light_touch)
    return fresh(page)


def names(page: ReviewPage) -> list[str]:
    """Return the names of a review's stages, in order."""
    return [each.name for each in page.stages.all()]


def report(page: ReviewPage) -> ReportPage:
    return ReportPageFactory(parent=fresh(page), live=False)


# --- Recommendations ----------------------------------------------------------------------------------


def recommendation(of: Panel, **fields) -> Recommendation:
    return RecommendationFactory(**{"panel": of, "live": False, "asked_on": Day(2025, 3, 3)} | fields)


def tracked(item: Recommendation):
    return Recommendation.objects.get(pk=item.pk).tracking


# --- What is seen -------------------------------------------------------------------------------------


def todo_words(on: Day | None = None) -> list[str]:
    """Return the texts of the to-dos on a day, by default today."""
    return list(to_do(on or timezone.localdate()))


def told_on_page(of: Panel) -> str:
    """Return a panel's public page as text."""
    return page_of(PanelPageFactory(panel=of))
