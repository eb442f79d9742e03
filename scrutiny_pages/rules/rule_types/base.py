"""Base class of the rule types of a panel, and the rules of one panel together.

A rule type owns what is known of it: its parameters, its words, and its enforcement. Override the checks of the
occasions on which it can be broken; each is given the panel's rules, since some rule types look at several of their
rules together, or refuse something where a panel has no such rule.
"""

import dataclasses
import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from .facts import Activity, Attended, Breach, Names, PlannedMeeting, Seat, Seating

SomeRule = TypeVar("SomeRule", bound="Rule")

# The groups of rule types in the editor's list.
MEMBERS, MEETINGS, TIME, OTHERS = "Who sits on it", "Meetings", "How long", "Other"


def times(number: int) -> str:
    """Return a number of times in words: once, twice, 10 times."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of a panel. ``source`` names the panel it is taken from, if it is not the panel's own."""

    kind: ClassVar[str]
    label: ClassVar[str]
    description: ClassVar[str]
    group: ClassVar[str] = OTHERS
    icon: ClassVar[str]
    # The heading of a closed block, and the values shown before it is chosen.
    summary: ClassVar[str] = ""
    example: ClassVar[Mapping[str, Any]]
    is_single: ClassVar[bool] = False

    source: str = ""

    def words(self, names: Names) -> str:
        """Return the rule as a resident reads it."""
        raise NotImplementedError

    def problems(self) -> dict[str, str]:
        """Return the parameters that contradict each other, with the reason."""
        return {}

    @classmethod
    def clashes(cls, rules: "Rules") -> list[str]:
        """Return the contradictions between a panel's rules of this type, or with those of others."""
        return []

    @classmethod
    def check_seat(cls, seating: Seating, rules: "Rules") -> Iterator[Breach]:
        """Yield the rules of the panel that saving a seat breaks."""
        yield from ()

    @classmethod
    def check_seat_elsewhere(
        cls, candidate: Seat, bodies: frozenset[str], whose: str, rules: "Rules"
    ) -> Iterator[tuple["Rule", str]]:
        """Yield the rules of another panel of the same person's that a seat breaks, each with the problem.

        :param bodies: the slugs of all panels that the person would sit on.
        :param whose: the name of the other panel, whose rules these are.
        """
        yield from ()

    @classmethod
    def check_attendance(cls, attended: Sequence[Attended], rules: "Rules", on: datetime.date) -> Iterator[Breach]:
        """Yield the rules that a member has broken by a day. ``attended`` is in order of days, none after it."""
        yield from ()

    @classmethod
    def check_turnout(cls, came: int, rules: "Rules") -> Iterator[Breach]:
        """Yield the rules that a number of people at one meeting breaks."""
        yield from ()

    @classmethod
    def check_meeting(cls, meeting: PlannedMeeting, rules: "Rules") -> Iterator[Breach]:
        """Yield the rules that saving a meeting breaks."""
        yield from ()

    @classmethod
    def check_activity(cls, activity: Activity, rules: "Rules") -> Iterator[Breach]:
        """Yield the rules on its meetings that a panel does not keep to."""
        yield from ()

    @classmethod
    def reminders(
        cls, seat: Seat, rules: "Rules", *, on: datetime.date, soon: datetime.date
    ) -> Iterator[tuple[str, datetime.date]]:
        """Yield the dates of a member that staff are reminded of, each after its words."""
        yield from ()


@dataclass(frozen=True)
class Rules:
    """All the rules that a panel goes by, and the names that they refer to."""

    items: tuple[Rule, ...] = ()
    names: Names = field(default_factory=Names)

    def with_others(self, others: "Rules") -> "Rules":
        """Return these rules with another panel's, less those of a type that this panel has of its own."""
        own = {rule.kind for rule in self.items}
        return Rules((*self.items, *(rule for rule in others.items if rule.kind not in own)), self.names)

    def all(self, kind: type[SomeRule]) -> list[SomeRule]:
        """Return the rules of a type."""
        return [rule for rule in self.items if isinstance(rule, kind)]

    def one(self, kind: type[SomeRule]) -> SomeRule | None:
        """Return the first rule of a type, if there is one."""
        return next(iter(self.all(kind)), None)

    def sentence(self, rule: Rule) -> str:
        """Return the words of a rule, with the panel it is taken from."""
        words = rule.words(self.names)
        return f"{words} (A rule of the {rule.source}.)" if rule.source else words

    def quote(self, rule: Rule) -> str:
        """Return the sentence that quotes a rule."""
        return f"The rule: “{self.sentence(rule)}”"

    def words(self) -> list[str]:
        """Return all the rules as sentences, in the order in which they are kept."""
        return [self.sentence(rule) for rule in self.items]

    def words_by_source(self) -> dict[str, list[str]]:
        """Return the rules by the panel they are taken from: the panel's own under no name, and first."""
        words: dict[str, list[str]] = {}
        for rule in self.items:
            words.setdefault(rule.source, []).append(rule.words(self.names))
        return words

    def as_data(self) -> list[dict[str, Any]]:
        """Return the rules for programs: the kind, the words, the parameters and the source of each."""
        return [
            {"kind": rule.kind, "words": rule.words(self.names), "taken_from": rule.source or None}
            | {name: value for name, value in dataclasses.asdict(rule).items() if name != "source"}
            for rule in self.items
        ]

    def clashes(self) -> list[str]:
        """Return the contradictions between the rules."""
        types = dict.fromkeys(type(rule) for rule in self.items)
        return [clash for rule_type in types for clash in rule_type.clashes(self)]
