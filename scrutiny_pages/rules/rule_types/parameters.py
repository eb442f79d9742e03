"""Parameters of rules, as data: the label, the help and the limits that an editor meets.

Each function below declares a field of a rule. ``models/rule_blocks.py`` builds the editor's block from it, and
``panel_rules.py`` reads a stored value back into it.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import MISSING, dataclass
from typing import Any

from ...enums import Level


@dataclass(frozen=True)
class Parameter:
    """One parameter of a rule. ``initial`` is the value that an editor starts with."""

    label: str
    help_text: str
    required: bool = True
    initial: Any = None

    def read(self, stored: Any) -> Any:
        """Return a stored value as the rule holds it."""
        return stored


@dataclass(frozen=True)
class Number(Parameter):
    """A whole number between two limits."""

    least: int = 1
    most: int = 999


@dataclass(frozen=True)
class Choice(Parameter):
    """One of some fixed values."""

    choices: Sequence[tuple[Any, Any]] = ()


@dataclass(frozen=True)
class Choices(Choice):
    """Several of some fixed values."""

    def read(self, stored: Any) -> tuple:
        """Return the stored values as a tuple, so that the rule can be hashed."""
        return tuple(stored)


class MemberKindSlug(Parameter):
    """The slug of a kind of member."""


class PanelSlug(Parameter):
    """The slug of a panel."""


class PanelSlugs(Parameter):
    """The slugs of several panels."""

    def read(self, stored: Any) -> tuple:
        """Return the stored slugs as a tuple, so that the rule can be hashed."""
        return tuple(stored)


class Flag(Parameter):
    """A box to tick."""


@dataclass(frozen=True)
class Text(Parameter):
    """Words of the editor's own; of several lines if there are ``rows``."""

    max_length: int = 200
    rows: int = 0


def declare(parameter: Parameter, default: Any = MISSING) -> Any:
    """Return the dataclass field of a parameter; one without a default has to be filled in for the rule to count."""
    return dataclasses.field(default=default, metadata={"parameter": parameter})


def parameters_of(rule: type) -> dict[str, Parameter]:
    """Return the declared parameters of a rule type by name, in order."""
    declared = {each.name: each.metadata.get("parameter") for each in dataclasses.fields(rule)}
    return {name: parameter for name, parameter in declared.items() if parameter}


def whole_number(label: str, help_text: str, *, default: Any = MISSING, least: int = 1, most: int = 999) -> Any:
    """Declare a number that has to be filled in."""
    return declare(Number(label, help_text, least=least, most=most), default)


def optional_number(label: str, help_text: str, *, most: int = 999) -> Any:
    """Declare a number that may be left empty."""
    return declare(Number(label, help_text, required=False, most=most), None)


def flag(label: str, help_text: str) -> Any:
    """Declare a box to tick."""
    return declare(Flag(label, help_text, required=False), False)


def firmness() -> Any:
    """Declare how firm the rule is."""
    help_text = "What happens when staff record something that breaks the rule. An aim is said as an aim."
    return declare(Choice("How firm it is", help_text, initial=Level.REFUSE, choices=Level.choices), Level.REFUSE)
