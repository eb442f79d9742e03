"""Exceptions of the services, and the check of required values."""

from typing import TypeVar

from django.core.exceptions import ValidationError

Value = TypeVar("Value")


class TransitionNotAllowed(ValidationError):
    """The rules do not allow a step in the current state; the message has the reason."""


class DecisionsDepend(TransitionNotAllowed):
    """Decisions depend on the quorum of a meeting whose corrected attendance no longer has one."""

    code = "decisions_rest"

    def __init__(self, lines: list[str]):
        super().__init__([ValidationError(line, code=self.code) for line in lines])


def require(value: Value | None, message: str) -> Value:
    """Return a required value; raise ``TransitionNotAllowed`` if it is empty."""
    if not value:
        raise TransitionNotAllowed(message)
    return value
