"""Helpers for decisions, made at a quorate meeting of the deciding panel."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from scrutiny_pages import services
from scrutiny_pages.enums import AttendanceState
from scrutiny_pages.models import Meeting, Panel, Recommendation

from .records import MeetingFactory, MembershipFactory

THEME = "Decisions"
FIRST_HOUR = datetime.time(0)  # so that a meeting of today has been held, whatever the hour


def meeting_of(panel: Panel, on: datetime.date, **fields) -> Meeting:
    """Return a quorate meeting of a panel on a day, reusing one that this helper made before."""
    starts_at = timezone.make_aware(datetime.datetime.combine(on, FIRST_HOUR))
    known = Meeting.objects.filter(panel=panel, starts_at=starts_at, theme=THEME).first()
    meeting = known or MeetingFactory(panel=panel, starts_at=starts_at, is_public=False, theme=THEME, **fields)
    if meeting.has_quorum and meeting.turnout is None:
        if not [row for row in services.expected_at(meeting) if services.has_vote(row)]:
            MembershipFactory.create_batch(6, panel=panel, joined_on=datetime.date(2000, 1, 3))
        states = dict.fromkeys(services.expected_at(meeting), AttendanceState.PRESENT)
        services.record_attendance(meeting=meeting, states=states, at=timezone.now())
    assert not meeting.may_decide(), meeting.may_decide()
    return meeting


def decide(take: Callable, *, recommendation: Recommendation, on: datetime.date, **details: Any) -> None:
    """Apply a transition that a panel decides, at a meeting of the checking body."""
    meeting = meeting_of(recommendation.checking_body, on)
    take(recommendation=recommendation, on=on, meeting=meeting, **details)
