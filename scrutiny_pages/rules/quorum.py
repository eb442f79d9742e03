"""Attendance of a meeting, and its consequences for the decisions made there. Pure."""

import dataclasses

from cms.core.dates.formatting import format_length

from ..enums import PROVING_KINDS, DecisionState, MeetingKind
from .rule_types import Quorum, Rules


@dataclasses.dataclass(frozen=True)
class Turnout:
    """The number of members present, and the number needed for a decision (W25, K 7.2).

    :param present: members present who have a vote; officers and guests are not counted (K 7.7).
    :param members: all members with a vote on that day.
    :param needed: None if the panel has no quorum, or if such a meeting decides nothing.
    :param ratify: whether a decision without a quorum waits for the next full meeting.
    :param met: false for a consultation between two meetings.
    """

    present: int
    members: int
    needed: int | None = None
    ratify: bool = False
    met: bool = True

    @property
    def enough(self) -> bool | None:
        """Return whether the quorum was met; None if there is no quorum."""
        return None if self.needed is None else self.present >= self.needed

    @property
    def took_part(self) -> str:
        """Return the number of participants as text: 5 members came."""
        came = "came" if self.met else "took part"
        return f"{format_length(self.present, 'member')} {came}" if self.present else f"No members {came}"

    @property
    def sentence(self) -> str:
        """Return the attendance and the quorum as public text."""
        came = self.took_part
        if self.needed is None:
            return f"{came}."
        if self.enough:
            return f"{came}: enough for a decision."
        needed = "1 was needed" if self.needed == 1 else f"{self.needed} were needed"
        if self.ratify:
            return f"{came}. {needed}, so what was agreed waits for the next full meeting."
        return f"{came}. {needed}, so nothing could be decided."


def members_needed(*, kind: str, rules: Rules, members: int) -> int | None:
    """Return the quorum of one kind of meeting for a number of members; None if there is no quorum.

    A consultation between two meetings needs at least one participant even without a rule.
    """
    if kind not in PROVING_KINDS:
        return None
    needed = Quorum.needed(rules, members=members)
    return needed or 1 if kind == MeetingKind.BETWEEN else needed


def turnout(*, kind: str, rules: Rules, members: int, present: int, needed: int | None = None) -> Turnout:
    """Return the turnout of one kind of meeting.

    :param needed: the quorum when attendance was first recorded; without it, the quorum of the current rules.
    """
    if needed is None:
        needed = members_needed(kind=kind, rules=rules, members=members)
    quorum = rules.one(Quorum)
    ratify = bool(quorum and quorum.ratify)
    return Turnout(present, members, needed, ratify=ratify, met=kind != MeetingKind.BETWEEN)


def state_of_decision(came: Turnout | None, *, has_quorum: bool, ratified: bool) -> DecisionState:
    """Return the validity of a meeting's decision (K 7.2: ratified at the next full meeting; not for sub-groups).

    :param came: None until attendance is recorded.
    :param has_quorum: whether the panel's rules set a quorum.
    """
    if came is None:
        return DecisionState.UNKNOWN if has_quorum else DecisionState.AGREED
    if came.enough is not False:
        return DecisionState.AGREED
    if not came.ratify:
        return DecisionState.VOID
    return DecisionState.RATIFIED if ratified else DecisionState.WAITING
