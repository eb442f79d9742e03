"""Parsing of a panel's rules from stored data."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from .rule_types import RULES, Names, Rule, Rules, parameters_of


def read_rule(kind: str, value: Any, source: str = "") -> Rule | None:
    """Return the rule of a stored block, or None for an empty one or one whose type no longer exists."""
    rule = RULES.get(kind)
    if rule is None or not isinstance(value, Mapping):
        return None
    given = {
        name: parameter.read(value[name])
        for name, parameter in parameters_of(rule).items()
        if value.get(name) not in (None, "", [])
    }
    needed = {each.name for each in dataclasses.fields(rule) if each.default is dataclasses.MISSING}
    return rule(**given, source=source) if needed <= given.keys() else None


def read_rules(data: Iterable[Mapping], names: Names | None = None, source: str = "") -> Rules:
    """Return the rules of stored blocks, each ``{"type": ..., "value": {...}}``."""
    rules = (read_rule(block.get("type", ""), block.get("value"), source) for block in data)
    return Rules(tuple(rule for rule in rules if rule), names or Names())
