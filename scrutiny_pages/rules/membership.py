"""Checks of a membership against the rules of its panel, and against the person's other panels. Pure."""

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import get_text_list

from cms.core.dates.formatting import format_date

from ..enums import ONE_AT_A_TIME, Level, MemberRole, MemberStanding
from .rule_types import RULES, Attended, Breach, KindLimit, Names, Rule, Rules, Seat, Seating


@dataclass(frozen=True)
class SeatElsewhere:
    """A seat of the same person on another panel, with that panel's rules and its other seats."""

    seat: Seat
    rules: Rules
    others: Sequence[Seat] = ()


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
    """Return every rule that a seat breaks on a day, quoted.

    ``others`` are the panel's other seats, ``elsewhere`` the same person's on other panels; requirements map slugs to
    names; ``last_day`` is that of a time-limited panel. Register: W24, W26-W28, W31, H 4.1, H 4.2, H 8.1, H 8.6,
    K 4.1-4.5, K 5, K 6, K 8, K 15.
    """
    found: list[Breach] = []
    if candidate.is_on_panel:
        found += _panel_is_over(last_day, on)
        found += _officers(candidate, others)
    seating = Seating(candidate, on, others, elsewhere)
    for rule_type in RULES.values():
        found += rule_type.check_seat(seating, rules)
    if candidate.standing == MemberStanding.ACTIVE:
        found += _not_ready(candidate, required_agreements or {}, required_trainings or {}, eligibility, on)
    return found


def _panel_is_over(last_day: datetime.date | None, on: datetime.date) -> Iterator[Breach]:
    if last_day and last_day < on:
        rule = "A panel that is there for a time takes nobody after its last day."
        yield Breach(rule, Level.REFUSE, f"The last day of this panel was {format_date(last_day)}.", "panel")


def _officers(candidate: Seat, others: Sequence[Seat]) -> Iterator[Breach]:
    if candidate.role in ONE_AT_A_TIME and any(seat.is_on_panel and seat.role == candidate.role for seat in others):
        role = MemberRole(candidate.role).label.lower()
        yield Breach(f"A panel has one {role} at a time.", Level.REFUSE, f"The panel has a {role}.", "role")


def breaches_elsewhere(
    candidate: Seat, held: Sequence[SeatElsewhere], *, kind_of_body: str = "", names: Names
) -> list[Breach]:
    """Return the rules of the person's other panels that a seat breaks.

    A rule on several bodies therefore holds whichever of the seats is saved last (cases AR3 and AR5; W26, H 4.1,
    K 4.2).

    :param kind_of_body: the kind of member that everybody on the candidate's panel is, if there is one.
    """
    if not candidate.is_on_panel:
        return []
    here = [each for each in held if each.seat.is_on_panel]
    bodies = frozenset({each.seat.panel for each in here} | {candidate.panel})
    found: list[Breach] = []
    for each in here:
        whose, rules = names.panel(each.seat.panel), dataclasses.replace(each.rules, names=names)
        for rule_type in RULES.values():
            broken = rule_type.check_seat_elsewhere(candidate, bodies, whose, rules)
            found += [
                Breach(_quote_of(rule, rules, whose), Level(getattr(rule, "level", Level.REFUSE)), problem, "panel")
                for rule, problem in broken
            ]
        if kind_of_body and each.seat.holds_seat and each.seat.kind != kind_of_body:
            counted = Seating(dataclasses.replace(each.seat, kind=kind_of_body), datetime.date.min, each.others)
            found += [
                dataclasses.replace(breach, problem=f"On {whose}: {breach.problem}", field="panel")
                for breach in KindLimit.check_seat(counted, rules)
            ]
    return found


def _quote_of(rule: Rule, rules: Rules, whose: str) -> str:
    return rules.sentence(rule) if rule.source else f"{rules.sentence(rule)} (A rule of {whose}.)"


def kind_by_seats(chosen: str, held: Iterable[str]) -> str:
    """Return the kind of member that a person counts as: by their seats, else as chosen (case AR5, H 4.1).

    :param held: the kinds that go with the person's seats on other bodies.
    """
    kinds = sorted(held)
    return chosen if chosen in kinds or not kinds else kinds[0]


def _not_ready(
    candidate: Seat,
    agreements: Mapping[str, str],
    trainings: Mapping[str, str],
    eligibility: Sequence[str],
    on: datetime.date,
) -> Iterator[Breach]:
    """Yield a breach for each missing acceptance, training or check of an active member (W4, W31, H 4.2, K 13)."""
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
    """Return the attendance rules that a member has broken by a day (W41, K 4.3b, K 10.4)."""
    past = sorted((each for each in attended if each.on <= on), key=lambda each: each.on)
    return [breach for rule_type in RULES.values() for breach in rule_type.check_attendance(past, rules, on)]


def reminders(seat: Seat, *, rules: Rules, on: datetime.date, soon: datetime.date) -> list[tuple[str, datetime.date]]:
    """Return the dates of a member that staff need a reminder of on a day, as pairs of text and date.

    :param soon: the last day that most rules remind of.
    """
    return [reminder for rule_type in RULES.values() for reminder in rule_type.reminders(seat, rules, on=on, soon=soon)]
