"""Attendance of meetings and participation in decisions between them, and the effects of corrections."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from cms.core.dates.formatting import format_date
from cms.core.service_writes import service_write

from ..enums import AttendanceState, ConsultationMethod, MeetingKind, MemberRole, MemberStanding
from ..models import Attendance, Event, Meeting, Membership, Panel, ReviewPage, ReviewStage, StageRecord
from ..models.tracking import WRITTEN_BY
from ..rules.meetings import turnout_breaches
from ..rules.quorum import members_needed
from ..rules.rule_types import CoOptees
from .base import lock_row
from .corrections import correct_entry
from .exceptions import DecisionsDepend, TransitionNotAllowed, require
from .stages import send_back_stage

TOO_FEW = "Too few members took part, so this was not decided."


def expected_at(meeting: Meeting) -> list[Membership]:
    """Return the members whose attendance is recorded: the review's team if it has one, else the panel, on that day."""
    on = meeting.day
    rows = (
        Membership.objects.filter(panel_id=meeting.panel_id).select_related("person", "panel").order_by("person__name")
    )
    team = list(rows.filter(review_id=meeting.review_id)) if meeting.review_id else []
    body = team or rows.filter(review=None)
    recorded = set(meeting.attendances.values_list("membership_id", flat=True))
    return [row for row in body if row.pk in recorded or _sat_on(row, on)]


def _sat_on(row: Membership, on: datetime.date) -> bool:
    if row.joined_on and row.joined_on > on:
        return False
    if row.standing == MemberStanding.LEFT:
        return bool(row.left_on and row.left_on >= on)
    return row.standing in (MemberStanding.ACTIVE, MemberStanding.JOINING)


def has_vote(row: Membership) -> bool:
    """Return whether a member counts towards a quorum.

    Candidates and deputies never do; a co-opted member does if the rules allow it (K 6).
    """
    if row.standing == MemberStanding.JOINING or row.role == MemberRole.DEPUTY:
        return False
    if row.role == MemberRole.CO_OPTEE:
        return CoOptees.may_vote(row.panel.rules_in_force)
    return True


@service_write(WRITTEN_BY)
def record_attendance(
    *,
    meeting: Meeting,
    states: Mapping[Membership, AttendanceState],
    at: datetime.datetime,
    undo: bool = False,
    by: Any = None,
) -> str:
    """Record the attendance of a meeting, or correct it. Return a warning, or "".

    The votes and the quorum are stored as of the first recording, so that later changes of the panel or its rules do
    not affect old decisions.

    :param at: the time of the recording; a meeting that starts later is refused.
    :param undo: if there is no quorum after all, mark the meeting's decisions as recorded by mistake (case AR8).
    :raises TransitionNotAllowed: for a person who was not a member that day, and before the meeting.
    :raises DecisionsDepend: if there is no quorum after all, but decisions depend on it, unless ``undo`` is set.
    """
    locked = lock_row(meeting)
    if locked.starts_at > at:
        raise TransitionNotAllowed("This meeting has not been held yet.")
    if locked.is_called_off:
        raise TransitionNotAllowed("This meeting was called off.")
    expected = {row.pk for row in expected_at(locked)}
    if strangers := [row for row in states if row.pk not in expected]:
        raise TransitionNotAllowed(f"{len(strangers)} of these people did not belong to the panel that day.")
    had_votes = locked.attendances.filter(votes=True).count()
    for row, state in states.items():
        Attendance.objects.update_or_create(
            meeting=locked,
            membership=row,
            defaults={"state": state},
            create_defaults={"state": state, "votes": has_vote(row)},
        )
    _count(locked, had_votes)
    if locked.not_enough():
        _undo_decisions(locked, on=timezone.localdate(at), undo=undo, by=by)
    for name in ("members_needed", "members_came"):
        setattr(meeting, name, getattr(locked, name))
    meeting.__dict__.pop("turnout", None)
    came = list(states.values()).count(AttendanceState.PRESENT)
    return " ".join(breach.sentence for breach in turnout_breaches(came, rules=locked.panel.rules_in_force))


def _count(meeting: Meeting, had_votes: int) -> None:
    """Store the number of voting members present, and the quorum, again only if the number of votes changed."""
    voters = [row.state for row in meeting.attendances.all() if row.votes]
    meeting.members_came = voters.count(AttendanceState.PRESENT)
    if len(voters) != had_votes or meeting.members_needed is None:
        rules = meeting.panel.rules_in_force
        meeting.members_needed = members_needed(kind=meeting.kind, rules=rules, members=len(voters))
    meeting.save(update_fields=["members_came", "members_needed"])


def _undo_decisions(meeting: Meeting, *, on: datetime.date, undo: bool, by: Any) -> None:
    """Mark the decisions of a meeting without a quorum as mistakes, the latest first."""
    entries = Event.objects.correctable().filter(meeting=meeting).select_related("tracking__recommendation")
    signed = StageRecord.objects.filter(meeting=meeting, done_on__isnull=False).select_related("review")
    stages = [(record.review, ReviewStage.objects.get(review=record.review, key=record.stage_key)) for record in signed]
    if not (entries or stages):
        return
    if not undo:
        named = [f"{entry.tracking.recommendation.ref}: {entry.headline}" for entry in entries]
        named += [f"{review}: {stage.name}" for review, stage in stages]
        raise DecisionsDepend([f"{meeting.not_enough()} But this was decided there:", *named])
    for entry in entries:
        recommendation = entry.tracking.recommendation
        correct_entry(recommendation=recommendation, entry=entry, on=on, reason=TOO_FEW, by=by)
    for review, stage in reversed(stages):
        send_back_stage(review=review, stage=stage, on=on, reason=TOO_FEW, by=by)


@service_write(WRITTEN_BY)
def decide_between_meetings(
    *,
    panel: Panel,
    on: datetime.date,
    way: ConsultationMethod,
    took_part: Iterable[Membership],
    review: ReviewPage | None = None,
) -> Meeting:
    """Record a decision of members of a panel between two meetings, and who took part (G 8).

    The quorum and the panel's rules are checked by the step that uses this decision.

    :param review: the panel's review that it concerns; its team decides, if it has one (G 3).
    :raises TransitionNotAllowed: for a person without a vote that day, or if nobody took part.
    """
    took_part = list(took_part)
    require(took_part, "Choose the members who took part.")
    if on > timezone.localdate():
        raise TransitionNotAllowed("This day has not come yet.")
    label = ConsultationMethod(way).label
    meeting = Meeting(
        panel=panel,
        review=review if review and review.panel_id == panel.pk else None,
        kind=MeetingKind.BETWEEN,
        way=way,
        theme=label,
        place=label,
        starts_at=timezone.make_aware(datetime.datetime.combine(on, datetime.time())),
        is_public=False,
    )
    meeting.full_clean()
    meeting.save()
    voters = [row for row in expected_at(meeting) if has_vote(row)]
    if strangers := set(took_part) - set(voters):
        who = ", ".join(sorted(row.name for row in strangers))
        raise TransitionNotAllowed(f"On {format_date(on)} these people had no vote on the {panel}: {who}.")
    states = {row: AttendanceState.PRESENT if row in took_part else AttendanceState.EXCUSED for row in voters}
    record_attendance(meeting=meeting, states=states, at=timezone.now())
    return meeting
