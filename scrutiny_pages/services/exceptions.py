"""What a step says when it may not be taken."""

from django.core.exceptions import ValidationError


class TransitionNotAllowed(ValidationError):
    """A step that the rules do not allow from where things are; the message says why."""


class DecisionsRest(TransitionNotAllowed):
    """Raised when what is put right about a meeting takes the ground from decisions that rest on it."""

    code = "decisions_rest"

    def __init__(self, lines: list[str]):
        super().__init__([ValidationError(line, code=self.code) for line in lines])


def need(value: object, message: str) -> None:
    """Refuse a step that lacks something."""
    if not value:
        raise TransitionNotAllowed(message)
