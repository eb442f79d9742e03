"""Exceptions of the services, and the check of required values."""

from django.core.exceptions import ValidationError


class TransitionNotAllowed(ValidationError):
    """The rules do not allow a step in the current state; the message has the reason."""


class DecisionsDepend(TransitionNotAllowed):
    """Decisions depend on the quorum of a meeting whose corrected attendance no longer has one."""

    code = "decisions_rest"

    def __init__(self, lines: list[str]):
        super().__init__([ValidationError(line, code=self.code) for line in lines])


def require(value: object, message: str) -> None:
    """Raise ``TransitionNotAllowed`` if a required value is empty."""
    if not value:
        raise TransitionNotAllowed(message)
