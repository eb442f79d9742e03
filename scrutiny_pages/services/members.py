"""Services of members and duties: keyword-only and atomic, with a message for each refusal."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ..enums import Level
from ..models import (
    Acceptance,
    AgreementVersion,
    DutyDone,
    Membership,
    Panel,
    Person,
    RegularDuty,
    RuleOverride,
)
from ..rules.rule_types import Breach


def lock_seat(membership: Membership) -> None:
    """Lock the panel and the person until the transaction ends, so that limits are checked and used up atomically.

    Concurrent saves of the last seat wait for each other here.
    """
    list(Panel.objects.select_for_update().filter(pk=membership.panel_id))
    list(Person.objects.select_for_update().filter(pk=membership.person_id))


def record_overrides(membership: Membership, *, by: Any) -> None:
    """Store each refusing rule that this save overrode, with the reason and the user."""
    if membership.override_reason:
        for breach in membership.broken:
            if breach.level == Level.REFUSE:
                RuleOverride.objects.create(
                    membership=membership, rule=breach.rule, reason=membership.override_reason, by=by
                )
    membership.override_reason = ""


@transaction.atomic
def save_membership(
    *, membership: Membership, by: Any = None, override_reason: str = "", on: datetime.date | None = None
) -> list[Breach]:
    """Save a member under the panel's rules, and return the breaches that remain.

    :param override_reason: the reason to override a refusing rule; only for users with ``override_rule``.
    :param on: the day on which the rules are evaluated, if it is not today.
    :raises ValidationError: for a breach of a refusing rule; the message quotes the rule.
    """
    lock_seat(membership)
    membership.override_reason, membership.judged_on = override_reason, on
    membership.full_clean()
    membership.save()
    record_overrides(membership, by=by)
    return membership.broken


@transaction.atomic
def accept(*, membership: Membership, versions: Sequence[AgreementVersion], on: datetime.date) -> None:
    """Record that a member accepted versions of agreements. Earlier acceptances keep their day."""
    lock_seat(membership)
    for version in versions:
        Acceptance.objects.get_or_create(membership=membership, version=version, defaults={"accepted_on": on})


def mark_done(
    *, duty: RegularDuty, done_on: datetime.date, membership: Membership | None = None, note: str = "", by: Any = None
) -> DutyDone:
    """Record that a regular duty was done, with one member if it is done with each."""
    if done_on > timezone.localdate():
        raise ValidationError({"done_on": "This day has not come yet."})
    if duty.for_each_member != (membership is not None):
        raise ValidationError({"membership": "Choose the member it was done with."})
    if membership and duty.panel_id and membership.panel_id != duty.panel_id:
        raise ValidationError({"membership": "This person is on another panel."})
    return DutyDone.objects.create(duty=duty, membership=membership, done_on=done_on, note=note, recorded_by=by)
