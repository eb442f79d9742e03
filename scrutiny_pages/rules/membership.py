"""Who may hold a seat on a panel, and for how long: pure rules about plain seats and dates."""

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.text import get_text_list

from cms.core.dates.formatting import add_months, say_date, say_length

from ..enums import ONE_AT_A_TIME, SEATED, WITHOUT_SEAT, AttendanceState, Level, MemberRole, MemberStanding
from .panel_rules import Rules
from .rule_types import (
    Absences,
    CoOptees,
    Deputies,
    KindLimit,
    MayNotSitOn,
    Members,
    Names,
    OneOf,
    Probation,
    Quorum,
    Reserves,
    Rule,
    Suspension,
    Term,
    TrainingCommitment,
)


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
    eligibility_checked_on: datetime.date | None = None
    training_commitment: int | None = None
    agreements: frozenset[str] = field(default_factory=frozenset)
    trainings: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_on_panel(self) -> bool:
        """Say whether this person belongs to the panel at all, with a seat or beside the seats."""
        return self.standing in SEATED

    @property
    def holds_seat(self) -> bool:
        """Say whether this takes one of the panel's seats: deputies and co-optees come on top."""
        return self.is_on_panel and self.role not in WITHOUT_SEAT


@dataclass(frozen=True)
class Breach:
    """A rule that a membership breaks: the rule in its own words, how hard it is held, and what is wrong."""

    rule: str
    level: Level
    problem: str
    field: str = ""

    @property
    def sentence(self) -> str:
        """Say what is wrong, and quote the rule."""
        return f"{self.problem} The rule: “{self.rule}”"


@dataclass(frozen=True)
class SeatElsewhere:
    """A seat of the same person on another panel, with that panel's rules and its other seats."""

    seat: Seat
    rules: Rules
    others: Sequence[Seat] = ()


@dataclass(frozen=True)
class Attended:
    """Whether a member came to the meeting of a day."""

    on: datetime.date
    state: AttendanceState


def breaches(
    candidate: Seat,
    *,
    rules: Rules,
    others: Sequence[Seat] = (),
    elsewhere: Sequence[Seat] = (),
    required_agreements: Mapping[str, str] | None = None,
    required_trainings: Mapping[str, str] | None = None,
    eligibility: Sequence[str] = (),
    last_day: datetime.date | None = None,
    on: datetime.date,
) -> list[Breach]:
    """Give every rule that a seat would break on a day, quoted.

    ``others`` are the panel's other seats, ``elsewhere`` the same person's on other panels; what is required maps
    slugs to names; ``last_day`` is that of a panel which is there for a time. Register: W24, W26-W28, W31, H 4.1,
    H 4.2, H 8.1, H 8.6, K 4.1-4.5, K 5, K 6, K 8, K 15.
    """
    seated = [seat for seat in others if seat.holds_seat]
    found: list[Breach] = []
    if candidate.is_on_panel:
        found += _panel_is_over(last_day, on)
        found += _other_bodies(candidate, rules, elsewhere)
        found += _officers(candidate, others)
        found += _term(candidate, rules, on)
        found += _training_commitment(candidate, rules)
    if candidate.holds_seat:
        found += _size(rules, seated)
        found += _kinds(candidate, rules, seated)
    elif candidate.is_on_panel and candidate.role == MemberRole.DEPUTY:
        found += _deputies(rules, others)
    elif candidate.is_on_panel and candidate.role == MemberRole.CO_OPTEE:
        found += _co_optees(rules)
    elif candidate.standing == MemberStanding.RESERVE:
        found += _reserves(rules, others, seated)
    elif candidate.standing in (MemberStanding.STOOD_DOWN, MemberStanding.LEFT):
        found += _too_few(rules, seated)
    if candidate.standing == MemberStanding.ACTIVE:
        found += _kind_is_known(candidate, rules)
        found += _not_ready(candidate, required_agreements or {}, required_trainings or {}, eligibility, on)
    return found


def _size(rules: Rules, seated: Sequence[Seat]) -> Iterator[Breach]:
    for rule in rules.all(Members):
        if rule.at_most and len(seated) >= rule.at_most:
            taken = say_length(len(seated), "seat")
            yield Breach(rules.say(rule), Level(rule.level), f"{taken} are taken: there is no room.", "standing")


def _too_few(rules: Rules, seated: Sequence[Seat]) -> Iterator[Breach]:
    for rule in rules.all(Members):
        if rule.at_least and len(seated) < rule.at_least:
            left = say_length(len(seated), "member")
            level = Level.AIM if rule.level == Level.AIM else Level.WARN  # H 8.1: too few is a reason to think again
            yield Breach(rules.say(rule), level, f"This leaves {left}.", "standing")


def _kinds(candidate: Seat, rules: Rules, seated: Sequence[Seat]) -> Iterator[Breach]:
    """Check limits on the candidate's kind, and on those who fill that kind's empty seats (K 4.3)."""
    limits = rules.all(KindLimit)
    now = [seat.kind for seat in (*seated, candidate)]
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
            number = say_length(now.count(rule.member_kind), "seat")
            problem = f"{rules.names.kind(rule.member_kind)} would have {number}."
            yield Breach(rules.say(rule), Level(rule.level), problem[0].upper() + problem[1:], "kind")


def _kind_is_known(candidate: Seat, rules: Rules) -> Iterator[Breach]:
    """Require the kind of whoever takes a seat where a rule counts kinds: else nobody counts them (case AR4)."""
    limits = rules.all(KindLimit)
    if limits and candidate.holds_seat and not candidate.kind:
        hardest = min((rule.level for rule in limits), key=list(Level).index)
        yield Breach(rules.say(limits[0]), Level(hardest), "Choose what kind of member this is.", "kind")


def _panel_is_over(last_day: datetime.date | None, on: datetime.date) -> Iterator[Breach]:
    if last_day and last_day < on:
        rule = "A panel that is there for a time takes nobody after its last day."
        yield Breach(rule, Level.REFUSE, f"The last day of this panel was {say_date(last_day)}.", "panel")


def _co_optees(rules: Rules) -> Iterator[Breach]:
    if not rules.all(CoOptees):
        rule = "The panel's rules do not speak of people who are brought in."
        yield Breach(rule, Level.REFUSE, "Choose another role.", "role")


def _deputies(rules: Rules, others: Sequence[Seat]) -> Iterator[Breach]:
    if not rules.all(Deputies):
        yield Breach("The panel's rules do not speak of deputies.", Level.REFUSE, "Choose another role.", "role")
    deputies = sum(seat.is_on_panel and seat.role == MemberRole.DEPUTY for seat in others)
    for rule in rules.all(Deputies):
        if deputies >= rule.at_most:
            problem = "There is 1 already." if deputies == 1 else f"There are {deputies} already."
            yield Breach(rules.say(rule), Level(rule.level), problem, "role")


def _reserves(rules: Rules, others: Sequence[Seat], seated: Sequence[Seat]) -> Iterator[Breach]:
    rule = rules.one(Reserves)
    if rule is None:
        yield Breach(
            "The panel's rules do not speak of reserves.", Level.REFUSE, "Choose another standing.", "standing"
        )
        return
    kept = sum(seat.standing == MemberStanding.RESERVE for seat in others)
    if rule.at_most and kept >= rule.at_most:
        yield Breach(rules.say(rule), Level.REFUSE, f"{kept} are waiting already.", "standing")
    if seats_open := seats_left(rules, taken=len(seated)):
        seats = "There is still 1 seat open." if seats_open == 1 else f"There are still {seats_open} seats open."
        yield Breach(rules.say(rule), Level.WARN, seats, "standing")


def _officers(candidate: Seat, others: Sequence[Seat]) -> Iterator[Breach]:
    if candidate.role in ONE_AT_A_TIME and any(seat.is_on_panel and seat.role == candidate.role for seat in others):
        role = MemberRole(candidate.role).label.lower()
        yield Breach(f"A panel has one {role} at a time.", Level.REFUSE, f"The panel has a {role}.", "role")


def _term(candidate: Seat, rules: Rules, on: datetime.date) -> Iterator[Breach]:
    roles = {candidate.role: candidate.role_since or candidate.joined_on}
    if candidate.holds_seat:
        roles[MemberRole.MEMBER] = candidate.joined_on
    for rule in rules.all(Term):
        since = roles.get(rule.role)
        ends = since and add_months(since, 12 * rule.years)
        if ends and on > ends:
            where = "joined_on" if rule.role == MemberRole.MEMBER else "role_since"
            yield Breach(rules.say(rule), Level(rule.level), f"This term ended on {say_date(ends)}.", where)


def _other_bodies(candidate: Seat, rules: Rules, elsewhere: Sequence[Seat]) -> Iterator[Breach]:
    """Check what the rules of this panel say of belonging to others."""
    bodies = {seat.panel for seat in elsewhere if seat.is_on_panel}
    say = rules.names.panel
    for rule in rules.all(MayNotSitOn):
        if barred := [say(slug) for slug in rule.panels if slug in bodies]:
            problem = f"This person is on {get_text_list(barred, 'and')}."
            yield Breach(rules.say(rule), Level(rule.level), problem, "panel")
    for limit in rules.all(OneOf):
        sits_on = [say(slug) for slug in dict.fromkeys(limit.panels) if slug in bodies | {candidate.panel}]
        if len(sits_on) > limit.at_most:
            problem = f"This person would be on {get_text_list(sits_on, 'and')}."
            yield Breach(rules.say(limit), Level(limit.level), problem, "panel")


def breaches_elsewhere(
    candidate: Seat, held: Sequence[SeatElsewhere], *, kind_of_body: str = "", names: Names
) -> list[Breach]:
    """Return the rules of other panels that a seat breaks, since its person sits on those panels already.

    So a rule about several bodies holds whichever of the seats is saved last (cases AR3 and AR5; W26, H 4.1, K 4.2).

    :param kind_of_body: the kind of member that everybody on the candidate's panel is, if there is one.
    """
    if not candidate.is_on_panel:
        return []
    here = [each for each in held if each.seat.is_on_panel]
    bodies = {each.seat.panel for each in here} | {candidate.panel}
    found: list[Breach] = []
    for each in here:
        whose = names.panel(each.seat.panel)
        broken = [
            (rule, f"This person is on {whose}.")
            for rule in each.rules.all(MayNotSitOn)
            if candidate.panel in rule.panels
        ]
        for limit in each.rules.all(OneOf):
            sits_on = [names.panel(slug) for slug in dict.fromkeys(limit.panels) if slug in bodies]
            if candidate.panel in limit.panels and len(sits_on) > limit.at_most:
                broken.append((limit, f"This person would be on {get_text_list(sits_on, 'and')}."))
        found += [
            Breach(_quote_of(rule, each.rules, whose), Level(rule.level), words, "panel") for rule, words in broken
        ]
        if kind_of_body and each.seat.holds_seat and each.seat.kind != kind_of_body:
            seated = [seat for seat in each.others if seat.holds_seat]
            counted = _kinds(dataclasses.replace(each.seat, kind=kind_of_body), each.rules, seated)
            found += [
                dataclasses.replace(breach, problem=f"On {whose}: {breach.problem}", field="panel")
                for breach in counted
            ]
    return found


def _quote_of(rule: Rule, rules: Rules, whose: str) -> str:
    return rules.say(rule) if rule.source else f"{rules.say(rule)} (A rule of {whose}.)"


def kind_by_seats(chosen: str, held: Iterable[str]) -> str:
    """Return the kind of member that somebody counts as: by the seats they hold, else as chosen (case AR5, H 4.1).

    :param held: the kinds that go with seats of theirs on other bodies.
    """
    kinds = sorted(held)
    return chosen if chosen in kinds or not kinds else kinds[0]


def _training_commitment(candidate: Seat, rules: Rules) -> Iterator[Breach]:
    promised = candidate.training_commitment
    for rule in rules.all(TrainingCommitment):
        if promised is None and candidate.standing == MemberStanding.ACTIVE:
            yield Breach(rules.say(rule), Level(rule.level), "They have not said how much.", "training_commitment")
        elif promised is not None and promised < rule.percent:
            yield Breach(rules.say(rule), Level(rule.level), f"They promised {promised}%.", "training_commitment")


def _not_ready(
    candidate: Seat,
    agreements: Mapping[str, str],
    trainings: Mapping[str, str],
    eligibility: Sequence[str],
    on: datetime.date,
) -> Iterator[Breach]:
    """Hold back who has not yet accepted, learned or been checked (W4, W31, H 4.2, K 13)."""
    if missing := [name for slug, name in agreements.items() if slug not in candidate.agreements]:
        rule = "Before they start, members accept what the panel has agreed."
        yield Breach(rule, Level.REFUSE, f"Not accepted yet: {get_text_list(missing, 'and')}.", "agreements")
    if missing := [name for slug, name in trainings.items() if slug not in candidate.trainings]:
        rule = "Before they start, members do the training that the panel asks for."
        yield Breach(rule, Level.REFUSE, f"Not done yet: {get_text_list(missing, 'and')}.", "trainings")
    checked = candidate.eligibility_checked_on
    if eligibility and (checked is None or checked > on):
        rule = f"Members can say: {' '.join(eligibility)}"
        yield Breach(rule, Level.REFUSE, "Nobody has checked this yet.", "eligibility_checked_on")


def absence_breaches(attended: Sequence[Attended], *, rules: Rules, on: datetime.date) -> list[Breach]:
    """Give the rules on absence that a member has broken by a day (W41, K 4.3b, K 10.4).

    Absences in a row are the last ones: who comes again starts afresh. Within months, the day itself is counted and
    the same day those months before is not.
    """
    past = sorted((each for each in attended if each.on <= on), key=lambda each: each.on)
    found = []
    for rule in rules.all(Absences):
        missed = [each for each in past if _missed(each, rule)]
        if rule.within_months:
            since = add_months(on, -rule.within_months)
            missed = [each for each in missed if each.on > since]
        else:
            came = max((index for index, each in enumerate(past) if not _missed(each, rule)), default=-1)
            missed = past[came + 1 :]
        if rule.number and len(missed) >= rule.number:
            problem = f"{say_length(len(missed), 'meeting')} missed, the last on {say_date(missed[-1].on)}."
            found.append(Breach(rules.say(rule), Level.WARN, problem))
    return found


def _missed(each: Attended, rule: Absences) -> bool:
    return each.state == AttendanceState.ABSENT or (each.state == AttendanceState.EXCUSED and not rule.excusable)


def term_end(rules: Rules, *, role: str, since: datetime.date | None) -> datetime.date | None:
    """Give the last day of somebody's term in a role (W27, K 8, K 15), or nothing if it has none (W28)."""
    ends = [add_months(since, 12 * rule.years) for rule in rules.all(Term) if since and rule.role == role]
    return min(ends, default=None)


def probation_end(rules: Rules, *, joined_on: datetime.date | None) -> datetime.date | None:
    """Give the last day of a new member's trial period (C Membership), or nothing if there is none."""
    rule = rules.one(Probation)
    return add_months(joined_on, rule.months) if rule and joined_on else None


def suspension_dates(
    rules: Rules, *, told_on: datetime.date | None
) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the last day of an appeal and the last day of a suspension, counted from the day of being told (C 14)."""
    rule = rules.one(Suspension)
    if rule is None or told_on is None:
        return None, None
    appeal = told_on + datetime.timedelta(days=rule.appeal_days) if rule.appeal_days else None
    return appeal, add_months(told_on, rule.months) if rule.months else None


def quorum_needed(rules: Rules, *, members: int) -> int | None:
    """Give how many of so many members must be there (W25, K 7.2); a share is rounded up, and is somebody."""
    rule = rules.one(Quorum)
    if rule is None:
        return None
    return rule.number or max(1, -(-members * (rule.percent or 0) // 100))


def open_seats(rules: Rules, seats: Iterable[Seat]) -> int | None:
    """Give the seats still open, or nothing when a panel has no limit (W14, W24, H 8.1, K 4.1)."""
    return seats_left(rules, taken=sum(seat.holds_seat for seat in seats))


def seats_left(rules: Rules, *, taken: int) -> int | None:
    """Give what a number of seats taken leaves open, or nothing when a panel has no limit."""
    return None if rules.most is None else max(0, rules.most - taken)
