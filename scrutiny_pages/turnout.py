"""Who came to a meeting, and what that means for what it agreed: pure."""

import dataclasses

from cms.core.dates import say_length

from .enums import DECIDING_MEETINGS, DecisionState
from .membership import quorum_needed
from .panel_rules import Rules
from .rule_kinds import Quorum


@dataclasses.dataclass(frozen=True)
class Turnout:
    """How many members came, and how many were needed for a decision (W25, K 7.2).

    :param present: members with a vote who came; officers and guests are not counted (K 7.7).
    :param members: all members with a vote on that day.
    :param needed: nothing where the panel has no quorum, or where such a meeting decides nothing.
    :param ratify: whether what is agreed without enough members waits for the next full meeting.
    """

    present: int
    members: int
    needed: int | None = None
    ratify: bool = False

    @property
    def enough(self) -> bool | None:
        """Say whether enough members came for a decision; nothing where that is not asked."""
        return None if self.needed is None else self.present >= self.needed

    @property
    def sentence(self) -> str:
        """Say it to the public."""
        came = f"{say_length(self.present, 'member')} came" if self.present else "No members came"
        if self.needed is None:
            return f"{came}."
        if self.enough:
            return f"{came}: enough for a decision."
        needed = "1 was needed" if self.needed == 1 else f"{self.needed} were needed"
        if self.ratify:
            return f"{came}. {needed}, so what was agreed waits for the next full meeting."
        return f"{came}. {needed}, so nothing could be decided."


def turnout(*, kind: str, rules: Rules, members: int, present: int) -> Turnout:
    """Give the turnout of one kind of meeting under a panel's rules."""
    quorum = rules.one(Quorum)
    if quorum is None or kind not in DECIDING_MEETINGS:
        return Turnout(present=present, members=members)
    return Turnout(present=present, members=members, needed=quorum_needed(rules, members=members), ratify=quorum.ratify)


def state_of_decision(came: Turnout | None, *, has_quorum: bool, ratified: bool) -> DecisionState:
    """Say whether what a meeting agreed counts (K 7.2: ratified at the next full meeting; not for sub-groups).

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
