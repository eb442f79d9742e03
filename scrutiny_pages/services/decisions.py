"""A decision and its proof: the meeting at which it was taken, or the members who were asked between two meetings."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cms.core.dates.formatting import format_date

from ..enums import TIME_DECISIONS, EventKind, MeetingKind, Step
from ..models import Meeting, Panel, Recommendation
from ..rules.rule_types import BetweenMeetings
from .base import History, add_entry, begun
from .exceptions import TransitionNotAllowed, need


def day_of(on: datetime.date | None, meeting: Meeting | None) -> datetime.date:
    """Return the day of a decision: its meeting's, which nobody has to type again.

    :raises TransitionNotAllowed: if neither says it, or another day was typed than the meeting's.
    """
    if meeting is None:
        need(on, "Say on which day it was decided.")
        return on
    if on and on != meeting.day:
        raise TransitionNotAllowed(f"That meeting was on {format_date(meeting.day)}, and so is what was decided there.")
    return meeting.day


@dataclass(frozen=True)
class Decision:
    """A step that a panel decides: the history where it goes in, its day, and its proof in words."""

    history: History
    on: datetime.date
    how: str
    meeting: Meeting

    def record(self, kind: EventKind, words: str, by, **more) -> None:
        """Add the entry of the decision to the history, and write the state that it then comes to."""
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
    """Return a decision that may be recorded: allowed, in order, complete, and taken by those who decide it.

    :param on: its day; without one, the meeting's.
    :param how: more about it, such as the item of the minutes.
    :param needs: what it cannot be without, each with the words that ask for it.
    :raises TransitionNotAllowed: in words, for what is missing or not allowed (G 8, case AR6).
    """
    day = day_of(on, meeting)
    history = begun(recommendation, step, day)
    for value, missing in needs:
        need(value, missing)
    check_proof(meeting, recommendation.bodies_that_decide(step), is_about_time=step in TIME_DECISIONS)
    return Decision(history, day, proof_in_words(meeting, how), meeting)


def check_proof(meeting: Meeting | None, bodies: Sequence[Panel], *, is_about_time: bool = False) -> None:
    """Refuse what cannot be the proof of a decision of one of these panels.

    :param is_about_time: whether more time is decided, which a panel's rules may allow without a meeting (G 8).
    :raises TransitionNotAllowed: without a meeting; for one of another panel, without enough members (K 7.2), or still
        to come; and for a decision between meetings that the panel's rules do not allow.
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
