"""What a step says when it may not be taken."""

from django.core.exceptions import ValidationError


class StepRefused(ValidationError):
    """A step that the rules do not allow from where things are; the message says why."""


def need(value: object, message: str) -> None:
    """Refuse a step that lacks something."""
    if not value:
        raise StepRefused(message)
