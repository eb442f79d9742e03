"""The kinds of rule that a panel can have: each is a few numbers that say themselves in plain words.

Pure. Kinds of member and other panels are known by slug only; ``Names`` says what they are called.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.text import get_text_list

from cms.core.dates.formatting import say_length

from ..enums import Consequence, DeadlineUnit, HowOften, Level, MeetingKind, MemberRole, Voting, Way


def times(number: int) -> str:
    """Say how many times: once, twice, 10 times."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


@dataclass(frozen=True)
class Names:
    """What kinds of member (in the plural) and panels are called; a slug that is gone is said as its own words."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    panels: Mapping[str, str] = field(default_factory=dict)

    def kind(self, slug: str) -> str:
        """Give several members of a kind: leaseholders."""
        return self.kinds.get(slug) or slug.replace("-", " ")

    def panel(self, slug: str) -> str:
        """Give a panel as a sentence says it: the Repairs Panel."""
        return f"the {self.panels.get(slug) or slug.replace('-', ' ')}"


@dataclass(frozen=True)
class Rule:
    """One rule of a panel. ``source`` names the panel it is taken from, if it is not the panel's own."""

    kind: ClassVar[str]
    source: str = field(default="", kw_only=True)

    def words(self, names: Names) -> str:
        """Say the rule as a resident reads it."""
        raise NotImplementedError

    def problems(self) -> dict[str, str]:
        """Say what is wrong with the rule itself: the parameter, and why."""
        return {}


@dataclass(frozen=True)
class Members(Rule):
    """How many members a panel has (W3, W24, H 8.1, K 4.1). A minimum only ever warns."""

    kind = "members"
    at_least: int | None = None
    at_most: int | None = None
    level: str = Level.REFUSE

    def words(self, names: Names) -> str:
        """Say the size."""
        low, high = self.at_least, self.at_most
        if low and low == high:
            size = say_length(low, "member")
        elif low and high:
            size = f"between {low} and {say_length(high, 'member')}"
        elif high:
            size = f"up to {say_length(high, 'member')}"
        else:
            size = f"at least {say_length(low or 1, 'member')}"
        return f"The panel aims to have {size}." if self.level == Level.AIM else f"The panel has {size}."

    def problems(self) -> dict[str, str]:
        """Refuse no number, and a minimum above the maximum."""
        if not self.at_least and not self.at_most:
            return {"at_most": "Enter the least or the most members, or both."}
        if self.at_least and self.at_most and self.at_least > self.at_most:
            return {"at_most": "This is fewer than the minimum."}
        return {}


@dataclass(frozen=True)
class Attending(Rule):
    """How many may come to one meeting (W14, W24)."""

    kind = "attending"
    at_most: int
    level: str = Level.REFUSE

    def words(self, names: Names) -> str:
        """Say the limit."""
        if self.level == Level.AIM:
            return f"The panel aims to have no more than {say_length(self.at_most, 'member')} at one meeting."
        return f"No more than {say_length(self.at_most, 'member')} may come to one meeting."


@dataclass(frozen=True)
class KindLimit(Rule):
    """How many seats one kind of member may have (W24, H 4.1, K 4.1), and who may fill them if they do not (K 4.3)."""

    kind = "kind_limit"
    member_kind: str
    at_most: int
    level: str = Level.REFUSE
    unfilled_to: str = ""

    def words(self, names: Names) -> str:
        """Say the limit."""
        who = names.kind(self.member_kind)
        if self.level == Level.AIM:
            limit = f"The panel aims to give no more than {self.at_most} of its seats to {who}."
        elif self.at_most:
            limit = f"No more than {self.at_most} of the seats may go to {who}."
        else:
            limit = f"The seats are not for {who}."
        if not self.unfilled_to:
            return limit
        return f"{limit} If too few come forward, {names.kind(self.unfilled_to)} may stand for the seats that are left."

    def problems(self) -> dict[str, str]:
        """Refuse a kind that fills its own seats."""
        if self.unfilled_to and self.unfilled_to == self.member_kind:
            return {"unfilled_to": "Choose another kind of member: these are the ones who are missing."}
        return {}


@dataclass(frozen=True)
class Deputies(Rule):
    """How many deputies there may be, beside the members (K 4.1)."""

    kind = "deputies"
    at_most: int
    level: str = Level.REFUSE

    def words(self, names: Names) -> str:
        """Say the limit."""
        number = "1 deputy" if self.at_most == 1 else f"{self.at_most} deputies"
        if self.level == Level.AIM:
            return f"The panel aims to have no more than {number}."
        return f"As well as its members, the panel may have up to {number}."


@dataclass(frozen=True)
class Reserves(Rule):
    """Whether suitable people for whom there is no seat are kept in reserve (W24)."""

    kind = "reserves"
    at_most: int | None = None

    def words(self, names: Names) -> str:
        """Say who waits."""
        who = f"up to {self.at_most} people" if self.at_most and self.at_most > 1 else "people"
        who = "1 person" if self.at_most == 1 else who
        return f"When every seat is taken, the panel may keep a list of {who} who can join later."


@dataclass(frozen=True)
class CoOptees(Rule):
    """Whether people may be brought in for what they know (K 6, H 8.6)."""

    kind = "co_optees"
    voting: str = ""
    consent_of: str = ""

    def words(self, names: Names) -> str:
        """Say who may be brought in, and whether they vote if that is laid down."""
        agreed = f", if {names.panel(self.consent_of)} agrees" if self.consent_of else ""
        vote = f" {Voting(self.voting).label}." if self.voting in Voting.values else ""
        return f"The panel may bring in other people for what they know{agreed}.{vote}"


FRACTIONS = {25: "a quarter", 50: "half", 75: "three quarters"}


@dataclass(frozen=True)
class Quorum(Rule):
    """How many must be at a meeting for a decision to count, and what becomes of it if they are not (W25, K 7.2)."""

    kind = "quorum"
    number: int | None = None
    percent: int | None = None
    ratify: bool = False

    def words(self, names: Names) -> str:
        """Say the quorum."""
        who = say_length(self.number or 0, "member")
        if self.percent == 100:
            who = "All members"
        elif self.percent:
            who = f"{FRACTIONS.get(self.percent, f'{self.percent}%')} of the members"
        least = who if self.percent == 100 else f"At least {who}"
        words = f"{least} must be at a meeting for a decision to count."
        if not self.ratify:
            return words
        return f"{words} If fewer come, what was agreed waits until the next full meeting says yes to it."

    def problems(self) -> dict[str, str]:
        """Ask for one way of counting, and no more than everybody."""
        if bool(self.number) == bool(self.percent):
            return {"number": "Enter a number of members or a percentage: one of the two."}
        if self.percent and self.percent > 100:
            return {"percent": "Enter 100 or less: there are no more members than all of them."}
        return {}


@dataclass(frozen=True)
class BetweenMeetings(Rule):
    """In which ways the panel may decide something between two meetings (G 8: more time, by email)."""

    kind = "between_meetings"
    ways: tuple[str, ...]
    only_time: bool = False

    def words(self, names: Names) -> str:
        """Return the ways, what may be decided so, and that as many are needed as at a meeting."""
        ways = get_text_list([str(Way(way).label).lower() if way in Way.values else way for way in self.ways], "or")
        what = "whether to allow more time" if self.only_time else "something"
        return f"Between meetings, the panel may decide {what} {ways}. As many members must take part as at a meeting."

    def refusal(self, way: str, *, is_about_time: bool) -> str:
        """Return why this rule does not cover a decision, or nothing if it does."""
        if way not in self.ways:
            return f"It does not allow a decision {str(Way(way).label).lower()}."
        if self.only_time and not is_about_time:
            return "It is only for decisions about more time."
        return ""


@dataclass(frozen=True)
class Term(Rule):
    """How long somebody may serve in a role (W27, K 8, K 15)."""

    kind = "term"
    role: str
    years: int
    consecutive: bool = False
    renewal: str = ""
    level: str = Level.REFUSE

    def words(self, names: Names) -> str:
        """Say the term."""
        role = MemberRole(self.role).label.lower() if self.role in MemberRole.values else self.role
        who = f"{'The' if self.role in (MemberRole.CHAIR, MemberRole.VICE_CHAIR) else 'A'} {role}"
        term = f"{say_length(self.years, 'year')}{' in a row' if self.consecutive else ''}"
        if self.level == Level.AIM:
            words = f"The panel aims to have {who[0].lower()}{who[1:]} serve for no more than {term}."
        else:
            words = f"{who} serves for up to {term}."
        return f"{words} {self.renewal}".strip()


@dataclass(frozen=True)
class Absences(Rule):
    """How many meetings a member may miss (W41, K 4.3b, K 10.4): in a row, or within some months."""

    kind = "absences"
    number: int
    within_months: int | None = None
    excusable: bool = False
    consequence: str = Consequence.MAY_REPLACE

    def words(self, names: Names) -> str:
        """Say what happens to somebody who does not come."""
        span = f"in {say_length(self.within_months, 'month')}" if self.within_months else "in a row"
        reason = " without a good reason" if self.excusable else ""
        then = "loses their seat" if self.consequence == Consequence.LAPSES else "may be asked to give up their seat"
        return f"A member who misses {say_length(self.number, 'meeting')} {span}{reason} {then}."


@dataclass(frozen=True)
class Frequency(Rule):
    """How often a panel meets (W7, W15, W33, H 10, K 7.1, C Meetings); perhaps only in its first months."""

    kind = "frequency"
    times_a_year: int
    how: str = HowOften.ABOUT
    first_months: int | None = None

    def words(self, names: Names) -> str:
        """Say how often."""
        how = HowOften(self.how).label.lower() if self.how in HowOften.values else "about"
        meets = f"t meets {how} {times(self.times_a_year)} a year"
        if self.first_months:
            return f"For the panel's first {say_length(self.first_months, 'month')}, i{meets}."
        return f"I{meets}."


@dataclass(frozen=True)
class Notice(Rule):
    """How long before a kind of meeting people are told of it (H 6.1, K 7.1)."""

    kind = "notice"
    meeting_kind: str
    amount: int
    unit: str = DeadlineUnit.WORKING_DAYS
    full_reviews_only: bool = False
    level: str = Level.REFUSE

    def words(self, names: Names) -> str:
        """Say the notice."""
        known = self.meeting_kind in MeetingKind.values
        what = MeetingKind(self.meeting_kind).label.lower() if known else "meeting"
        what = f"{'an' if what[0] in 'aeio' else 'a'} {what}"
        before = say_length(self.amount, "working day" if self.unit == DeadlineUnit.WORKING_DAYS else "day")
        what = f"{what} in a full review" if self.full_reviews_only else what
        if self.level == Level.AIM:
            return f"The panel aims to tell people of {what} at least {before} before."
        return f"People are told of {what} at least {before} before."


@dataclass(frozen=True)
class MayNotSitOn(Rule):
    """Which other bodies a member may not belong to (W26)."""

    kind = "may_not_sit_on"
    panels: tuple[str, ...]
    level: str = Level.REFUSE

    def words(self, names: Names) -> str:
        """Say which."""
        bodies = get_text_list([names.panel(slug) for slug in self.panels], "or")
        if self.level == Level.AIM:
            return f"The panel aims to have no members who are also on {bodies}."
        return f"A member may not also be on {bodies}."


@dataclass(frozen=True)
class OneOf(Rule):
    """On how many of some bodies one person may sit (K 4.2: not on both Forums)."""

    kind = "one_of"
    panels: tuple[str, ...]
    at_most: int = 1
    level: str = Level.REFUSE

    def words(self, names: Names) -> str:
        """Say which, and how many."""
        bodies = get_text_list([names.panel(slug) for slug in self.panels], "and")
        most = "one" if self.at_most == 1 else self.at_most
        if self.level == Level.AIM:
            return f"The panel aims to have nobody on more than {most} of these: {bodies}."
        return f"A member may be on no more than {most} of these: {bodies}."

    def problems(self) -> dict[str, str]:
        """Ask for enough bodies for the limit to mean something."""
        if len(set(self.panels)) <= self.at_most:
            return {"panels": "Choose more bodies than a member may be on."}
        return {}


@dataclass(frozen=True)
class Probation(Rule):
    """How long a new member is on trial (C Membership)."""

    kind = "probation"
    months: int

    def words(self, names: Names) -> str:
        """Say how long."""
        return f"New members have a trial period of {say_length(self.months, 'month')}."


@dataclass(frozen=True)
class Suspension(Rule):
    """How long a member can be suspended, and how long they have to appeal (C Outcomes, C Appeal)."""

    kind = "suspension"
    months: int | None = None
    appeal_days: int | None = None

    def words(self, names: Names) -> str:
        """Say how long."""
        length = f" for {say_length(self.months, 'month')}" if self.months else ""
        words = f"A member who breaks the code of conduct can be suspended{length}."
        if not self.appeal_days:
            return words
        return f"{words} They have {say_length(self.appeal_days, 'day')} from being told to appeal."

    def problems(self) -> dict[str, str]:
        """Refuse a rule without a number."""
        return {} if self.months or self.appeal_days else {"months": "Enter the months, the days to appeal, or both."}


@dataclass(frozen=True)
class TrainingCommitment(Rule):
    """How much of the training members promise to come to (K 4.5)."""

    kind = "training_commitment"
    percent: int
    level: str = Level.REFUSE

    def words(self, names: Names) -> str:
        """Say how much."""
        if self.level == Level.AIM:
            return f"The panel aims for members to come to at least {self.percent}% of the training."
        return f"Before they join, members promise to come to at least {self.percent}% of the training."

    def problems(self) -> dict[str, str]:
        """Refuse more than all of it."""
        return {"percent": "Enter 100 or less: there is no more training than all of it."} if self.percent > 100 else {}


@dataclass(frozen=True)
class Note(Rule):
    """A rule that is only words, shown as it is (K 15's rotation)."""

    kind = "note"
    text: str

    def words(self, names: Names) -> str:
        """Give the words."""
        return self.text


RULES: dict[str, type[Rule]] = {
    rule.kind: rule
    for rule in (
        *(
            Members,
            KindLimit,
            Deputies,
            Reserves,
            CoOptees,
            MayNotSitOn,
            OneOf,
            TrainingCommitment,
            Probation,
            Suspension,
        ),
        *(Attending, Quorum, BetweenMeetings, Frequency, Notice, Absences, Term, Note),
    )
}
