"""What is written down about members and meetings: each keyword-only, atomic, and refusing in words."""

import datetime
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from .enums import AttendanceState, Level, MemberRole, MemberStanding, Voting
from .membership import Breach
from .models import (
    Acceptance,
    AgreementVersion,
    Attendance,
    DutyDone,
    Meeting,
    Membership,
    Panel,
    Person,
    RegularDuty,
    RuleOverride,
)
from .rule_kinds import Attending, CoOptees


def hold(membership: Membership) -> None:
    """Lock the panel and the person until the transaction ends, so that a limit is checked and used up in one step.

    Two people who save the last seat at the same moment wait for each other here.
    """
    list(Panel.objects.select_for_update().filter(pk=membership.panel_id))
    list(Person.objects.select_for_update().filter(pk=membership.person_id))


def keep_overrides(membership: Membership, *, by) -> None:
    """Write down each rule that this save went against, why and by whom."""
    if membership.override_reason:
        for breach in membership.broken:
            if breach.level == Level.REFUSE:
                RuleOverride.objects.create(
                    membership=membership, rule=breach.rule, reason=membership.override_reason, by=by
                )
    membership.override_reason = ""


@transaction.atomic
def save_membership(
    *, membership: Membership, by=None, override_reason: str = "", on: datetime.date | None = None
) -> list[Breach]:
    """Save a member under the panel's rules; give the rules that are broken all the same.

    :param override_reason: why a rule that refuses is set aside; only for those who may ``override_rule``.
    :param on: the day that the rules judge by, if it is not today.
    :raises ValidationError: for what a rule refuses, with the rule quoted.
    """
    hold(membership)
    membership.override_reason, membership.judged_on = override_reason, on
    membership.full_clean()
    membership.save()
    keep_overrides(membership, by=by)
    return membership.broken


@transaction.atomic
def accept(*, membership: Membership, versions: Sequence[AgreementVersion], on: datetime.date) -> None:
    """Record that a member accepted versions of agreements. What was accepted before keeps its day."""
    hold(membership)
    for version in versions:
        Acceptance.objects.get_or_create(membership=membership, version=version, defaults={"accepted_on": on})


def expected_at(meeting: Meeting) -> list[Membership]:
    """Give those whose coming is recorded: the review's team if it has one, else the panel, as on the day."""
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
    """Say whether a member counts towards a quorum: not while joining or as a deputy; a co-optee if rules say (K 6)."""
    if row.standing == MemberStanding.JOINING or row.role == MemberRole.DEPUTY:
        return False
    if row.role == MemberRole.CO_OPTEE:
        rule = row.panel.rules_in_force.one(CoOptees)
        return bool(rule and rule.voting == Voting.YES)
    return True


@transaction.atomic
def record_attendance(*, meeting: Meeting, states: Mapping[Membership, AttendanceState], at: datetime.datetime) -> str:
    """Record who came to a meeting; a second time corrects the first. Give what should be told, if anything.

    Who had a vote is written down as on the day it is first recorded, so that later changes to the panel leave old
    decisions as they were.

    :param at: the moment of recording; a meeting that starts later is refused.
    """
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.starts_at > at:
        raise ValidationError("This meeting has not been held yet.")
    if meeting.is_called_off:
        raise ValidationError("This meeting was called off.")
    expected = {row.pk for row in expected_at(meeting)}
    if strangers := [row for row in states if row.pk not in expected]:
        raise ValidationError(f"{len(strangers)} of these people did not belong to the panel that day.")
    for row, state in states.items():
        Attendance.objects.update_or_create(
            meeting=meeting,
            membership=row,
            defaults={"state": state},
            create_defaults={"state": state, "votes": has_vote(row)},
        )
    meeting.__dict__.pop("turnout", None)
    came = list(states.values()).count(AttendanceState.PRESENT)
    rules = meeting.panel.rules_in_force
    over = next((rule for rule in rules.all(Attending) if came > rule.at_most), None)
    return f"{came} people came. The rule: “{rules.say(over)}”" if over else ""


def mark_done(
    *, duty: RegularDuty, done_on: datetime.date, membership: Membership | None = None, note: str = "", by=None
) -> DutyDone:
    """Record that a regular duty was done, with one member if it is done with each."""
    if done_on > timezone.localdate():
        raise ValidationError({"done_on": "This day has not come yet."})
    if duty.for_each_member != (membership is not None):
        raise ValidationError({"membership": "Choose the member it was done with."})
    if membership and duty.panel_id and membership.panel_id != duty.panel_id:
        raise ValidationError({"membership": "This person is on another panel."})
    return DutyDone.objects.create(duty=duty, membership=membership, done_on=done_on, note=note, recorded_by=by)
