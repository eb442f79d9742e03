"""Rule types on the other panels that a member may belong to."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import get_text_list

from ...enums import Level
from .base import MEMBERS, Rule, Rules
from .facts import Breach, Names, Seat, Seating
from .parameters import PanelSlugs, declare, firmness, whole_number


@dataclass(frozen=True, kw_only=True)
class MayNotSitOn(Rule):
    """Panels whose members cannot be members here (W26)."""

    kind = "may_not_sit_on"
    label = "Not also on"
    description = "Panels whose members cannot be members here."
    group = MEMBERS
    icon = "cross"
    summary = "{panels}"
    example = {"panels": ["tenant-auditors"], "level": Level.REFUSE}

    panels: tuple[str, ...] = declare(PanelSlugs("Panels", "Somebody on any of these cannot be a member."))
    level: str = firmness()

    def words(self, names: Names) -> str:
        """Return in words which panels these are."""
        bodies = get_text_list([names.panel(slug) for slug in self.panels], "or")
        if self.level == Level.AIM:
            return f"The panel aims to have no members who are also on {bodies}."
        return f"A member may not also be on {bodies}."

    @classmethod
    def check_seat(cls, seating: Seating, rules: Rules) -> Iterator[Breach]:
        """Refuse somebody who sits on one of the panels."""
        bodies = bodies_of(seating)
        for rule in rules.all(cls):
            barred = [rules.names.panel(slug) for slug in rule.panels if slug in bodies]
            if barred and seating.candidate.is_on_panel:
                problem = f"This person is on {get_text_list(barred, 'and')}."
                yield Breach(rules.sentence(rule), Level(rule.level), problem, "panel")

    @classmethod
    def check_seat_elsewhere(
        cls, candidate: Seat, bodies: frozenset[str], whose: str, rules: Rules
    ) -> Iterator[tuple[Rule, str]]:
        """Refuse a seat on a panel that the other panel bars."""
        for rule in rules.all(cls):
            if candidate.panel in rule.panels:
                yield rule, f"This person is on {whose}."


@dataclass(frozen=True, kw_only=True)
class OneOf(Rule):
    """Limit of the number of panels, out of some, on which one person may sit (K 4.2: not on both Forums)."""

    kind = "one_of"
    label = "Not on several of"
    description = "On how many of some panels one member may be, such as not on both forums."
    group = MEMBERS
    icon = "sliders"
    summary = "At most {at_most} of {panels}"
    example = {"panels": ["tenants-forum", "silver-service-forum"], "at_most": 1, "level": Level.REFUSE}

    panels: tuple[str, ...] = declare(PanelSlugs("Panels", "The panels that are counted together."))
    at_most: int = whole_number("At most", "On how many of them one member may be.", default=1)
    level: str = firmness()

    def words(self, names: Names) -> str:
        """Return in words which panels these are, and how many are allowed."""
        bodies = get_text_list([names.panel(slug) for slug in self.panels], "and")
        most = "one" if self.at_most == 1 else self.at_most
        if self.level == Level.AIM:
            return f"The panel aims to have nobody on more than {most} of these: {bodies}."
        return f"A member may be on no more than {most} of these: {bodies}."

    def problems(self) -> dict[str, str]:
        """Require enough panels for the limit to mean something."""
        if len(set(self.panels)) <= self.at_most:
            return {"panels": "Choose more bodies than a member may be on."}
        return {}

    def problem(self, bodies: frozenset[str], names: Names) -> str:
        """Return the problem of somebody who sits on some panels, or nothing."""
        sits_on = [names.panel(slug) for slug in dict.fromkeys(self.panels) if slug in bodies]
        return f"This person would be on {get_text_list(sits_on, 'and')}." if len(sits_on) > self.at_most else ""

    @classmethod
    def check_seat(cls, seating: Seating, rules: Rules) -> Iterator[Breach]:
        """Refuse a seat on one panel too many."""
        bodies = bodies_of(seating) | {seating.candidate.panel}
        for rule in rules.all(cls) if seating.candidate.is_on_panel else []:
            if problem := rule.problem(bodies, rules.names):
                yield Breach(rules.sentence(rule), Level(rule.level), problem, "panel")

    @classmethod
    def check_seat_elsewhere(
        cls, candidate: Seat, bodies: frozenset[str], whose: str, rules: Rules
    ) -> Iterator[tuple[Rule, str]]:
        """Refuse a seat on one panel too many, of those that the other panel counts together."""
        for rule in rules.all(cls):
            problem = rule.problem(bodies, rules.names) if candidate.panel in rule.panels else ""
            if problem:
                yield rule, problem


def bodies_of(seating: Seating) -> frozenset[str]:
    """Return the slugs of the other panels that the candidate sits on."""
    return frozenset(seat.panel for seat in seating.elsewhere if seat.is_on_panel)
