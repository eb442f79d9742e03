"""Rule types on the number of members, and on who may have the seats."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cms.core.dates.formatting import format_length

from ...enums import Level, MemberRole, MemberStanding, Voting
from .base import MEMBERS, Rule, Rules
from .facts import Breach, Names, Seat, Seating
from .parameters import Choice, MemberKindSlug, PanelSlug, declare, firmness, optional_number, whole_number


@dataclass(frozen=True, kw_only=True)
class Members(Rule):
    """Limits of the number of members (W3, W24, H 8.1, K 4.1). A minimum only ever warns."""

    kind = "members"
    label = "Number of members"
    description = "The least and the most members that the panel has."
    group = MEMBERS
    icon = "group"
    summary = "At most {at_most}"
    example = {"at_least": 4, "at_most": 12, "level": Level.REFUSE}
    is_single = True

    at_least: int | None = optional_number("At least", "Fewer than this is only warned of, never refused.")
    at_most: int | None = optional_number("At most", "Empty if there is no limit.")
    level: str = firmness()

    def words(self, names: Names) -> str:
        """Return the size in words."""
        low, high = self.at_least, self.at_most
        if low and low == high:
            size = format_length(low, "member")
        elif low and high:
            size = f"between {low} and {format_length(high, 'member')}"
        elif high:
            size = f"up to {format_length(high, 'member')}"
        else:
            size = f"at least {format_length(low or 1, 'member')}"
        return f"The panel aims to have {size}." if self.level == Level.AIM else f"The panel has {size}."

    def problems(self) -> dict[str, str]:
        """Refuse no number, and a minimum above the maximum."""
        if not self.at_least and not self.at_most:
            return {"at_most": "Enter the least or the most members, or both."}
        if self.at_least and self.at_most and self.at_least > self.at_most:
            return {"at_most": "This is fewer than the minimum."}
        return {}

    @classmethod
    def least(cls, rules: Rules) -> int | None:
        """Return the fewest members that there may be, or None without a minimum."""
        return max((rule.at_least for rule in rules.all(cls) if rule.at_least), default=None)

    @classmethod
    def most(cls, rules: Rules) -> int | None:
        """Return the most members that there may be, or None without a limit."""
        return min((rule.at_most for rule in rules.all(cls) if rule.at_most), default=None)

    @classmethod
    def open_seats(cls, rules: Rules, seats: Iterable[Seat]) -> int | None:
        """Return the number of seats still open, or None without a limit (W14, W24, H 8.1, K 4.1)."""
        most = cls.most(rules)
        return None if most is None else max(0, most - sum(seat.holds_seat for seat in seats))

    @classmethod
    def check_seat(cls, seating: Seating, rules: Rules) -> Iterator[Breach]:
        """Refuse one member too many; warn of too few when one leaves."""
        number = len(seating.seated)
        if seating.candidate.holds_seat:
            for rule in rules.all(cls):
                if rule.at_most and number >= rule.at_most:
                    taken = f"{format_length(number, 'seat')} are taken: there is no room."
                    yield Breach(rules.sentence(rule), Level(rule.level), taken, "standing")
        elif seating.candidate.standing in (MemberStanding.STOOD_DOWN, MemberStanding.LEFT):
            for rule in rules.all(cls):
                if rule.at_least and number < rule.at_least:
                    # H 8.1: too few is a reason to think again.
                    level = Level.AIM if rule.level == Level.AIM else Level.WARN
                    yield Breach(
                        rules.sentence(rule), level, f"This leaves {format_length(number, 'member')}.", "standing"
                    )


@dataclass(frozen=True, kw_only=True)
class KindLimit(Rule):
    """Limit of the seats of one kind of member (W24, H 4.1, K 4.1), and who may fill them if they do not (K 4.3)."""

    kind = "kind_limit"
    label = "Seats for one kind of member"
    description = "How many of the seats may go to one kind of member, such as leaseholders."
    group = MEMBERS
    icon = "user"
    summary = "{member_kind}: at most {at_most}"
    example = {"member_kind": "leaseholders", "at_most": 2, "unfilled_to": "", "level": Level.REFUSE}

    member_kind: str = declare(MemberKindSlug("Kind of member", "Kinds of member are kept in their own list."))
    at_most: int = whole_number("At most", "How many seats they may have.", least=0)
    unfilled_to: str = declare(
        MemberKindSlug(
            "Empty seats may go to", "If too few of them come forward, who may sit there instead.", required=False
        ),
        "",
    )
    level: str = firmness()

    def words(self, names: Names) -> str:
        """Return the limit in words."""
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

    @classmethod
    def clashes(cls, rules: Rules) -> list[str]:
        """Refuse two limits for one kind."""
        kinds = [rule.member_kind for rule in rules.all(cls)]
        repeated = [kind for kind in dict.fromkeys(kinds) if kinds.count(kind) > 1]
        return [f"There are two limits for {rules.names.kind(kind)}. Keep one." for kind in repeated]

    @classmethod
    def check_seat(cls, seating: Seating, rules: Rules) -> Iterator[Breach]:
        """Check the limits of the candidate's kind, and of those who fill that kind's empty seats (K 4.3).

        The kind of an active member has to be known where kinds are counted: else nobody counts them (case AR4).
        """
        candidate, limits = seating.candidate, rules.all(cls)
        if not candidate.holds_seat or not limits:
            return
        now = [seat.kind for seat in (*seating.seated, candidate)]
        touched = {candidate.kind, *(rule.unfilled_to for rule in limits if rule.member_kind == candidate.kind)}
        for rule in limits:
            if rule.member_kind not in touched:
                continue
            empty = sum(
                max(0, other.at_most - now.count(other.member_kind))
                for other in limits
                if other.unfilled_to == rule.member_kind
            )
            if now.count(rule.member_kind) > rule.at_most + empty:
                seats = format_length(now.count(rule.member_kind), "seat")
                problem = f"{rules.names.kind(rule.member_kind)} would have {seats}."
                yield Breach(rules.sentence(rule), Level(rule.level), problem[0].upper() + problem[1:], "kind")
        if candidate.standing == MemberStanding.ACTIVE and not candidate.kind:
            hardest = min((rule.level for rule in limits), key=lambda level: list(Level).index(Level(level)))
            yield Breach(rules.sentence(limits[0]), Level(hardest), "Choose what kind of member this is.", "kind")


@dataclass(frozen=True, kw_only=True)
class Deputies(Rule):
    """Limit of the number of deputies, beside the members (K 4.1). Without this rule there are none."""

    kind = "deputies"
    label = "Deputies"
    description = "How many people may stand in for members who cannot come."
    group = MEMBERS
    icon = "resubmit"
    summary = "At most {at_most}"
    example = {"at_most": 4, "level": Level.REFUSE}
    is_single = True

    at_most: int = whole_number("At most", "Deputies come on top of the members.", least=0)
    level: str = firmness()

    def words(self, names: Names) -> str:
        """Return the limit in words."""
        number = "1 deputy" if self.at_most == 1 else f"{self.at_most} deputies"
        if self.level == Level.AIM:
            return f"The panel aims to have no more than {number}."
        return f"As well as its members, the panel may have up to {number}."

    @classmethod
    def check_seat(cls, seating: Seating, rules: Rules) -> Iterator[Breach]:
        """Refuse one deputy too many, or any where no rule allows them."""
        if not (seating.candidate.is_on_panel and seating.candidate.role == MemberRole.DEPUTY):
            return
        if not rules.all(cls):
            yield Breach("The panel's rules do not speak of deputies.", Level.REFUSE, "Choose another role.", "role")
        deputies = sum(seat.is_on_panel and seat.role == MemberRole.DEPUTY for seat in seating.others)
        for rule in rules.all(cls):
            if deputies >= rule.at_most:
                problem = "There is 1 already." if deputies == 1 else f"There are {deputies} already."
                yield Breach(rules.sentence(rule), Level(rule.level), problem, "role")


@dataclass(frozen=True, kw_only=True)
class Reserves(Rule):
    """A list of suitable people for whom there is no seat (W24). Without this rule there is none."""

    kind = "reserves"
    label = "Reserves"
    description = "Keep suitable people who cannot have a seat yet."
    group = MEMBERS
    icon = "list-ul"
    summary = "{at_most}"
    example = {"at_most": None}
    is_single = True

    at_most: int | None = optional_number("At most", "Empty if there is no limit.")

    def words(self, names: Names) -> str:
        """Return in words who may wait for a seat."""
        who = f"up to {self.at_most} people" if self.at_most and self.at_most > 1 else "people"
        who = "1 person" if self.at_most == 1 else who
        return f"When every seat is taken, the panel may keep a list of {who} who can join later."

    @classmethod
    def check_seat(cls, seating: Seating, rules: Rules) -> Iterator[Breach]:
        """Refuse one too many in reserve, or any where no rule allows them; warn while a seat is open."""
        if seating.candidate.standing != MemberStanding.RESERVE:
            return
        rule = rules.one(cls)
        if rule is None:
            quoted = "The panel's rules do not speak of reserves."
            yield Breach(quoted, Level.REFUSE, "Choose another standing.", "standing")
            return
        kept = sum(seat.standing == MemberStanding.RESERVE for seat in seating.others)
        if rule.at_most and kept >= rule.at_most:
            yield Breach(rules.sentence(rule), Level.REFUSE, f"{kept} are waiting already.", "standing")
        if seats_open := Members.open_seats(rules, seating.others):
            seats = "There is still 1 seat open." if seats_open == 1 else f"There are still {seats_open} seats open."
            yield Breach(rules.sentence(rule), Level.WARN, seats, "standing")


@dataclass(frozen=True, kw_only=True)
class CoOptees(Rule):
    """People who are brought in for what they know (K 6, H 8.6). Without this rule there are none."""

    kind = "co_optees"
    label = "People brought in"
    description = "Bring in other people for what they know (co-option)."
    group = MEMBERS
    icon = "circle-plus"
    example = {"voting": Voting.NO, "consent_of": "tenants-forum"}
    is_single = True

    voting: str = declare(
        Choice("Voting", "Empty if nothing is laid down: then they do not.", required=False, choices=Voting.choices), ""
    )
    consent_of: str = declare(PanelSlug("Who must agree", "Empty if the panel decides alone.", required=False), "")

    def words(self, names: Names) -> str:
        """Return in words who may be brought in, and whether they vote if that is laid down."""
        agreed = f", if {names.panel(self.consent_of)} agrees" if self.consent_of else ""
        vote = f" {Voting(self.voting).label}." if self.voting in Voting.values else ""
        return f"The panel may bring in other people for what they know{agreed}.{vote}"

    @classmethod
    def may_vote(cls, rules: Rules) -> bool:
        """Return whether people who are brought in have a vote (K 6)."""
        rule = rules.one(cls)
        return bool(rule and rule.voting == Voting.YES)

    @classmethod
    def check_seat(cls, seating: Seating, rules: Rules) -> Iterator[Breach]:
        """Refuse somebody who is brought in where no rule allows it."""
        is_co_optee = seating.candidate.is_on_panel and seating.candidate.role == MemberRole.CO_OPTEE
        if is_co_optee and not rules.all(cls):
            quoted = "The panel's rules do not speak of people who are brought in."
            yield Breach(quoted, Level.REFUSE, "Choose another role.", "role")
