"""The rules that a panel goes by, read from stored data: said, counted and held against each other."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..enums import MemberRole
from .rule_types import RULES, BetweenMeetings, KindLimit, Members, Names, Quorum, Rule, Term

SomeRule = TypeVar("SomeRule", bound=Rule)


def read_rule(kind: str, value: Any, source: str = "") -> Rule | None:
    """Build a rule from a stored block; nothing from one that is not filled in, or means nothing any more."""
    rule = RULES.get(kind)
    if rule is None or not isinstance(value, Mapping):
        return None
    known = {each.name for each in dataclasses.fields(rule)} - {"source"}
    given = {name: given for name, given in value.items() if name in known and given not in (None, "", [])}
    for several in {"panels", "ways"} & given.keys():
        given[several] = tuple(given[several])
    needed = {each.name for each in dataclasses.fields(rule) if each.default is dataclasses.MISSING}
    return rule(**given, source=source) if needed <= given.keys() else None


@dataclass(frozen=True)
class Rules:
    """All the rules that a panel goes by, and the names that they speak of."""

    items: tuple[Rule, ...] = ()
    names: Names = field(default_factory=Names)

    @classmethod
    def read(cls, data: Iterable[Mapping], names: Names | None = None, source: str = "") -> "Rules":
        """Build rules from stored blocks, each of them ``{"type": ..., "value": {...}}``."""
        rules = (read_rule(block.get("type", ""), block.get("value"), source) for block in data)
        return cls(tuple(rule for rule in rules if rule), names or Names())

    def with_others(self, others: "Rules") -> "Rules":
        """Add another panel's rules, but for those of a kind that this panel has of its own."""
        own = {rule.kind for rule in self.items}
        return Rules((*self.items, *(rule for rule in others.items if rule.kind not in own)), self.names)

    def all(self, kind: type[SomeRule]) -> list[SomeRule]:
        """Give the rules of a kind."""
        return [rule for rule in self.items if isinstance(rule, kind)]

    def one(self, kind: type[SomeRule]) -> SomeRule | None:
        """Give the rule of a kind that there is one of, if it is set."""
        return next(iter(self.all(kind)), None)

    def say(self, rule: Rule) -> str:
        """Quote a rule, and whose it is when it is another panel's."""
        words = rule.words(self.names)
        return f"{words} (A rule of the {rule.source}.)" if rule.source else words

    def words(self) -> list[str]:
        """Say all the rules as sentences, in the order in which they are kept."""
        return [self.say(rule) for rule in self.items]

    def words_by_source(self) -> dict[str, list[str]]:
        """Say the rules by the panel whose they are: the panel's own under no name, and first."""
        words: dict[str, list[str]] = {}
        for rule in self.items:
            words.setdefault(rule.source, []).append(rule.words(self.names))
        return words

    def as_data(self) -> list[dict[str, Any]]:
        """Give the rules as programs read them: the kind, the words and the parameters of each, and whose it is."""
        return [
            {"kind": rule.kind, "words": rule.words(self.names), "taken_from": rule.source or None}
            | {name: value for name, value in dataclasses.asdict(rule).items() if name != "source"}
            for rule in self.items
        ]

    def refusal_between_meetings(self, way: str, *, is_about_time: bool) -> str:
        """Return why a decision cannot be taken in a way without a meeting, with the rule, or nothing if it can.

        Without a rule that allows it, a panel decides at its meetings only (G 8 allows more time by email).
        """
        rule = self.one(BetweenMeetings)
        if rule is None:
            return "The rules of the panel allow no decision without a meeting."
        refused = rule.refusal(way, is_about_time=is_about_time)
        return f"The rule: “{self.say(rule)}” {refused}" if refused else ""

    @property
    def least(self) -> int | None:
        """Give how few members there may be, if the rules say."""
        return max((rule.at_least for rule in self.all(Members) if rule.at_least), default=None)

    @property
    def most(self) -> int | None:
        """Give how many members there may be, if the rules say."""
        return min((rule.at_most for rule in self.all(Members) if rule.at_most), default=None)

    def clashes(self) -> list[str]:
        """Say which rules contradict each other."""
        found = []
        quorum = self.one(Quorum)
        if quorum and quorum.number and self.most and quorum.number > self.most:
            found.append(f"The quorum is {quorum.number}: this is more people than the panel may have ({self.most}).")
        kinds = [rule.member_kind for rule in self.all(KindLimit)]
        found += [
            f"There are two limits for {self.names.kind(kind)}. Keep one."
            for kind in dict.fromkeys(kinds)
            if kinds.count(kind) > 1
        ]
        roles = [rule.role for rule in self.all(Term)]
        found += [
            f"There are two rules for how long somebody serves as {MemberRole(role).label.lower()}. Keep one."
            for role in dict.fromkeys(roles)
            if roles.count(role) > 1
        ]
        return found
