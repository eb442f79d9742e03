"""A decision and its proof: the meeting at which it was taken, or the members who were asked between two meetings."""

import datetime
from collections.abc import Sequence

from cms.core.dates.formatting import format_date

from ..enums import TIME_DECISIONS, MeetingKind, Step
from ..models import Meeting, Panel, Recommendation
from ..rules.rule_types import BetweenMeetings
from .exceptions import TransitionNotAllowed, need


def day_of(on: datetime.date | None, meeting: Meeting | None) -> datetime.date:
    """Return the day of a decision: its meeting's, which nobody has to type again.

    :raises StepRefused: if neither says it, or another day was typed than the meeting's.
    """
    if meeting is None:
        need(on, "Say on which day it was decided.")
        return on
    if on and on != meeting.day:
        raise TransitionNotAllowed(f"That meeting was on {format_date(meeting.day)}, and so is what was decided there.")
    return meeting.day


def decided(recommendation: Recommendation, step: Step, how: str, meeting: Meeting | None) -> str:
    """Return how a step was decided, in words; refuse what was not decided by those who decide it (G 8, case AR6).

    :param how: more about it, such as the item of the minutes.
    :raises StepRefused: as ``check_proof`` does.
    """
    bodies = recommendation.bodies_that_decide(step)
    check_proof(meeting, bodies, is_about_time=step in TIME_DECISIONS)
    return proof_in_words(meeting, how)


def check_proof(meeting: Meeting | None, bodies: Sequence[Panel], *, is_about_time: bool = False) -> None:
    """Refuse what cannot be the proof of a decision of one of these panels.

    :param is_about_time: whether more time is decided, which a panel's rules may allow without a meeting (G 8).
    :raises StepRefused: without a meeting; for one of another panel, without enough members (K 7.2), or still to come;
        and for a decision between meetings that the panel's rules do not allow.
    """
    who = " or the ".join(str(body) for body in bodies)
    need(meeting, f"Choose the meeting of the {who} at which this was decided. If it is not listed, add it first.")
    if meeting.panel_id not in {body.pk for body in bodies}:
        raise TransitionNotAllowed(
            f"That was a meeting of the {meeting.panel}. Choose one of the {who}, which decides this."
        )
    if reason := meeting.may_decide():
        raise TransitionNotAllowed(reason)
    if meeting.kind == MeetingKind.BETWEEN:
        rules = meeting.panel.rules_in_force
        if refused := BetweenMeetings.refusal(rules, way=meeting.way, is_about_time=is_about_time):
            raise TransitionNotAllowed(f"{refused} Choose a meeting of the {who}.")


def proof_in_words(meeting: Meeting, how: str) -> str:
    """Return where something was decided, with more about it if there is more; the public reads this."""
    return ". ".join(filter(None, [meeting.proof_words, how.strip()]))
