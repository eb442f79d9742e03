"""Facts that a panel's rules are checked against, and what a check finds. Plain values, without rows."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ...enums import SEATED, WITHOUT_SEAT, AttendanceState, Level, MemberRole, MemberStanding


@dataclass(frozen=True)
class Names:
    """Names of kinds of member (plural) and of panels by slug; the slug of a deleted one is shown as it is."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    panels: Mapping[str, str] = field(default_factory=dict)

    def kind(self, slug: str) -> str:
        """Return several members of a kind: leaseholders."""
        return self.kinds.get(slug) or slug.replace("-", " ")

    def panel(self, slug: str) -> str:
        """Return a panel as it stands in a sentence: the Repairs Panel."""
        return f"the {self.panels.get(slug) or slug.replace('-', ' ')}"


@dataclass(frozen=True)
class Breach:
    """A rule that is broken: the rule in its own words, its level, the problem, and the form field concerned."""

    rule: str
    level: Level
    problem: str
    field: str = ""

    @property
    def sentence(self) -> str:
        """Return the problem with the rule quoted."""
        return f"{self.problem} The rule: “{self.rule}”"


@dataclass(frozen=True)
class Seat:
    """One membership, as the rules see it."""

    person: str
    panel: str
    name: str = ""
    kind: str = ""
    role: str = MemberRole.MEMBER
    standing: str = MemberStanding.ACTIVE
    joined_on: datetime.date | None = None
    left_on: datetime.date | None = None
    role_since: datetime.date | None = None
    trial_ended_on: datetime.date | None = None
    suspended_on: datetime.date | None = None
    eligibility_checked_on: datetime.date | None = None
    training_commitment: int | None = None
    agreements: frozenset[str] = field(default_factory=frozenset)
    trainings: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_on_panel(self) -> bool:
        """Return whether this person belongs to the panel at all, with a seat or beside the seats."""
        return self.standing in SEATED

    @property
    def holds_seat(self) -> bool:
        """Return whether this takes one of the panel's seats: deputies and co-optees come on top."""
        return self.is_on_panel and self.role not in WITHOUT_SEAT


@dataclass(frozen=True)
class Seating:
    """A seat to be saved, with the panel's other seats and the same person's seats on other panels."""

    candidate: Seat
    on: datetime.date
    others: Sequence[Seat] = ()
    elsewhere: Sequence[Seat] = ()

    @property
    def seated(self) -> list[Seat]:
        """Return the other seats that are taken."""
        return [seat for seat in self.others if seat.holds_seat]


@dataclass(frozen=True)
class Attended:
    """The attendance of a member at the meeting of a day."""

    on: datetime.date
    state: AttendanceState


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting to be saved.

    :param nation: the nation whose bank holidays are no working days.
    """

    kind: str
    day: datetime.date
    told_on: datetime.date | None
    nation: str
    light_touch: bool = False


@dataclass(frozen=True)
class Activity:
    """The meetings of a panel until a day. Those that were called off are left out; later ones do not count.

    :param first_day: the day on which the panel began.
    """

    met_on: Collection[datetime.date]
    first_day: datetime.date
    on: datetime.date
