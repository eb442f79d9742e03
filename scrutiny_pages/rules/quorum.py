"""Who came to a meeting, and what that means for what it agreed: pure."""

import dataclasses

from cms.core.dates.formatting import format_length

from ..enums import PROVING_KINDS, DecisionState, MeetingKind
from .rule_types import Quorum, Rules


@dataclasses.dataclass(frozen=True)
class Turnout:
    """How many members came, and how many were needed for a decision (W25, K 7.2).

    :param present: members with a vote who came; officers and guests are not counted (K 7.7).
    :param members: all members with a vote on that day.
    :param needed: nothing where the panel has no quorum, or where such a meeting decides nothing.
    :param ratify: whether what is agreed without enough members waits for the next full meeting.
    :param met: false for those who were asked between two meetings.
    """

    present: int
    members: int
    needed: int | None = None
    ratify: bool = False
    met: bool = True

    @property
    def enough(self) -> bool | None:
        """Return whether enough members came for a decision; nothing where that is not asked."""
        return None if self.needed is None else self.present >= self.needed

    @property
    def took_part(self) -> str:
        """Return how many came, or took part between meetings: 5 members came."""
        came = "came" if self.met else "took part"
        return f"{format_length(self.present, 'member')} {came}" if self.present else f"No members {came}"

    @property
    def sentence(self) -> str:
        """Format it to the public."""
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
    """Return how many of so many members make a decision count at one kind of meeting; nothing where none is asked.

    Between two meetings somebody has to have taken part even where no rule asks how many.
    """
    if kind not in PROVING_KINDS:
        return None
    needed = Quorum.needed(rules, members=members)
    return needed or 1 if kind == MeetingKind.BETWEEN else needed


def turnout(*, kind: str, rules: Rules, members: int, present: int, needed: int | None = None) -> Turnout:
    """Return the turnout of one kind of meeting.

    :param needed: how many were needed when it was first recorded who came; without one, as the rules are now.
    """
    if needed is None:
        needed = members_needed(kind=kind, rules=rules, members=members)
    quorum = rules.one(Quorum)
    ratify = bool(quorum and quorum.ratify)
    return Turnout(present, members, needed, ratify=ratify, met=kind != MeetingKind.BETWEEN)


def state_of_decision(came: Turnout | None, *, has_quorum: bool, ratified: bool) -> DecisionState:
    """Return whether what a meeting agreed counts (K 7.2: ratified at the next full meeting; not for sub-groups).

    :param came: nothing until it is recorded who came.
    :param has_quorum: whether the panel's rules ask how many came.
    """
    if came is None:
        return DecisionState.UNKNOWN if has_quorum else DecisionState.AGREED
    if came.enough is not False:
        return DecisionState.AGREED
    if not came.ratify:
        return DecisionState.VOID
    return DecisionState.RATIFIED if ratified else DecisionState.WAITING
