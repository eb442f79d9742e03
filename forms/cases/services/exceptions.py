"""How a step says no."""

from django.core.exceptions import ValidationError


class CaseTransitionNotAllowed(ValidationError):
    """A step that cannot be taken, and why, in words for whoever tried."""


def need(given: object, words: str) -> None:
    """Refuse when something is missing."""
    if not given:
        raise CaseTransitionNotAllowed(words)
