"""A decision and its proof: the meeting that made it, or the members who took part between two meetings."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cms.core.dates.formatting import format_date

from ..enums import TIME_DECISIONS, EventKind, MeetingKind, Step
from ..models import Meeting, Panel, Recommendation
from ..rules.rule_types import BetweenMeetings
from .base import History, add_entry, begin_step
from .exceptions import TransitionNotAllowed, require


def decision_day(on: datetime.date | None, meeting: Meeting | None) -> datetime.date:
    """Return the day of a decision, which is its meeting's if there is one.

    :raises TransitionNotAllowed: if there is no day, or another day than the meeting's.
    """
    if meeting is None:
        return require(on, "Say on which day it was decided.")
    if on and on != meeting.day:
        raise TransitionNotAllowed(f"That meeting was on {format_date(meeting.day)}, and so is what was decided there.")
    return meeting.day


@dataclass(frozen=True)
class Decision:
    """A step that a panel decides: the history positioned for it, its day, and its proof in words."""

    history: History
    on: datetime.date
    how: str
    meeting: Meeting

    def record(self, kind: EventKind, words: str, by: Any, **more: Any) -> None:
        """Add the entry of the decision to the history, and write the resulting state."""
        add_entry(self.history, kind, self.on, words, by, how=self.how, meeting=self.meeting, **more)


def begin_decision(
    recommendation: Recommendation,
    step: Step,
    *,
    on: datetime.date | None,
    meeting: Meeting | None,
    how: str,
    needs: Iterable[tuple[object, str]] = (),
) -> Decision:
    """Return a decision that may be recorded: allowed, in order, complete, and made by an authorised panel.

    :param on: its day; without one, the meeting's.
    :param how: details, such as the item of the minutes.
    :param needs: pairs of a required value and the message if it is empty.
    :raises TransitionNotAllowed: for what is missing or not allowed (G 8, case AR6).
    """
    day = decision_day(on, meeting)
    history = begin_step(recommendation, step, day)
    for value, missing in needs:
        require(value, missing)
    proof = check_proof(meeting, recommendation.bodies_that_decide(step), is_about_time=step in TIME_DECISIONS)
    return Decision(history, day, proof_text(proof, how), proof)


def check_proof(meeting: Meeting | None, bodies: Sequence[Panel], *, is_about_time: bool = False) -> Meeting:
    """Return the meeting that proves a decision of one of these panels.

    :param is_about_time: whether it is about an extension, which a panel's rules may allow without a meeting (G 8).
    :raises TransitionNotAllowed: without a meeting; for one of another panel, without a quorum (K 7.2), or in the
        future; and for a decision between meetings that the panel's rules do not allow.
    """
    who = " or the ".join(str(body) for body in bodies)
    meeting = require(
        meeting, f"Choose the meeting of the {who} at which this was decided. If it is not listed, add it first."
    )
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
    return meeting


def proof_text(meeting: Meeting, how: str) -> str:
    """Return the public text of a proof: the meeting, and details if there are any."""
    return ". ".join(filter(None, [meeting.proof_words, how.strip()]))
